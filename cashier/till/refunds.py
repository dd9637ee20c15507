"""What a refund asks for: the payer's phone, no fee, the link to the payment."""

from cashier.domain.money import Limits, check_limits
from cashier.domain.refund import refund_limits
from cashier.domain.states import Kind
from cashier.domain.transaction import NewTransaction
from cashier.domain.typed import checked_reason
from cashier.ledger.errors import NotPaid
from cashier.ledger.reader import Reader


def refund_of(
    reader: Reader, payment_id: str, limits: Limits, *, id: str, amount: int, reason: str, action_id: str | None
) -> NewTransaction:
    """A refund of `amount` RWF, not yet begun. Whether it fits is judged in the transaction that writes it.

    Raises NotPaid for a payment that is not there, BadInputError without a reason, and for an amount outside the
    shop's `limits` or below what the gateway takes.
    """
    check_limits(amount, refund_limits(limits))
    payment = reader.get(payment_id)
    if payment is None:
        raise NotPaid("There is no such payment.")
    return NewTransaction(
        id=id,
        kind=Kind.PAYOUT,
        phone=payment.phone,
        amount=amount,
        reason=checked_reason(reason),
        action_id=action_id,
        refund_of=payment.id,
    )
