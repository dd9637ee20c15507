"""Keypad, steps, chips, the card of a payment and the list of them."""

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from cashier.domain.states import State
from cashier.domain.transaction import Transaction
from cashier.ui import theme
from cashier.ui.widgets.amount_field import AmountField
from cashier.ui.widgets.card_list import MOST, CardList
from cashier.ui.widgets.keypad import Keypad
from cashier.ui.widgets.payment_card import PaymentCard
from cashier.ui.widgets.qr_view import QrView
from cashier.ui.widgets.state_chip import StateChip, clock_text
from cashier.ui.widgets.steps import reached
from cashier.ui.words import words_for
from tests.ui.seeing import NOW, assert_nothing_cut, transaction


class Form(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.amount = AmountField()
        self.keypad = Keypad()
        column = QVBoxLayout(self)
        column.addWidget(self.amount)
        column.addWidget(self.keypad, 1)


@pytest.fixture
def form(qtbot: QtBot, look: theme.Look) -> Form:
    made = Form()
    show(qtbot, made)
    made.amount.setFocus()
    qtbot.waitUntil(made.amount.edit.hasFocus)
    return made


def show(qtbot: QtBot, widget: QWidget, width: int = 600, height: int = 500) -> None:
    widget.resize(width, height)
    qtbot.addWidget(widget)
    with qtbot.waitExposed(widget):
        widget.show()
    widget.activateWindow()


def press(button: QWidget) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def button(within: QWidget, text: str) -> QPushButton:
    """The visible button of that text."""
    return next(one for one in within.findChildren(QPushButton) if one.text() == text and one.isVisible())


def texts(card: QWidget) -> set[str]:
    return {one.text() for one in card.findChildren(QPushButton) if one.isVisible()}


def test_the_keypad_types_where_the_keyboard_is_and_leaves_it_there(form: Form) -> None:
    for name in ("1", "2", "5", "000", "backspace"):
        press(form.keypad.keys[name])
    assert form.amount.amount() == 12500 * 10 // 10
    assert form.amount.edit.hasFocus()


def test_the_keypad_is_in_the_order_of_a_phone(form: Form) -> None:
    place = {name: (key.y(), key.x()) for name, key in form.keypad.keys.items()}
    assert sorted(place, key=lambda name: place[name]) == [*"123456789", "000", "0", "backspace"]


def test_add_and_clear_leave_the_keyboard_and_charge_takes_it(form: Form) -> None:
    form.keypad.add.connect(form.amount.add)
    form.keypad.cleared.connect(form.amount.clear)
    press(form.keypad.keys["1"])
    press(form.keypad.add_button)
    assert form.amount.text() == "1+"
    press(form.keypad.clear_button)
    assert form.amount.text() == ""
    assert form.amount.edit.hasFocus()
    assert form.keypad.charge_button.focusPolicy() & Qt.FocusPolicy.TabFocus


def test_without_a_field_the_keypad_says_what_was_typed(qtbot: QtBot, form: Form) -> None:
    form.keypad.charge_button.setFocus()
    with qtbot.waitSignal(form.keypad.typed) as typed:
        press(form.keypad.keys["7"])
    assert typed.args == ["7"]


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0:00"), (41, "0:41"), (156, "2:36"), (3700, "1 h"), (200000, "2 d")]
)
def test_time_is_short(seconds: int, text: str) -> None:
    assert clock_text(seconds) == text


def test_a_chip_takes_the_short_word_where_it_must(look: theme.Look) -> None:
    chip = StateChip()
    chip.show_state(words_for(transaction()), 41)
    chip.resize(chip.sizeHint().width(), 24)
    assert chip.shown_word() == "Waiting for the customer"
    chip.resize(chip.needed_width(), 24)
    assert chip.shown_word() == "Waiting"
    assert chip.accessibleName() == "Waiting for the customer 0:41"


@pytest.mark.parametrize(
    ("row", "step"),
    [
        (transaction(State.CREATED, accepted=False), 0),
        (transaction(State.UNKNOWN, accepted=False), 1),
        (transaction(State.PENDING), 2),
        (transaction(State.FAILED), 3),
    ],
)
def test_steps_reached(row: Transaction, step: int) -> None:
    assert reached(row) == step


@pytest.fixture
def card(qtbot: QtBot, look: theme.Look) -> PaymentCard:
    made = PaymentCard(transaction(ago=12), NOW)
    show(qtbot, made, 456, 400)
    return made


