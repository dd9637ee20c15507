"""Copies of a ledger, taken beside its writer and checked whole before they count."""

import os
import re
import secrets
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cashier.files import move_to_free_name, sync_folder
from cashier.ledger.connections import FILE, connect, open_untouched, sync_file, wal_of
from cashier.ledger.errors import DamagedLedger, LedgerError, from_os, from_sqlite
from cashier.ledger.mark import Mark, missing, open_beside, read_mark, refuse_missing
from cashier.ledger.places import backups_of
from cashier.ledger.verification import Verification, verify

KEPT = 30
_NAME = re.compile(r"ledger-[0-9]{8}T[0-9]{6}Z\.db")
_PAGES = 64


class BackupStopped(LedgerError):
    """The program ends: the copy was given up."""


@dataclass(frozen=True)
class Backup:
    """A checked copy. `found` is what its check said."""

    file: Path
    found: Verification


def always() -> bool:
    """Never stops."""
    return True


def back_up(ledger: Path, target: Path, go_on: Callable[[], bool] = always) -> Backup:
    """Copies the ledger file `ledger` to `target` while others write it; `target` appears whole and checked, or not.

    `go_on` is asked every few milliseconds, between two pieces of the copy and of its check, and may take its time.
    Raises BackupStopped when it says no, FileExistsError when there is
    something at `target`, DamagedLedger when the ledger is not whole, LedgerError.
    """
    if os.path.lexists(target):
        raise FileExistsError(target)
    if not ledger.exists():
        refuse_missing(ledger.parent)
        raise LedgerError("There is no ledger here yet.")
    # Before the copy, so that the mark is never ahead of it.
    mark = read_mark(ledger.parent)
    # A name that nobody else has taken, or could take meanwhile.
    part = target.with_name(f"ledger-{secrets.token_hex(8)}.part")
    try:
        copy_file(ledger, part, go_on)
        found, lost = _check(part, go_on, mark, ledger)
        if lost is not None or not found.ok:
            raise DamagedLedger(f"There is no backup: {lost or found.sentence}")
        move_to_free_name(part, target)
        sync_folder(target.parent)
    except FileExistsError:
        raise
    except OSError as trouble:
        raise from_os(trouble) from trouble
    finally:
        remove(part)
    return Backup(target, found)


def copy_file(ledger: Path, target: Path, go_on: Callable[[], bool] = always, *, untouched: bool = False) -> None:
    """Copies one moment of the ledger to `target`, for its owner alone (0600), in one file and on the disk.

    `untouched` is for a ledger that nobody writes. Raises LedgerError, OSError.
    """
    remove(target)
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    source = open_untouched(ledger) if untouched else open_beside(ledger)
    try:
        copy = connect(target)
        try:
            # One snapshot for all pieces: what the till writes meanwhile does not begin the copy anew.
            source.execute("BEGIN")
            source.execute("SELECT count(*) FROM ledger").fetchone()
            source.backup(copy, pages=_PAGES, progress=lambda *_: _stop_unless(go_on))
            copy.execute("PRAGMA journal_mode=DELETE")
        finally:
            copy.close()
    except sqlite3.Error as trouble:
        raise from_sqlite(trouble) from trouble
    finally:
        source.close()
    sync_file(target)


def remove(file: Path) -> None:
    """Takes away an unfinished copy and what SQLite put beside it."""
    for one in (file, wal_of(file), file.with_name(file.name + "-shm"), file.with_name(file.name + "-journal")):
        with suppress(OSError):
            one.unlink(missing_ok=True)


def daily(folder: Path, now: datetime, go_on: Callable[[], bool] = always) -> Backup | None:
    """Today's backup (UTC) of the ledger in `folder`, None when there is one. The newest 30 are kept.

    As back_up. After a failure nothing older is taken away.
    """
    backups = backups_of(folder)
    if any(one.name.startswith(f"ledger-{now:%Y%m%d}T") for one in kept(folder)):
        return None
    try:
        backups.mkdir(mode=0o700, exist_ok=True)
        for unfinished in backups.glob("ledger-*.part"):
            remove(unfinished)
    except OSError as trouble:
        raise from_os(trouble) from trouble
    made = back_up(folder / FILE, backups / f"ledger-{now:%Y%m%dT%H%M%SZ}.db", go_on)
    for old in kept(folder)[:-KEPT]:
        if old != made.file:
            with suppress(OSError):
                old.unlink()
    return made


def kept(folder: Path) -> list[Path]:
    """The daily backups of the ledger in `folder`, oldest first."""
    return sorted(one for one in backups_of(folder).glob("ledger-*.db") if _NAME.fullmatch(one.name))


def _check(file: Path, go_on: Callable[[], bool], mark: Mark | None, ledger: Path) -> tuple[Verification, str | None]:
    """What the whole check of a copy says, and what it lacks of that which the mark beside `ledger` saw."""
    connection = open_untouched(file)
    try:
        connection.set_progress_handler(lambda: not go_on(), 100_000)
        return verify(connection, lambda: _stop_unless(go_on)), missing(mark, connection, ledger)
    except LedgerError as trouble:
        if go_on():
            raise
        raise BackupStopped("The backup was given up.") from trouble
    finally:
        connection.close()


def _stop_unless(go_on: Callable[[], bool]) -> None:
    if not go_on():
        raise BackupStopped("The backup was given up.")
