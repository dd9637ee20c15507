"""The disk under a ledger: real SQLite files, with hooks around each commit and a way to be full.

The files lie in memory where the system has a folder for that, so that each commit with synchronous=FULL costs
microseconds; what power cuts do to real disks is the business of tests/powercut.
"""

import contextlib
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock

from cashier.ledger import connections, migrations
from cashier.ledger.connections import FILE
from cashier.ledger.ledger import Account, Ledger

ACCOUNT = Account("live", "250160000011")
_FULL = 13  # SQLITE_FULL
_NOT_IN_AN_IMAGE = ("-shm", ".lock")

# Triggers that a planted bug takes out of each new ledger.
DROPPED: tuple[str, ...] = ()

# Called with the name of a point by the connection that reaches it. One process runs one schedule at a time.
Reach = Callable[[str], None]


class Disk:
    """What one computer's disk does: `full_after` statements of a transaction it has no more room; None: it has."""

    def __init__(self, reach: Reach) -> None:
        self.reach = reach
        self.full_after: int | None = None


_disk: list[Disk] = []


class HookedConnection(sqlite3.Connection):
    """The writer's connection. It tells where it is, and fails like a full disk when the disk is full."""

    disk: Disk
    statements = 0

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.disk = _disk[-1]
        super().execute("PRAGMA wal_autocheckpoint=60")  # short logs: checkpoints happen, and crash images stay small

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        disk = self.disk
        if sql == "BEGIN IMMEDIATE":
            self.statements = 0
        elif sql == "COMMIT":
            disk.reach("before commit")
        elif sql[:6] in ("INSERT", "UPDATE"):
            self.statements += 1
        too_much = disk.full_after is not None and (self.statements > disk.full_after or sql == "COMMIT")
        if too_much and self.in_transaction and sql != "ROLLBACK":
            trouble = sqlite3.OperationalError("database or disk is full")
            trouble.sqlite_errorcode = _FULL
            raise trouble
        done = super().execute(sql, parameters)
        if sql == "COMMIT":
            disk.reach("after commit")
        return done


def _connect(database: Any, *arguments: Any, **more: Any) -> sqlite3.Connection:
    if "uri" not in more and _disk:
        more["factory"] = HookedConnection
    connection: sqlite3.Connection = sqlite3.connect(database, *arguments, **more)
    return connection


@contextlib.contextmanager
def hooked_connections() -> Iterator[None]:
    """Within it, the ledger's writers are hooked to the disk that was last put in with `using`."""
    names = {name: getattr(sqlite3, name) for name in dir(sqlite3) if not name.startswith("__")}
    with mock.patch.object(connections, "sqlite3", SimpleNamespace(**{**names, "connect": _connect})):
        yield


@contextlib.contextmanager
def using(disk: Disk) -> Iterator[None]:
    """Connections opened within belong to `disk`."""
    _disk.append(disk)
    try:
        yield
    finally:
        _disk.pop()


def fast_folder() -> Path:
    """A new folder, in memory where there is such a place."""
    memory = Path("/dev/shm")
    usable = memory.is_dir() and os.access(memory, os.W_OK)
    return Path(tempfile.mkdtemp(prefix="cashier-model-", dir=memory if usable else None))


@cache
def _template(till: int) -> dict[str, bytes]:
    """A new ledger as the program makes it, with an install id that is the same in every run."""
    folder = Path(tempfile.mkdtemp(prefix="cashier-model-"))
    fixed = SimpleNamespace(token_hex=lambda _bytes: f"{till:032x}")
    try:
        with mock.patch.object(migrations, "secrets", fixed):
            ledger = Ledger(
                folder, ACCOUNT, now=lambda: datetime(2026, 11, 1, tzinfo=UTC), till_number=till + 1, threaded=False
            )
            ledger.open()
            ledger.close()
        return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    finally:
        shutil.rmtree(folder)


def new_ledger(folder: Path, till: int) -> None:
    """Puts a new ledger into `folder`."""
    write_files(folder, _template(till))
    for name in DROPPED:
        with contextlib.closing(sqlite3.connect(folder / FILE, isolation_level=None)) as connection:
            connection.execute(f"DROP TRIGGER {name}")


def files_of(folder: Path) -> dict[str, bytes]:
    """What a crash leaves: every file as the operating system has it, without the index of the log and locks."""
    return {
        path.name: path.read_bytes()
        for path in folder.iterdir()
        if path.is_file() and not path.name.endswith(_NOT_IN_AN_IMAGE)
    }


def write_files(folder: Path, files: dict[str, bytes]) -> None:
    """Makes `folder` with these files."""
    folder.mkdir(mode=0o700)
    for name, content in files.items():
        (folder / name).write_bytes(content)


def open_observer(folder: Path) -> sqlite3.Connection:
    """A second connection beside the ledger's own, which reads only."""
    connection = sqlite3.connect(f"{(folder / FILE).as_uri()}?mode=ro", uri=True, isolation_level=None)
    connection.row_factory = sqlite3.Row
    return connection
