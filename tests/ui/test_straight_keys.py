"""Keys typed straight behind an F key or a question, with no gap: none is lost, and each is where it belongs."""

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.counter_window import cashier_at

TIMES = 100
F1 = Qt.Key.Key_F1
F_KEYS = (F1, Qt.Key.Key_F2, Qt.Key.Key_F3, Qt.Key.Key_F4, Qt.Key.Key_F10)
SLOW = "0788000004"


@pytest.mark.parametrize("key", F_KEYS, ids=lambda key: key.name)
def test_a_sale_straight_behind_each_f_key(qtbot: QtBot, tmp_path: Path, key: Qt.Key) -> None:
    with cashier_at(qtbot, tmp_path / "d") as cashier:
        for number in range(TIMES):
            phone, amount = f"07881{number:05d}", str(1000 + number)
            cashier.press(key)
            cashier.press(F1)
            cashier.fill(phone, amount)
            assert cashier.form.phone.phone() == f"25{phone}"
            assert cashier.form.amount.amount() == 1000 + number
            assert cashier.focused() is cashier.form.keypad.charge_button
            cashier.press(Qt.Key.Key_Escape)
            assert cashier.form.is_empty()
        assert cashier.sent() == 0


def test_figures_straight_behind_f2_are_the_phone_of_the_payout(qtbot: QtBot, tmp_path: Path) -> None:
    with cashier_at(qtbot, tmp_path / "d") as cashier:
        for number in range(TIMES):
            phone = f"07881{number:05d}"
            cashier.press(F1)
            cashier.press(Qt.Key.Key_F2)
            cashier.type(phone)
            assert cashier.window.money.payout.form.phone.phone() == f"25{phone}"
            cashier.press(Qt.Key.Key_Escape)


def test_figures_straight_behind_ctrl_f_are_what_is_searched(qtbot: QtBot, tmp_path: Path) -> None:
    with cashier_at(qtbot, tmp_path / "d") as cashier:
        for number in range(TIMES):
            cashier.press(F1)
            cashier.press(Qt.Key.Key_F4)
            cashier.press(Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
            cashier.type(f"{number:03d}")
            assert cashier.window.history.bar.search.edit.text().endswith(f"{number:03d}")
            cashier.window.history.bar.clear_all()


def test_a_sale_straight_behind_a_question(qtbot: QtBot, tmp_path: Path) -> None:
    """The question of an odd number, answered with Escape: the next sale loses no figure."""
    with cashier_at(qtbot, tmp_path / "d") as cashier:
        for number in range(TIMES):
            cashier.fill("0741123456", "1500")
            cashier.rest(0.7)
            cashier.enter()
            assert cashier.asked()
            cashier.rest(0.7)
            cashier.press(Qt.Key.Key_Escape)
            cashier.press(Qt.Key.Key_Escape)
            phone = f"07881{number:05d}"
            cashier.fill(phone, "1500")
            assert cashier.form.phone.phone() == f"25{phone}"
            assert cashier.focused() is cashier.form.keypad.charge_button
            cashier.press(Qt.Key.Key_Escape)
        assert cashier.sent() == 0


def test_a_sale_straight_over_each_result(qtbot: QtBot, tmp_path: Path) -> None:
    with cashier_at(qtbot, tmp_path / "d", speed=50.0) as cashier:
        for number in range(20):
            cashier.sell(f"07881{number:05d}", str(1000 + number))
            cashier.until(cashier.charge.results.covers)
        book = cashier.gateway.book()
        assert [row["amount"] for row in book["transactions"]] == [1000 + number for number in range(20)]


def test_sales_faster_than_a_double_click_are_all_charged(qtbot: QtBot, tmp_path: Path) -> None:
    """A press of Enter after the hand rested counts, however soon after the last sale it comes."""
    with cashier_at(qtbot, tmp_path / "d") as cashier:
        for number in range(10):
            cashier.fill(f"07881{number:05d}", "1500")
            cashier.rest(0.31)
            cashier.enter()
            cashier.until(cashier.form.is_empty)
        cashier.until(lambda: cashier.sent() == 10)


def test_a_busy_computer_hands_keys_over_late_and_the_hand_had_rested(qtbot: QtBot, tmp_path: Path) -> None:
    """What counts is when the key was pressed: neither is a late Enter lost, nor does a burst ever charge."""
    with cashier_at(qtbot, tmp_path / "d") as cashier:
        cashier.fill("0788123456", "1500")
        for stamp, charged in ((10_000, False), (10_299, False), (10_600, True)):
            event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, "\r")
            event.setTimestamp(stamp)
            QApplication.sendEvent(cashier.focused(), event)
            assert cashier.charge.charging.is_busy() is charged
        cashier.until(lambda: cashier.sent() == 1)


def test_ctrl_e_exports_wherever_focus_is(qtbot: QtBot, tmp_path: Path) -> None:
    with cashier_at(qtbot, tmp_path / "d") as cashier:
        cashier.press(Qt.Key.Key_F4)
        screen = cashier.window.history
        asked: list[str] = []

        def choose(_parent: QWidget, name: str) -> str:
            asked.append(name)
            return ""

        screen.exporting.choose_file = choose
        cashier.until(lambda: screen.count() is not None)
        rail = cashier.window.main.rail.entry("balance")
        places: list[QWidget] = [screen.bar.search.edit, screen.bar.export_button, rail]
        for number, place in enumerate(places):
            place.setFocus()
            assert cashier.focused() is place
            cashier.press(Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
            assert len(asked) == number + 1
        cashier.press(F1)
        cashier.press(Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
        assert len(asked) == len(places)
