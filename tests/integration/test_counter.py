"""The counter changes its account: what cannot be opened leaves everything as it was."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.counter import free_port
from cashier.counter import Counter
from cashier.credentials import KeyringTrouble, MemoryStore, Name
from cashier.errors import CashierError, WrongInput
from cashier.ledger.errors import LedgerError
from cashier.settings import Settings, load
from cashier.simulator import Simulator
from tests.canaries import PASSWORD


class LockedStore(MemoryStore):
    """A keyring that can be read and not written."""

    locked = False

    def set(self, name: Name, account: str, value: str) -> None:
        if self.locked:
            raise KeyringTrouble("The keyring is locked.")
        super().set(name, account, value)


@pytest.fixture
def gateway() -> Iterator[Simulator]:
    with Simulator(speed=20.0) as made:
        yield made


@pytest.fixture
def store() -> LockedStore:
    return LockedStore()


@pytest.fixture
def counter(tmp_path: Path, gateway: Simulator, store: LockedStore) -> Iterator[Counter]:
    made = Counter(tmp_path, store=store, practice=gateway)
    made.prepare()
    yield made
    made.stop()


def live(gateway: Simulator) -> Settings:
    return Settings("live", gateway.url, gateway.username, gateway.accountno)


def test_a_damaged_ledger_leaves_the_old_till_running(counter: Counter, gateway: Simulator, tmp_path: Path) -> None:
    old = counter.save(live(gateway), gateway.partnerpassword)
    damaged = tmp_path / "sandbox-250160000099" / "ledger.db"
    damaged.parent.mkdir()
    damaged.write_bytes(b"no ledger at all")
    with pytest.raises(LedgerError):
        counter.save(replace(live(gateway), environment="sandbox", accountno="250160000099"), PASSWORD)
    assert counter.current is old
    assert old.running.till.charge("250788123456", 1500).number
    assert load(tmp_path / "settings.json").settings == live(gateway)
    assert counter._secrets.get(Name.PARTNER_PASSWORD, "sandbox-250160000099") is None


def test_a_keyring_that_takes_nothing_leaves_the_old_till_running(
    counter: Counter, gateway: Simulator, store: LockedStore, tmp_path: Path
) -> None:
    old = counter.save(live(gateway), gateway.partnerpassword)
    store.locked = True
    with pytest.raises(KeyringTrouble):
        counter.save(replace(live(gateway), accountno="250160000099"), PASSWORD)
    assert counter.current is old
    assert load(tmp_path / "settings.json").settings == live(gateway)


def test_a_till_that_cannot_start_brings_the_old_one_back(
    counter: Counter, gateway: Simulator, store: LockedStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cashier import assembly

    old = counter.save(live(gateway), gateway.partnerpassword)
    recover = getattr(assembly, "recover")  # noqa: B009  # put back by monkeypatch
    failed: list[bool] = []

    def once(*arguments: object) -> object:
        if not failed:
            failed.append(True)
            raise LedgerError("The disk is full.")
        return recover(*arguments)

    monkeypatch.setattr(assembly, "recover", once)
    with pytest.raises(LedgerError, match="disk is full"):
        counter.save(replace(live(gateway), maximum=9_000), PASSWORD)
    assert counter.current is not None
    assert counter.current.settings == old.settings
    assert counter.current.running.till.charge("250788123456", 9_500).number
    assert load(tmp_path / "settings.json").settings == live(gateway)
    assert store.get(Name.PARTNER_PASSWORD, f"live-{gateway.accountno}") == gateway.partnerpassword


def test_a_first_save_that_fails_leaves_no_settings(counter: Counter, gateway: Simulator, tmp_path: Path) -> None:
    damaged = tmp_path / f"live-{gateway.accountno}" / "ledger.db"
    damaged.parent.mkdir()
    damaged.write_bytes(b"no ledger at all")
    with pytest.raises(LedgerError):
        counter.save(live(gateway), gateway.partnerpassword)
    assert counter.current is None
    assert not (tmp_path / "settings.json").exists()


def test_the_self_test_sends_the_basic_credentials(counter: Counter, gateway: Simulator) -> None:
    port = free_port()
    settings = replace(
        live(gateway), callback_url=f"http://127.0.0.1:{port}", callback_port=port, callback_basic_user="gateway"
    )
    with pytest.raises(WrongInput, match="password for callbacks"):
        counter.save(settings, gateway.partnerpassword)
    counter.save(settings, gateway.partnerpassword, PASSWORD)
    assert counter.self_test(settings).good
    with pytest.raises(CashierError, match="not the ones in use"):
        counter.self_test(replace(settings, callback_basic_user="other"))


def test_the_password_of_callbacks_goes_with_its_user_name(
    counter: Counter, gateway: Simulator, store: LockedStore
) -> None:
    account = f"live-{gateway.accountno}"
    settings = replace(live(gateway), callback_url=f"http://127.0.0.1:{free_port()}", callback_basic_user="gateway")
    counter.save(settings, gateway.partnerpassword, PASSWORD)
    assert store.get(Name.CALLBACK_PASSWORD, account) == PASSWORD
    counter.save(replace(settings, callback_basic_user=""), "")
    assert store.get(Name.CALLBACK_PASSWORD, account) is None
    assert store.get(Name.PARTNER_PASSWORD, account) == gateway.partnerpassword
