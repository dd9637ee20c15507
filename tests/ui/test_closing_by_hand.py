"""A manager closes by hand what needs one, at the window with only a keyboard; what comes later rings until seen."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from cashier.domain.errors import BadInputError
from cashier.domain.transaction import Transaction
from cashier.ledger.errors import LedgerError
from cashier.simulator import Fault
from cashier.ui import theme
from cashier.ui.alarms import Alarms
from cashier.ui.bridge import Bridge
from cashier.ui.widgets.alarm_bar import AlarmBar
from cashier.ui.widgets.close_by_hand import CloseByHand
from cashier.ui.widgets.rail import WIDTH
from cashier.ui.window import SMALLEST
from tests.ui.counter_window import Cashier, Ear, cashier_at
from tests.ui.seeing import cut_off, transaction

OTHER_KIND = "The gateway reports the other kind of transaction under this id."
Key = Qt.Key


def held(cashier: Cashier, phone: str = "0788000004") -> Transaction:
    """A payment under review whose result was seen."""
    cashier.gateway.script(Fault(function="gettransactionstatus", fields={"responsecode": "2001", "success": True}))
    cashier.sell(phone, "1500")
    cashier.until(lambda: any(row.review == OTHER_KIND for row in cashier.rows()))
    cashier.rest(0.7)
    cashier.press(Key.Key_Return)
    cashier.until(lambda: not cashier.charge.results.covers())
    return cashier.rows()[0]


def open_panel(cashier: Cashier) -> CloseByHand:
    """The card's button, reached by Tab from the chosen card."""
    cashier.charge.list.cards()[0].setFocus(Qt.FocusReason.TabFocusReason)
    card = cashier.focused()
    while cashier.focused().accessibleName() != "Close by hand":
        cashier.press(Key.Key_Tab)
        assert cashier.focused() is not card
    cashier.enter()
    panel = cashier.charge.closing.panel
    assert panel is not None
    return panel


def close(cashier: Cashier, *, received: bool = False) -> None:
    panel = open_panel(cashier)
    if not received:
        cashier.press(Key.Key_Right)
    cashier.press(Key.Key_Space)
    panel.name.setFocus()
    cashier.type("Aline")
    cashier.enter()
    cashier.type("31233")
    cashier.enter()
    cashier.type("Not on the statement.")
    cashier.enter()
    cashier.enter()
    cashier.until(lambda: cashier.charge.closing.panel is None)


def ringing(cashier: Cashier) -> Alarms:
    """Once the bar is there."""
    alarms = cashier.window.alarms
    assert alarms is not None
    cashier.until(alarms.are_shown)
    assert alarms.bar.isVisible()
    return alarms


def test_closing_with_only_the_keyboard(qtbot: QtBot, tmp_path: Path) -> None:
    with cashier_at(qtbot, tmp_path, speed=1.0) as cashier:
        row = held(cashier)
        cashier.type("0788")
        panel = open_panel(cashier)
        assert panel.verdict.received() is None
        assert cashier.focused() is panel.verdict.chip(True)
        assert not cashier.form.isVisible()
        cashier.press(Key.Key_Escape)
        assert cashier.charge.closing.panel is None
        assert cashier.rows()[0].review == OTHER_KIND
        close(cashier)
        cashier.until(lambda: cashier.rows() == [])
        assert cashier.form.isVisible()
        assert cashier.form.phone.text() == "0788"
        till = cashier.window.bridge.till
        assert till is not None
        story = till.ledger.reader.events(row.id)[-1]
        assert story.data["verdict"] == "not received"
        assert (story.data["name"], story.data["operator_reference"]) == ("Aline", "31233")
        assert story.data["note"] == "Not on the statement."


def test_what_is_missing_is_said_beside_it_and_nothing_is_lost(qtbot: QtBot, tmp_path: Path) -> None:
    with cashier_at(qtbot, tmp_path, speed=1.0) as cashier:
        row = held(cashier)
        panel = open_panel(cashier)
        cashier.press(Key.Key_Tab)
        panel.close_button.setFocus()
        cashier.enter()
        assert panel.verdict.error() == "Choose one."
        assert (panel.name.note(), panel.note.note()) == ("Write your name.", "Write what you found out.")
        assert cashier.focused() is panel.verdict.chip(True)
        cashier.enter()
        assert panel.verdict.error() == ""
        panel.note.setFocus()
        cashier.type("Seen")
        panel.close_button.setFocus()
        cashier.enter()
        assert cashier.focused() is panel.name.edit
        assert (panel.note.text(), panel.verdict.received()) == ("Seen", True)
        till = cashier.window.bridge.till
        assert till is not None
        assert till.ledger.reader.get(row.id) == row


def test_a_row_that_was_settled_meanwhile_is_not_closed(qtbot: QtBot, tmp_path: Path) -> None:
    with cashier_at(qtbot, tmp_path, speed=1.0) as cashier:
        row = held(cashier)
        panel = open_panel(cashier)
        till = cashier.window.bridge.till
        assert till is not None
        till.close_by_hand(row.id, received=True, name="Eric", note="On the statement.")
        cashier.press(Key.Key_Space)
        panel.name.set_text("Aline")
        panel.note.set_text("Seen.")
        panel.close_button.setFocus()
        cashier.enter()
        cashier.until(lambda: panel.below.kind() == "error")
        assert "closed by hand already" in panel.below.text()
        assert panel.note.text() == "Seen."


