"""The window while no account is open: no password yet, a second window, a damaged ledger."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cashier.app import Window
from cashier.counter import Counter
from cashier.credentials import MemoryStore
from cashier.domain.states import Kind
from cashier.domain.transaction import NewTransaction
from cashier.ledger.ledger import Account, Ledger
from cashier.settings import Settings, save
from cashier.simulator import Simulator
from cashier.ui import theme
from tests.ui.counter_window import LONG, Cashier, Ear, Hand, cashier_at


@contextmanager
def window_at(qtbot: QtBot, folder: Path) -> Iterator[Cashier]:
    """A window as it starts on this folder, whatever comes of it."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme.apply(app, "light")
    with Simulator(speed=20.0) as gateway:
        counter = Counter(folder, store=MemoryStore(), practice=gateway)
        window = Window(app, lambda: counter, Ear(), Hand())
        qtbot.addWidget(window.main)
        window.main.resize(1366, 768)
        try:
            window.begin()
            with qtbot.waitActive(window.main):
                window.main.activateWindow()
            yield Cashier(qtbot, window, gateway, Hand())
        finally:
            window.main.ask_before_close = None
            window.main.close()
            window.end()


def live_shop(folder: Path, gateway: Simulator) -> None:
    """A shop with an account, two open payments and an open payout, and no password anywhere."""
    save(folder / "settings.json", Settings("live", gateway.url, gateway.username, gateway.accountno))
    ledger = Ledger(
        folder / f"live-{gateway.accountno}", Account("live", gateway.accountno), now=lambda: datetime.now(UTC)
    )
    ledger.open()
    for number, kind in enumerate((Kind.PAYMENT, Kind.PAYMENT, Kind.PAYOUT)):
        new = NewTransaction(f"01OPEN{number}", kind, f"25078812345{number}", 1500)
        ledger.create(new, not_while_open=False, not_same_since=None)
    ledger.close()


def test_without_a_password_it_says_what_is_open_and_what_to_do(qtbot: QtBot, tmp_path: Path) -> None:
    with Simulator(speed=20.0) as gateway:
        live_shop(tmp_path, gateway)
        with window_at(qtbot, tmp_path) as cashier:
            shown = cashier.charge.list
            cashier.until(lambda: "2 open payments, 1 open payout" in shown.said_of_none())
            assert "Nobody asks about them" in shown.said_of_none()
            assert "(F10)" in cashier.charge.closed.text()
            assert cashier.window.main.status.item_text("sales").startswith("No account is open")
            password = cashier.window.settings.account.password
            assert password.field.edit.hasFocus()
            assert password.field.edit.placeholderText() == ""
            assert gateway.book()["requests"] == []
            cashier.type(gateway.partnerpassword)
            cashier.enter()
            cashier.until(lambda: cashier.window.bridge.till is not None)
            cashier.until(lambda: "Saved." in cashier.window.settings.notice.text())
            assert not cashier.charge.closed.isVisibleTo(cashier.charge)
            assert "Nobody asks" not in shown.said_of_none()
            assert cashier.window.main.status.item_text("sales") == ""
            assert "known until Cashier ends" in password.field.edit.placeholderText()


def test_a_second_window_reads_and_says_that_it_asks_about_nothing(qtbot: QtBot, tmp_path: Path) -> None:
    with cashier_at(qtbot, tmp_path, speed=0.01) as first:
        first.sell("0788000008", "1500")
        before = (tmp_path / "settings.json").read_bytes()
        with window_at(qtbot, tmp_path) as second:
            second.until(lambda: "1 open payment" in second.charge.list.said_of_none())
            assert "This window asks about none" in second.charge.list.said_of_none()
            assert "already open" in second.charge.closed.text()
            assert second.charge.closed.isVisible()
            second.fill("0788123456", "1500")
            second.charge.charging.ask_for(("250788123456", 1500, None))
            assert "already open" in second.window.main.banner.text()
            assert second.gateway.book()["requests"] == []
        assert (tmp_path / "settings.json").read_bytes() == before


def test_a_damaged_ledger_is_said_on_charge(qtbot: QtBot, tmp_path: Path) -> None:
    with Simulator(speed=20.0) as gateway:
        save(tmp_path / "settings.json", Settings("practice"))
        (tmp_path / f"practice-{gateway.accountno}").mkdir()
        (tmp_path / f"practice-{gateway.accountno}" / "ledger.db").write_bytes(b"no ledger")
        with window_at(qtbot, tmp_path) as cashier:
            cashier.qtbot.waitUntil(lambda: "closed" in cashier.charge.__dict__, timeout=LONG)
            assert "left as it" in cashier.charge.closed.text()
            assert cashier.window.main.status.item_text("sales").startswith("No account is open")
