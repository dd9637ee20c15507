"""Refunds: a payout to the phone of a paid payment, without fee, never above what is left of it."""

from collections.abc import Iterable
from enum import Enum

from cashier.domain.money import Limits
from cashier.domain.states import Kind, State
from cashier.domain.transaction import Transaction

# What integrators report: the gateway refuses less than this, whatever the shop's own limits allow. In RWF.
GATEWAY_MINIMUM = 100


class NoRefund(Enum):
    """Why a payment cannot be given back now."""

    NOT_PAID = "not paid"
    NOTHING_LEFT = "nothing left"
    TOO_LITTLE_LEFT = "too little left"
    ONE_OPEN = "one open"


def may_be_refunded(row: Transaction) -> bool:
    """Whether `row` is a paid payment about which nothing is contradictory, or a manager said that it was received."""
    settled = row.kind is Kind.PAYMENT and row.state is State.SUCCESSFUL
    return settled and (row.review is None or row.closed_as is True)


def left_to_refund(payment: Transaction, refunds: Iterable[Transaction]) -> int:
    """RWF that may still go back: paid minus every refund of it that is not failed, open ones included."""
    if not may_be_refunded(payment):
        return 0
    return payment.amount - sum(row.amount for row in refunds if row.state is not State.FAILED)


def refund_limits(limits: Limits) -> Limits:
    """The limits of a refund in a shop with these `limits`: never below what the gateway takes."""
    return limits._replace(minimum=max(limits.minimum, GATEWAY_MINIMUM))


def why_no_refund(payment: Transaction, refunds: Iterable[Transaction], limits: Limits) -> NoRefund | None:
    """What stands against a refund of `payment` in a shop with these `limits`, None where one can be begun now."""
    made = list(refunds)
    left = left_to_refund(payment, made)
    if not may_be_refunded(payment):
        return NoRefund.NOT_PAID
    if any(row.is_open for row in made):
        return NoRefund.ONE_OPEN
    if left <= 0:
        return NoRefund.NOTHING_LEFT
    return NoRefund.TOO_LITTLE_LEFT if left < refund_limits(limits).minimum else None
