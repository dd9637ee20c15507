"""Closing the window with payments open: said once, allowed, and nothing is lost. Faults row 53."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from cashier.domain.payout_run import RunState
from cashier.domain.states import State
from cashier.ui.closing import AGAIN
from tests.ui.counter_window import Cashier, cashier_at
from tests.ui.list_manager import GOOD, manager_at

WAITS = "0788000004"


def sell_one_that_waits(cashier: Cashier) -> None:
    cashier.sell(WAITS, "1500")
    cashier.until(lambda: [row.state for row in cashier.rows()] == [State.PENDING])


def test_nothing_open_closes_at_once(qtbot: QtBot, tmp_path: Path) -> None:
    with cashier_at(qtbot, tmp_path) as cashier:
        assert cashier.window.main.close()


def test_with_a_payment_open_the_first_try_says_so_and_the_second_closes(qtbot: QtBot, tmp_path: Path) -> None:
    with cashier_at(qtbot, tmp_path, speed=1.0) as cashier:
        main = cashier.window.main
        sell_one_that_waits(cashier)
        assert not main.close()
        assert main.isVisible()
        assert main.banner.isVisible()
        assert "1 open payment." in main.banner.accessibleName() + main.banner.accessibleDescription()
        cashier.rest(AGAIN + 1)
        assert not main.close()
        cashier.rest(AGAIN - 1)
        assert main.close()
        assert not main.isVisible()
    with cashier_at(qtbot, tmp_path) as again:
        again.until(lambda: [row.phone for row in again.rows()] == ["250788000004"])
        assert again.rows()[0].is_open
        assert again.sent() == 0


def test_the_end_of_the_session_is_not_held_up_by_a_question(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with cashier_at(qtbot, tmp_path, speed=1.0) as cashier:
        sell_one_that_waits(cashier)
        monkeypatch.setattr(cashier.window._app, "isSavingSession", lambda: True)
        assert cashier.window.main.close()


def test_a_list_that_is_being_sent_is_named_and_waits_after_the_next_start(qtbot: QtBot, tmp_path: Path) -> None:
    with manager_at(qtbot, tmp_path) as manager:
        manager.hold_the_first()
        manager.open(*GOOD)
        manager.approve()
        manager.until(lambda: sum(manager.sent().values()) == 1)
        main = manager.cashier.window.main
        assert not main.close()
        assert "A list of payouts is being sent: 1 of 3. It stops here" in main.banner.text()
        assert main.close()
    with manager_at(qtbot, tmp_path) as manager:
        manager.until_state(RunState.STOPPED)
        assert manager.sent() == {}
        assert manager.run.go_button.isVisible()
