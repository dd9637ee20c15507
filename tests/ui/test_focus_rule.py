"""Where the keyboard is when a focused button goes, and where Tab leads."""

from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from cashier.ui.widgets.payment_card import PaymentCard
from tests.ui.counter_window import Cashier, cashier_at

SLOW = ("0788000004", "0788000005")


def _lists(cashier: Cashier, count: int) -> bool:
    return len(cashier.rows()) == count


def _open_two(cashier: Cashier) -> list[PaymentCard]:
    for number, phone in enumerate(SLOW):
        cashier.sell(phone, str(900 + number))
        cashier.until(partial(_lists, cashier, number + 1))
        cashier.rest(0.61)
    return cashier.charge.list.cards()


@pytest.mark.parametrize("how", ["disabled", "hidden", "removed"])
def test_a_focused_button_that_goes_leaves_the_keyboard_to_the_phone(qtbot: QtBot, tmp_path: Path, how: str) -> None:
    with cashier_at(qtbot, tmp_path / "d", speed=1.0) as cashier:
        first, second = _open_two(cashier)
        cashier.charge.list.choose(first.transaction.id)
        first._check.setFocus()
        assert cashier.focused() is first._check
        if how == "disabled":
            first._check.setEnabled(False)
        elif how == "hidden":
            first._check.hide()
        else:
            cashier.charge.list.show_transactions([second.transaction], cashier.charge._now())
        cashier.until(cashier.form.phone.edit.hasFocus)


def test_a_question_keeps_the_keyboard_that_it_took(qtbot: QtBot, tmp_path: Path) -> None:
    with cashier_at(qtbot, tmp_path / "d") as cashier:
        cashier.fill("0741123456", "1500")
        cashier.rest(0.7)
        cashier.enter()
        assert cashier.asked()
        qtbot.wait(0)
        question = cashier.charge.charging.question
        assert question is not None
        assert cashier.focused() is question.buttons[0]


def test_tab_follows_the_eye(qtbot: QtBot, tmp_path: Path) -> None:
    with cashier_at(qtbot, tmp_path / "d", speed=1.0) as cashier:
        newest, older = _open_two(cashier)
        form = cashier.form
        form.phone.setFocus()
        wanted: list[QWidget] = [form.amount.edit, form.reference.edit, form.keypad.charge_button, newest]
        for stop in wanted:
            cashier.press(Qt.Key.Key_Tab)
            assert cashier.focused() is stop
        buttons = [stop for stop in newest.stops()[1:] if stop.isVisible()]  # chosen by focus, it shows them
        assert buttons
        for stop in (*buttons, older):
            cashier.press(Qt.Key.Key_Tab)
            assert cashier.focused() is stop
