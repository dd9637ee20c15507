"""What the writer gives back, and what it tells a decision."""

from collections.abc import Callable
from dataclasses import dataclass

from cashier.domain.events import Change, Event
from cashier.domain.transaction import Transaction


@dataclass(frozen=True)
class Created:
    """A row just committed."""

    transaction: Transaction
    change: Change


@dataclass(frozen=True)
class Facts:
    """What else the ledger knows while a decision is made, read in the same transaction.

    `answered_checks` counts the status calls about this row that were answered. `other_with_gateway_id` gives the
    other row of the same kind that carries a gateway id, `told` every review mark, with its code, and alarm
    that the row ever had.
    """

    answered_checks: Callable[[], int]
    other_with_gateway_id: Callable[[str], Transaction | None]
    told: Callable[[], frozenset[str]] = frozenset


@dataclass(frozen=True)
class Settled:
    """A row after a decision. `event` is None where nothing was written, `change` where nothing really changed."""

    transaction: Transaction
    before: Transaction
    event: Event | None
    change: Change | None
