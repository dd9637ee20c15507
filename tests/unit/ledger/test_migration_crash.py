"""kill -9 at any step of a migration: the version before or the one after, with every event."""

import os
import shutil
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

from cashier.ledger.ledger import Ledger
from cashier.ledger.schema import STEPS
from tests.unit.ledger.conftest import ACCOUNT, START
from tests.unit.ledger.images import filled, open_at
from tests.unit.ledger.older import as_first_version
from tests.unit.ledger.test_restore import killed_at


def old_ledger(folder: Path) -> Ledger:
    """A closed ledger of the first version, filled."""
    ledger = open_at(folder)
    filled(ledger).close()
    as_first_version(ledger.file)
    return ledger


def version(file: Path) -> int:
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as connection:
        found: int = connection.execute("PRAGMA user_version").fetchone()[0]
        return found


def test_between_any_two_steps_on_the_file_system(tmp_path: Path) -> None:
    old = old_ledger(tmp_path / "old")
    work = tmp_path / "work"
    seen = []
    for step in range(100):
        shutil.rmtree(work, ignore_errors=True)
        shutil.copytree(old.file.parent, work)
        killed = killed_at(step, lambda: open_at(work))
        seen.append(version(work / "ledger.db"))
        back = open_at(work)
        found = back.reader.verify()
        assert (found.ok, found.events) == (True, 24)
        back.close()
        if not killed:
            break
    assert not killed
    assert (seen[0], seen[-1]) == (1, len(STEPS))
    assert seen == sorted(seen)


def test_between_any_two_statements_of_the_steps(tmp_path: Path) -> None:
    """The process dies inside the transaction; SQLite then begins from the version before."""
    old = old_ledger(tmp_path / "old")

    def die_at(statement: int, connection: sqlite3.Connection) -> None:
        left = statement

        def count(_text: str) -> None:
            nonlocal left
            left -= 1
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)

        connection.set_trace_callback(count)

    for statement in range(1000):
        work = tmp_path / f"work{statement}"
        shutil.copytree(old.file.parent, work)

        def migrate(work: Path = work, statement: int = statement) -> None:
            def first(connection: sqlite3.Connection) -> None:
                die_at(statement, connection)
                STEPS[1](connection)

            steps = (STEPS[0], first, *STEPS[2:])
            Ledger(work, ACCOUNT, now=lambda: START, threaded=False, steps=steps).open()

        killed = killed_at(10_000, migrate)
        # Each step is taken whole or not at all.
        assert version(work / "ledger.db") in ((1,) if killed and statement < 8 else range(1, len(STEPS) + 1))
        back = open_at(work)
        found = back.reader.verify()
        assert (found.ok, found.events) == (True, 24)
        back.close()
        if not killed:
            break
    assert statement > 8
    assert not killed
