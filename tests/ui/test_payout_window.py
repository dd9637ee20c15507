"""Payouts beside the rest of the window: sizes, the status line, closing, a start after a crash, another program."""

from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.exceptions import TimeoutError as NotInTime
from pytestqt.qtbot import QtBot

from cashier.domain.states import Kind, State
from cashier.domain.transaction import NewTransaction
from cashier.ledger.ledger import Account, Ledger
from cashier.simulator import Fault
from tests.e2e.program import program_for
from tests.ui.counter_window import cashier_at
from tests.ui.payer import FULL_GUARD, GUARD, Payer, payer_at
from tests.ui.seeing import assert_nothing_cut, cut_off

ACCOUNT = "250160000011"


def assert_settles_whole(qtbot: QtBot, root: QWidget) -> None:
    """Layouts take a turn of the event loop: nothing is cut off once they have had it."""
    with suppress(NotInTime):
        qtbot.waitUntil(lambda: not cut_off(root), timeout=1000)
    assert_nothing_cut(root)


@pytest.mark.parametrize("size", [(1366, 768), (1024, 600), (911, 512)])
def test_nothing_is_cut_off(qtbot: QtBot, tmp_path: Path, size: tuple[int, int]) -> None:
    with payer_at(qtbot, tmp_path / "d", speed=1.0) as payer:
        main = payer.cashier.window.main
        main.resize(*size)
        payer.until(lambda: (main.width(), main.height()) == size)
        payer.cashier.gateway.script(Fault(function="gettransactionstatus", times=200, take=False))
        assert_settles_whole(qtbot, main)
        payer.screen.set_file_door(lambda: None)
        payer.fill("0741210998", "1999999", "Supplier of bananas and tomatoes for the whole week, with all the crates")
        payer.form.fee.setChecked(True)
        assert_settles_whole(qtbot, main)
        payer.cashier.rest(FULL_GUARD)
        QTest.mouseClick(payer.form.keypad.charge_button, Qt.MouseButton.LeftButton)
        payer.until(payer.is_reading)
        payer.until(lambda: "less than this payout" in payer.page.balance.text())
        payer.say("111")
        assert_settles_whole(qtbot, main)
        payer.cashier.press(Qt.Key.Key_Escape)
        payer.form.clear()
        payer.cashier.rest(FULL_GUARD)
        payer.pay("0788000005", "25000")
        payer.until(lambda: "Balance after" in payer.shown())
        assert_settles_whole(qtbot, main)
        payer.cashier.type("07")  # typed over, it was seen
        assert payer.form.phone.text() == "07"
        assert not payer.screen.results.waiting()
        assert_settles_whole(qtbot, main)
        payer.cashier.press(Qt.Key.Key_Escape)
        payer.screen.results.dismiss()
        payer.cashier.rest(FULL_GUARD)
        payer.fill("0788000005", "1999999")
        payer.cashier.rest(FULL_GUARD)
        payer.cashier.enter()
        payer.until(lambda: payer.screen.locked is not None)
        assert_settles_whole(qtbot, main)


def test_a_button_leads_to_payouts_from_a_file(qtbot: QtBot, tmp_path: Path) -> None:
    with payer_at(qtbot, tmp_path / "d") as payer:
        main = payer.cashier.window.main
        assert not main.has_screen("payout-file")
        QTest.mouseClick(payer.screen.file_door, Qt.MouseButton.LeftButton)
        assert main.screen_named("payout-file").isVisible()


def test_a_payout_in_flight_at_a_crash_is_shown_at_the_start(qtbot: QtBot, tmp_path: Path) -> None:
    folder = tmp_path / "d"
    folder.mkdir()
    ledger = Ledger(folder / f"practice-{ACCOUNT}", Account("practice", ACCOUNT), now=lambda: datetime.now(UTC))
    ledger.open()
    new = NewTransaction("01INTERRUPTED", Kind.PAYOUT, "250733210998", 12_500, reason="Supplier")
    ledger.create(new, not_while_open=True, not_same_since=None)
    ledger.close()
    with cashier_at(qtbot, folder, speed=1.0) as cashier:
        main = cashier.window.main
        cashier.until(main.banner.isVisible)
        assert "12\u00a0500\u00a0RWF, 0733 210 998: Not known yet" in main.banner.text()
        assert main.status.item_text("payouts") == "1 open payout"
        assert not main.has_screen("payout")
        main.close()
        assert main.isVisible()
        assert main.banner.text().startswith("1 open payout.")
        payer = Payer(cashier)
        payer.until(lambda: [row.id for row in payer.rows()] == ["01INTERRUPTED"])
        assert cashier.rows() == []
        assert payer.sent() == 0
        assert not payer.screen.results.covers()


