import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked

from cashier import credentials
from cashier.credentials import CredentialStore, KeyringStore, KeyringTrouble, MemoryStore, Name, NoKeyring
from tests.canaries import PASSWORD

ACCOUNT = "live-250160000011"


class Drawer(KeyringBackend):
    """A keyring of this test."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    priority = 1

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


class Locked(Drawer):
    """A keyring whose owner did not unlock it."""

    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringLocked(f"secret text {PASSWORD}")

    def set_password(self, service: str, username: str, password: str) -> None:
        raise KeyringLocked(f"secret text {password}")


class Gone(Drawer):
    """A keyring whose service is not running."""

    viable = False


class Plain(Drawer):
    """Stands for a store in plain text that someone installed."""

    priority = 99


@pytest.mark.parametrize("make", [MemoryStore, lambda: KeyringStore(Drawer(), "a drawer")])
def test_every_store_keeps_by_name_and_account(make: Callable[[], CredentialStore]) -> None:
    store = make()
    assert store.get(Name.PARTNER_PASSWORD, ACCOUNT) is None
    store.set(Name.PARTNER_PASSWORD, ACCOUNT, PASSWORD)
    store.set(Name.CALLBACK_TOKEN, ACCOUNT, "token")
    store.set(Name.PARTNER_PASSWORD, "sandbox-1", "other")
    assert store.get(Name.PARTNER_PASSWORD, ACCOUNT) == PASSWORD
    store.delete(Name.PARTNER_PASSWORD, ACCOUNT)
    store.delete(Name.PARTNER_PASSWORD, ACCOUNT)
    assert store.get(Name.PARTNER_PASSWORD, ACCOUNT) is None
    assert store.get(Name.CALLBACK_TOKEN, ACCOUNT) == "token"
    assert store.get(Name.PARTNER_PASSWORD, "sandbox-1") == "other"
    assert PASSWORD not in repr(store)


def test_the_keyring_knows_us_by_our_name() -> None:
    drawer = Drawer()
    KeyringStore(drawer, "a drawer").set(Name.PARTNER_PASSWORD, ACCOUNT, PASSWORD)
    assert list(drawer.kept) == [("cashier", f"{ACCOUNT}/partner-password")]


def test_a_locked_keyring_says_so_and_nothing_is_kept_elsewhere() -> None:
    store = KeyringStore(Locked(), "the drawer")
    calls: tuple[Callable[[], object], ...] = (
        lambda: store.get(Name.PARTNER_PASSWORD, ACCOUNT),
        lambda: store.set(Name.PARTNER_PASSWORD, ACCOUNT, PASSWORD),
        lambda: store.delete(Name.PARTNER_PASSWORD, ACCOUNT),
    )
    for call in calls:
        with pytest.raises(KeyringTrouble, match="The drawer is locked") as trouble:
            call()
        assert "Unlock it" in trouble.value.advice
        assert PASSWORD not in str(trouble.value)
        assert trouble.value.__cause__ is None
        assert trouble.value.exit_code == 4


def allow(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    monkeypatch.setattr(credentials, "_backends", lambda: [(__name__, name, f"the {name}") for name in names])


def test_the_first_named_one_that_works_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    allow(monkeypatch, "NotOnThisSystem", "Gone", "Drawer", "Locked")
    store = credentials.open_store()
    assert store.describe() == "Secrets are kept in the Drawer."
    assert store.keeps


def test_one_that_is_not_named_is_never_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    # `Plain` is known to keyring, works, and has the highest priority.
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", f"{__name__}.Plain")
    allow(monkeypatch, "Gone")
    with pytest.raises(NoKeyring):
        credentials.open_keyring()
    store = credentials.open_store()
    assert isinstance(store, MemoryStore)
    assert not store.keeps
    assert "asked for at each start" in store.describe()


@pytest.mark.parametrize(
    ("platform", "bus", "names"),
    [
        ("darwin", False, ["macOS"]),
        ("win32", False, ["Windows"]),
        ("linux", False, []),
        ("linux", True, ["SecretService", "kwallet", "libsecret"]),
    ],
)
def test_the_allowed_ones_are_stores_of_the_system(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, platform: str, bus: bool, names: list[str]
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    if bus:
        (tmp_path / "bus").touch()
    assert [module for module, _, _ in credentials._backends()] == [f"keyring.backends.{name}" for name in names]


def test_a_bus_that_is_named_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/somewhere")
    assert credentials._backends()


def test_the_token_is_kept_when_the_store_keeps() -> None:
    store = KeyringStore(Drawer(), "a drawer")
    token = credentials.callback_token(store, ACCOUNT)
    assert credentials.callback_token(store, ACCOUNT) == token
    assert credentials.callback_token(MemoryStore(), ACCOUNT) != token
