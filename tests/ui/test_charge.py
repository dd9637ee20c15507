"""Charge by keyboard on the real till: what counts as a press, what is asked, what is shown."""

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from cashier.domain.states import State
from cashier.ui.moments import when_text
from tests.ui.counter_window import Ear, cashier_at

GUARD = 0.31
FULL_GUARD = 0.61


def test_ten_sales_with_the_keyboard_alone(qtbot: QtBot, tmp_path: Path) -> None:
    ear = Ear()
    with cashier_at(qtbot, tmp_path / "d", ear=ear) as cashier:
        for number in range(10):
            cashier.sell(f"078812345{number}", "1500+300")
            cashier.until(lambda: cashier.charge.results.covers())
            assert cashier.charge.results.waiting()[0].amount == 1800
            cashier.rest(FULL_GUARD)  # a key within 600 ms is not meant for the result
            cashier.enter()
            assert not cashier.charge.results.covers()
        assert cashier.sent() == 10
        assert ear.heard == ["paid"] * 10
        assert cashier.rows() == []
        assert cashier.gateway.book()["balance"] == 1_018_000


def test_enter_held_and_a_double_click_make_one_request(qtbot: QtBot, tmp_path: Path) -> None:
    with cashier_at(qtbot, tmp_path / "d", speed=1.0) as cashier:
        cashier.fill("0788000004", "1500")
        cashier.rest(GUARD)
        cashier.enter()
        for _ in range(30):
            event = _repeat()
            cashier.window._app.sendEvent(cashier.focused(), event)
        cashier.until(lambda: len(cashier.rows()) == 1 and cashier.form.is_empty())
        cashier.rest(FULL_GUARD)
        cashier.fill("0788000008", "1500")
        button = cashier.form.keypad.charge_button
        for _ in range(50):
            QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        cashier.until(lambda: len(cashier.rows()) == 2)
        cashier.gateway.wait_for(lambda book: len(book["transactions"]) == 2)
        assert cashier.sent() == 2


def _repeat() -> QKeyEvent:

    none = Qt.KeyboardModifier.NoModifier
    return QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Return.value, none, "\r", True)


def test_a_scanner_burst_never_charges(qtbot: QtBot, tmp_path: Path) -> None:
    with cashier_at(qtbot, tmp_path / "d") as cashier:
        cashier.fill("0788123456", "1500")
        cashier.enter()
        cashier.rest(0.29)
        cashier.enter()
        assert cashier.sent() == 0
        cashier.rest(GUARD)
        cashier.type("5901234123457")
        cashier.enter()
        assert cashier.sent() == 0
        assert cashier.form.amount.amount() == 1500