def test_a_card_offers_the_code_at_twenty_seconds(card: PaymentCard) -> None:
    codes = card.findChildren(QrView)
    assert not any(code.isVisible() for code in codes)
    card.tick(NOW + timedelta(seconds=8))
    assert [code.data() for code in codes if code.isVisible()] == ["tel:*182*7*1%23"]
    card.tick(NOW + timedelta(seconds=140))
    assert not any(code.isVisible() for code in codes)


def test_a_chosen_card_has_its_buttons(qtbot: QtBot, card: PaymentCard) -> None:
    assert texts(card) == set()
    card.set_chosen(True)
    assert texts(card) == {"Check now", "Hide, keep checking"}
    with qtbot.waitSignal(card.check) as asked:
        press(button(card, "Check now"))
    assert asked.args == ["01"]


def test_hiding_says_that_the_customer_can_still_approve(qtbot: QtBot, card: PaymentCard) -> None:
    card.set_chosen(True)
    with qtbot.assertNotEmitted(card.hide_it):
        press(button(card, "Hide, keep checking"))
    assert card.accessibleDescription() == "The customer can still approve. Ask them to decline it on the phone."
    with qtbot.waitSignal(card.hide_it) as hidden:
        press(button(card, "Hide it"))
    assert hidden.args == ["01"]


def test_hiding_can_be_taken_back(qtbot: QtBot, card: PaymentCard) -> None:
    card.set_chosen(True)
    press(button(card, "Hide, keep checking"))
    with qtbot.assertNotEmitted(card.hide_it):
        press(button(card, "Leave it here"))
    assert texts(card) == {"Check now", "Hide, keep checking"}


def test_a_settled_card_has_the_colour_of_its_state_and_waits_to_be_seen(qtbot: QtBot, card: PaymentCard) -> None:
    card.show_transaction(transaction(State.SUCCESSFUL), NOW)
    assert card.property("tone") == "paid"
    assert card.grab().toImage().pixelColor(12, card.height() // 2) == theme.current().color("paidbg")
    with qtbot.waitSignal(card.seen) as seen:
        press(button(card, "Seen"))
    assert seen.args == ["01"]


def test_an_unknown_payment_cannot_be_taken_for_a_result(card: PaymentCard) -> None:
    card.show_transaction(transaction(State.UNKNOWN), NOW)
    assert not card.property("tone")


def test_a_review_is_not_hidden(card: PaymentCard) -> None:
    card.show_transaction(transaction(State.UNKNOWN, review="Amounts differ."), NOW)
    card.set_chosen(True)
    assert texts(card) == {"Check now", "Close by hand"}
    assert card.property("tone") == "review"


ROWS = [
    transaction(id="01", ago=12),
    transaction(State.UNKNOWN, id="02", ago=156, phone="250791004777"),
    transaction(id="03", ago=41),
    transaction(State.PENDING, id="04", ago=60, review="Amounts differ."),
]


@pytest.fixture
def cards(qtbot: QtBot, look: theme.Look) -> CardList:
    made = CardList()
    show(qtbot, made, theme.metrics().list_width, 700)
    made.show_transactions(ROWS, NOW)
    return made


def order(cards: CardList) -> list[str]:
    return [card.transaction.id for card in cards.cards()]


def test_unknown_and_review_stay_on_top_then_the_newest(cards: CardList) -> None:
    assert order(cards) == ["04", "02", "01", "03"]


def test_cards_are_kept_and_the_chosen_one_stays_chosen(cards: CardList) -> None:
    cards.choose("03")
    kept = cards.card("03")
    cards.show_transactions([*ROWS[1:], transaction(id="05")], NOW)
    assert order(cards) == ["04", "02", "05", "03"]
    assert cards.card("03") is kept
    assert cards.chosen_id() == "03"
    assert kept is not None
    assert kept.is_chosen()


def test_the_arrows_walk_through_the_cards(cards: CardList) -> None:
    cards.cards()[0].setFocus()
    walked = [cards.chosen_id()]
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_End, Qt.Key.Key_Home):
        chosen = cards.card(cards.chosen_id() or "")
        assert chosen is not None
        QTest.keyClick(chosen, key)
        walked.append(cards.chosen_id())
    assert walked == ["04", "02", "01", "02", "03", "04"]


