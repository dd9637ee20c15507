"""A small file beside the ledger that knows how far it went, so that a lost `-wal` or an older copy is betrayed.

It is written after each commit and never synced then: it may lag behind the ledger, and never runs ahead of it. On
the disk for certain are its beginning and its end: open, then closed.
"""

import json
import os
import sqlite3
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from cashier.ledger import rows
from cashier.ledger.connections import FILE, open_reader, open_untouched, sync_folder, wal_of
from cashier.ledger.errors import LostEvents, from_os
from cashier.ledger.places import backups_of

MARK = f"{FILE}.mark"
# One length for ever, far below what a disk writes in one piece.
_SIZE = 200
# Not through a link: it would have us write into somebody else's file.
_FLAGS = os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)


@dataclass(frozen=True)
class Mark:
    """The last event that was acknowledged, the highest position of a row, and whether the ledger was closed."""

    opened: bool
    sequence: int
    hash: str
    position: int


def read_mark(folder: Path) -> Mark | None:
    """The mark in this folder; None where there is none that can be read."""
    try:
        told = json.loads((folder / MARK).read_bytes())
        if not isinstance(told["hash"], str):
            return None
        return Mark(told["opened"] is True, int(told["sequence"]), told["hash"], int(told["position"]))
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def mark_of(connection: sqlite3.Connection, *, opened: bool) -> Mark:
    """What the mark of this ledger would say now. Raises sqlite3.Error."""
    last = connection.execute("SELECT sequence, hash FROM events ORDER BY sequence DESC LIMIT 1").fetchone()
    return Mark(opened, last[0] if last else 0, last[1] if last else "", rows.highest_position(connection))


class MarkFile:
    """The mark while the ledger is open. Used by the writer's thread only."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / MARK
        self._handle: int | None = None
        self._mark: Mark | None = None

    def take(self) -> None:
        """Makes sure that the mark can be written before anything else is. Raises LedgerError."""
        try:
            self._handle = os.open(self._file, _FLAGS, 0o600)
        except OSError as trouble:
            raise from_os(trouble) from trouble

    def begin(self, mark: Mark) -> None:
        """Sets the mark, on the disk when this returns. Raises LedgerError."""
        if self._handle is None:
            self.take()
        try:
            # First the names: a mark that says open, beside a `-wal` whose name a power cut took, would betray a loss
            # that never was.
            sync_folder(self._file.parent)
            self._put(mark)
            if self._handle is not None:
                os.fsync(self._handle)
        except OSError as trouble:
            raise from_os(trouble) from trouble

    def advance(self, sequence: int, hash: str, position: int | None) -> None:
        """Notes an event just committed. What the disk does not take is forgotten: the commit stands."""
        if self._mark is not None:
            highest = self._mark.position if position is None else position
            with suppress(OSError):
                self._put(replace(self._mark, sequence=sequence, hash=hash, position=highest))

    def end(self, *, whole: bool = True) -> None:
        """The ledger is closed. If it is `whole` without its `-wal`, says so, on the disk."""
        if whole and self._handle is not None and self._mark is not None:
            with suppress(OSError):
                self._put(replace(self._mark, opened=False))
                os.fsync(self._handle)
        self._let_go()

    def _put(self, mark: Mark) -> None:
        if self._handle is None:
            return
        text = json.dumps(vars(mark), separators=(",", ":")).encode()
        os.lseek(self._handle, 0, os.SEEK_SET)
        os.write(self._handle, text.ljust(_SIZE - 1) + b"\n")
        self._mark = mark

    def _let_go(self) -> None:
        if self._handle is not None:
            os.close(self._handle)
        self._handle = self._mark = None


def write_mark(folder: Path, mark: Mark) -> None:
    """Leaves `mark` in the folder, on the disk. Raises LedgerError."""
    file = MarkFile(folder)
    file.begin(mark)
    file.end()


def lost_its_wal(file: Path) -> bool:
    """Whether the ledger was not closed and its `-wal` is gone. Right also while a writer is closing it."""

    def looks_so() -> bool:
        mark = read_mark(file.parent)
        return mark is not None and mark.opened and not wal_of(file).exists()

    return looks_so() and looks_so()


def open_beside(file: Path) -> sqlite3.Connection:
    """A reader beside a writer or after one, which makes no new `-wal` where one was lost. As open_reader."""
    return open_untouched(file) if lost_its_wal(file) else open_reader(file)


def missing(mark: Mark | None, connection: sqlite3.Connection, file: Path) -> str | None:
    """What the ledger lacks of that which the mark saw, a sentence; None when nothing. Raises sqlite3.Error."""
    if mark is None:
        return None
    lost_wal = lost_its_wal(file)
    found = connection.execute("SELECT hash FROM events WHERE sequence = ?", (mark.sequence,)).fetchone()
    if mark.sequence and (found is None or found[0] != mark.hash):
        last = connection.execute("SELECT coalesce(max(sequence), 0) FROM events").fetchone()[0]
        gone = mark.sequence - last
        if gone <= 0:
            return "This is not the ledger that Cashier kept here: its events are others."
        if lost_wal:
            return f"The file {wal_of(file).name} is missing, and the last {gone} events with it."
        return f"The ledger is older than the one Cashier kept here: the last {gone} events are missing."
    if lost_wal:
        return f"The file {wal_of(file).name} is missing, though Cashier was not closed: the last sales may be lost."
    return None


def check_mark(connection: sqlite3.Connection, file: Path) -> None:
    """Raises LostEvents when the ledger lacks something that its mark saw, and sqlite3.Error."""
    words = missing(read_mark(file.parent), connection, file)
    if words is not None:
        raise LostEvents(f"{words} {put_back(file.parent)}")


def was_here(folder: Path) -> bool:
    """Whether a ledger was kept in this folder, going by what lies around: mark, `-wal`, copies."""
    return any(
        next(folder.glob(pattern), None) is not None
        for pattern in (MARK, f"{FILE}-wal", f"{FILE}.before-*", f"{backups_of(folder).name}/ledger-*.db")
    )


def refuse_missing(folder: Path) -> None:
    """Raises LostEvents when a ledger was kept in this folder: a new empty one must not take its place."""
    if was_here(folder):
        raise LostEvents(f"The ledger {FILE} of this account is gone from its folder. {put_back(folder)}")


def put_back(folder: Path) -> str:
    """What to do about it."""
    backups = sorted(backups_of(folder).glob("ledger-*.db"))
    newest = f" The newest backup is {backups[-1]}." if backups else ""
    return f"Nothing was changed. Put the file back, or run: cashier restore FILE.{newest}"
