"""Reads the ledger beside its writer, also from another process; never waits for it (WAL)."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

from cashier.domain.events import Event
from cashier.domain.reading import Agreement, Reading
from cashier.domain.states import Kind, State
from cashier.domain.transaction import Transaction
from cashier.ledger import readings, rows
from cashier.ledger.chain import from_text, time_text
from cashier.ledger.connections import FILE
from cashier.ledger.errors import LedgerError, LostEvents, from_sqlite
from cashier.ledger.mark import missing, open_beside, read_mark, refuse_missing
from cashier.ledger.restored import unsigned_restores
from cashier.ledger.verification import Verification, verify

T = TypeVar("T")

OPEN = "state IN ('created', 'pending', 'unknown') AND (review IS NULL OR review NOT LIKE 'closed:%')"
_UNSETTLED = "state IN ('created', 'pending', 'unknown')"
_ASKED_ABOUT = timedelta(days=30)


@dataclass(frozen=True)
class Customer:
    """What the ledger knows of one phone: successful payments and the time of the last (UTC)."""

    phone: str
    paid: int
    last: datetime


class Reader:
    """Questions to one ledger. A connection per thread; a ledger that does not exist yet answers with nothing."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / FILE
        self._lock = threading.Lock()
        self._local = threading.local()
        self._connections: list[sqlite3.Connection] = []
        self._generation = 0

    @property
    def exists(self) -> bool:
        return self.file.exists()

    def close(self) -> None:
        """Closes the connections of all threads; a later question opens a new one."""
        with self._lock:
            self._generation += 1
            for connection in self._connections:
                connection.close()
            self._connections.clear()

    def get(self, id: str) -> Transaction | None:
        """The transaction with this id of ours."""
        return self._one("id = ?", id)

    def by_number(self, number: str) -> Transaction | None:
        """The transaction with this local number, `T7-000412`."""
        return self._one("number = ?", number)

    def open_rows(self) -> list[Transaction]:
        """Neither settled nor closed by hand, newest first."""
        return self._many(f"WHERE {OPEN} ORDER BY position DESC")

    def open_payout_to(self, phone: str) -> Transaction | None:
        """The payout to `phone` that is neither settled nor closed by hand: while it is there, no other is sent."""
        return self._one(f"phone = ? AND kind = ? AND {OPEN}", phone, Kind.PAYOUT.value)

    def refunds_of(self, id: str) -> list[Transaction]:
        """The refunds of the payment with this id, the oldest first, failed ones included."""
        return self._many("WHERE refund_of = ? ORDER BY position", id)

    def to_ask(self, now: datetime) -> list[Transaction]:
        """What the gateway is still asked about: unsettled rows, newest first, then those that never arrived."""
        since = time_text(now - _ASKED_ABOUT)
        unsettled = self._many(f"WHERE {_UNSETTLED} ORDER BY position DESC")
        gone = self._many(
            "WHERE state = 'failed' AND response_code = '3100' AND decided_at >= ? ORDER BY decided_at DESC", since
        )
        return unsettled + gone

    def alarms(self) -> list[Transaction]:
        """Rows with an alarm that nobody has seen yet, newest first."""
        return self._many("WHERE alarm IS NOT NULL ORDER BY position DESC")

    def history(
        self, *, state: State | None = None, limit: int = 50, before_number: str | None = None
    ) -> list[Transaction]:
        """Everything ever tried, newest first; the next page begins after `before_number`."""
        wheres, values = [], []
        if state is not None:
            wheres.append("state = ?")
            values.append(state.value)
        if before_number is not None:
            wheres.append("position < (SELECT position FROM transactions WHERE number = ?)")
            values.append(before_number)
        where = f"WHERE {' AND '.join(wheres)} " if wheres else ""
        return self._many(f"{where}ORDER BY position DESC LIMIT {int(limit)}", *values)

    def events(self, id: str) -> list[Event]:
        """The story of one transaction, in order."""
        with self.reading() as connection:
            if connection is None:
                return []
            found = connection.execute(
                f"SELECT {rows.EVENT_COLUMNS} FROM events WHERE transaction_id = ? ORDER BY sequence",  # noqa: S608
                (id,),
            )
            return [rows.event(row) for row in found]

    def customers(self, prefix: str, limit: int = 5) -> list[Customer]:
        """Phones beginning with `prefix` (`2507…`) that paid here before, the latest first."""
        with self.reading() as connection:
            if connection is None or not prefix.isascii() or not prefix.isdigit():
                return []
            found = connection.execute(
                "SELECT phone, count(*) AS paid, max(created_at) AS last FROM transactions"
                " WHERE phone >= ? AND phone < ? AND kind = ? AND state = 'successful'"
                " GROUP BY phone ORDER BY last DESC LIMIT ?",
                (prefix, prefix + ":", Kind.PAYMENT.value, limit),
            )
            return [Customer(row["phone"], row["paid"], from_text(row["last"])) for row in found]

    def latest_reading(self) -> Reading | None:
        """The newest reading of the balance."""
        with self.reading() as connection:
            return None if connection is None else readings.latest(connection)

    def readings(self, since: datetime, limit: int = 500) -> list[Reading]:
        """The newest `limit` readings of the balance taken at `since` (UTC) or later, the oldest of them first."""
        with self.reading() as connection:
            return [] if connection is None else readings.since(connection, since, limit)

    def agreement(self) -> Agreement | None:
        """What changed between the two newest readings, beside what this till moved; None before the second."""
        with self.reading() as connection:
            return None if connection is None else readings.agreement(connection)

    def ask(self, question: Callable[[sqlite3.Connection], T], nothing: T) -> T:
        """What `question` finds on this thread's own connection, which cannot write; `nothing` without a ledger."""
        with self.reading() as connection:
            return nothing if connection is None else question(connection)

    def unsigned_restores(self) -> list[Event]:
        """The restores that nobody has signed for, the oldest first: while there is one, payouts are locked."""
        return self.ask(unsigned_restores, [])

    def lost(self) -> str | None:
        """What the ledger lacks of that which the mark beside it saw, a sentence; None when nothing."""
        # Before the ledger is read, so that the mark is never ahead of it.
        mark = read_mark(self.file.parent)
        with self.reading() as connection:
            return None if connection is None else missing(mark, connection, self.file)

    def verify(self) -> Verification:
        """Reads the whole ledger: integrity of the file, hash chain, rows against their events, and whether what the
        mark beside it saw is there. Slow on purpose.
        """
        try:
            lost = self.lost()
            with self.reading() as connection:
                if connection is None:
                    raise LedgerError("There is no ledger here yet.")
                found = verify(connection)
        except LostEvents as lost_all:
            return Verification(False, 0, str(lost_all))
        return found if lost is None or not found.ok else Verification(False, found.events, lost)

    def _one(self, where: str, *values: object) -> Transaction | None:
        with self.reading() as connection:
            return None if connection is None else rows.first(connection, where, *values)

    def _many(self, rest: str, *values: object) -> list[Transaction]:
        with self.reading() as connection:
            if connection is None:
                return []
            found = connection.execute(f"SELECT {rows.COLUMNS} FROM transactions {rest}", values)  # noqa: S608
            return [rows.transaction(row) for row in found]

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection | None]:
        """This thread's connection, None before there is a ledger; SQLite's errors become LedgerError."""
        try:
            yield self._mine()
        except sqlite3.Error as trouble:
            raise from_sqlite(trouble) from trouble

    def _mine(self) -> sqlite3.Connection | None:
        if getattr(self._local, "generation", None) != self._generation:
            if not self.file.exists():
                refuse_missing(self.file.parent)
                return None
            connection = open_beside(self.file)
            rows.read_as_if_up_to_date(connection)
            with self._lock:
                self._connections.append(connection)
                self._local.generation = self._generation
            self._local.connection = connection
        found: sqlite3.Connection = self._local.connection
        return found