def test_a_result_never_covers_what_a_manager_types(qtbot: QtBot, tmp_path: Path) -> None:
    with cashier_at(qtbot, tmp_path, speed=1.0) as cashier:
        held(cashier)
        cashier.sell("0788123456", "700")
        panel = open_panel(cashier)
        cashier.until(lambda: bool(cashier.charge.results.waiting()))
        assert not cashier.charge.results.covers()
        assert cashier.charge.results.band.isVisible()
        panel.back_button.setFocus()
        cashier.enter()
        assert cashier.charge.results.covers()


def test_an_alarm_rings_once_and_stays_over_a_restart_until_it_is_seen(qtbot: QtBot, tmp_path: Path) -> None:
    ear = Ear()
    with cashier_at(qtbot, tmp_path, speed=1.0, ear=ear) as cashier:
        row = held(cashier, "0788000008")
        close(cashier)
        ear.heard.clear()
        cashier.gateway.settle_now(row.id)
        till = cashier.window.bridge.till
        assert till is not None
        till.check([row.id])
        alarms = ringing(cashier)
        words = "Closed by hand as not received. The gateway now says it went through."
        assert row.number in alarms.bar.text()
        assert words in alarms.bar.text()
        assert ear.heard == ["late"]
        cashier.window.main.show_screen("settings")
        assert alarms.bar.isVisible()
    ear = Ear()
    with cashier_at(qtbot, tmp_path, speed=1.0, ear=ear) as cashier:
        alarms = ringing(cashier)
        assert ear.heard == []
        cashier.press(Key.Key_F8)
        cashier.until(alarms.bar.name.edit.hasFocus)
        cashier.press(Key.Key_Escape)
        assert not alarms.bar.fields.isVisible()
        cashier.press(Key.Key_F8)
        cashier.until(alarms.bar.name.edit.hasFocus)
        cashier.enter()
        cashier.enter()
        cashier.enter()
        assert alarms.bar.text().endswith(f"{words} Write your name.")
        assert alarms.bar.name.is_wrong()
        cashier.type("Aline")
        cashier.enter()
        cashier.type("The owner knows.")
        cashier.enter()
        cashier.enter()
        cashier.until(lambda: not alarms.bar.isVisible())
        till = cashier.window.bridge.till
        assert till is not None
        assert till.alarms() == []
        story = till.ledger.reader.events(row.id)[-1]
        assert (story.event, story.data["name"], story.data["note"]) == ("alarm seen", "Aline", "The owner knows.")


def alarm(id: str) -> Transaction:
    text = "Closed by hand as not received. The gateway now says it went through."
    return replace(transaction(id=id), alarm=text)


def test_the_bar_shows_the_first_and_counts_the_rest(qtbot: QtBot, look: theme.Look) -> None:
    bar = AlarmBar()
    qtbot.addWidget(bar)
    bar.resize(936, 60)
    bar.show_alarms([alarm("1"), alarm("2")])
    assert "1 more" in bar.text()
    bar._open()
    bar.name.set_text("Ali")
    bar.show_alarms([alarm("1")])
    assert bar.name.text() == "Ali"
    bar.show_alarms([alarm("2")])
    assert (bar.name.text(), bar.fields.isVisible()) == ("", False)
    bar.show_alarms([])
    assert not bar.isVisible()


@pytest.mark.parametrize("width", [420, 552, 820])
def test_nothing_of_the_panel_is_cut_off(qtbot: QtBot, look: theme.Look, width: int) -> None:
    look.set_height(600)
    panel = CloseByHand(Bridge(), transaction(review=OTHER_KIND))
    qtbot.addWidget(panel)
    panel.setFixedSize(width, 480)  # at 1024×600 with a result's band above it
    with qtbot.waitExposed(panel):
        panel.show()
    assert not panel._is_complete()
    panel._refused(BadInputError("T1-000001 was closed by hand already."))
    qtbot.waitUntil(lambda: cut_off(panel) == [])


def test_the_window_makes_room_for_the_bar(qtbot: QtBot, tmp_path: Path, look: theme.Look) -> None:
    with cashier_at(qtbot, tmp_path) as cashier:
        main = cashier.window.main
        main.resize(1024, 600)
        bar = AlarmBar()
        main.place_alarm(bar)
        bar.show_alarms([alarm("1")])
        for _ in range(2):
            qtbot.waitUntil(lambda: cut_off(cashier.form) == [])
            assert cashier.form.height() >= cashier.form.minimumSizeHint().height()
            bar._open()
        assert look.metrics is theme.TIGHT
        bar.show_alarms([])
        assert look.metrics is theme.COMPACT


def test_nothing_of_the_bar_is_cut_off(qtbot: QtBot, look: theme.Look) -> None:
    look.set_height(600)
    bar = AlarmBar()
    qtbot.addWidget(bar)
    bar.resize(SMALLEST[0] - WIDTH, 140)
    with qtbot.waitExposed(bar):
        bar.show_alarms([alarm("1"), alarm("2")])
    bar._open()
    qtbot.waitUntil(lambda: cut_off(bar) == [])


class _Reading:
    """A till whose ledger cannot be read at first."""

    def __init__(self) -> None:
        self.looks = 0

    def alarms(self) -> list[Transaction]:
        self.looks += 1
        if self.looks == 1:
            raise LedgerError("The ledger is busy.")
        return [alarm("01")]


def test_a_look_that_failed_is_made_again(qtbot: QtBot, look: theme.Look, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cashier.ui.alarms.AGAIN", 20)
    bridge, placed = Bridge(), list[AlarmBar]()
    bridge.start()
    alarms = Alarms(bridge, Ear(), placed.append)
    till: Any = _Reading()
    bridge.till = till
    bridge.opened.emit([])
    qtbot.waitUntil(lambda: alarms.are_shown())
    assert till.looks == 2
    qtbot.addWidget(placed[0])
    bridge.stop()