def test_a_payout_that_another_screen_began_is_a_card_and_no_result(qtbot: QtBot, tmp_path: Path) -> None:
    with payer_at(qtbot, tmp_path / "d", speed=1.0) as payer:
        row = payer.till.pay_out("250788000008", 900, "from a file")
        payer.until(lambda: [card.state for card in payer.rows()] == [State.PENDING])
        payer.cashier.gateway.settle_now(row.id)
        payer.till.check([row.id])
        payer.until(lambda: payer.rows() == [])
        assert not payer.screen.results.covers()


def test_an_end_is_told_on_whatever_screen_is_in_front(qtbot: QtBot, tmp_path: Path) -> None:
    with payer_at(qtbot, tmp_path / "d", speed=1.0) as payer:
        payer.pay("0788000008", "900")
        payer.until(lambda: [card.state for card in payer.rows()] == [State.PENDING])
        main = payer.cashier.window.main
        main.show_screen("charge")
        row = payer.rows()[0]
        payer.cashier.gateway.settle_now(row.id)
        payer.till.check([row.id])
        payer.until(lambda: main.banner.text().startswith("Sent: 900\u00a0RWF · 0788 000 008"))
        assert payer.cashier.charge.results.waiting() == []
        main.show_screen("payout")
        assert payer.screen.results.covers()


def test_another_account_is_never_paid_from_by_what_was_read_back(qtbot: QtBot, tmp_path: Path) -> None:
    with payer_at(qtbot, tmp_path / "d") as payer:
        payer.read_back("0733210998", "6000")
        bridge = payer.cashier.window.bridge
        bridge.attach(payer.till)
        assert not payer.is_reading()
        payer.page.send.emit()
        payer.form.clear()
        payer.cashier.rest(FULL_GUARD)
        payer.pay("0788123456", "700")  # whatever Send had sent would be there before this one
        assert [row.amount for row in payer.payouts()] == [700]


def test_a_ledger_that_cannot_be_written_sends_nothing(qtbot: QtBot, tmp_path: Path) -> None:
    with payer_at(qtbot, tmp_path / "d") as payer:
        connection = payer.till.ledger._connection
        assert connection is not None
        payer.read_back("0733210998", "6000")
        payer.until(payer.has_balance)
        payer.say("998")
        connection.execute("PRAGMA query_only=ON")
        payer.cashier.rest(GUARD)
        payer.cashier.enter()
        payer.until(payer.page.notice.isVisible)
        assert "Nothing was sent." in payer.page.notice.text()
        assert payer.is_reading()
        connection.execute("PRAGMA query_only=OFF")
        payer.page.send_button.setFocus()
        payer.cashier.rest(GUARD)
        payer.cashier.enter()
        payer.until(payer.screen.results.covers)
        assert payer.sent() == 1


def test_the_command_line_finds_the_phone_locked(qtbot: QtBot, tmp_path: Path) -> None:
    with payer_at(qtbot, tmp_path / "d", speed=1.0) as payer:
        gateway = payer.cashier.gateway
        gateway.script(Fault(function="gettransactionstatus", times=200, take=False))
        payer.pay("0788000005", "25000")
        payer.until(payer.screen.results.covers)
        number = payer.payouts()[0].number
        payer.cashier.window.end()
        program = program_for(gateway, tmp_path / "d")
        refused = program.run("payout", "0788000005", "700", "--reason", "again", "--yes", "--json")
        assert (refused.code, refused.json["number"], refused.json["amount"]) == (3, number, 25_000)
        assert payer.sent() == 1


def test_a_payout_under_review_is_closed_by_hand_and_frees_its_phone(qtbot: QtBot, tmp_path: Path) -> None:
    with payer_at(qtbot, tmp_path / "d", speed=1.0) as payer:
        payer.cashier.gateway.script(Fault(function="gettransactionstatus", times=200, fields={"amount": 9}))
        payer.pay("0788000005", "25000")
        payer.until(lambda: [row.can_be_closed for row in payer.payouts()] == [True])
        row = payer.payouts()[0]
        payer.until(lambda: payer.screen._rows[row.id].state is State.UNKNOWN)
        payer.screen.results.dismiss()
        payer.screen.list.choose(row.id)
        card = next(one for one in payer.screen.list.cards() if one.transaction.id == row.id)
        QTest.mouseClick(card._close, Qt.MouseButton.LeftButton)
        panel = payer.screen.closing.panel
        assert panel is not None
        assert not payer.form.isVisible()
        panel.verdict.chip(False).click()
        panel.name.set_text("Aline")
        panel.note.set_text("Not on the statement.")
        panel.close_button.click()
        payer.until(lambda: payer.screen.closing.panel is None)
        assert payer.form.isVisible()
        payer.until(lambda: [one.is_closed for one in payer.payouts()] == [True])
        payer.till.pay_out(row.phone, 700, "Salary")
        payer.until(lambda: payer.sent() == 2)
