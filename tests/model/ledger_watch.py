"""One ledger, read through a connection of its own: rows as they are on the disk, and the book they come from."""

import json
import sqlite3
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from cashier.domain.states import State, may_move
from cashier.ledger.verification import verify
from tests.model.time import START

if TYPE_CHECKING:
    from tests.model.invariants import Watch

_COLUMNS = "id, kind, phone, amount, state, review, response_code, accepted, version, alarm, refund_of"
# The whole check costs a tenth of a run, and a book that only grows shows a fault in every third run as well.
_EACH_WHOLE = 3


class Seen(NamedTuple):
    """A row as it is on the disk."""

    id: str
    kind: str
    phone: str
    amount: int
    state: str
    review: str | None
    response_code: str | None
    accepted: int
    version: int
    alarm: str | None
    refund_of: str | None


class LedgerWatch:
    """What was seen of the ledger of one computer. `acknowledged` are the versions the till gave its word for."""

    def __init__(self, watch: "Watch", till: int) -> None:
        self._watch = watch
        self._till = till
        self.acknowledged: dict[str, int] = {}
        self.begun: dict[str, str] = {}
        self.rows: dict[str, Seen] = {}
        self.lost: set[str] = set()
        self._sequence = 0
        self._last_hash = ""
        self._at_copy: tuple[dict[str, int], dict[str, str], dict[str, Seen], int, str] | None = None

    @property
    def _connection(self) -> sqlite3.Connection:
        return self._watch.world.computers[self._till].observer

    def row(self, id: str) -> Seen | None:
        """The row as a second reader finds it on the disk now."""
        found = self._connection.execute(f"SELECT {_COLUMNS} FROM transactions WHERE id = ?", (id,)).fetchone()
        return None if found is None else Seen(*found)

    def refunds_of(self, payment: str) -> tuple[int, str, int]:
        """What was paid, by which phone, and what was given back or is on its way, in RWF."""
        asked = (
            "SELECT amount, phone, (SELECT coalesce(sum(amount), 0) FROM transactions AS back"
            " WHERE back.refund_of = mine.id AND back.state <> 'failed') FROM transactions AS mine WHERE id = ?"
        )
        paid, phone, given = self._connection.execute(asked, (payment,)).fetchone()
        return paid, phone, given

    def rang(self, id: str) -> bool:
        """Whether an event of the row carries an alarm: somebody may have seen it already."""
        asked = "SELECT count(*) FROM events WHERE transaction_id = ? AND json_extract(data, '$.alarm') IS NOT NULL"
        return bool(self._connection.execute(asked, (id,)).fetchone()[0])

    def changes(self) -> Iterator[tuple[Seen | None, Seen]]:
        """The rows with new events, as they were seen before and as they are; the events are judged on the way."""
        touched: dict[str, str] = {}
        events = self._connection.execute(
            "SELECT sequence, transaction_id, at, event, state, hash FROM events WHERE sequence > ? ORDER BY sequence",
            (self._sequence,),
        ).fetchall()
        for sequence, id, at, event, state, mark in events:
            self._event(sequence, id, at, event, state, touched)
            self._last_hash = mark
        for id, state in touched.items():
            before, row = self.rows.get(id), self.row(id)
            if row is None or row.state != state:
                self._watch.broken("I9", f"the state of {id} is not what its last event says")
                continue
            self.rows[id] = row
            yield before, row

    def _event(
        self, sequence: int, id: str | None, at: str, event: str, state: str | None, touched: dict[str, str]
    ) -> None:
        if sequence != self._sequence + 1:
            self._watch.broken("I9", f"event {sequence} follows {self._sequence}")
        self._sequence = sequence
        if id is None or state is None:
            return  # about the ledger itself
        old = touched.get(id) or (self.rows[id].state if id in self.rows else None)
        if (old is None) != (event == "created"):
            self._watch.broken("I9", f"{id} has {event} after {old}")
        elif old is not None and old != state and not may_move(State(old), State(state)):
            self._watch.broken("I5" if State(old).value in ("successful", "failed") else "I9", f"{id}: {old} → {state}")
        if not self._told_in_utc(at):
            self._watch.broken("I9", f"event {sequence} is of {at}, which the clock never showed")
        touched[id] = state

    def _told_in_utc(self, at: str) -> bool:
        """Whether a clock that was never set can have shown `at` when the event was written."""
        world = self._watch.world
        if world.computers[self._till].offset:
            return True
        return START.strftime("%Y-%m-%dT%H:%M:%S") <= at[:19] <= world.time.truth().strftime("%Y-%m-%dT%H:%M:%S")

    def copied(self) -> None:
        """A copy of the folder was taken now."""
        self._at_copy = (
            dict(self.acknowledged),
            dict(self.begun),
            dict(self.rows),
            self._sequence,
            self._last_hash,
        )

    def restored(self) -> None:
        """The copy was put back: what came after it is lost to this ledger, and its ids are never used again."""
        if self._at_copy is None:
            return
        acknowledged, begun, rows, sequence, mark = self._at_copy
        self.lost |= {id for id in self.acknowledged if id not in acknowledged}
        self.acknowledged, self.begun, self.rows = dict(acknowledged), dict(begun), dict(rows)
        self._sequence, self._last_hash = sequence, mark

    def whole(self) -> None:
        """I4 and I9 at rest: nothing acknowledged is missing, the file is whole, rows are the fold of their events."""
        if self._sequence:
            found = self._connection.execute("SELECT hash FROM events WHERE sequence = ?", (self._sequence,)).fetchone()
            if found is None or found[0] != self._last_hash:
                self._watch.broken("I4", "events that were seen on the disk are gone")
        for id, version in self.acknowledged.items():
            row = self.row(id)
            if row is None or row.version < version:
                self._watch.broken("I4", f"{id} was acknowledged and is not on the disk")
        if self._watch.world.seed % _EACH_WHOLE == 0:
            said = verify(self._connection)
            if not said.ok:
                self._watch.broken("I9", said.sentence)

    def log(self) -> list[str]:
        """Every event as one line."""
        found = self._connection.execute("SELECT * FROM events ORDER BY sequence")
        return [json.dumps(list(row), ensure_ascii=False) for row in found]
