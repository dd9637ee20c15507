"""The one door to every state change: docs/decisions/one-door.md."""

import logging
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from cashier.domain.events import Change, Decision
from cashier.domain.evidence import Evidence, Meaning, Source
from cashier.domain.states import State
from cashier.domain.transaction import NewTransaction, Transaction
from cashier.ledger import payout_runs
from cashier.ledger.errors import AlreadyBegun, ForbiddenMove, LedgerError
from cashier.ledger.ledger import Created, Facts, Ledger
from cashier.ledger.pen import Pen
from cashier.till.announcer import Announcer
from cashier.till.ports import Clock, Scheduler
from cashier.till.rules import OLD_AGE, Tally, decide, is_stranger, tally_after
from cashier.till.waiting_room import Waiting, WaitingRoom

log = logging.getLogger(__name__)

_RETRY = 2.0
INTERRUPTED = Evidence(
    Source.RECOVERY,
    Meaning.UNCLEAR,
    message="The program ended while this was being sent.",
    advice="Do not ask again. The gateway is being asked.",
)


class Door:
    """Writes new rows and settles evidence, and announces each real change after its commit, in order.

    Evidence that the ledger could not take (disk full) is kept in memory and tried again; `late` tells the row after it
    was written. `found` tells a row whose commit was reported as failed and that is there: nothing of it was sent.
    """

    def __init__(self, ledger: Ledger, clock: Clock, scheduler: Scheduler) -> None:
        self.changes: Announcer[Change] = Announcer()
        self.trouble: Announcer[str | None] = Announcer()
        self.late: Announcer[Transaction] = Announcer()
        self.found: Announcer[Transaction] = Announcer()
        self._begun: set[str] = set()
        self._ledger = ledger
        self._clock = clock
        self._scheduler = scheduler
        self._lock = threading.RLock()
        self._tallies: dict[str, Tally] = {}
        self._kept = WaitingRoom()
        self._retrying = False

    def create(self, new: NewTransaction, *, not_while_open: bool, not_same_since: datetime | None) -> Transaction:
        """Commits `created`. Raises what `Ledger.create` raises."""
        with self._lock:
            try:
                created = self._ledger.create(new, not_while_open=not_while_open, not_same_since=not_same_since)
            except AlreadyBegun as begun:
                self._take_up(begun.existing)
                raise
            self._begun.add(new.id)
            self.changes.announce(created.change)
            return created.transaction

    def _take_up(self, row: Transaction) -> None:
        """A row that stands in the ledger though this run never heard that it was written."""
        if row.state is State.CREATED and row.id not in self._begun:
            after = self.settle(row.id, INTERRUPTED)
            if after is not None:
                self.found.announce(after)

    def create_line(self, new: NewTransaction) -> Transaction:
        """Commits the payout of a line of a list as `created` and marks the line, both or neither. Raises LedgerError.

        Raises OpenAlready while another payout to that phone is open.
        """

        def begin(pen: Pen) -> Created:
            created = pen.create(new, not_while_open=True, not_same_since=None)
            payout_runs.mark_begun(pen.connection, new.id)
            return created

        with self._lock:
            created = self._ledger.write(begin)
            self.changes.announce(created.change)
            return created.transaction

    def settle(self, id: str, evidence: Evidence, trigger: str | None = None) -> Transaction | None:
        """Brings `evidence` to the row and returns the row after it; None while the ledger cannot be written."""
        one = Waiting(id, evidence, trigger, self._clock.monotonic())
        with self._lock:
            try:
                self._write_kept(id)  # what came before it goes first
                return self._settle(one)
            except LedgerError as trouble:
                log.warning("evidence for %s kept in memory: %s", id, trouble)
                self._kept.add(one)
                self.trouble.announce(str(trouble))
                self._retry_later()
                return None

    def apply(self, id: str, choose: Callable[[Transaction], Decision | None]) -> Transaction:
        """A person's act on a row (hide, …). Raises LedgerError."""
        with self._lock:
            settled = self._ledger.settle(id, lambda row, _facts: choose(row))
            if settled.change is not None:
                self.changes.announce(settled.change)
            return settled.transaction

    def _settle(self, one: Waiting) -> Transaction:
        id, evidence, trigger = one.id, one.evidence, one.trigger
        tally = Tally()

        def choose(row: Transaction, facts: Facts) -> Decision:
            nonlocal tally
            claimed = evidence.gateway_transaction_id
            clash = claimed is not None and facts.other_with_gateway_id(claimed) is not None
            tally = tally_after(
                self._tallies.get(id, Tally()),
                evidence,
                one.came,
                stranger=is_stranger(row, evidence, clash),
            )
            now = self._clock.now()
            decision = decide(
                row,
                evidence,
                tally=tally,
                # Counting reads the row's whole story, and only an old one is judged by it.
                checks=facts.answered_checks() if now - row.created_at >= OLD_AGE else 0,
                now=now,
                clash=clash,
                told=facts.told() if row.is_final or row.review is not None else frozenset(),
            )
            if trigger is None:
                return decision
            return replace(decision, data={**decision.data, "trigger": trigger})

        settled = self._ledger.settle(id, choose)
        self._remember(settled.transaction, tally)
        if settled.change is not None:
            self.changes.announce(settled.change)
        return settled.transaction

    def _remember(self, row: Transaction, tally: Tally) -> None:
        if row.is_final or tally.count == 0:
            self._tallies.pop(row.id, None)
        else:
            self._tallies[row.id] = tally

    def _retry_later(self) -> None:
        if not self._retrying:
            self._retrying = True
            self._scheduler.call_at(self._clock.monotonic() + _RETRY, self._retry)

    def _retry(self) -> None:
        with self._lock:
            self._retrying = False
            try:
                self._write_kept()
            except LedgerError:
                self._retry_later()
            else:
                self.trouble.announce(None)

    def _write_kept(self, id: str | None = None) -> None:
        """Writes what waits, about the row `id` or about all. Raises LedgerError at the first that finds no room."""
        while (one := self._kept.first(id)) is not None:
            try:
                row = self._settle(one)
            except ForbiddenMove:  # a bug of ours: it must not hold up the others for ever
                log.exception("evidence for %s cannot be written", one.id)
            else:
                self.late.announce(row)
            self._kept.written(one)
