"""Phone, amount and reference: what they take, how they show it, what they refuse."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from cashier.ui import theme
from cashier.ui.widgets.amount_field import AmountField, ReferenceField, group_amount
from cashier.ui.widgets.check_box import CheckBox
from cashier.ui.widgets.field import Field
from cashier.ui.widgets.phone_field import PhoneField
from cashier.ui.widgets.phone_text import group_phone
from cashier.ui.widgets.suggestions import Suggestion


@pytest.fixture
def phone(qtbot: QtBot, look: theme.Look) -> PhoneField:
    field = PhoneField()
    show(qtbot, field)
    return field


@pytest.fixture
def amount(qtbot: QtBot, look: theme.Look) -> AmountField:
    field = AmountField()
    show(qtbot, field)
    return field


def show(qtbot: QtBot, field: Field) -> None:
    """As a window of its own, with the keyboard."""
    field.resize(600, 400)
    qtbot.addWidget(field)
    with qtbot.waitExposed(field):
        field.show()
    field.activateWindow()
    field.setFocus()
    qtbot.waitUntil(field.edit.hasFocus)


def release_held_enter(field: Field) -> None:
    """Enter as a keyboard repeats it while it is held."""
    event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, "\r", autorep=True)
    QGuiApplication.sendEvent(field.edit, event)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("0788123456", "0788 123 456"),
        ("788123456", "788 123 456"),
        ("+250788123456", "+250 788 123 456"),
        ("250788123456", "250 788 123 456"),
        ("07881", "0788 1"),
        ("0788-123-456", "0788 123 456"),
    ],
)
def test_a_phone_is_grouped_as_it_is_typed(qtbot: QtBot, phone: PhoneField, typed: str, shown: str) -> None:
    QTest.keyClicks(phone.edit, typed)
    assert phone.text() == shown
    assert phone.edit.cursorPosition() == len(shown)


def test_a_figure_corrected_inside_keeps_the_cursor_behind_it(qtbot: QtBot, phone: PhoneField) -> None:
    QTest.keyClicks(phone.edit, "078812345")
    phone.edit.setCursorPosition(2)
    QTest.keyClick(phone.edit, Qt.Key.Key_Backspace)
    QTest.keyClicks(phone.edit, "7")
    assert phone.text() == "0788 123 45"
    assert phone.edit.cursorPosition() == 2


def test_deleting_goes_over_a_group(qtbot: QtBot, phone: PhoneField) -> None:
    QTest.keyClicks(phone.edit, "07881")
    for _ in range(3):
        QTest.keyClick(phone.edit, Qt.Key.Key_Backspace)
    assert phone.text() == "07"


def test_a_barcode_is_left_as_it_is(qtbot: QtBot, phone: PhoneField) -> None:
    QTest.keyClicks(phone.edit, "5901234123457")
    assert phone.text() == "5901234123457"


@pytest.mark.parametrize("text", ["abc", "", "+", "0788 123 456 7", "٠٧٨٨"])
def test_grouping_leaves_alone_what_is_no_number(text: str) -> None:
    assert group_phone(text, len(text)) == (text, len(text))


def test_enter_accepts_a_phone(qtbot: QtBot, phone: PhoneField) -> None:
    QTest.keyClicks(phone.edit, "+250 788-123-456")
    with qtbot.waitSignal(phone.accepted) as accepted:
        QTest.keyClick(phone.edit, Qt.Key.Key_Return)
    assert accepted.args == ["250788123456"]
    assert phone.text() == "0788 123 456"
    assert not phone.is_wrong()


def test_enter_on_half_a_phone_says_what_to_do(qtbot: QtBot, phone: PhoneField) -> None:
    QTest.keyClicks(phone.edit, "0788 12")
    with qtbot.assertNotEmitted(phone.accepted):
        QTest.keyClick(phone.edit, Qt.Key.Key_Return)
    assert phone.is_wrong()
    assert "0788 123 456" in phone.note()
    QTest.keyClicks(phone.edit, "3")
    assert not phone.is_wrong()


def test_a_held_enter_accepts_nothing(qtbot: QtBot, phone: PhoneField) -> None:
    phone.set_phone("250788123456")
    with qtbot.assertNotEmitted(phone.accepted):
        release_held_enter(phone)


@pytest.mark.parametrize("text", ["Call me: +250 (788) 123-456, thanks", "0788123456\n", "250788123456"])
def test_a_paste_with_one_number_fills_the_field(qtbot: QtBot, phone: PhoneField, text: str) -> None:
    QGuiApplication.clipboard().setText(text)
    QTest.keyClick(phone.edit, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert phone.text() == "0788 123 456"
    assert phone.phone() == "250788123456"


@pytest.mark.parametrize("text", ["no number here", "0788123456 or 0733555201"])
def test_a_paste_with_none_or_two_is_refused(phone: PhoneField, text: str) -> None:
    phone.paste(text)
    assert phone.text() == ""
    assert phone.is_wrong()


@pytest.mark.parametrize(
    ("number", "chip"), [("0788123456", "MTN"), ("0733555201", "Airtel"), ("0750123456", "Operator?"), ("0788", "")]
)
def test_the_operator_is_a_hint(qtbot: QtBot, phone: PhoneField, number: str, chip: str) -> None:
    QTest.keyClicks(phone.edit, number)
    assert phone.operator_text() == chip


def test_customers_are_suggested_only_after_six_figures(qtbot: QtBot, phone: PhoneField) -> None:
    asked: list[str] = []
    phone.suggest.connect(asked.append)
    QTest.keyClicks(phone.edit, "0788123")
    assert asked == ["078812", "0788123"]


def test_a_suggestion_is_taken_with_arrow_and_enter(qtbot: QtBot, phone: PhoneField) -> None:
    QTest.keyClicks(phone.edit, "078812")
    phone.show_suggestions([Suggestion("250788123456", "6 times"), Suggestion("250788129999")])
    QTest.keyClick(phone.edit, Qt.Key.Key_Down)
    with qtbot.waitSignal(phone.chosen) as chosen, qtbot.assertNotEmitted(phone.accepted):
        QTest.keyClick(phone.edit, Qt.Key.Key_Return)
    assert chosen.args == ["250788123456"]
    assert phone.text() == "0788 123 456"
    assert phone.edit.hasFocus()


def test_enter_without_an_arrow_takes_no_suggestion(qtbot: QtBot, phone: PhoneField) -> None:
    QTest.keyClicks(phone.edit, "078812")
    phone.show_suggestions([Suggestion("250788123456")])
    QTest.keyClick(phone.edit, Qt.Key.Key_Return)
    assert phone.text() == "0788 12"
    assert phone.is_wrong()


@pytest.mark.parametrize(
    ("typed", "shown", "summed", "value"),
    [
        ("12500", "12\u00a0500", "", 12500),
        ("1500+300", "1\u00a0500+300", "= 1\u00a0800", 1800),
        ("1500+", "1\u00a0500+", "", None),
        ("1 500", "1\u00a0500", "", 1500),
    ],
)
def test_an_amount_is_grouped_and_adds(
    qtbot: QtBot, amount: AmountField, typed: str, shown: str, summed: str, value: int | None
) -> None:
    QTest.keyClicks(amount.edit, typed)
    assert (amount.text(), amount.sum_text(), amount.amount()) == (shown, summed, value)


@pytest.mark.parametrize("typed", ["15,5", "1.500"])
def test_a_comma_or_point_is_refused_at_once(qtbot: QtBot, amount: AmountField, typed: str) -> None:
    QTest.keyClicks(amount.edit, typed)
    assert amount.note() == "Write 1500 without comma or point."
    assert amount.is_wrong()


def test_an_amount_is_accepted_with_enter_beyond_32_bits(qtbot: QtBot, amount: AmountField) -> None:
    QTest.keyClicks(amount.edit, "3000000000+1")
    with qtbot.waitSignal(amount.accepted) as accepted:
        QTest.keyClick(amount.edit, Qt.Key.Key_Enter)
    assert accepted.args == [3_000_000_001]


def test_an_empty_amount_is_not_accepted(qtbot: QtBot, amount: AmountField) -> None:
    with qtbot.assertNotEmitted(amount.accepted):
        QTest.keyClick(amount.edit, Qt.Key.Key_Return)
    assert amount.note() == "Type an amount."


def test_adding_never_doubles_the_plus(amount: AmountField) -> None:
    amount.add()
    assert amount.text() == ""
    amount.set_amount(1500)
    amount.add()
    amount.add()
    assert amount.text() == "1\u00a0500+"


def test_the_cursor_stays_behind_its_figure() -> None:
    assert group_amount("12500", 2) == ("12\u00a0500", 2)
    assert group_amount("1250", 4) == ("1\u00a0250", 5)
    assert group_amount("12x", 2) == ("12x", 2)


def test_clear_takes_text_note_and_sum_away(qtbot: QtBot, amount: AmountField) -> None:
    QTest.keyClicks(amount.edit, "1500+300")
    amount.show_error("The largest amount is 1 000 RWF.")
    amount.clear()
    assert (amount.text(), amount.note(), amount.sum_text(), amount.is_wrong()) == ("", "", "", False)


def test_a_reference_is_accepted_without_outer_spaces(qtbot: QtBot, look: theme.Look) -> None:
    field = ReferenceField()
    show(qtbot, field)
    QTest.keyClicks(field.edit, " table 4 ")
    with qtbot.waitSignal(field.accepted) as accepted:
        QTest.keyClick(field.edit, Qt.Key.Key_Return)
    assert accepted.args == ["table 4"]


def test_a_long_reference_is_read_from_its_beginning(qtbot: QtBot, look: theme.Look) -> None:
    field = ReferenceField()
    show(qtbot, field)
    QTest.keyClicks(field.edit, "table 4, " * 8)
    assert field.edit.cursorPosition() == 72
    field.edit.clearFocus()
    assert field.edit.cursorPosition() == 0
    field.set_text("order 88, " * 8)
    assert field.edit.cursorPosition() == 0


def test_the_focus_of_a_field_is_seen(qtbot: QtBot, amount: AmountField) -> None:
    assert amount.frame.line() == ("accent", 2)
    focused = amount.grab().toImage()
    amount.edit.clearFocus()
    assert amount.frame.line() == ("line", 1)
    assert amount.grab().toImage() != focused


def test_readers_hear_name_and_error(amount: AmountField) -> None:
    amount.show_error("Type an amount.")
    assert amount.edit.accessibleName() == "Amount"
    assert amount.edit.accessibleDescription() == "Type an amount."


def test_a_check_box_is_ticked_by_space_and_mouse_and_enter_goes_on(qtbot: QtBot, look: theme.Look) -> None:
    box = CheckBox("Include the withdrawal fee")
    qtbot.addWidget(box)
    box.show()
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Space)
    assert box.isChecked()
    QTest.mouseClick(box, Qt.MouseButton.LeftButton)
    assert not box.isChecked()
    with qtbot.waitSignal(box.entered, timeout=1000):
        QTest.keyClick(box, Qt.Key.Key_Return)
    assert not box.isChecked()
    assert box.needed_width() <= box.width()
