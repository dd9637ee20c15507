"""Opens a ledger at the version of this program: makes a new one whole, copies an older one before each step."""

import os
import secrets
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cashier.ledger.chain import time_text
from cashier.ledger.errors import DamagedLedger, LedgerError, NewerLedger, OtherAccount, from_sqlite
from cashier.ledger.schema import APPLICATION_ID, Step


@dataclass(frozen=True)
class Account:
    """Whose money a ledger is about. `environment` is practice, sandbox or live."""

    environment: str
    accountno: str


@dataclass(frozen=True)
class Identity:
    """What stands inside a ledger about itself."""

    account: Account
    install_id: str
    till_number: int


def create(file: Path, account: Account, till_number: int, now: datetime, steps: Sequence[Step]) -> None:
    """Makes a ledger under another name and puts it in place whole, so that a crash leaves none or all of it."""
    from sqlite_utils import Database  # 70 ms and 12 MB: only for a new ledger

    new = file.with_name(file.name + ".new")
    try:
        new.unlink(missing_ok=True)
        connection = sqlite3.connect(new, isolation_level=None)
        try:
            connection.execute("PRAGMA synchronous=FULL")
            connection.execute("BEGIN IMMEDIATE")
            for step in steps:
                step(connection)
            Database(connection).table("ledger").insert(
                {
                    "only": 1,
                    "environment": account.environment,
                    "accountno": account.accountno,
                    "install_id": secrets.token_hex(16),
                    "till_number": till_number,
                    "created_at": time_text(now),
                }
            )
            connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version={len(steps)}")
            connection.execute("COMMIT")
        finally:
            connection.close()
        new.chmod(0o600)
        os.replace(new, file)
        _sync_folder(file.parent)
    except sqlite3.Error as trouble:
        raise from_sqlite(trouble) from trouble
    except OSError as trouble:
        raise LedgerError(
            f"The ledger cannot be made in this folder: {trouble.strerror}. Check its rights."
        ) from trouble


def bring_up_to_date(connection: sqlite3.Connection, file: Path, now: datetime, steps: Sequence[Step]) -> None:
    """Refuses what is not ours or newer, then takes each missing step in one transaction, after a copy of the file."""
    if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise DamagedLedger("This file is not a ledger of Cashier. It was left as it is.")
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > len(steps):
        raise NewerLedger("This ledger was written by a newer Cashier. Update the program on this computer.")
    if version < 1:
        raise DamagedLedger("The ledger is not whole. It was left as it is: restore a backup or call support.")
    for number in range(version, len(steps)):
        _copy(connection, file.with_name(f"{file.name}.before-v{number + 1}-{now:%Y%m%dT%H%M%SZ}"))
        connection.execute("BEGIN IMMEDIATE")
        try:
            steps[number](connection)
            connection.execute(f"PRAGMA user_version={number + 1}")
            connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise


def identify(connection: sqlite3.Connection, account: Account) -> Identity:
    """What the ledger says about itself. Raises OtherAccount when it is not `account`'s."""
    row = connection.execute("SELECT environment, accountno, install_id, till_number FROM ledger").fetchone()
    if row is None:
        raise DamagedLedger("The ledger does not say whose it is. It was left as it is.")
    found = Account(row[0], row[1])
    if found != account:
        raise OtherAccount(
            f"This ledger belongs to the {found.environment} account {found.accountno}, not to this one."
        )
    return Identity(found, row[2], row[3])


def _copy(connection: sqlite3.Connection, target: Path) -> None:
    copy = sqlite3.connect(target)
    try:
        connection.backup(copy)
    finally:
        copy.close()
    target.chmod(0o600)


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":
        return  # Windows has no handle on a folder to sync; the rename is journalled there
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
