"""Everything in the data folder is for this user alone, however generous the shell is."""

import logging
import os
import stat
import subprocess
from pathlib import Path

import pytest

from cashier import logs
from cashier.counter import Counter
from cashier.credentials import MemoryStore
from cashier.settings import Settings
from tests.e2e.program import LONG, Program

pytestmark = pytest.mark.e2e


def open_for_others(folder: Path) -> list[str]:
    """What others could look into, with its rights."""
    found = []
    for path in (folder, *folder.rglob("*")):
        rights = stat.S_IMODE(path.lstat().st_mode)
        if rights != (0o700 if path.is_dir() else 0o600):
            found.append(f"{path.relative_to(folder)} {rights:o}")
    return found


def generous(program: Program, *arguments: str) -> list[str]:
    return ["/bin/sh", "-c", 'umask 000; exec "$@"', "sh", *program.command(*arguments)]


def test_a_command_keeps_everything_to_this_user(program: Program) -> None:
    env = {**program.env, "CASHIER_CALLBACK_PORT": "0"}
    subprocess.run(generous(program, "charge", "0788123456", "1500"), env=env, timeout=LONG, check=True)
    with subprocess.Popen(generous(program, "watch"), env=env, stdout=subprocess.PIPE, text=True) as watch:
        assert watch.stdout is not None
        assert watch.stdout.readline()
        names = {path.name for path in program.data.rglob("*")}
        while_open = open_for_others(program.data)
        watch.terminate()
        watch.communicate(timeout=LONG)
    assert {"cashier.lock", "cashier.log", "ledger.db", "ledger.db-wal", "ledger.db-shm"} <= names
    assert while_open == []
    assert open_for_others(program.data) == []


def test_the_window_keeps_everything_to_this_user(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        counter = Counter(tmp_path / "data", store=MemoryStore())
        counter.prepare()
        counter.save(Settings("practice"), "")
        counter.stop()
    finally:
        os.umask(before)
    assert (tmp_path / "data" / "settings.json").exists()
    assert open_for_others(tmp_path / "data") == []


def test_logs_that_others_could_read_are_closed_to_them(tmp_path: Path) -> None:
    folder = tmp_path / "logs"
    folder.mkdir(mode=0o755)
    (folder / "cashier.log").touch(0o644)
    handler = logs.start_logging(folder)
    handler.handle(logging.LogRecord("cashier", logging.INFO, __file__, 1, "a line", None, None))
    logs.stop_logging(handler)
    assert open_for_others(folder) == []
