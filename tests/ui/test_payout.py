"""Pay out by keyboard on the real till: the read-back, one press, the answer, the lock, a start after a crash."""

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from cashier.domain.money import format_amount
from cashier.domain.states import State
from cashier.simulator import Fault
from tests.ui.counter_window import Ear
from tests.ui.payer import FULL_GUARD, GUARD, payer_at


def test_payouts_with_the_keyboard_alone(qtbot: QtBot, tmp_path: Path) -> None:
    ear = Ear()
    with payer_at(qtbot, tmp_path / "d", ear=ear) as payer:
        payer.read_back("0733210998", "6000", "Bananas")
        assert payer.page.to.text() == "0733 210 •••"
        assert payer.page.send_button.text() == "Send 6\u00a0000\u00a0RWF"
        payer.until(payer.has_balance)
        assert payer.page.balance.text().startswith("1\u00a0000\u00a0000\u00a0RWF, read ")
        assert payer.sent() == 0
        payer.say("998")
        payer.cashier.rest(GUARD)
        payer.cashier.enter()
        payer.until(payer.screen.results.covers)
        row = payer.payouts()[0]
        assert (row.state, row.phone, row.amount, row.reason, row.fee) == (
            State.SUCCESSFUL,
            "250733210998",
            6000,
            "Bananas",
            False,
        )
        payer.until(lambda: "after" in payer.shown())
        assert "Sent" in payer.shown()
        assert "Balance before 1\u00a0000\u00a0000\u00a0RWF, read" in payer.shown()
        assert "Balance after 994\u00a0000\u00a0RWF, read" in payer.shown()
        payer.cashier.rest(FULL_GUARD)
        payer.cashier.enter()
        assert not payer.screen.results.covers()
        payer.pay("0788123456", "1500")
        payer.until(payer.screen.results.covers)
        assert payer.sent() == 2
        payer.until(lambda: bool(payer.rows()))
        assert payer.cashier.rows() == []  # of Charge
        assert payer.cashier.charge.results.waiting() == []
        assert ear.heard == []  # "paid" is for money that comes in
        assert payer.cashier.gateway.book()["balance"] == 992_500


def test_the_fee_is_sent_along(qtbot: QtBot, tmp_path: Path) -> None:
    with payer_at(qtbot, tmp_path / "d") as payer:
        payer.fill("0733210998", "6000")
        payer.form.reason.setFocus()
        payer.cashier.press(Qt.Key.Key_Tab)
        payer.cashier.press(Qt.Key.Key_Space)
        payer.cashier.enter()
        payer.cashier.rest(FULL_GUARD)
        payer.cashier.enter()
        payer.until(payer.is_reading)
        payer.say("998")
        payer.cashier.rest(GUARD)
        payer.cashier.enter()
        payer.until(payer.screen.results.covers)
        assert payer.payouts()[0].fee
        assert not payer.form.fee.isChecked()


def test_fifty_clicks_and_a_held_enter_make_one_payout(qtbot: QtBot, tmp_path: Path) -> None:
    with payer_at(qtbot, tmp_path / "d", speed=1.0) as payer:
        payer.read_back("0788000008", "1500")
        payer.cashier.type("008")
        for _ in range(50):
            QTest.mouseClick(payer.page.send_button, Qt.MouseButton.LeftButton)
        payer.until(lambda: len(payer.rows()) == 1)
        payer.cashier.rest(FULL_GUARD)
        payer.read_back("0733210998", "1500")
        payer.say("998")
        payer.cashier.enter()  # sooner than a hand is
        assert payer.is_reading()
        payer.cashier.rest(GUARD)
        none = Qt.KeyboardModifier.NoModifier
        for _ in range(30):
            held = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Return.value, none, "\r", True)
            payer.cashier.window._app.sendEvent(payer.cashier.focused(), held)
        assert payer.is_reading()
        payer.cashier.rest(GUARD)
        payer.cashier.enter()
        payer.until(lambda: len(payer.payouts()) == 2)
        payer.until(payer.screen.results.covers)
        assert payer.sent() == 2


