"""Settings in the real window: every refusal explained, callbacks tried, first start, damaged file, saving."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from benchmarks.counter import free_port
from cashier.app import Window
from cashier.counter import Counter
from cashier.credentials import MemoryStore
from cashier.ledger.errors import LedgerError
from cashier.settings import Settings, load
from cashier.simulator import Fault, Simulator
from cashier.ui import theme
from tests.canaries import PASSWORD
from tests.ui.counter_window import LONG, Ear, Hand

SLOW = timedelta(hours=3, minutes=2)
LOGIN_PAGE = b"<html><body>Welcome to Kigali Cafe Wi-Fi</body></html>"


class Owner:
    """Somebody at Settings, in a window without settings until they save some."""

    def __init__(self, qtbot: QtBot, window: Window, store: MemoryStore) -> None:
        self.qtbot = qtbot
        self.window = window
        self.store = store
        self.screen = window.settings

    def until(self, ready: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(ready, timeout=LONG)

    def fill(self, environment: str, url: str, username: str, accountno: str, password: str) -> None:
        account = self.screen.account
        QTest.mouseClick(account.environment.button(environment), Qt.MouseButton.LeftButton)
        account.base_url.set_text(url)
        account.username.set_text(username)
        account.accountno.set_text(accountno)
        account.password.set_text(password)

    def fill_for(self, gateway: Simulator, password: str | None = None) -> None:
        self.fill("live", gateway.url, gateway.username, gateway.accountno, password or gateway.partnerpassword)

    def test(self) -> str:
        """Presses *Test the connection*. Returns what is said."""
        self.screen.notice.hide()
        self.screen.account.button.setFocus()
        QTest.keyClick(self.screen.account.button, Qt.Key.Key_Return)
        self.until(self.screen.notice.isVisible)
        assert self.screen.account.button.isEnabled()
        return self.screen.notice.text()

    def save(self) -> str:
        """Presses *Save*. Returns what is said."""
        self.screen.notice.hide()
        QTest.mouseClick(self.screen.save_button, Qt.MouseButton.LeftButton)
        self.until(self.screen.notice.isVisible)
        return self.screen.notice.text()


@contextmanager
def owner_at(qtbot: QtBot, folder: Path) -> Iterator[Owner]:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme.apply(app, "light")
    store = MemoryStore()
    with Simulator(speed=20.0) as practice:
        counter = Counter(folder, store=store, practice=practice)
        window = Window(app, lambda: counter, Ear(), Hand())
        qtbot.addWidget(window.main)
        window.main.resize(1024, 600)
        try:
            window.begin()
            with qtbot.waitActive(window.main):
                window.main.activateWindow()
            qtbot.waitUntil(lambda: window.main.has_screen("settings"), timeout=LONG)
            yield Owner(qtbot, window, store)
        finally:
            window.main.ask_before_close = None
            window.main.close()
            window.end()


def test_a_good_account_shows_its_balance(qtbot: QtBot, tmp_path: Path) -> None:
    with Simulator() as gateway, owner_at(qtbot, tmp_path) as owner:
        owner.fill_for(gateway)
        assert "The balance is 1\u00a0000\u00a0000\u00a0RWF" in owner.test()


def test_a_wrong_password_is_named(qtbot: QtBot, tmp_path: Path) -> None:
    with Simulator() as gateway, owner_at(qtbot, tmp_path) as owner:
        owner.fill_for(gateway, password=PASSWORD)
        said = owner.test()
        assert "The partner password is wrong." in said
        assert "0005" in said


def test_a_wrong_clock_is_named_with_its_hours(qtbot: QtBot, tmp_path: Path) -> None:
    with Simulator(now=lambda: datetime.now(UTC) + SLOW) as gateway, owner_at(qtbot, tmp_path) as owner:
        owner.fill_for(gateway)
        assert "The clock of this computer is 3 h 02 min slow." in owner.test()


def test_a_sandbox_account_on_the_live_address_is_named(qtbot: QtBot, tmp_path: Path) -> None:
    with Simulator() as gateway, owner_at(qtbot, tmp_path) as owner:
        owner.fill("live", gateway.url, gateway.username, "SBX00000045", "anything")
        assert "This is a sandbox account on the live address." in owner.test()


def test_no_internet_is_named(qtbot: QtBot, tmp_path: Path) -> None:
    with owner_at(qtbot, tmp_path) as owner:
        owner.fill("live", "https://no-such-host.invalid/api/", "shop", "250160000099", "anything")
        assert "No internet" in owner.test()
        owner.fill("live", f"http://127.0.0.1:{free_port()}/api/", "shop", "250160000099", "anything")
        assert "cannot be reached" in owner.test()


def test_the_login_page_of_a_wifi_is_named(qtbot: QtBot, tmp_path: Path) -> None:
    page = Fault(function="getbalance", take=False, status=200, content_type="text/html", body=LOGIN_PAGE)
    with Simulator() as gateway, owner_at(qtbot, tmp_path) as owner:
        gateway.script(page)
        owner.fill_for(gateway)
        assert "sign in to the Wi-Fi" in owner.test()


def test_an_answer_that_does_not_come_promises_nothing(qtbot: QtBot, tmp_path: Path) -> None:
    with Simulator() as gateway, owner_at(qtbot, tmp_path) as owner:
        gateway.script(Fault(function="getbalance", take=False, reset=True))
        owner.fill_for(gateway)
        said = owner.test()
        assert "broke before the answer came" in said
        assert "keep checking" not in said


def test_what_is_missing_is_said_and_nothing_is_asked(qtbot: QtBot, tmp_path: Path) -> None:
    with Simulator() as gateway, owner_at(qtbot, tmp_path) as owner:
        owner.fill("live", gateway.url, "", gateway.accountno, gateway.partnerpassword)
        assert "The user name is missing." in owner.test()
        assert gateway.book()["requests"] == []


def test_the_first_start_opens_here_and_practice_is_one_key_away(qtbot: QtBot, tmp_path: Path) -> None:
    with owner_at(qtbot, tmp_path) as owner:
        assert owner.screen.isVisible()
        owner.until(lambda: "Ctrl+P" in owner.screen.notice.text())
        focused = QApplication.focusWidget()
        assert focused is not None
        QTest.keyClick(focused, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
        owner.until(lambda: owner.window.bridge.till is not None)
        owner.until(owner.window.charge.isVisible)
        assert owner.window.main.frame.word() == "PRACTICE"
        assert load(tmp_path / "settings.json").settings == Settings("practice")


def test_a_damaged_file_is_told_and_kept(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_bytes(b"{broken")
    with owner_at(qtbot, tmp_path) as owner:
        owner.until(lambda: "damaged" in owner.screen.notice.text())
    kept = [path for path in tmp_path.iterdir() if path.name.startswith("settings.damaged")]
    assert [path.read_bytes() for path in kept] == [b"{broken"]


def test_saving_opens_the_account_and_the_password_is_in_no_file(qtbot: QtBot, tmp_path: Path) -> None:
    with Simulator(partnerpassword=PASSWORD) as gateway, owner_at(qtbot, tmp_path) as owner:
        owner.fill_for(gateway)
        assert "Saved." in owner.save()
        till = owner.window.bridge.till
        assert till is not None
        assert (
            owner.window.main.frame.word() == "PRACTICE"
        )  # this computer's own address, whatever the settings call it
        assert owner.screen.account.password.text() == ""
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files if PASSWORD.encode() in path.read_bytes()]


def _sid_of_a_payout(owner: Owner, gateway: Simulator) -> str | None:
    """The service id that goes along with a payout now."""
    till = owner.window.bridge.till
    assert till is not None
    reader = till.ledger.reader
    till.pay_out("250733210998", 500, "Supplier")
    owner.until(lambda: not reader.open_rows())
    request = [one for one in gateway.book()["requests"] if one["function"] == "requestdeposit"][-1]
    found: str | None = request["fields"].get("sid")
    return found


def test_a_service_id_goes_along_with_payouts_and_is_empty_at_first(qtbot: QtBot, tmp_path: Path) -> None:
    with Simulator(speed=20.0) as gateway, owner_at(qtbot, tmp_path) as owner:
        service_id = owner.screen.limits.service_id
        assert service_id.text() == ""
        owner.fill_for(gateway)
        service_id.set_text("bulk payments")
        assert "letters and digits" in owner.save()
        assert "letters and digits" in service_id.field.note()
        for given, sent in (("", None), (" 1 ", "1")):
            service_id.set_text(given)
            assert "Saved." in owner.save()
            assert _sid_of_a_payout(owner, gateway) == sent


def test_callbacks_are_off_until_an_address_is_set_and_the_round_trip_is_tried(qtbot: QtBot, tmp_path: Path) -> None:
    port = free_port()
    with Simulator() as gateway, owner_at(qtbot, tmp_path) as owner:
        owner.fill_for(gateway)
        owner.screen.show_page("callbacks")
        owner.screen.callbacks.port.set_text(str(port))
        assert "Saved." in owner.save()
        assert _try(owner).startswith("Callbacks are off")
        owner.screen.callbacks.url.set_text(f"http://127.0.0.1:{port}")
        assert "Saved." in owner.save()
        assert "It works" in _try(owner)
        assert owner.window.main.status.item_text("callbacks") == "Callbacks on"


def test_a_tunnel_that_leads_nowhere_is_found_out(qtbot: QtBot, tmp_path: Path) -> None:
    with Simulator() as gateway, owner_at(qtbot, tmp_path) as owner:
        owner.fill_for(gateway)
        owner.screen.show_page("callbacks")
        owner.screen.callbacks.port.set_text(str(free_port()))
        owner.screen.callbacks.url.set_text(f"http://127.0.0.1:{free_port()}")
        assert "Saved." in owner.save()
        said = _try(owner)
        assert "cannot be reached" in said
        assert "tunnel forwards to 127.0.0.1" in said


def _try(owner: Owner) -> str:
    owner.screen.notice.hide()
    QTest.mouseClick(owner.screen.callbacks.button, Qt.MouseButton.LeftButton)
    owner.until(owner.screen.notice.isVisible)
    return owner.screen.notice.text()


@pytest.mark.parametrize("port", ["", "port", "65536", "-1"])
def test_a_port_that_is_none_is_said_beside_it(qtbot: QtBot, tmp_path: Path, port: str) -> None:
    with Simulator() as gateway, owner_at(qtbot, tmp_path) as owner:
        owner.fill_for(gateway)
        owner.screen.show_page("callbacks")
        owner.screen.callbacks.port.set_text(port)
        assert "from 0 to 65535" in owner.save()
        assert owner.screen.callbacks.port.field.is_wrong()
        assert not (tmp_path / "settings.json").exists()


def test_a_finding_of_one_section_never_stands_beside_anothers_button(qtbot: QtBot, tmp_path: Path) -> None:
    with Simulator() as gateway, owner_at(qtbot, tmp_path) as owner:
        owner.fill_for(gateway)
        owner.test()
        owner.screen.show_page("callbacks")
        assert not owner.screen.notice.isVisible()
        assert "Callbacks are off" in _try(owner)
        owner.screen.show_page("account")
        assert not owner.screen.notice.isVisible()
        owner.screen.show_page("callbacks")
        assert owner.screen.notice.isVisible()
        owner.screen.callbacks.url.field.edit.setFocus()
        QTest.keyClicks(owner.screen.callbacks.url.field.edit, "h")
        assert not owner.screen.notice.isVisible()


def test_what_is_wrong_on_another_page_is_not_said_beside_the_test_of_this_one(qtbot: QtBot, tmp_path: Path) -> None:
    with Simulator() as gateway, owner_at(qtbot, tmp_path) as owner:
        owner.fill_for(gateway)
        owner.screen.callbacks.port.set_text("no port")
        assert "The balance is" in owner.test()
        assert "from 0 to 65535" in owner.save()
        assert owner.screen.callbacks.isVisible()


def test_practice_and_back_keeps_the_account(qtbot: QtBot, tmp_path: Path) -> None:
    with Simulator() as gateway, owner_at(qtbot, tmp_path) as owner:
        owner.fill_for(gateway)
        assert "Saved." in owner.save()
        account = owner.screen.account
        QTest.mouseClick(account.environment.button("practice"), Qt.MouseButton.LeftButton)
        assert account.username.text() == ""
        assert "Saved." in owner.save()
        QTest.mouseClick(account.environment.button("live"), Qt.MouseButton.LeftButton)
        assert account.username.text() == gateway.username
        assert account.accountno.text() == gateway.accountno
        assert "Saved." in owner.save()
        till = owner.window.bridge.till
        assert till is not None
        assert till.ledger.file.parent.name == f"live-{gateway.accountno}"


def test_what_was_typed_for_one_environment_is_not_given_to_another_and_not_lost(qtbot: QtBot, tmp_path: Path) -> None:
    with Simulator() as gateway, owner_at(qtbot, tmp_path) as owner:
        owner.fill_for(gateway, password=PASSWORD)
        account = owner.screen.account
        QTest.mouseClick(account.environment.button("sandbox"), Qt.MouseButton.LeftButton)
        assert (account.password.text(), account.username.text()) == ("", "")
        QTest.mouseClick(account.environment.button("live"), Qt.MouseButton.LeftButton)
        assert (account.password.text(), account.username.text()) == (PASSWORD, gateway.username)


@pytest.mark.parametrize(("end", "named"), [(" ", "ends with a blank"), ("\n", "ends with a line break")])
def test_a_blank_or_line_break_at_the_end_of_a_password_is_named(
    qtbot: QtBot, tmp_path: Path, end: str, named: str
) -> None:
    with Simulator() as gateway, owner_at(qtbot, tmp_path) as owner:
        owner.fill_for(gateway)
        owner.screen.account.password.set_text(gateway.partnerpassword + end)
        assert named in owner.screen.account.password.field.note()
        said = owner.test()
        assert "The partner password is wrong." in said
        assert named in said
        owner.screen.account.password.set_text(gateway.partnerpassword)
        assert owner.screen.account.password.field.note() == ""


def test_a_password_that_is_too_short_is_named_beside_its_field(qtbot: QtBot, tmp_path: Path) -> None:
    with owner_at(qtbot, tmp_path) as owner:
        password = owner.screen.account.password
        for typed, short in (("hi-mom", False), ("hi-ma", True), ("", False)):
            password.set_text(typed)
            assert ("too short" in password.field.note()) is short


def test_enter_in_the_password_saves_and_nothing_speaks_of_a_keyring_where_none_is(
    qtbot: QtBot, tmp_path: Path
) -> None:
    with Simulator() as gateway, owner_at(qtbot, tmp_path) as owner:
        assert "asked for at each start" in owner.screen.account.where.text()
        assert "in this computer's keyring" not in owner.screen.account.where.text()
        owner.fill_for(gateway)
        owner.screen.account.password.field.setFocus()
        QTest.keyClick(owner.screen.account.password.field.edit, Qt.Key.Key_Return)
        owner.until(lambda: "Saved." in owner.screen.notice.text())


def test_a_save_that_cannot_be_opened_leaves_window_and_settings_on_the_old_account(
    qtbot: QtBot, tmp_path: Path
) -> None:
    with Simulator(speed=20.0) as gateway, owner_at(qtbot, tmp_path) as owner:
        owner.fill_for(gateway)
        assert "Saved." in owner.save()
        word, till = owner.window.main.frame.word(), owner.window.bridge.till
        damaged = tmp_path / "sandbox-SBX9" / "ledger.db"
        damaged.parent.mkdir()
        damaged.write_bytes(b"no ledger at all")
        owner.fill("sandbox", gateway.url, "shop", "SBX9", PASSWORD)
        assert "Saved." not in owner.save()
        assert owner.window.main.frame.word() == word
        assert owner.window.bridge.till is till
        assert till is not None
        till.charge("250788123456", 1500)
        loaded = load(tmp_path / "settings.json").settings
        assert loaded is not None
        assert (loaded.environment, loaded.accountno) == ("live", gateway.accountno)


def test_changing_the_account_with_open_rows_asks_first(qtbot: QtBot, tmp_path: Path) -> None:
    with Simulator(speed=0.01) as gateway, owner_at(qtbot, tmp_path) as owner:
        owner.fill_for(gateway)
        assert "Saved." in owner.save()
        till = owner.window.bridge.till
        assert till is not None
        till.charge("250788000008", 1500)
        QTest.mouseClick(owner.screen.account.environment.button("practice"), Qt.MouseButton.LeftButton)
        for answer in (0, 1):
            owner.screen.notice.hide()
            QTest.mouseClick(owner.screen.save_button, Qt.MouseButton.LeftButton)
            owner.until(lambda: owner.screen.question is not None)
            panel = owner.screen.question
            assert panel is not None
            assert "1 transaction" in panel.accessibleName()
            assert "only while that account is open" in panel.accessibleDescription()
            assert owner.window.bridge.till is till
            panel.answered.emit(answer)
        owner.until(lambda: "Saved." in owner.screen.notice.text())
        owner.until(lambda: owner.window.bridge.till is not till)


def test_callbacks_with_a_user_name_and_a_password_are_tried_with_both(qtbot: QtBot, tmp_path: Path) -> None:
    port = free_port()
    with Simulator() as gateway, owner_at(qtbot, tmp_path) as owner:
        owner.fill_for(gateway)
        page = owner.screen.callbacks
        owner.screen.show_page("callbacks")
        page.port.set_text(str(port))
        page.url.set_text(f"http://127.0.0.1:{port}")
        page.basic_user.set_text("gate:way")
        assert "colon" in owner.save()
        page.basic_user.set_text("gateway")
        assert "Write the password" in owner.save()
        assert page.basic_password.field.is_wrong()
        page.basic_password.set_text(PASSWORD)
        assert "Saved." in owner.save()
        assert page.basic_password.text() == ""
        assert "It works" in _try(owner)
    assert not [one for one in tmp_path.rglob("*") if one.is_file() and PASSWORD.encode() in one.read_bytes()]


def test_where_neither_account_can_be_opened_the_window_says_that_none_is(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> object:
        raise LedgerError("The disk is full.")

    with Simulator(speed=20.0) as gateway, owner_at(qtbot, tmp_path) as owner:
        owner.fill_for(gateway)
        assert "Saved." in owner.save()
        monkeypatch.setattr("cashier.assembly.recover", full)
        assert "The disk is full." in owner.save()
        owner.until(lambda: owner.window.bridge.till is None)
        assert owner.window.main.frame.word() == ""
        assert owner.window.main.status.item_text("sales").startswith("No account is open")
        assert "The disk is full." in owner.window.charge.closed.text()
        monkeypatch.undo()
        assert "Saved." in owner.save()
        owner.until(lambda: owner.window.bridge.till is not None)
        assert owner.window.main.status.item_text("sales") == ""
