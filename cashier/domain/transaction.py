"""A transaction as the ledger holds it, and what it takes to begin one."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from cashier.domain.states import FINAL, Kind, State

CLOSED = "closed:"
# From then on the counter is advised to take another number or cash.
LATE_AFTER = timedelta(seconds=150)
# What stands in `review` after a close by hand, before the name, by whether the money was received.
CLOSED_AS = {True: f"{CLOSED} received", False: f"{CLOSED} not received"}


@dataclass(frozen=True)
class NewTransaction:
    """What the ledger needs to write `created`. `amount` is whole RWF, `phone` is `2507` and eight digits.

    `action_id` names one press of a button: a second one with the same name gets the first one's row back.
    `refund_of` is the id of the payment that this payout gives back.
    """

    id: str
    kind: Kind
    phone: str
    amount: int
    reference: str | None = None
    reason: str | None = None
    fee: bool = False
    action_id: str | None = None
    refund_of: str | None = None


@dataclass(frozen=True)
class Transaction:
    """One row of the ledger. Times are UTC and aware; `amount` is whole RWF.

    `accepted` tells that the gateway once said pending, success or gave an id of its own. `operator_reference` is the
    mobile operator's (`referenceid`, `referenceno`), apart from the gateway's id. `version` grows with each event.
    `alarm` is what somebody must see, until somebody has.
    `refund_of` is the id of the payment that this payout gives back, `review_at` when `review` came to what it says.
    """

    id: str
    number: str
    kind: Kind
    phone: str
    amount: int
    state: State
    review: str | None
    response_code: str | None
    message: str | None
    gateway_transaction_id: str | None
    operator_reference: str | None
    reference: str | None
    reason: str | None
    fee: bool
    accepted: bool
    hidden: bool
    created_at: datetime
    decided_at: datetime | None
    version: int
    alarm: str | None = None
    refund_of: str | None = None
    review_at: datetime | None = None

    @property
    def is_final(self) -> bool:
        return self.state in FINAL

    @property
    def is_late(self) -> bool:
        """A payment that came when nobody waited for it any more: it was hidden, or the customer was given up."""
        if self.kind is not Kind.PAYMENT or self.state is not State.SUCCESSFUL:
            return False
        return self.hidden or (self.decided_at is not None and self.decided_at - self.created_at >= LATE_AFTER)

    @property
    def is_closed(self) -> bool:
        """Closed by hand: the state stays, a person wrote what happened."""
        return self.review is not None and self.review.startswith(CLOSED)

    @property
    def closed_as(self) -> bool | None:
        """The verdict of a row closed by hand: whether the money was received."""
        if not self.is_closed:
            return None
        return (self.review or "").startswith(CLOSED_AS[True])

    @property
    def is_under_review(self) -> bool:
        """Needs a manager: marked, and not closed by hand."""
        return self.review is not None and not self.is_closed

    @property
    def can_be_closed(self) -> bool:
        """Whether a manager may close it by hand now: under review, and no longer being sent."""
        return self.is_under_review and self.state is not State.CREATED

    @property
    def is_open(self) -> bool:
        """Neither settled nor closed by hand."""
        return not self.is_final and not self.is_closed
