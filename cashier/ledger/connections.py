"""Connections whose safety settings were read back, not only asked for."""

import contextlib
import os
import sqlite3
import sys
from pathlib import Path

from cashier.ledger.errors import DamagedLedger, LedgerError, from_sqlite

FILE = "ledger.db"
BUSY_TIMEOUT = 2.0
_FULL = 2


def open_writer(file: Path, busy_timeout: float = BUSY_TIMEOUT) -> sqlite3.Connection:
    """The one writing connection, WAL and synchronous FULL. Raises LedgerError."""
    try:
        if file.exists() and file.stat().st_size == 0:
            raise DamagedLedger("The ledger's file is empty. It was left as it is: restore a backup or call support.")
        connection = sqlite3.connect(file, timeout=busy_timeout, isolation_level=None, check_same_thread=False)
    except (sqlite3.Error, OSError) as trouble:
        raise _stopped(trouble) from trouble
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
        connection = sqlite3.connect(
            f"{file.absolute().as_uri()}?mode=ro",
            uri=True,
            timeout=busy_timeout,
            isolation_level=None,
            check_same_thread=False,
        )
        connection.execute("PRAGMA query_only=ON")
        connection.execute("PRAGMA foreign_keys=ON")
        assert_pragmas(connection, {"query_only": 1, "foreign_keys": 1})
    except sqlite3.Error as trouble:
        raise from_sqlite(trouble) from trouble
    connection.row_factory = sqlite3.Row
    return connection


def assert_pragmas(connection: sqlite3.Connection, wanted: dict[str, object]) -> None:
    """Reads each setting back. Raises LedgerError for one that did not take."""
    for name, value in wanted.items():
        got = connection.execute(f"PRAGMA {name}").fetchone()[0]
        if got != value:
            raise LedgerError(
                f"The ledger cannot be kept safely here ({name} is {got}). Use a folder on this computer's disk."
            )


def _stopped(trouble: Exception) -> LedgerError:
    if isinstance(trouble, sqlite3.Error):
        return from_sqlite(trouble)
    return LedgerError(f"The ledger's folder cannot be used: {trouble}.")
