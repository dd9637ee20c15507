"""Connections whose safety settings were read back, not only asked for. The only place that connects."""

import contextlib
import os
import sqlite3
import sys
from pathlib import Path

from cashier.ledger.errors import DamagedLedger, LedgerError, ReadOnlyLedger, from_os, from_sqlite

FILE = "ledger.db"
BUSY_TIMEOUT = 2.0
_FULL = 2


def connect(file: Path, *, busy_timeout: float = BUSY_TIMEOUT, options: str = "") -> sqlite3.Connection:
    """A bare connection without transactions of its own; `options` is the query of SQLite's file URI."""
    name = f"{file.absolute().as_uri()}?{options}" if options else str(file)
    return sqlite3.connect(name, uri=bool(options), timeout=busy_timeout, isolation_level=None, check_same_thread=False)


def open_writer(file: Path, busy_timeout: float = BUSY_TIMEOUT) -> sqlite3.Connection:
    """The one writing connection, WAL and synchronous FULL. Raises LedgerError."""
    try:
        if file.exists() and file.stat().st_size == 0:
            raise DamagedLedger("The ledger's file is empty. It was left as it is: restore a backup or call support.")
        connection = connect(file, busy_timeout=busy_timeout)
    except sqlite3.Error as trouble:
        raise from_sqlite(trouble) from trouble
    except OSError as trouble:
        raise from_os(trouble) from trouble
    try:
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA journal_mode=WAL")
        wanted: dict[str, object] = {"foreign_keys": 1, "synchronous": _FULL, "journal_mode": "wal"}
        if sys.platform == "darwin":
            connection.execute("PRAGMA fullfsync=ON")
            connection.execute("PRAGMA checkpoint_fullfsync=ON")
            wanted |= {"fullfsync": 1, "checkpoint_fullfsync": 1}
        assert_pragmas(connection, wanted)
        # Without the right to write SQLite opens a file for reading only, and says so at the first sale.
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("ROLLBACK")
        with contextlib.suppress(OSError):
            os.chmod(file, 0o600)
    except sqlite3.Error as trouble:
        connection.close()
        raise from_sqlite(trouble) from trouble
    except LedgerError:
        connection.close()
        raise
    return connection


def open_reader(file: Path, busy_timeout: float = BUSY_TIMEOUT) -> sqlite3.Connection:
    """A connection that cannot write. Raises LedgerError."""
    try:
        return _reading(file, busy_timeout, "mode=ro")
    except ReadOnlyLedger:
        # In a folder that cannot be written SQLite cannot keep its lock file, and nobody can write the ledger.
        if has_wal(file):
            raise
        return _reading(file, busy_timeout, "mode=ro&immutable=1")


def open_untouched(file: Path, busy_timeout: float = BUSY_TIMEOUT) -> sqlite3.Connection:
    """As open_reader, for a ledger that nobody writes now: makes no file beside it unless a `-wal` must be read."""
    return open_reader(file, busy_timeout) if has_wal(file) else _reading(file, busy_timeout, "mode=ro&immutable=1")


def wal_of(file: Path) -> Path:
    """The file with what was committed and not yet brought into `file`."""
    return file.with_name(file.name + "-wal")


def has_wal(file: Path) -> bool:
    """Whether something stands in it."""
    try:
        return wal_of(file).stat().st_size > 0
    except OSError:
        return False


def assert_pragmas(connection: sqlite3.Connection, wanted: dict[str, object]) -> None:
    """Reads each setting back. Raises LedgerError for one that did not take."""
    for name, value in wanted.items():
        got = connection.execute(f"PRAGMA {name}").fetchone()[0]
        if got != value:
            raise LedgerError(
                f"The ledger cannot be kept safely here ({name} is {got}). Use a folder on this computer's disk."
            )


def sync_file(file: Path) -> None:
    """Brings what was written to `file` onto the disk. Raises OSError."""
    handle = os.open(file, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_folder(folder: Path) -> None:
    """Brings new and renamed names in `folder` onto the disk. Raises OSError."""
    if os.name == "nt":
        return  # Windows has no handle on a folder to sync; the rename is journalled there
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _reading(file: Path, busy_timeout: float, options: str) -> sqlite3.Connection:
    connection = None
    try:
        connection = connect(file, busy_timeout=busy_timeout, options=options)
        connection.execute("PRAGMA query_only=ON")
        connection.execute("PRAGMA foreign_keys=ON")
        assert_pragmas(connection, {"query_only": 1, "foreign_keys": 1})
        connection.execute("PRAGMA user_version").fetchone()
    except (sqlite3.Error, LedgerError) as trouble:
        if connection is not None:
            connection.close()
        raise from_sqlite(trouble) if isinstance(trouble, sqlite3.Error) else trouble from trouble
    connection.row_factory = sqlite3.Row
    return connection
