"""A reading of the account's balance, as the ledger keeps it."""

from dataclasses import dataclass
from datetime import datetime

from cashier.domain.states import Kind


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
class Doubtful:
    """A payment or payout of which it cannot be known between which readings its money moved. `amount` is RWF."""

    number: str
    kind: Kind
    amount: int


@dataclass(frozen=True)
class Agreement:
    """The change between two readings beside the money that this till moved meanwhile, all in whole RWF.

    `open_payouts` are the numbers of payouts, `open_payments` how many payments, that were not settled at the later
    reading: their money may be in the balance already, or not yet. `late` began before the earlier reading and went
    through between the two: counted here, but its money may have moved before. `by_hand` was closed by hand between
    the two as received: a person's word, so it is not counted.
    """

    before: Reading
    after: Reading
    money_in: int
    money_out: int
    open_payouts: tuple[str, ...]
    open_payments: int
    late: tuple[Doubtful, ...] = ()
    by_hand: tuple[Doubtful, ...] = ()

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
