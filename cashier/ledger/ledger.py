"""The ledger of one account: the one writer, and a reader beside it. docs/decisions/one-door.md."""

import contextlib
import logging
import os
import sqlite3
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from cashier.domain.events import Decision, Event
from cashier.domain.transaction import NewTransaction, Transaction
from cashier.ledger.connections import BUSY_TIMEOUT, FILE, open_writer
from cashier.ledger.errors import LedgerClosed, from_os, from_sqlite
from cashier.ledger.examination import examine
from cashier.ledger.identity import Account, Identity, identify
from cashier.ledger.mark import MarkFile, mark_of, refuse_missing
from cashier.ledger.migrations import bring_up_to_date, create
from cashier.ledger.pen import Pen
from cashier.ledger.places import Place, linked_notice, place_of, refuse_network, synced_notice
from cashier.ledger.putting import finish_restore
from cashier.ledger.reader import Reader
from cashier.ledger.restored import SIGNED, locked_sentence, unsigned_restores
from cashier.ledger.results import Created, Facts, Settled
from cashier.ledger.schema import STEPS, Step
from cashier.ledger.writer import Writer

__all__ = ["Account", "Created", "Facts", "Ledger", "Settled"]
T = TypeVar("T")
log = logging.getLogger(__name__)


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
        place: Callable[[Path], Place] = place_of,
    ) -> None:
        self.file = folder / FILE
        self.reader = Reader(folder)
        self._account = account
        self._now = now
        self._till_number = till_number
        self._steps = steps
        self._busy_timeout = busy_timeout
        self._place = place
        self._mark = MarkFile(folder)
        self._writer = Writer(threaded=threaded)
        self._connection: sqlite3.Connection | None = None
        self._identity: Identity | None = None

    def open(self) -> None:
        """Opens or makes the ledger, after a look at the file, at whose it is and at what may be missing, and takes
        the steps to this version. What it refuses is left as it was.
        """
        self._writer.start()
        try:
            self._writer.call(self._open)
        except BaseException:
            self._writer.stop()
            raise

    def close(self) -> None:
        """Closes writer and reader. A second call does nothing."""
        # First, so that the writer is the last to go: only then does SQLite leave nothing but the one file.
        self.reader.close()
        with contextlib.suppress(LedgerClosed):
            self._writer.call(self._close)
        self._writer.stop()
        self.reader.close()

    def create(self, new: NewTransaction, *, not_while_open: bool, not_same_since: datetime | None) -> Created:
        """Commits `new` as `created`.

        Raises AlreadyBegun when its `action_id` was used, OpenAlready (`not_while_open`) while another of its kind
        to its phone is open, SameAgain when the same phone and amount was begun at or after `not_same_since`,
        PayoutsLocked for a payout after a restore that nobody has signed for. A refund raises NotPaid, NothingLeft or
        MoreThanLeft where its payment does not allow it.
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

    def notice(self) -> str | None:
        """What a person must know of an open ledger, though it can be written. Raises LedgerError."""
        restores = self.reader.unsigned_restores()
        words = (
            locked_sentence(restores) if restores else None,
            synced_notice(self._place(self.file.parent)),
            linked_notice(self.file.parent),
        )
        return " ".join(one for one in words if one is not None) or None

    def sign(self, name: str, note: str) -> list[Event]:
        """Notes that `name` compared what restores may hide with the provider's statement: payouts are unlocked.

        Returns the restores signed for, all since the last signature; none, and nothing is written, when nothing
        waits for it. Raises LedgerError.
        """

        def write(pen: Pen) -> list[Event]:
            restores = unsigned_restores(pen.connection)
            if restores:
                about = [restored.sequence for restored in restores]
                pen.note(SIGNED, "operator", {"name": name, "note": note, "restored": about})
            return restores

        return self.write(write)

    def _open(self) -> None:
        folder = self.file.parent
        refuse_network(self._place(folder))
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if os.name != "nt":
                folder.chmod(0o700)
        except OSError as trouble:
            raise from_os(trouble) from trouble
        finish_restore(folder)
        if self.file.exists():
            examine(self.file, self._account, self._steps, self._busy_timeout)
        else:
            refuse_missing(folder)
            create(self.file, self._account, self._till_number, self._now(), self._steps)
        self._mark.take()
        try:
            connection = open_writer(self.file, self._busy_timeout)
        except BaseException:
            self._mark.end(whole=False)
            raise
        connection.row_factory = sqlite3.Row
        try:
            # From here on a `-wal` stands beside the file until a clean end.
            self._mark.begin(mark_of(connection, opened=True))
            bring_up_to_date(connection, self.file, self._now(), self._steps)
            self._identity = identify(connection, self._account)
        except sqlite3.Error as trouble:
            self._end(connection)
            raise from_sqlite(trouble) from trouble
        except BaseException:
            self._end(connection)
            raise
        self._connection = connection

    def _close(self) -> None:
        if self._connection is not None:
            self._end(self._connection)
            self._connection = None

    def _end(self, connection: sqlite3.Connection) -> None:
        """Brings everything into the one file, marks that, then lets SQLite take the `-wal` away."""
        try:
            busy = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        except sqlite3.Error as trouble:
            log.warning("the ledger's end: %s", trouble)
            busy = True
        self._mark.end(whole=not busy)
        with contextlib.suppress(sqlite3.Error):
            connection.close()

    def _write(self, work: Callable[[Pen], T]) -> T:
        connection, identity = self._connection, self._identity
        if connection is None or identity is None:
            raise LedgerClosed("The ledger is closed.")
        try:
            connection.execute("BEGIN IMMEDIATE")
            pen = Pen(connection, identity, self._now())
            done = work(pen)
            connection.execute("COMMIT")
        except BaseException as trouble:
            if connection.in_transaction:
                with contextlib.suppress(sqlite3.Error):
                    connection.execute("ROLLBACK")
            if isinstance(trouble, sqlite3.Error):
                raise from_sqlite(trouble) from trouble
            raise
        if pen.last is not None:
            self._mark.advance(pen.last.sequence, pen.last.hash, pen.last_position)
        return done
