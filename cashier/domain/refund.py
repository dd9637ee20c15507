"""Refunds: a payout to the phone of a paid payment, without fee, never above what is left of it."""

from collections.abc import Iterable

from cashier.domain.states import Kind, State
from cashier.domain.transaction import Transaction


def may_be_refunded(row: Transaction) -> bool:
    """Whether `row` is a paid payment about which nothing is contradictory, or a manager said that it was received."""
    settled = row.kind is Kind.PAYMENT and row.state is State.SUCCESSFUL
    return settled and (row.review is None or row.closed_as is True)


def left_to_refund(payment: Transaction, refunds: Iterable[Transaction]) -> int:
    """RWF that may still go back: paid minus every refund of it that is not failed, open ones included."""
    if not may_be_refunded(payment):
        return 0
    return payment.amount - sum(row.amount for row in refunds if row.state is not State.FAILED)