@pytest.mark.parametrize(
    ("phone", "word", "code"),
    [
        ("0788000001", "enough money", "1005"),
        ("0788000002", "not registered", "1002"),
        ("0788000003", "declined", None),
        ("0741123456", "not supported", "1100"),
    ],
)
def test_a_refusal_says_why_and_what_to_do(
    qtbot: QtBot, tmp_path: Path, phone: str, word: str, code: str | None
) -> None:
    ear = Ear()
    with cashier_at(qtbot, tmp_path / "d", ear=ear) as cashier:
        cashier.fill(phone, "1500")
        cashier.rest(GUARD)
        cashier.enter()
        if phone.startswith("0741"):
            cashier.until(cashier.asked)
            cashier.rest(FULL_GUARD)
            cashier.press(Qt.Key.Key_Tab)
            cashier.enter()  # the second answer: charge it
        cashier.until(cashier.charge.results.covers)
        row = cashier.charge.results.waiting()[0]
        assert (row.state, row.response_code) == (State.FAILED, code)
        assert word in (row.message or "")
        assert ear.heard == ["not-paid"]
        cashier.rest(FULL_GUARD)
        cashier.press(Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
        assert cashier.form.amount.amount() == 1500
        assert cashier.form.phone.phone() == row.phone
        assert len(cashier.gateway.book()["requests"]) <= 6


def test_a_result_never_takes_a_key_meant_for_the_form(qtbot: QtBot, tmp_path: Path) -> None:
    with cashier_at(qtbot, tmp_path / "d") as cashier:
        cashier.type("0788")
        till = cashier.window.bridge.till
        assert till is not None
        till.charge("250788000002", 1500, None)
        cashier.until(lambda: bool(cashier.charge.results.waiting()))
        assert cashier.form.phone.text() == "0788"
        assert not cashier.charge.results.covers()
        assert cashier.charge.results.band.isVisible()
        assert [row.state for row in cashier.rows()] == [State.FAILED]
        cashier.press(Qt.Key.Key_Escape)
        assert cashier.charge.results.covers()
        cashier.enter()
        assert cashier.charge.results.covers()  # within 600 ms of its coming no Enter puts it away
        cashier.rest(FULL_GUARD)
        cashier.enter()
        assert not cashier.charge.results.covers()
        assert cashier.rows() == []


def test_a_second_charge_to_an_open_phone_is_a_question(qtbot: QtBot, tmp_path: Path) -> None:
    with cashier_at(qtbot, tmp_path / "d", speed=1.0) as cashier:
        cashier.sell("0788000004", "1500")
        cashier.until(lambda: cashier.sent() == 1)
        cashier.rest(FULL_GUARD)
        cashier.fill("0788000004", "900")
        cashier.rest(GUARD)
        cashier.enter()
        cashier.until(cashier.asked)
        assert cashier.sent() == 1
        cashier.enter()  # a second press of the Enter that charged is no answer
        assert cashier.asked()
        question = cashier.charge.charging.question
        assert question is not None
        assert f"{cashier.rows()[0].number} is for 1\u00a0500\u00a0RWF" in question.accessibleDescription()
        cashier.rest(FULL_GUARD)
        cashier.enter()  # the first, safe answer: check the open one
        assert not cashier.asked()
        assert cashier.charge.list.chosen_id() == cashier.rows()[0].id
        assert cashier.form.amount.amount() == 900
        assert cashier.sent() == 1


@pytest.mark.parametrize(("first", "amount"), [("0788000004", "1500"), ("0788123456", "1500")])
def test_escape_from_a_question_sends_nothing(qtbot: QtBot, tmp_path: Path, first: str, amount: str) -> None:
    with cashier_at(qtbot, tmp_path / "d", speed=20.0) as cashier:
        cashier.sell(first, amount)
        if first == "0788123456":
            cashier.until(cashier.charge.results.covers)
            cashier.rest(FULL_GUARD)
            cashier.enter()
        cashier.rest(FULL_GUARD)
        cashier.fill(first, amount)
        cashier.rest(GUARD)
        cashier.enter()
        cashier.until(cashier.asked)
        cashier.rest(FULL_GUARD)
        cashier.press(Qt.Key.Key_Escape)
        assert not cashier.asked()
        assert cashier.form.isVisible()
        assert cashier.form.amount.amount() == int(amount)
        cashier.rest(FULL_GUARD)
        cashier.press(Qt.Key.Key_Escape)
        cashier.sell("0733000000", "100")  # whatever Esc had sent would be there before this one
        assert cashier.sent() == 2


def test_several_open_payments_and_one_hidden_that_is_paid_late(qtbot: QtBot, tmp_path: Path) -> None:
    ear = Ear()
    with cashier_at(qtbot, tmp_path / "d", speed=1.0, ear=ear) as cashier:
        for phone in ("0788000004", "0788000008"):
            cashier.sell(phone, "1500")
            cashier.rest(FULL_GUARD)
        cashier.until(lambda: [row.state for row in cashier.rows()] == [State.PENDING] * 2)
        late = next(row for row in cashier.rows() if row.phone.endswith("008"))
        cashier.charge.list.hide_it.emit(late.id)
        cashier.until(lambda: len(cashier.rows()) == 1)
        cashier.gateway.settle_now(late.id)
        cashier.until(cashier.charge.results.covers)
        assert cashier.charge.results.waiting()[0].id == late.id
        assert ear.heard == ["late"]
        assert "Paid late" in cashier.charge.results.view.accessibleName()
        card = cashier.charge.list.card(late.id)
        assert card is not None
        assert "Paid late" in card.accessibleName()
        cashier.charge.results.band.show_result(cashier.charge.results.waiting()[0])
        assert "Paid late" in cashier.charge.results.band.accessibleName()


def test_hidden_payments_are_shown_again(qtbot: QtBot, tmp_path: Path) -> None:
    with cashier_at(qtbot, tmp_path / "d", speed=1.0) as cashier:
        for phone in ("0788000004", "0788000008"):
            cashier.sell(phone, "1500")
            cashier.rest(FULL_GUARD)
        cashier.until(lambda: [row.state for row in cashier.rows()] == [State.PENDING] * 2)
        for row in cashier.rows():
            cashier.charge.list.hide_it.emit(row.id)
        cashier.until(lambda: cashier.charge.list.hidden_text() == "2 hidden · Show")
        assert cashier.rows() == []
        window = cashier.window
        window.bridge.opened.emit(window.bridge.till.ledger.reader.open_rows() if window.bridge.till else [])
        assert (cashier.rows(), cashier.charge.list.hidden_text()) == ([], "2 hidden · Show")  # the next day too
        cashier.charge.list.bring_back.emit()
        cashier.until(lambda: len(cashier.rows()) == 2)
        assert cashier.charge.list.hidden_text() == ""
        assert not any(row.hidden for row in cashier.rows())
        first = cashier.rows()[0]
        cashier.charge.list.hide_it.emit(first.id)
        cashier.until(lambda: cashier.charge.list.hidden_text() == "1 hidden · Show")
        cashier.gateway.settle_now(first.id)
        cashier.until(lambda: cashier.charge.results.has(first.id))
        cashier.until(lambda: cashier.charge.list.hidden_text() == "")


def test_the_same_again_says_what_the_earlier_one_became_and_when(qtbot: QtBot, tmp_path: Path) -> None:
    with cashier_at(qtbot, tmp_path / "d", speed=20.0) as cashier:
        cashier.sell("0788123456", "1500")
        cashier.until(cashier.charge.results.covers)
        paid = cashier.charge.results.waiting()[0]
        cashier.rest(FULL_GUARD)
        cashier.enter()
        cashier.rest(FULL_GUARD)
        cashier.fill("0788123456", "1500")
        cashier.rest(GUARD)
        cashier.enter()
        cashier.until(cashier.asked)
        question = cashier.charge.charging.question
        assert question is not None
        assert paid.decided_at is not None
        said = question.accessibleDescription()
        assert f"{paid.number} for 1\u00a0500\u00a0RWF: Paid, {when_text(paid.decided_at)}." in said


@pytest.mark.parametrize(
    ("phone", "amount", "field", "sentence"),
    [
        ("0788", "1500", "phone", "0788 123 456"),
        ("0788123456", "99", "amount", "smallest"),
        ("0788123456", "3000000", "amount", "largest"),
        ("0788123456", "1,5", "amount", "without comma"),
    ],
)
def test_bad_input_is_said_beside_the_field(
    qtbot: QtBot, tmp_path: Path, phone: str, amount: str, field: str, sentence: str
) -> None:
    with cashier_at(qtbot, tmp_path / "d") as cashier:
        cashier.form.phone.setFocus()
        cashier.type(phone)
        cashier.enter()
        cashier.form.amount.setFocus()
        cashier.type(amount)
        cashier.enter()
        QTest.mouseClick(cashier.form.keypad.charge_button, Qt.MouseButton.LeftButton)
        assert sentence in getattr(cashier.form, field).note()
        assert cashier.form.phone.text()
        assert cashier.sent() == 0


def test_the_keypad_types_where_it_is_wanted(qtbot: QtBot, tmp_path: Path) -> None:
    with cashier_at(qtbot, tmp_path / "d") as cashier:
        cashier.form.keypad.charge_button.setFocus()
        for key in "0788123456":
            QTest.mouseClick(cashier.form.keypad.keys[key], Qt.MouseButton.LeftButton)
        assert cashier.form.phone.phone() == "250788123456"
        cashier.form.keypad.charge_button.setFocus()
        for key in ("7", "backspace", "5", "000"):
            QTest.mouseClick(cashier.form.keypad.keys[key], Qt.MouseButton.LeftButton)
        assert cashier.form.amount.amount() == 5000
