"""The ledger of one account: the one writer, and a reader beside it. docs/decisions/one-door.md."""

import contextlib
import os
import sqlite3
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from cashier.domain.events import Decision
from cashier.domain.transaction import NewTransaction, Transaction
from cashier.ledger.connections import BUSY_TIMEOUT, FILE, open_writer
from cashier.ledger.errors import LedgerClosed, LedgerError, from_sqlite
from cashier.ledger.migrations import Account, Identity, bring_up_to_date, create, identify
from cashier.ledger.pen import Pen
from cashier.ledger.reader import Reader
from cashier.ledger.results import Created, Facts, Settled
from cashier.ledger.schema import STEPS, Step
from cashier.ledger.writer import Writer

__all__ = ["Account", "Created", "Facts", "Ledger", "Settled"]
T = TypeVar("T")


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
        A refund raises NotPaid, NothingLeft or MoreThanLeft where its payment does not allow it.
        """
        return self.write(lambda pen: pen.create(new, not_while_open=not_while_open, not_same_since=not_same_since))

    def settle(self, id: str, decide: Callable[[Transaction, Facts], Decision | None]) -> Settled:
        """Reads the row, has `decide` judge it, and writes event and row in one transaction.

        Raises KeyError for an id that is not there, ForbiddenMove for a decision against the table of moves.
        """
        return self.write(lambda pen: pen.settle(id, decide))

    def write(self, work: Callable[[Pen], T]) -> T:
        """Runs `work` in one transaction on the writer's thread: all of it is on the disk when it returns, or nothing.

        Raises LedgerError and what `work` raises.
        """
        return self._writer.call(lambda: self._write(work))

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

    def _write(self, work: Callable[[Pen], T]) -> T:
        connection, identity = self._connection, self._identity
        if connection is None or identity is None:
            raise LedgerClosed("The ledger is closed.")
        try:
            connection.execute("BEGIN IMMEDIATE")
            done = work(Pen(connection, identity, self._now()))
            connection.execute("COMMIT")
        except BaseException as trouble:
            if connection.in_transaction:
                with contextlib.suppress(sqlite3.Error):
                    connection.execute("ROLLBACK")
            if isinstance(trouble, sqlite3.Error):
                raise from_sqlite(trouble) from trouble
            raise
        return done