def test_wrong_last_digits_send_nothing(qtbot: QtBot, tmp_path: Path) -> None:
    with payer_at(qtbot, tmp_path / "d") as payer:
        payer.read_back("0733210998", "6000")
        payer.say("99")
        assert "last three digits" in payer.page.digits.note()
        payer.page.digits.set_text("٩٩٨")
        payer.cashier.enter()
        assert payer.page.digits.is_wrong()
        for digits in ("899", "989"):
            payer.say(digits)
            assert "Not the last digits" in payer.page.digits.note()
        payer.say("000")
        assert not payer.is_reading()
        assert "did not fit" in payer.form.phone.note()
        assert payer.form.amount.amount() == 6000
        assert payer.payouts() == []
        assert payer.sent() == 0


def test_a_click_on_send_with_wrong_digits_sends_nothing(qtbot: QtBot, tmp_path: Path) -> None:
    with payer_at(qtbot, tmp_path / "d") as payer:
        payer.read_back("0733210998", "6000")
        QTest.mouseClick(payer.page.send_button, Qt.MouseButton.LeftButton)
        payer.cashier.type("899")
        QTest.mouseClick(payer.page.send_button, Qt.MouseButton.LeftButton)
        assert payer.page.digits.is_wrong()
        assert payer.is_reading()
        payer.cashier.press(Qt.Key.Key_Escape)
        assert not payer.is_reading()
        assert payer.form.phone.phone() == "250733210998"
        payer.cashier.rest(FULL_GUARD)
        payer.form.keypad.charge.emit()
        payer.until(payer.is_reading)
        assert payer.page.digits.text() == ""
        for key in "998":
            QTest.mouseClick(payer.page.pad.keys[key], Qt.MouseButton.LeftButton)
        QTest.mouseClick(payer.page.back_button, Qt.MouseButton.LeftButton)
        assert payer.payouts() == []


@pytest.mark.parametrize(
    ("phone", "amount", "reason", "field", "sentence"),
    [
        ("0733", "1500", "x", "phone", "0788 123 456"),
        ("0733210998", "99", "x", "amount", "smallest"),
        ("0733210998", "3000000", "x", "amount", "largest"),
        ("0733210998", "1,5", "x", "amount", "without comma"),
        ("0733210998", "1500", "  ", "reason", "what the payout is for"),
    ],
)
def test_bad_input_is_said_beside_the_field(
    qtbot: QtBot, tmp_path: Path, phone: str, amount: str, reason: str, field: str, sentence: str
) -> None:
    with payer_at(qtbot, tmp_path / "d") as payer:
        for part, text in ((payer.form.phone, phone), (payer.form.amount, amount), (payer.form.reason, reason)):
            part.setFocus()
            payer.cashier.type(text)
        payer.cashier.rest(FULL_GUARD)
        QTest.mouseClick(payer.form.keypad.charge_button, Qt.MouseButton.LeftButton)
        assert sentence in getattr(payer.form, field).note()
        assert payer.form.phone.text()
        assert not payer.is_reading()
        assert payer.sent() == 0


