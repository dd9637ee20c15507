"""A list of payouts that an earlier run of the program left: its results, its name, and leaving it."""

from pathlib import Path
from typing import cast

import pytest
from pytestqt.qtbot import QtBot

from cashier.domain.payout_run import RunState
from cashier.errors import EnvironmentStop
from cashier.till import payout_results
from cashier.ui.screens.payout import PayoutScreen
from tests.ui.counter_window import Cashier, cashier_at
from tests.ui.list_manager import GOOD, manager_at


def test_results_are_written_at_the_next_start_whatever_screen_is_open(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise EnvironmentStop("The stick is not there.")

    with manager_at(qtbot, tmp_path) as manager:
        monkeypatch.setattr(payout_results, "write", refuse)
        manager.open(*GOOD)
        manager.approve()
        manager.until_state(RunState.DONE)
        manager.until(lambda: "The stick is not there." in manager.run.notice.text())
    monkeypatch.undo()
    assert not (tmp_path / "may-results.csv").exists()
    with cashier_at(qtbot, tmp_path / "data") as cashier:
        cashier.until((tmp_path / "may-results.csv").exists)
        assert not cashier.window.main.has_screen("payout-file")
    assert [path.name for path in tmp_path.glob("may-results*")] == ["may-results.csv"]


def leave_one_unfinished(qtbot: QtBot, folder: Path) -> None:
    """A list of three rows, closed while its first is on its way."""
    with manager_at(qtbot, folder) as manager:
        manager.hold_the_first()
        manager.open(*GOOD)
        manager.approve()
        manager.until(lambda: sum(manager.sent().values()) == 1)


def status(cashier: Cashier) -> str:
    line = cashier.window.main.status
    return line.item_text("list") if line.has_item("list") else ""


def is_named(cashier: Cashier) -> bool:
    return "list" in set(cashier.window.main.banner.keys())


def pay_out(cashier: Cashier) -> PayoutScreen:
    cashier.window.main.show_screen("payout")
    return cast(PayoutScreen, cashier.window.main.screen_named("payout"))


def test_an_interrupted_list_is_named_at_the_start_on_pay_out_and_in_the_status_line(
    qtbot: QtBot, tmp_path: Path
) -> None:
    leave_one_unfinished(qtbot, tmp_path)
    with cashier_at(qtbot, tmp_path / "data") as cashier:
        main = cashier.window.main
        cashier.until(lambda: is_named(cashier))
        assert status(cashier) == "List not finished: 1 of 3"
        assert not main.has_screen("payout-file")
        line = pay_out(cashier).list_line
        assert line.isVisible()
        assert line.text() == "A list of payouts is not finished: 1 of 3 rows are done."
        assert line.button is not None
        line.button.click()
        assert main._stack.currentWidget() is main.screen_named("payout-file")
        main.show_screen("charge")
        # Other notices may stand before it.
        while main.banner.keys()[0] != "list":
            main.banner.pressed.emit()
        assert main.banner.text().startswith(
            "A list of payouts was interrupted: 1 of 3 rows are done. may.csv, approved"
        )
        assert main.banner.button is not None
        assert main.banner.button.text().startswith("Open the list")
        main.banner.button.click()
        assert main._stack.currentWidget() is main.screen_named("payout-file")
        assert not is_named(cashier)


def test_nothing_names_a_list_that_has_ended(qtbot: QtBot, tmp_path: Path) -> None:
    leave_one_unfinished(qtbot, tmp_path)
    with manager_at(qtbot, tmp_path) as manager:
        cashier = manager.cashier
        manager.until(lambda: is_named(cashier))
        manager.until_state(RunState.STOPPED)
        line = pay_out(cashier).list_line
        assert line.isVisible()
        manager.screen.run.end.emit("Claudine")
        manager.until_state(RunState.DONE)
        manager.until(lambda: status(cashier) == "")
        assert not line.isVisible()
        assert not is_named(cashier)


def test_the_status_line_says_that_a_list_is_being_sent(qtbot: QtBot, tmp_path: Path) -> None:
    with manager_at(qtbot, tmp_path) as manager:
        manager.hold_the_first()
        manager.open(*GOOD)
        manager.approve()
        manager.until(lambda: status(manager.cashier).startswith("List being sent: 1 of 3"))
        manager.until_state(RunState.DONE)
        manager.until(lambda: status(manager.cashier) == "")


def test_leaving_the_page_of_an_unfinished_list_asks_first(qtbot: QtBot, tmp_path: Path) -> None:
    leave_one_unfinished(qtbot, tmp_path)
    with manager_at(qtbot, tmp_path) as manager:
        screen, run = manager.screen, manager.run
        manager.until_state(RunState.STOPPED)
        manager.click(run.other_button)
        assert screen.page() is run
        assert run.leaving.isVisible()
        assert run.leaving.words.text().startswith("This list is not finished: 2 of its rows were not sent.")
        assert run.leaving.stay.hasFocus()
        manager.click(run.leaving.stay)
        assert screen.page() is run
        assert not run.leaving.isVisible()
        assert run.go_button.isVisible()
        manager.click(run.other_button)
        manager.click(run.leaving.leave)
        assert screen.page() is screen.choose
        line = pay_out(manager.cashier).list_line
        assert line.isVisible()
        assert line.button is not None
        line.button.click()
        manager.until(lambda: screen.page() is run)
        assert manager.sent() == {}


def test_closing_the_window_with_an_unfinished_list_asks_first(qtbot: QtBot, tmp_path: Path) -> None:
    leave_one_unfinished(qtbot, tmp_path)
    with cashier_at(qtbot, tmp_path / "data") as cashier:
        main = cashier.window.main
        cashier.until(lambda: is_named(cashier))
        assert not main.close()
        assert main.banner.text().startswith("A list of payouts is not finished: 1 of 3.")
        assert main.banner.text().endswith("It is kept and named at the next start. Close again to end.")
        assert main.close()


def test_the_same_file_once_more_goes_on_with_its_unfinished_list(qtbot: QtBot, tmp_path: Path) -> None:
    with manager_at(qtbot, tmp_path) as manager:
        screen, run = manager.screen, manager.run
        manager.hold_the_first()
        manager.open(*GOOD)
        manager.approve()
        manager.until(lambda: sum(manager.sent().values()) == 1)
        manager.click(run.pause_button)
        manager.until_state(RunState.PAUSED)
        manager.click(run.other_button)
        manager.click(run.leaving.leave)
        manager.open("0788 999 888;700;Cleaning", name="other.csv")
        assert screen.page() is screen.preview
        manager.click(screen.preview.other_button)
        manager.open(*GOOD)
        assert screen.page() is run
        assert run.trouble.text().startswith("This file is the list that has not ended.")
        assert not run.again_button.isVisible()
        assert sum(manager.sent().values()) == 1
        manager.click(run.go_button)
        manager.until_state(RunState.DONE)
        assert list(manager.sent().values()) == [1, 1, 1]


def test_the_same_file_once_more_shows_the_result_of_its_ended_list_and_sends_nothing(
    qtbot: QtBot, tmp_path: Path
) -> None:
    with manager_at(qtbot, tmp_path) as manager:
        manager.open(*GOOD)
        manager.approve()
        manager.until_state(RunState.DONE)
    with manager_at(qtbot, tmp_path) as manager:
        screen, run = manager.screen, manager.run
        manager.open(*GOOD)
        assert screen.page() is run
        assert run.trouble.text().startswith("This file was approved by Claudine on ")
        manager.until(lambda: manager.states() == ["Sent", "Sent", "Sent"])
        assert run.another_button.isVisible()
        manager.click(run.again_button)
        assert screen.page() is screen.preview
        assert not screen.preview.approve_button.isVisible()
        manager.click(screen.preview.again_button)
        screen.approval.name.set_text("Claudine")
        screen.approval.again.set_text("3")
        assert manager.sent() == {}
        manager.click(screen.approval.send_button)
        manager.until(lambda: len(manager.sent()) == 3)
        manager.until_state(RunState.DONE)
        assert not run.again_button.isVisible()
