"""A result never covers or answers for another sale."""

from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cashier.domain.states import State
from tests.ui.counter_window import Cashier, cashier_at
from tests.ui.seeing import assert_nothing_cut

FULL_GUARD = 0.61
PAID = "0788123456"
REFUSED = "0788000001"
SLOW = "0788000004"


def _paid(cashier: Cashier, phone: str = PAID, amount: str = "1500") -> None:
    cashier.sell(phone, amount)
    cashier.until(cashier.charge.results.covers)


def _waits(cashier: Cashier, amount: int) -> bool:
    return any(row.amount == amount for row in cashier.charge.results.waiting())


def _shown(cashier: Cashier) -> str:
    return cashier.charge.results.view.accessibleName()


def test_a_result_that_was_typed_over_was_seen_and_the_next_outcome_is_the_next_sales(
    qtbot: QtBot, tmp_path: Path
) -> None:
    with cashier_at(qtbot, tmp_path / "d") as cashier:
        _paid(cashier)
        cashier.sell(REFUSED, "900")
        cashier.until(cashier.charge.results.covers)
        assert _shown(cashier).startswith("Not paid")
        assert [row.amount for row in cashier.charge.results.waiting()] == [900]
        cashier.rest(FULL_GUARD)
        cashier.enter()
        assert cashier.charge.results.waiting() == []


def test_nothing_fills_while_a_newer_sale_is_unsettled(qtbot: QtBot, tmp_path: Path) -> None:
    with cashier_at(qtbot, tmp_path / "d", speed=1.0) as cashier:
        cashier.sell(PAID, "1500")
        cashier.rest(FULL_GUARD)
        cashier.sell(SLOW, "900")
        cashier.until(lambda: bool(cashier.charge.results.waiting()))
        assert not cashier.charge.results.covers()
        assert cashier.charge.results.band.isVisible()
        assert cashier.focused() is cashier.form.phone.edit
        slow = next(row for row in cashier.rows() if row.amount == 900)
        cashier.charge.list.hide_it.emit(slow.id)  # put away by hand: nobody waits for it now
        cashier.until(lambda: all(row.amount != 900 for row in cashier.rows()))
        cashier.until(cashier.charge.results.covers)


def test_a_newer_sales_outcome_goes_first_and_the_cover_says_how_many_wait(qtbot: QtBot, tmp_path: Path) -> None:
    with cashier_at(qtbot, tmp_path / "d") as cashier:
        cashier.type("0")  # somebody types: the results come as a band
        for phone, amount in ((PAID, 1500), (REFUSED, 900)):
            till = cashier.window.bridge.till
            assert till is not None
            till.charge("25" + phone, amount, None)
            cashier.until(partial(_waits, cashier, amount))
        assert [row.amount for row in cashier.charge.results.waiting()] == [900, 1500]
        cashier.press(Qt.Key.Key_Escape)
        assert cashier.charge.results.covers()
        assert "One more result waits." in cashier.charge.results.view.accessibleDescription()
        assert _shown(cashier).startswith("Not paid")
        assert_nothing_cut(cashier.charge.results.view)


def test_it_fills_the_forms_column_and_never_open_payments(qtbot: QtBot, tmp_path: Path) -> None:
    with cashier_at(qtbot, tmp_path / "d") as cashier:
        _paid(cashier)
        view, listed = cashier.charge.results.view, cashier.charge.list
        for size in ((1366, 768), (1024, 600)):
            cashier.window.main.resize(*size)
            cashier.window.main.grab()
            assert not view.geometry().intersects(listed.geometry())
            assert view.geometry().contains(cashier.form.geometry())
            assert_nothing_cut(view)


def test_keys_mouse_and_focus_belong_to_the_result(qtbot: QtBot, tmp_path: Path) -> None:
    with cashier_at(qtbot, tmp_path / "d", speed=1.0) as cashier:
        cashier.sell(SLOW, "900")
        cashier.rest(FULL_GUARD)
        _paid(cashier)
        view = cashier.charge.results.view
        assert cashier.focused() is view
        card = next(card for card in cashier.charge.list.cards() if card.transaction.amount == 900)
        cashier.charge.list.choose(card.transaction.id)
        card._hide.setFocus()  # wherever the focus was
        for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space, Qt.Key.Key_Escape):
            cashier.press(key)
        QTest.mouseClick(card._hide, Qt.MouseButton.LeftButton)
        QTest.mouseClick(cashier.form.keypad.keys["1"], Qt.MouseButton.LeftButton)
        assert not card._asking
        assert cashier.charge.results.covers()
        assert cashier.form.is_empty()
        cashier.rest(FULL_GUARD)
        cashier.enter()
        assert not card._asking
        assert not cashier.charge.results.covers()
        assert cashier.focused() is cashier.form.phone.edit


