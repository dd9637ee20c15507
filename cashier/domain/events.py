"""What the ledger writes beside a row, and what it tells after it wrote."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from cashier.domain.states import State
from cashier.domain.transaction import Transaction


@dataclass(frozen=True)
class Decision:
    """What one piece of evidence does to one row.

    `state` None leaves the state; `review` None leaves the review text (it is never taken back by evidence). The
    other fields, where not None, replace those of the row; with a move, code and message replace them in any case. An
    empty `alarm` takes the row's away.
    `event` names the event (`answered`, `checked`, …) and `data` goes into it: JSON types only, never a secret.
    """

    event: str
    source: str
    state: State | None = None
    review: str | None = None
    response_code: str | None = None
    message: str | None = None
    gateway_transaction_id: str | None = None
    operator_reference: str | None = None
    accepted: bool | None = None
    hidden: bool | None = None
    alarm: str | None = None
    data: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Event:
    """One line of the append-only book. `sequence` has no gaps; `at` is UTC; `hash` chains it to the one before."""

    sequence: int
    transaction_id: str
    at: datetime
    event: str
    source: str
    state: State
    data: Mapping[str, object]
    hash: str


@dataclass(frozen=True)
class Change:
    """A real change of a row, told to subscribers after the commit.

    `before` is None for a row just created. `transaction` is the row as committed.
    """

    transaction: Transaction
    before: Transaction | None
    sequence: int

    @property
    def raised_alarm(self) -> bool:
        """Whether there is something new that somebody must see."""
        before = None if self.before is None else self.before.alarm
        return self.transaction.alarm is not None and self.transaction.alarm != before

    @property
    def became_final(self) -> bool:
        return self.transaction.is_final and (self.before is None or not self.before.is_final)
