"""A reading of the account's balance, as the ledger keeps it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Reading:
    """What the gateway said was on the account. `at` is UTC; `balance` whole RWF, rounded down; `text` as it came.

    `why` tells what it was read for: `asked` by a person, `before` or `after` the transaction `transaction_id`, …
    `sequence` grows with each reading.
    """

    sequence: int
    at: datetime
    balance: int
    text: str
    why: str
    transaction_id: str | None = None
