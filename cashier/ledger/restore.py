"""Brings a backup back: checked, with a note of the gap in it, and nothing of the present ledger lost."""

import os
import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from cashier.domain.events import Decision, Event
from cashier.domain.transaction import Transaction
from cashier.ledger import payout_runs, rows
from cashier.ledger.backup import copy_file, remove
from cashier.ledger.connections import FILE, connect, open_untouched, sync_file
from cashier.ledger.errors import DamagedLedger, LedgerError, from_os, from_sqlite
from cashier.ledger.examination import look_at
from cashier.ledger.identity import Account, identify
from cashier.ledger.mark import read_mark
from cashier.ledger.migrations import bring_up_to_date
from cashier.ledger.pen import Pen
from cashier.ledger.places import place_of, refuse_network
from cashier.ledger.putting import aside_name, decide_restore, finish_restore
from cashier.ledger.restored import RESTORED, unsigned_restores
from cashier.ledger.results import Facts
from cashier.ledger.schema import STEPS, Step
from cashier.ledger.verification import verify

# Above what is known, where the ledger that gave out the last numbers cannot be read.
_SKIPPED = 10_000
# So many are named in the event; the ledger moved aside has them all.
_NAMED = 1_000

_MAY_BE_SENT = "Restored from a backup: this may have been sent. Compare with the provider's statement."


@dataclass(frozen=True)
class Restored:
    """What was done. `event` is the note in the ledger, `aside` where the one before is (None when there was none).

    `unsigned` are the notes that wait for a signature: this one, and those of earlier restores.
    `hidden` are its transactions that the restored one lacks or knows otherwise, as they stood; None when it could
    not be read.
    """

    event: Event
    unsigned: list[Event]
    aside: Path | None
    hidden: list[Transaction] | None


@dataclass(frozen=True)
class _Present:
    sequence: int | None
    hash: str | None
    position: int
    hidden: list[Transaction] | None


def restore(folder: Path, source: Path, account: Account, now: datetime, steps: Sequence[Step] = STEPS) -> Restored:
    """Puts the backup `source` in place of the ledger in `folder`, whose lock the caller holds.

    Whatever interrupts it: the ledger before, or the restored one. Raises LedgerError when the backup is damaged,
    newer or another account's; nothing was changed then.
    """
    refuse_network(place_of(folder))
    ready = folder / f"{FILE}.restoring"
    stamp = f"{now:%Y%m%dT%H%M%S%fZ}"
    try:
        _check_source(folder, source, account, steps)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        finish_restore(folder)
        copy_file(source, ready, untouched=True)
        present = _look_at_present(folder, ready)
        event, unsigned = _note(ready, account, now, steps, source, present, stamp)
        sync_file(ready)
        there = (folder / FILE).exists()
        decide_restore(ready, stamp)
        finish_restore(folder)
    except sqlite3.Error as trouble:
        raise from_sqlite(trouble) from trouble
    except OSError as trouble:
        raise from_os(trouble) from trouble
    finally:
        remove(ready)
    return Restored(event, unsigned, folder / aside_name(stamp) if there else None, present.hidden)


def _check_source(folder: Path, source: Path, account: Account, steps: Sequence[Step]) -> None:
    with suppress(FileNotFoundError):
        if os.path.samefile(source, folder / FILE):
            raise LedgerError("This file is the ledger itself. Name a backup of it.")
    connection = look_at(source, steps)
    try:
        identify(connection, account)
    finally:
        connection.close()


def _look_at_present(folder: Path, ready: Path) -> _Present:
    """What the ledger that is there still tells; damaged ones tell little."""
    mark = read_mark(folder)
    known = mark.position if mark is not None else 0
    file = folder / FILE
    if not file.exists():
        return _Present(None, None, known + (0 if mark is None else _SKIPPED), None)
    try:
        connection = open_untouched(file)
        try:
            connection.execute("ATTACH ? AS backup", (f"{ready.absolute().as_uri()}?mode=ro",))
            last = connection.execute("SELECT sequence, hash FROM events ORDER BY sequence DESC LIMIT 1").fetchone()
            # By its version: the events of a row count it up.
            hidden = connection.execute(
                f"SELECT {rows.COLUMNS} FROM main.transactions AS mine WHERE NOT EXISTS (SELECT 1 FROM"  # noqa: S608
                " backup.transactions AS theirs WHERE theirs.id = mine.id AND theirs.version = mine.version)"
                " ORDER BY position"
            ).fetchall()
            return _Present(
                last["sequence"] if last else 0,
                last["hash"] if last else None,
                max(known, rows.highest_position(connection)),
                [rows.transaction(row) for row in hidden],
            )
        finally:
            connection.close()
    except (LedgerError, sqlite3.Error, ValueError):
        return _Present(None, None, known + _SKIPPED, None)


def _carry_alarms(pen: Pen, hidden: Sequence[Transaction]) -> None:
    """What nobody has seen yet in the ledger before rings here too. A row that is not here is named by `hidden`."""
    for row in hidden:
        mine = rows.first(pen.connection, "id = ?", row.id)
        if row.alarm is not None and mine is not None and mine.alarm != row.alarm:
            carried = Decision("alarm", "operator", alarm=row.alarm, data={"alarm": row.alarm, "from": RESTORED})
            pen.settle(row.id, partial(_as_it_was, carried))


def _as_it_was(carried: Decision, _row: Transaction, _facts: Facts) -> Decision:
    return carried


def _note(
    ready: Path,
    account: Account,
    now: datetime,
    steps: Sequence[Step],
    source: Path,
    present: _Present,
    stamp: str,
) -> tuple[Event, list[Event]]:
    """Brings the copy to this version, writes the gap into it, reserves the numbers given out, and checks it whole."""
    connection = connect(ready)
    connection.row_factory = sqlite3.Row
    try:
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA synchronous=FULL")
        found = verify(connection)
        if not found.ok:
            raise DamagedLedger(f"This backup cannot be used. {found.sentence} Nothing was changed.")
        bring_up_to_date(connection, ready, now, steps, copy_first=False)
        me = identify(connection, account)
        last = connection.execute("SELECT sequence, at FROM events ORDER BY sequence DESC LIMIT 1").fetchone()
        epoch = connection.execute("SELECT count(*) FROM events WHERE event = ?", (RESTORED,)).fetchone()[0] + 2
        position = max(present.position, rows.highest_position(connection))
        data: dict[str, object] = {
            "from": source.name,
            "epoch": epoch,
            "since": last["at"] if last else None,
            "sequence": last["sequence"] if last else 0,
            "present_sequence": present.sequence,
            "present_hash": present.hash,
            "aside": aside_name(stamp),
            "numbers_after": position,
            "hidden": None if present.hidden is None else len(present.hidden),
            "hidden_ids": [row.id for row in present.hidden or []][:_NAMED],
        }
        connection.execute("BEGIN IMMEDIATE")
        pen = Pen(connection, me, now)
        event = pen.note(RESTORED, "operator", data)
        half_sent = payout_runs.unfinished(connection)
        if half_sent is not None:
            # What was sent after the backup is unknown here: nothing of it may be sent a second time.
            payout_runs.end(pen, half_sent.id, "restore", _MAY_BE_SENT)
        _carry_alarms(pen, present.hidden or [])
        connection.execute("DELETE FROM sqlite_sequence WHERE name = 'transactions'")
        connection.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('transactions', ?)", (position,))
        connection.execute("COMMIT")
        return event, unsigned_restores(connection)
    finally:
        connection.close()
