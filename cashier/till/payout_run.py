"""Payouts from a file, one after another: the next begins only after the one before is final. No thread of its own."""

import logging
import threading
from functools import partial
from pathlib import Path

from cashier.domain.errors import BadInputError
from cashier.domain.events import Change
from cashier.domain.payout_run import NewRun, Progress, Run, RunLine, RunState
from cashier.domain.transaction import Transaction
from cashier.errors import CashierError
from cashier.gateway.meaning import NoBalance
from cashier.ledger import payout_runs
from cashier.ledger.errors import LedgerError, OpenAlready
from cashier.till import payout_results
from cashier.till.announcer import Announcer
from cashier.till.payout_looks import leave_out, lines_of, lists_of, progress_of
from cashier.till.payout_rows import PayoutList
from cashier.till.payout_stops import (
    AFTER_A_START,
    ENDED_BY_HAND,
    OUR_FAULT,
    phone_is_taken,
    reason_to_stop,
    settled_meanwhile,
    still_open,
)
from cashier.till.ports import Lane
from cashier.till.till import Till

log = logging.getLogger(__name__)


class PayoutRuns:
    """Approves a list, sends its lines, stops, goes on. `progress` tells each change; any thread may call.

    `approve`, `go_on`, `end` and `save_results` may wait for disk and network, so never on the GUI thread.
    """

    def __init__(self, till: Till, lane: Lane) -> None:
        self.progress: Announcer[Progress] = Announcer()
        self._till = till
        self._lane = lane
        self._lock = threading.RLock()
        self._loading = threading.Lock()  # two at once would write one list's results twice
        self._run: Run | None = None
        self._state = RunState.STOPPED
        self._why = ""
        self._current: str | None = None
        self._stopped_at: str | None = None
        self._results = ""
        till.subscribe(self._changed)

    def load(self) -> Progress | None:
        """The list that an earlier run of the program left, stopped; None where there is none. Raises LedgerError.

        One that ended without its results gets them now. May wait for the disk.
        """
        reader = self._till.ledger.reader
        with self._loading:
            with self._lock:
                if self._run is None:
                    self._run = reader.ask(payout_runs.unfinished, None)
                    self._state, self._why = RunState.STOPPED, AFTER_A_START
            left = reader.ask(payout_runs.without_results, None)
            if left is not None:
                with self._lock:
                    if self._run is None:
                        self._run, self._state, self._why = left, RunState.DONE, ""
                self._write_results(left, payout_results.beside(Path(left.source)))
        return self.now()

    def now(self) -> Progress | None:
        """Where the list stands, or None without one. Raises LedgerError."""
        with self._lock:
            if self._run is None:
                return None
            return progress_of(self._till.ledger.reader, self._run, self._state, self._why, self._results)

    def of_file(self, file: PayoutList) -> Progress | None:
        """The list of this same file, where there is one; one that has ended becomes the one shown. Raises LedgerError.

        None too where the list of another file has not ended.
        """
        found = next(iter(lists_of(self._till, file)), None)
        with self._lock:
            now = self._run
            if found is not None and (now is None or now.id != found.id):
                if found.ended_at is None or (now is not None and self._state is not RunState.DONE):
                    return None
                self._run, self._state, self._why, self._results = found, RunState.DONE, "", ""
            return None if found is None else self.now()

    def lines(self) -> list[RunLine]:
        """Every line of the list as the ledger has it now. Raises LedgerError."""
        run = self._run
        return [] if run is None else lines_of(self._till.ledger.reader, run)

    def paid_before(self) -> dict[tuple[str, int], Transaction]:
        """What went out in the last 45 days, or may have, by phone and amount. Raises LedgerError."""
        now = self._till.now()
        return self._till.ledger.reader.ask(lambda connection: payout_runs.paid_before(connection, now), {})

    def approve(self, new: NewRun, *, again: int = 0) -> Run:
        """Keeps the list and the ids of its lines in one commit. Nothing is sent before `go_on`.

        `again` is how many of the lines are paid though they went out before. Raises PaidBefore for another count,
        RunThere while another list has not ended, BadInputError without a name.
        """
        if not new.approved_by.strip():
            raise BadInputError("Type your name.")
        if not new.lines:
            raise BadInputError("There is no row to send.")
        with self._lock:
            run = self._till.ledger.write(lambda pen: payout_runs.approve(pen, new, again=again))
            self._run, self._current, self._results = run, None, ""
            self._state, self._why = RunState.PAUSED, ""
        self._tell()
        return run

    def go_on(self) -> None:
        """A person's press: begins the next line, unless one is open; then says which, and nothing is sent."""
        with self._lock:
            run = self._run
            if run is None or self._state in (RunState.RUNNING, RunState.DONE):
                return
            if self._state is RunState.PAUSING:
                self._state = RunState.RUNNING
                self._tell()
                return
            there = self._till.ledger.reader.ask(lambda connection: payout_runs.first_open(connection, run.id), None)
            if there is not None:
                self._stopped_at = there.id
                self._stop(still_open(there))
                self._till.check([there.id])
                return
            self._state, self._why, self._stopped_at = RunState.RUNNING, "", None
        self._tell()
        # Also shows whether the gateway is there at all, before the first row meets it.
        try:
            found = self._till.read_balance("before a list")
        except LedgerError as trouble:
            self._stop(str(trouble))
            return
        if isinstance(found, NoBalance):
            self._stop(f"{found.sentence} {found.advice}".strip())
            return
        self._next()

    def pause(self) -> None:
        """Lets the line that is on its way end, and begins no other."""
        with self._lock:
            if self._state is not RunState.RUNNING:
                return
            self._state = RunState.PAUSING if self._current is not None else RunState.PAUSED
        self._tell()

    def end(self, by: str) -> None:
        """Ends the list for good: rows not begun are never sent. Raises BadInputError while it runs."""
        if not by.strip():
            raise BadInputError("Type your name.")
        with self._lock:
            run = self._run
            if run is None or self._state is RunState.DONE:
                return
            if self._state in (RunState.RUNNING, RunState.PAUSING):
                raise BadInputError("Pause the list first.")
            self._finish(run, by.strip())
        self._tell()

    def save_results(self, path: Path) -> None:
        """Writes what became of each row, as CSV. Raises EnvironmentStop when the file cannot be written."""
        run = self._run
        if run is not None:
            self._save(run, path)

    def _save(self, run: Run, path: Path) -> None:
        payout_results.write(path, lines_of(self._till.ledger.reader, run))
        with self._lock:
            self._till.ledger.write(lambda pen: payout_runs.mark_results(pen.connection, pen.at, run.id))
            if self._run is not None and self._run.id == run.id:
                self._results, self._why = str(path), "" if self._state is RunState.DONE else self._why
        self._tell()

    def _write_results(self, run: Run, path: Path) -> None:
        try:
            self._save(run, path)
        except CashierError as why:
            with self._lock:
                if self._run is not None and self._run.id == run.id:
                    self._why = f"{why.sentence} Save the results somewhere else."
            self._tell()
        except LedgerError as trouble:
            log.warning("that the results are written was not kept: %s", trouble)

    def _next(self) -> None:
        """Begins the first waiting line, or ends the list after the last one."""
        with self._lock:
            run = self._run
            if run is None or self._state is not RunState.RUNNING or self._current is not None:
                return
            try:
                self._begin_first(run)
            except LedgerError as trouble:
                self._current = None
                self._stop(str(trouble))
                return
            except Exception:  # a bug of ours: the list must not look as if it went on
                self._current = None
                self._stop(OUR_FAULT)
                raise
        self._tell()

    def _begin_first(self, run: Run) -> None:
        reader = self._till.ledger.reader
        while (line := reader.ask(lambda connection: payout_runs.next_line(connection, run.id), None)) is not None:
            health = self._till.health.health
            if health.gateway_down_since is not None:
                self._stop(f"The gateway is down. {health.gateway_trouble or ''}".strip())
                return
            self._current = line.id
            try:
                self._till.pay_out_line(line, f"{Path(run.source).name}, row {line.row}", fee=run.fee)
            except OpenAlready as why:
                self._current, self._stopped_at = None, why.existing.id
                self._stop(phone_is_taken(line, why.existing))
                return
            except BadInputError as why:
                self._current = None
                leave_out(self._till, line, str(why))
            else:
                return
        self._finish(run, "")

    def _finish(self, run: Run, by: str) -> None:
        self._till.ledger.write(lambda pen: payout_runs.end(pen, run.id, by, ENDED_BY_HAND))
        self._state, self._why = RunState.DONE, ""
        self._lane.submit(partial(self._after_the_end, run))

    def _after_the_end(self, run: Run) -> None:
        """The result file beside the source, and the balance after."""
        self._write_results(run, payout_results.beside(Path(run.source)))
        try:
            self._till.read_balance("after a list")
        except LedgerError as trouble:
            log.warning("the balance after the list was not kept: %s", trouble)

    def _changed(self, change: Change) -> None:
        """On the thread that settled something, under the door's lock: only takes note."""
        row = change.transaction
        if row.id == self._current:
            self._lane.submit(partial(self._look, row))
        elif row.id == self._stopped_at and not row.is_open:
            self._lane.submit(partial(self._settled_meanwhile, row))

    def _look(self, row: Transaction) -> None:
        """What the news of the current line means for the list."""
        with self._lock:
            if row.id != self._current:
                return
            try:
                why = reason_to_stop(row, self._till.ledger.reader.events)
            except LedgerError as trouble:
                why = str(trouble)
            if why:
                self._current, self._stopped_at = None, row.id
                self._stop(why)
                return
            if not row.is_final:
                return
            self._current = None
            if self._state is RunState.PAUSING:
                self._state = RunState.PAUSED
        self._tell()
        self._next()

    def _settled_meanwhile(self, row: Transaction) -> None:
        """The row at which the list stopped has come to its end; going on is still a person's press."""
        with self._lock:
            if row.id != self._stopped_at or self._state is not RunState.STOPPED:
                return
            self._stopped_at = None
            self._why = settled_meanwhile(row)
        self._tell()

    def _stop(self, why: str) -> None:
        with self._lock:
            self._state, self._why = RunState.STOPPED, why
        self._tell()

    def _tell(self) -> None:
        with self._lock:  # so that a later state is never told before an earlier one
            try:
                found = self.now()
            except LedgerError as trouble:
                log.warning("the list's progress cannot be read: %s", trouble)
            else:
                if found is not None:
                    self.progress.announce(found)