@pytest.mark.parametrize(
    ("phone", "reason", "advice", "code"),
    [
        ("0788000002", "no mobile money account", "Check the number with the receiver.", "2105"),
        ("0788000001", "not enough money on the account", "Top up the account or send less.", "1108"),
    ],
)
def test_a_refusal_says_why_what_to_do_and_the_code(
    qtbot: QtBot, tmp_path: Path, phone: str, reason: str, advice: str, code: str
) -> None:
    with payer_at(qtbot, tmp_path / "d") as payer:
        payer.pay(phone, "6000")
        payer.until(payer.screen.results.covers)
        view = payer.screen.results.view
        assert reason in payer.shown()
        assert advice in payer.shown()
        assert f"code {code}" in view._small.text()
        assert "Not sent" in payer.shown()
        payer.cashier.rest(FULL_GUARD)
        payer.cashier.press(Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
        assert payer.form.phone.phone() == f"25{phone}"
        assert (payer.form.amount.amount(), payer.form.reason.text()) == (6000, "Supplier")
        assert payer.sent() == 1


def test_a_result_never_takes_a_key_meant_for_a_form(qtbot: QtBot, tmp_path: Path) -> None:
    with payer_at(qtbot, tmp_path / "d", speed=1.0) as payer:
        payer.pay("0788000008", "1500")
        payer.until(lambda: [row.state for row in payer.rows()] == [State.PENDING])
        assert not payer.screen.results.covers()
        late = payer.rows()[0]
        payer.cashier.rest(FULL_GUARD)
        payer.read_back("0733210998", "700")
        payer.cashier.gateway.settle_now(late.id)
        payer.until(lambda: payer.screen.results.has(late.id))
        assert not payer.screen.results.covers()
        assert payer.screen.results.band.isVisible()
        payer.say("998")
        assert payer.is_reading()
        payer.cashier.press(Qt.Key.Key_Escape)
        payer.form.phone.setFocus()
        payer.cashier.press(Qt.Key.Key_Escape)
        assert payer.screen.results.covers()


def test_an_unknown_payout_locks_its_phone(qtbot: QtBot, tmp_path: Path) -> None:
    with payer_at(qtbot, tmp_path / "d", speed=1.0) as payer:
        payer.cashier.gateway.script(Fault(function="gettransactionstatus", times=200, take=False))
        payer.pay("0788000005", "25000")
        payer.until(lambda: "Balance after 975\u00a0000" in payer.shown())
        assert "Money may have gone out. Do not send again." in payer.shown()
        assert "Balance before 1\u00a0000\u00a0000" in payer.shown()
        assert payer.cashier.window.main.status.item_text("payouts") == "1 open payout"
        payer.cashier.rest(FULL_GUARD)
        payer.cashier.press(Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
        assert payer.form.is_empty()  # there is no trying again
        payer.cashier.enter()
        payer.cashier.rest(FULL_GUARD)
        there = payer.payouts()[0]
        payer.fill("0788000005", "700")
        payer.cashier.rest(FULL_GUARD)
        payer.cashier.enter()
        payer.until(lambda: payer.screen.locked is not None)
        assert not payer.is_reading()
        panel = payer.screen.locked
        assert panel is not None
        assert f"{there.number}, {format_amount(there.amount)}" in panel.accessibleName()
        assert [button.text() for button in panel.buttons] == ["Check the open one", "Back"]
        payer.cashier.gateway.clear_script()
        payer.cashier.rest(FULL_GUARD)
        payer.cashier.enter()
        payer.until(lambda: payer.screen.results.has(there.id))
        payer.until(lambda: [row.state for row in payer.payouts()] == [State.SUCCESSFUL])
        assert payer.form.amount.amount() == 700
        assert payer.sent() == 1
        payer.until(lambda: payer.cashier.window.main.status.item_text("payouts") == "")


def test_the_ledger_refuses_what_was_begun_while_reading_back(qtbot: QtBot, tmp_path: Path) -> None:
    with payer_at(qtbot, tmp_path / "d", speed=1.0) as payer:
        payer.read_back("0788000008", "1500")
        payer.till.pay_out("250788000008", 900, "from elsewhere")
        payer.say("008")
        payer.cashier.rest(GUARD)
        payer.cashier.enter()
        payer.until(lambda: payer.screen.locked is not None)
        assert payer.form.amount.amount() == 1500
        assert [row.amount for row in payer.payouts()] == [900]


def test_an_unknown_payout_stays_locked_over_a_restart(qtbot: QtBot, tmp_path: Path) -> None:
    with payer_at(qtbot, tmp_path / "d", speed=1.0) as payer:
        payer.cashier.gateway.script(Fault(function="gettransactionstatus", times=200, take=False))
        payer.pay("0788000005", "25000")
        payer.until(payer.screen.results.covers)
        payer.cashier.window.main.close()
        assert payer.cashier.window.main.isVisible()
        assert payer.cashier.window.main.banner.text().startswith("1 open payout.")
    with payer_at(qtbot, tmp_path / "d", speed=1.0) as payer:
        # Another gateway, which never heard of it: nothing may conclude that it was not sent.
        payer.until(lambda: len(payer.rows()) == 1)
        assert payer.rows()[0].state is State.UNKNOWN
        payer.fill("0788000005", "700")
        payer.cashier.rest(FULL_GUARD)
        payer.cashier.enter()
        payer.until(lambda: payer.screen.locked is not None)
        assert payer.sent() == 0


def test_a_balance_that_cannot_be_read_does_not_stop_the_payout(qtbot: QtBot, tmp_path: Path) -> None:
    with payer_at(qtbot, tmp_path / "d") as payer:
        payer.cashier.gateway.script(Fault(function="getbalance", times=10, cut=True))
        payer.read_back("0733210998", "6000")
        payer.until(lambda: "Could not be read" in payer.page.balance.text())
        payer.say("998")
        payer.cashier.rest(GUARD)
        payer.cashier.enter()
        payer.until(lambda: "Balance after could not be read" in payer.shown())
        assert "Balance before was not read" in payer.shown()
        assert payer.payouts()[0].state is State.SUCCESSFUL
