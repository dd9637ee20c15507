"""A payment with its refunds, a refund with its payment: read together, shown on both."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from cashier.domain.money import Limits, format_amount
from cashier.domain.refund import NoRefund, left_to_refund, may_be_refunded, refund_limits, why_no_refund
from cashier.domain.transaction import Transaction
from cashier.ledger.reader import Reader
from cashier.ui.words import words_for

_USUAL = Limits()


@dataclass(frozen=True)
class Refunds:
    """`payment` is the one that is, or may be, given back; `made` its refunds, oldest first; the shop's `limits`."""

    payment: Transaction | None
    made: Sequence[Transaction]
    limits: Limits = _USUAL

    @property
    def why_not(self) -> NoRefund | None:
        """What stands against a refund now, None where one can be begun."""
        return NoRefund.NOT_PAID if self.payment is None else why_no_refund(self.payment, self.made, self.limits)

    @property
    def left(self) -> int:
        """RWF that may still go back."""
        return 0 if self.payment is None else left_to_refund(self.payment, self.made)


def read_refunds(reader: Reader, row: Transaction, limits: Limits) -> Refunds:
    """What belongs to `row`, a payment or one of its refunds. Reads the disk, so never on the GUI thread.

    `row` may be old by now: the payment is read again. `limits` are the shop's.
    """
    payment = reader.get(row.refund_of or row.id)
    return Refunds(payment, [] if payment is None else reader.refunds_of(payment.id), limits)


def refund_lines(row: Transaction, found: Refunds) -> list[str]:
    """Lines for the story of `row`: of a refund which payment it gives back, of a payment what was given back."""
    payment = found.payment
    if payment is None or not (found.made or row.refund_of):
        return []
    if row.refund_of is not None:
        text = _tr("Gives back %1 of the %2 paid as %3").replace("%2", format_amount(payment.amount))
        return [text.replace("%1", format_amount(row.amount)).replace("%3", payment.number)]
    lines = [
        _tr("%1 given back as %2: %3")
        .replace("%1", format_amount(one.amount))
        .replace("%2", one.number)
        .replace("%3", words_for(one).word)
        for one in found.made
    ]
    if may_be_refunded(payment):
        left = _tr("%1 is left to refund").replace("%1", format_amount(found.left))
        lines.append(left if found.left > 0 else _tr("Nothing is left to refund"))
    if found.why_not is NoRefund.TOO_LITTLE_LEFT:
        lines.append(why_not_line(found))
    return lines


def why_not_line(found: Refunds) -> str:
    """Why no refund can be begun now, "" where one can."""
    match found.why_not:
        case NoRefund.NOT_PAID:
            return _tr("Only a payment that was paid, and that is not with the manager, can be refunded.")
        case NoRefund.ONE_OPEN:
            return _tr("A refund of it is still open. The next one waits until that is settled.")
        case NoRefund.NOTHING_LEFT:
            return _tr("Nothing is left to refund.")
        case NoRefund.TOO_LITTLE_LEFT:
            words = _tr("%1 is left to refund, and the smallest refund is %2.")
            smallest = refund_limits(found.limits).minimum
            return words.replace("%1", format_amount(found.left)).replace("%2", format_amount(smallest))
        case None:
            return ""


def _tr(text: str) -> str:
    return QCoreApplication.translate("Refunds", text)
