"""Payouts from a file: a list that a manager approved, and what became of each of its lines."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cashier.domain.transaction import Transaction


@dataclass(frozen=True)
class NewLine:
    """One line to approve. `row` is its row in the file, `id` the id of ours that its transaction will have."""

    row: int
    id: str
    phone: str
    amount: int
    reason: str


@dataclass(frozen=True)
class NewRun:
    """A list to approve. `source` is the path of the file, the hashes are hex of its bytes and of its rows.

    With `fee` the withdrawal fee is sent on top of each row.
    """

    id: str
    source: str
    content_hash: str
    rows_hash: str
    approved_by: str
    lines: tuple[NewLine, ...]
    fee: bool = False


@dataclass(frozen=True)
class Run:
    """An approved list. Times are UTC; `total` is whole RWF. `ended_by` is empty where the last line ended it."""

    id: str
    at: datetime
    source: str
    approved_by: str
    lines: int
    total: int
    ended_at: datetime | None
    ended_by: str | None
    fee: bool = False


@dataclass(frozen=True)
class RunLine:
    """A line as the ledger holds it: not begun, skipped with a reason, or begun as `transaction`."""

    position: int
    row: int
    id: str
    phone: str
    amount: int
    reason: str
    skipped: str | None
    transaction: Transaction | None

    @property
    def is_waiting(self) -> bool:
        """Never begun, and not skipped."""
        return self.transaction is None and self.skipped is None


class RunState(StrEnum):
    """What a run does now. After a start of the program a run that has not ended is stopped."""

    RUNNING = "running"
    PAUSING = "pausing"  # the line that is on its way ends first
    PAUSED = "paused"
    STOPPED = "stopped"
    DONE = "done"


@dataclass(frozen=True)
class Counts:
    """How many lines of a run stand where; `sent_amount` in RWF, `waiting` those never begun.

    `open` are those still asked about, `closed` those that somebody closed by hand without an answer.
    """

    sent: int
    failed: int
    skipped: int
    open: int
    waiting: int
    sent_amount: int
    closed: int = 0


@dataclass(frozen=True)
class Progress:
    """A snapshot of a run. `why` is a sentence where it is stopped, `last` the line that was begun last.

    `results` is the path of the result file once it is written.
    """

    run: Run
    state: RunState
    counts: Counts
    why: str = ""
    last: RunLine | None = None
    results: str = ""

    @property
    def is_sending(self) -> bool:
        """Whether rows are on their way, or will be by themselves."""
        return self.state in (RunState.RUNNING, RunState.PAUSING)
