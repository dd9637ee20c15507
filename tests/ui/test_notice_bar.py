"""Notices across the window: one at a time, none overwritten."""

from pathlib import Path

from pytestqt.qtbot import QtBot

from cashier.till.health import Health
from cashier.ui.interrupted import Interrupted
from cashier.ui.widgets.notice_bar import Note, NoticeBar
from cashier.ui.window import MainWindow
from tests.ui.counter_window import cashier_at
from tests.ui.seeing import transaction


def test_a_start_after_a_crash_keeps_that_the_ledger_needs_a_look(qtbot: QtBot) -> None:
    window = MainWindow()
    qtbot.addWidget(window)
    window.show_health(Health(backup_trouble="Today's backup failed."))
    row = transaction()
    Interrupted(lambda: window.banner).show([row], [row])
    assert "Today's backup failed." in window.banner.text()
    assert window.banner.button is not None
    assert window.banner.button.text() == "Close, 1 more"
    window.banner.button.click()
    assert window.banner.text().startswith("The program was interrupted")
    window.banner.button.click()
    assert window.banner.isHidden()


def test_a_newer_notice_about_the_same_takes_its_place_and_no_other(qtbot: QtBot) -> None:
    bar = NoticeBar()
    qtbot.addWidget(bar)
    bar.put(Note("a", "idle", "A"))
    bar.put(Note("b", "idle", "B"))
    bar.put(Note("c", "failed", "C"))
    bar.put(Note("b", "idle", "B changed"))
    assert bar.keys() == ["a", "c", "b"]
    bar.put(Note("d", "wait", "D"), at_once=True)
    assert bar.text() == "D"
    bar.take_away("d")
    assert bar.keys() == ["c", "a", "b"]
    bar.take_away("c")
    bar.take_away("a")
    assert bar.text() == "B changed"


def test_the_button_of_a_notice_does_what_it_says(qtbot: QtBot) -> None:
    bar = NoticeBar()
    qtbot.addWidget(bar)
    done: list[str] = []
    bar.put(Note("list", "review", "A list was interrupted.", "", "Go on", lambda: done.append("went on")))
    assert bar.button is not None
    assert bar.button.text() == "Go on"
    bar.button.click()
    assert (done, bar.keys()) == (["went on"], [])


def test_notices_of_a_sale_and_of_the_window_together_leave_the_keypad_its_room(qtbot: QtBot, tmp_path: Path) -> None:
    with cashier_at(qtbot, tmp_path / "d") as cashier:
        main = cashier.window.main
        main.resize(1024, 600)
        rows = [transaction(id=str(number)) for number in range(12)]
        Interrupted(lambda: main.banner).show(rows, rows)
        main.banner.put(Note("ledger", "review", "The ledger needs a look.", "Ask the manager."))
        cashier.charge.charging.refused.emit("failed", "Nothing was sent.", "The disk is full.")
        assert main.banner.text() == "Nothing was sent. The disk is full."
        assert main.banner.keys() == ["charge", "interrupted", "ledger"]
        qtbot.waitUntil(main.banner.isVisible, timeout=5000)
        main.grab()
        for key in cashier.form.keypad.keys.values():
            assert key.height() >= key.minimumHeight()
            assert key.isVisible()
