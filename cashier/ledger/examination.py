"""Looks at a ledger before it is opened for writing, through a connection that changes nothing on the disk."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path

from cashier.ledger.connections import BUSY_TIMEOUT, open_untouched
from cashier.ledger.errors import DamagedLedger, NewerLedger, from_os, from_sqlite
from cashier.ledger.identity import Account, Identity, identify
from cashier.ledger.mark import check_mark
from cashier.ledger.schema import APPLICATION_ID, Step
from cashier.ledger.verification import verify_newest


def examine(file: Path, account: Account, steps: Sequence[Step], busy_timeout: float = BUSY_TIMEOUT) -> Identity:
    """Whether the file is a whole ledger of this account that this program can write, and nothing of it was lost.

    Raises DamagedLedger, LostEvents, NewerLedger, OtherAccount, LedgerError; the disk is as before.
    """
    connection = look_at(file, steps, busy_timeout)
    try:
        found = verify_newest(connection)
        if not found.ok:
            raise DamagedLedger(f"{found.sentence} It was left as it is: run cashier restore FILE with a backup.")
        me = identify(connection, account)
        check_mark(connection, file)
    except (sqlite3.Error, UnicodeDecodeError) as trouble:
        raise from_sqlite(trouble) from trouble
    finally:
        connection.close()
    return me


def look_at(file: Path, steps: Sequence[Step], busy_timeout: float = BUSY_TIMEOUT) -> sqlite3.Connection:
    """A reading connection to what is a ledger by its name tag. Raises DamagedLedger, NewerLedger, LedgerError."""
    try:
        if file.stat().st_size == 0:
            raise DamagedLedger("The ledger's file is empty. It was left as it is: run cashier restore FILE.")
    except OSError as trouble:
        raise from_os(trouble) from trouble
    connection = open_untouched(file, busy_timeout)
    try:
        check_version(connection, steps)
    except sqlite3.Error as trouble:
        connection.close()
        raise from_sqlite(trouble) from trouble
    except BaseException:
        connection.close()
        raise
    return connection


def check_version(connection: sqlite3.Connection, steps: Sequence[Step]) -> int:
    """The version of a ledger that this program knows. Raises DamagedLedger, NewerLedger, sqlite3.Error."""
    if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise DamagedLedger("This file is not a ledger of Cashier. It was left as it is.")
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > len(steps):
        raise NewerLedger("This ledger was written by a newer Cashier. Update the program on this computer.")
    if version < 1:
        raise DamagedLedger("The ledger is not whole. It was left as it is: restore a backup or call support.")
    return version
