"""A list of payouts that an earlier run of the program left: its results, its name, and leaving it."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from cashier.domain.payout_run import RunState
from cashier.errors import EnvironmentStop
from cashier.till import payout_results
from tests.ui.counter_window import cashier_at
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
