"""What the window says of its ledger."""

from datetime import UTC, datetime
from pathlib import Path

from pytestqt.qtbot import QtBot

from cashier.ledger.backup import back_up
from cashier.ledger.identity import Account
from cashier.ledger.ledger import Ledger
from cashier.ledger.restore import restore
from cashier.till.health import Health
from cashier.ui.window import MainWindow
from tests.ui.counter_window import cashier_at


def test_after_a_restore_the_window_says_that_payouts_are_locked(qtbot: QtBot, tmp_path: Path) -> None:
    account = Account("practice", "250160000011")
    folder = tmp_path / "data" / "practice-250160000011"
    ledger = Ledger(folder, account, now=lambda: datetime.now(UTC), threaded=False)
    ledger.open()
    copy = back_up(ledger.file, tmp_path / "copy.db").file
    ledger.close()
    restore(folder, copy, account, datetime.now(UTC))
    with cashier_at(qtbot, tmp_path / "data") as cashier:
        cashier.until(lambda: "Payouts are locked" in cashier.window.main.banner.text())
        cashier.sell("0788123456", "1500")


def test_a_failed_backup_is_said_once_and_stands_in_the_status_line(qtbot: QtBot) -> None:
    window = MainWindow()
    qtbot.addWidget(window)
    window.show_health(Health(backup_trouble="Today's backup failed. The disk is full."))
    assert window.status._right["ledger"].text() == "Today's backup failed. The disk is full."
    assert "The disk is full" in window.banner.text()
    window.banner.hide()
    window.show_health(Health(took=0.4, backup_trouble="Today's backup failed. The disk is full."))
    assert window.banner.isHidden()
    window.show_health(Health(ledger_trouble="No sales.", backup_trouble="Today's backup failed."))
    assert window.status._right["ledger"].text() == "No sales."


def test_payouts_that_are_locked_stand_in_the_status_line_until_they_are_not(qtbot: QtBot) -> None:
    window = MainWindow()
    qtbot.addWidget(window)
    window.show_health(Health(took=0.4))
    assert not window.status.has_item("lock")
    window.show_health(Health(took=0.4, payouts_locked=True))
    assert window.status.item_text("lock") == "Payouts locked until signed"
    window.show_health(Health(took=0.4))
    assert window.status.item_text("lock") == ""
