"""A log that cannot be written never stops a sale, and a till that cannot log still settles."""

import logging
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from cashier import logs
from cashier.domain.states import State
from cashier.simulator import Simulator
from tests.integration.running import Watcher, till_on


def removed(folder: Path) -> None:
    shutil.rmtree(folder)


def full(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.mkdir()
    (folder / "cashier.log").symlink_to("/dev/full")


def not_to_be_written(folder: Path) -> None:
    """For root too, whom no rights hold back: there is no file to open."""
    shutil.rmtree(folder)
    (folder / "cashier.log").mkdir(parents=True)


def replaced_by_a_file(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.touch()


@pytest.mark.parametrize("spoil", [removed, full, not_to_be_written, replaced_by_a_file])
@pytest.mark.parametrize("before", [True, False], ids=["from the start", "meanwhile"])
def test_a_sale_goes_on(
    tmp_path: Path, spoil: Callable[[Path], None], before: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, level = tmp_path / "logs", logging.getLogger().level
    folder.mkdir()
    if before:
        spoil(folder)
    handler = logs.start_logging(folder)
    # A file that is full of it turns at the next line: the worst moment for a folder that has gone.
    handler.maxBytes = 200
    try:
        with Simulator(speed=20) as gateway, till_on(gateway, tmp_path / "x") as running:
            watcher = Watcher(running.till)
            for spoiled in (before, True):
                if spoiled and not before:
                    spoil(folder)
                row = running.till.charge("250788123456", 1500, again=True)
                assert watcher.wait_final(row.id).state is State.SUCCESSFUL
    finally:
        logs.stop_logging(handler)
        logging.getLogger().setLevel(level)
    assert "Logging error" not in capsys.readouterr().err
