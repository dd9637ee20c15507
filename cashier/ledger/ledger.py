"""The ledger of one account: the one writer, and a reader beside it. docs/decisions/one-door.md."""

import contextlib
import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from cashier.domain.events import Change, Decision, Event
from cashier.domain.states import State, may_move
from cashier.domain.transaction import NewTransaction, Transaction
from cashier.ledger import rows
from cashier.ledger.chain import data_text, genesis, link, time_text
from cashier.ledger.connections import BUSY_TIMEOUT, FILE, open_writer
from cashier.ledger.errors import (
    AlreadyBegun,
    ForbiddenMove,
    LedgerClosed,
    LedgerError,
    OpenAlready,
    SameAgain,
    from_sqlite,
)
from cashier.ledger.migrations import Account, Identity, bring_up_to_date, create, identify
from cashier.ledger.reader import OPEN, Reader
from cashier.ledger.results import Created, Facts, Settled
from cashier.ledger.schema import STEPS, Step
from cashier.ledger.writer import Writer

__all__ = ["Account", "Created", "Facts", "Ledger", "Settled"]


class Ledger:
    """Every method waits until what it wrote is on the disk, and may be called from any thread. Raises LedgerError."""

    def __init__(
        self,
        folder: Path,
        account: Account,
        *,
        now: Callable[[], datetime],
        till_number: int = 1,
        threaded: bool = True,
        steps: Sequence[Step] = STEPS,
        busy_timeout: float = BUSY_TIMEOUT,
    ) -> None:
        self.file = folder / FILE
        self.reader = Reader(folder)
        self._account = account
        self._now = now
        self._till_number = till_number
        self._steps = steps
        self._busy_timeout = busy_timeout
        self._writer = Writer(threaded=threaded)
        self._connection: sqlite3.Connection | None = None
        self._identity: Identity | None = None

    def open(self) -> None:
        """Opens or makes the ledger, checks it quickly and whose it is, and takes the steps to this version."""
        self._writer.start()
        try:
            self._writer.call(self._open)
        except BaseException:
            self._writer.stop()
            raise

    def close(self) -> None:
        """Closes writer and reader. A second call does nothing."""
        with contextlib.suppress(LedgerClosed):
            self._writer.call(self._close)
        self._writer.stop()
        self.reader.close()

    def create(self, new: NewTransaction, *, not_while_open: bool, not_same_since: datetime | None) -> Created:
        """Commits `new` as `created`.

        Raises AlreadyBegun when its `action_id` was used, OpenAlready (`not_while_open`) while another of its kind
        to its phone is open, SameAgain when the same phone and amount was begun at or after `not_same_since`.
        """
        return self._writer.call(lambda: self._create(new, not_while_open, not_same_since))

    def settle(self, id: str, decide: Callable[[Transaction, Facts], Decision | None]) -> Settled:
        """Reads the row, has `decide` judge it, and writes event and row in one transaction.

        Raises KeyError for an id that is not there, ForbiddenMove for a decision against the table of moves.
        """
        return self._writer.call(lambda: self._settle(id, decide))

    def _open(self) -> None:
        folder = self.file.parent
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if os.name != "nt":
                folder.chmod(0o700)
        except OSError as trouble:
            raise LedgerError(f"The ledger's folder cannot be used: {trouble.strerror}. Check its rights.") from trouble
        if not self.file.exists():
            create(self.file, self._account, self._till_number, self._now(), self._steps)
        connection = open_writer(self.file, self._busy_timeout)
        connection.row_factory = sqlite3.Row
        try:
            if connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
                raise sqlite3.DatabaseError("file is not a database")
            bring_up_to_date(connection, self.file, self._now(), self._steps)
            self._identity = identify(connection, self._account)
        except sqlite3.Error as trouble:
            connection.close()
            raise from_sqlite(trouble) from trouble
        except BaseException:
            connection.close()
            raise
        self._connection = connection

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction: all of it or nothing. Errors of SQLite become the ledger's own."""
        connection = self._connection
        if connection is None:
            raise LedgerClosed("The ledger is closed.")
        try:
            connection.execute("BEGIN IMMEDIATE")
            yield connection
            connection.execute("COMMIT")
        except BaseException as trouble:
            if connection.in_transaction:
                with contextlib.suppress(sqlite3.Error):
                    connection.execute("ROLLBACK")
            if isinstance(trouble, sqlite3.Error):
                raise from_sqlite(trouble) from trouble
            raise

    def _create(self, new: NewTransaction, not_while_open: bool, not_same_since: datetime | None) -> Created:
        with self._writing() as connection:
            self._refuse_twice(connection, new, not_while_open, not_same_since)
            position = connection.execute("SELECT coalesce(max(position), 0) + 1 FROM transactions").fetchone()[0]
            number = f"T{self._whoami.till_number}-{position:06d}"
            at = time_text(self._now())
            fields = {
                "id": new.id,
                "number": number,
                "action_id": new.action_id,
                "kind": new.kind.value,
                "phone": new.phone,
                "amount": new.amount,
                "reference": new.reference,
                "reason": new.reason,
                "fee": int(new.fee),
                "created_at": at,
                "state": State.CREATED.value,
            }
            connection.execute(
                f"INSERT INTO transactions (position, {', '.join(fields)}) VALUES (?{', ?' * len(fields)})",  # noqa: S608
                (position, *fields.values()),
            )
            written = self._append(connection, new.id, at, "created", "till", State.CREATED, {**fields, "fee": new.fee})
            row = rows.get(connection, new.id)
        return Created(row, Change(row, None, written.sequence))

    def _refuse_twice(
        self, connection: sqlite3.Connection, new: NewTransaction, not_while_open: bool, not_same_since: datetime | None
    ) -> None:
        if new.action_id is not None:
            begun = rows.first(connection, "action_id = ?", new.action_id)
            if begun is not None:
                raise AlreadyBegun(f"This was begun already as {begun.number}.", begun)
        if not_while_open:
            there = rows.first(connection, f"phone = ? AND kind = ? AND {OPEN}", new.phone, new.kind.value)
            if there is not None:
                raise OpenAlready(f"{there.number} to this phone is still open.", there)
        if not_same_since is not None:
            there = rows.first(
                connection,
                "phone = ? AND kind = ? AND amount = ? AND created_at >= ?",
                new.phone,
                new.kind.value,
                new.amount,
                time_text(not_same_since),
            )
            if there is not None:
                raise SameAgain(f"The same phone and amount was charged just now as {there.number}.", there)

    def _settle(self, id: str, decide: Callable[[Transaction, Facts], Decision | None]) -> Settled:
        with self._writing() as connection:
            before = rows.get(connection, id)
            checks = connection.execute(
                "SELECT count(*) FROM events WHERE transaction_id = ? AND source = 'status'"
                " AND json_extract(data, '$.answered')",
                (id,),
            ).fetchone()[0]

            def other(gateway_id: str) -> Transaction | None:
                return rows.first(
                    connection, "kind = ? AND gateway_transaction_id = ? AND id <> ?", before.kind.value, gateway_id, id
                )

            decision = decide(before, Facts(checks, other))
            if decision is None:
                return Settled(before, before, None, None)
            state = decision.state or before.state
            if state is not before.state and not may_move(before.state, state):
                raise ForbiddenMove(f"{before.state} cannot become {state}")
            at = time_text(self._now())
            changed = _differences(before, decision, state, at)
            written = self._append(
                connection, id, at, decision.event, decision.source, state, {**decision.data, "changed": changed}
            )
            sets = "".join(f"{name} = ?, " for name in changed)
            connection.execute(
                f"UPDATE transactions SET {sets}version = version + 1 WHERE id = ?",  # noqa: S608  # names of our own
                (*(int(v) if isinstance(v, bool) else v for v in changed.values()), id),
            )
            after = rows.get(connection, id)
        return Settled(after, before, written, Change(after, before, written.sequence) if changed else None)

    def _append(
        self,
        connection: sqlite3.Connection,
        id: str,
        at: str,
        name: str,
        source: str,
        state: State,
        data: dict[str, object],
    ) -> Event:
        last = connection.execute("SELECT sequence, hash FROM events ORDER BY sequence DESC LIMIT 1").fetchone()
        me = self._whoami
        previous = last["hash"] if last else genesis(me.account.environment, me.account.accountno, me.install_id)
        sequence = last["sequence"] + 1 if last else 1
        text = data_text(data)
        connection.execute(
            f"INSERT INTO events ({rows.EVENT_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608  # our own columns
            (
                sequence,
                id,
                at,
                name,
                source,
                state.value,
                text,
                link(previous, sequence, id, at, name, source, state.value, text),
            ),
        )
        return rows.event(
            connection.execute(f"SELECT {rows.EVENT_COLUMNS} FROM events WHERE sequence = ?", (sequence,)).fetchone()  # noqa: S608
        )

    @property
    def _whoami(self) -> Identity:
        if self._identity is None:
            raise LedgerClosed("The ledger is closed.")
        return self._identity


# What explains a state is replaced together with it, also by nothing.
_OF_THE_STATE = frozenset({"response_code", "message"})


def _differences(before: Transaction, decision: Decision, state: State, at: str) -> dict[str, object]:
    """The columns that really change, with their new values."""
    wanted: dict[str, object] = {
        "state": None if state is before.state else state.value,
        "decided_at": at if state is not before.state and state in (State.SUCCESSFUL, State.FAILED) else None,
        "review": decision.review,
        "response_code": decision.response_code,
        "message": decision.message,
        "gateway_transaction_id": decision.gateway_transaction_id,
        "operator_reference": decision.operator_reference,
        "accepted": decision.accepted,
        "hidden": decision.hidden,
    }
    moved = state is not before.state
    return {
        name: value
        for name, value in wanted.items()
        if value != getattr(before, name) and (value is not None or (moved and name in _OF_THE_STATE))
    }
