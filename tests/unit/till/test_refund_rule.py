"""When a payment can be given back: one rule for the ledger, the till and every button."""

import pytest

from cashier.domain.money import Limits
from cashier.domain.refund import NoRefund, refund_limits, why_no_refund
from cashier.domain.states import Kind, State
from cashier.domain.transaction import CLOSED_AS, Transaction
from tests.unit.till.rows import row

USUAL = Limits()


def paid(amount: int = 12_500, review: str | None = None) -> Transaction:
    return row(state=State.SUCCESSFUL, amount=amount, review=review)


def back(amount: int, state: State = State.SUCCESSFUL, review: str | None = None) -> Transaction:
    return row(state=state, kind=Kind.PAYOUT, amount=amount, review=review)


@pytest.mark.parametrize(
    ("payment", "made", "limits", "why"),
    [
        (paid(), [], USUAL, None),
        (paid(), [back(5000)], USUAL, None),
        (paid(), [back(12_500, State.FAILED)], USUAL, None),
        (paid(), [back(12_500)], USUAL, NoRefund.NOTHING_LEFT),
        (paid(), [back(12_401)], USUAL, NoRefund.TOO_LITTLE_LEFT),
        (paid(), [back(12_400)], USUAL, None),
        (paid(99), [], USUAL, NoRefund.TOO_LITTLE_LEFT),
        (paid(99), [], Limits(1, 2_000_000), NoRefund.TOO_LITTLE_LEFT),
        (paid(499), [], Limits(500, 2_000_000), NoRefund.TOO_LITTLE_LEFT),
        (paid(), [back(5000, State.PENDING)], USUAL, NoRefund.ONE_OPEN),
        (paid(), [back(5000, State.UNKNOWN)], USUAL, NoRefund.ONE_OPEN),
        (paid(), [back(5000, State.UNKNOWN, f"{CLOSED_AS[False]} by Aline: none")], USUAL, None),
        (paid(review="The gateway reports another amount."), [], USUAL, NoRefund.NOT_PAID),
        (paid(review=f"{CLOSED_AS[True]} by Aline: on the statement"), [], USUAL, None),
        (paid(review=f"{CLOSED_AS[False]} by Aline: not there"), [], USUAL, NoRefund.NOT_PAID),
        (row(state=State.FAILED), [], USUAL, NoRefund.NOT_PAID),
        (row(state=State.PENDING), [], USUAL, NoRefund.NOT_PAID),
        (back(12_500), [], USUAL, NoRefund.NOT_PAID),
    ],
)
def test_what_stands_against_a_refund(
    payment: Transaction, made: list[Transaction], limits: Limits, why: NoRefund | None
) -> None:
    assert why_no_refund(payment, made, limits) is why


def test_a_refund_keeps_to_the_larger_of_both_smallest_amounts() -> None:
    assert refund_limits(Limits(1, 9000)) == Limits(100, 9000)
    assert refund_limits(Limits(500, 9000)) == Limits(500, 9000)
