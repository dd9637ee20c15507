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


@dataclass(frozen=True)
class Agreement:
    """The change between two readings beside the money that this till moved meanwhile, all in whole RWF.

    `open_payouts` are the numbers of payouts, `open_payments` how many payments, that were not settled at the later
    reading: their money may be in the balance already, or not yet.
    """

    before: Reading
    after: Reading
    money_in: int
    money_out: int
    open_payouts: tuple[str, ...]
    open_payments: int

    @property
    def net(self) -> int:
        """What this till moved."""
        return self.money_in - self.money_out

    @property
    def change(self) -> int:
        """What the gateway's balance did."""
        return self.after.balance - self.before.balance

    @property
    def unexplained(self) -> int:
        """What is in the balance and not in this till: below 0 where money is missing."""
        return self.change - self.net