def test_the_chosen_card_is_seen(cards: CardList) -> None:
    before = cards.cards()[1].grab().toImage()
    cards.choose(cards.cards()[1].transaction.id)
    assert cards.cards()[1].grab().toImage() != before


def test_the_list_scrolls_to_the_buttons_of_the_chosen_card(qtbot: QtBot, cards: CardList) -> None:
    cards.show_transactions([transaction(id=f"{number:02}", ago=25) for number in range(12)], NOW)
    cards.cards()[0].setFocus()
    qtbot.waitUntil(lambda: cards.chosen_id() is not None)
    QTest.keyClick(cards.cards()[0], Qt.Key.Key_End)
    last = cards.cards()[-1]
    qtbot.waitUntil(lambda: not button(last, "Check now").visibleRegion().isEmpty())


def test_an_empty_list_says_so(cards: CardList) -> None:
    cards.show_transactions([], NOW)
    assert order(cards) == []
    assert cards.chosen_id() is None


@pytest.mark.parametrize("count", [0, 1, 12])
@pytest.mark.parametrize("height", [768, 600, 512])
def test_no_card_is_cut_off(qtbot: QtBot, look: theme.Look, count: int, height: int) -> None:
    look.set_height(height)
    rows = [
        transaction(
            list(State)[number % 3], id=f"{number:02}", ago=25 + 300 * number, amount=2_000_000, phone="250788888888"
        )
        for number in range(count)
    ]
    rows += [transaction(State.FAILED, id="90", message="The customer does not have enough money on the account.")]
    cards = CardList()
    show(qtbot, cards, look.metrics.list_width, height - 60)
    cards.show_transactions(rows, NOW)
    cards.choose("00")
    qtbot.wait(0)
    assert_nothing_cut(cards)


def test_of_ten_thousand_open_ones_a_few_get_a_card(cards: CardList) -> None:
    rows = [transaction(id=f"P{number}", ago=60 * number) for number in range(10_000)]
    rows[9_000] = transaction(State.UNKNOWN, id="EYES", ago=900_000)
    cards.show_transactions(rows, NOW)
    assert len(cards.cards()) == MOST
    assert cards.cards()[0].transaction.id == "EYES"
    assert cards.open_count() == 10_000
    assert cards._more is not None
    assert cards._more.text() == "9940 more are open. All of them stand in History (F4)."
    cards.choose("P8000")
    cards.show_transactions(rows, NOW)
    assert cards.chosen_id() == "P8000"
    assert len(cards.cards()) == MOST + 1
    cards.show_transactions(rows[:3], NOW)
    assert len(cards.cards()) == 3
    assert cards._more.isHidden()


def test_the_heading_counts_what_is_open_and_no_settled_card(cards: CardList) -> None:
    rows = [transaction(id="1"), transaction(State.SUCCESSFUL, id="2"), transaction(State.FAILED, id="3")]
    rows.append(transaction(State.UNKNOWN, id="4", review="closed: not received (Aline)"))
    cards.show_transactions(rows, NOW)
    assert (len(cards.cards()), cards.open_count(), cards._count.text()) == (4, 1, "1")
    cards.show_transactions(rows[1:], NOW)
    assert cards._count.isHidden()
    assert cards._empty.isHidden()  # there are cards; a sentence that there are none would not be true


def test_what_has_no_card_is_counted_by_what_is_open(cards: CardList) -> None:
    settled = [transaction(State.FAILED, id=f"S{number}", ago=number) for number in range(MOST + 5)]
    cards.show_transactions([*settled, *(transaction(id=f"P{number}") for number in range(7))], NOW)
    assert cards._more is not None
    assert cards._more.text().startswith("7 more are open.")


def test_hidden_ones_are_said_and_can_be_shown_again(qtbot: QtBot, cards: CardList) -> None:
    cards.show_transactions([transaction(id="1")], NOW)
    cards.show_hidden(2)
    again = button(cards, "2 hidden · Show")
    assert again.isVisible()
    with qtbot.waitSignal(cards.bring_back):
        QTest.mouseClick(again, Qt.MouseButton.LeftButton)
    last = cards.cards()[0].stops()[-1]
    assert last.nextInFocusChain() is again
    cards.show_transactions([], NOW)
    assert cards._empty.isHidden()  # "None." above "2 hidden" would not be true
    cards.show_hidden(0)
    assert again.isHidden()
    assert not cards._empty.isHidden()