def test_any_key_and_any_click_ends_it(qtbot: QtBot, tmp_path: Path) -> None:
    with cashier_at(qtbot, tmp_path / "d") as cashier:
        for number, key in enumerate((Qt.Key.Key_A, Qt.Key.Key_Tab, Qt.Key.Key_Down, Qt.Key.Key_Backspace, None)):
            _paid(cashier, f"078812345{number}")
            cashier.press(Qt.Key.Key_Shift)
            assert cashier.charge.results.covers()
            cashier.rest(FULL_GUARD)
            if key is None:
                QTest.mouseClick(cashier.charge.list, Qt.MouseButton.LeftButton)
            else:
                cashier.press(key)
            assert not cashier.charge.results.covers()
            assert cashier.focused() is cashier.form.phone.edit
            assert cashier.form.is_empty()


def test_a_result_that_comes_behind_another_screen_has_its_guard_when_it_is_seen(qtbot: QtBot, tmp_path: Path) -> None:
    with cashier_at(qtbot, tmp_path / "d") as cashier:
        cashier.sell(PAID, "1500")
        cashier.press(Qt.Key.Key_F4)
        cashier.until(cashier.charge.results.covers)
        cashier.rest(FULL_GUARD)
        cashier.press(Qt.Key.Key_F1)
        cashier.enter()
        assert cashier.charge.results.covers()
        cashier.type("0788")
        assert not cashier.charge.results.covers()
        assert cashier.form.phone.text() == "0788"


def test_a_figure_ends_it_at_once_and_is_the_first_of_the_phone(qtbot: QtBot, tmp_path: Path) -> None:
    with cashier_at(qtbot, tmp_path / "d") as cashier:
        _paid(cashier)
        cashier.type("0")
        assert not cashier.charge.results.covers()
        assert cashier.form.phone.text() == "0"
        assert cashier.rows() == []
        cashier.press(Qt.Key.Key_Escape)
        assert not cashier.charge.results.covers()


def test_figures_typed_on_a_card_go_into_the_phone_field(qtbot: QtBot, tmp_path: Path) -> None:
    with cashier_at(qtbot, tmp_path / "d", speed=1.0) as cashier:
        cashier.sell(SLOW, "900")
        card = cashier.charge.list.cards()[0]
        card.setFocus()
        card._check.setFocus()
        assert cashier.focused() is card._check
        cashier.type("0788123456")
        assert cashier.form.phone.phone() == "250788123456"
        assert card.transaction.state is not State.FAILED


@pytest.mark.parametrize("key", [Qt.Key.Key_F1, Qt.Key.Key_F4])
def test_an_f_key_ends_it_and_does_what_it_does(qtbot: QtBot, tmp_path: Path, key: Qt.Key) -> None:
    with cashier_at(qtbot, tmp_path / "d") as cashier:
        _paid(cashier)
        cashier.press(key)
        cashier.until(lambda: cashier.charge.results.waiting() == [])
        in_front = cashier.window.main.has_screen("history") and cashier.window.history.isVisible()
        assert in_front == (key == Qt.Key.Key_F4)


def test_the_second_click_of_a_double_click_meets_nothing_under_it(qtbot: QtBot, tmp_path: Path) -> None:
    with cashier_at(qtbot, tmp_path / "d") as cashier:
        _paid(cashier)
        cashier.rest(FULL_GUARD)
        QTest.mouseClick(cashier.charge.results.view, Qt.MouseButton.LeftButton)
        assert not cashier.charge.results.covers()
        figure = cashier.form.keypad.keys["5"]
        left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        middle = QPointF(figure.rect().center())
        second = QMouseEvent(QEvent.Type.MouseButtonDblClick, middle, figure.mapToGlobal(middle), left, left, none)
        QApplication.sendEvent(figure, second)
        QTest.mouseRelease(figure, left)
        assert cashier.form.is_empty()
        QTest.mouseClick(figure, left)
        assert not cashier.form.is_empty()
