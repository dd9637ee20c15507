"""A payment with its refunds, a refund with its payment: read together, shown on both."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from cashier.domain.money import format_amount
from cashier.domain.refund import left_to_refund, may_be_refunded
from cashier.domain.transaction import Transaction
from cashier.ledger.reader import Reader
from cashier.ui.words import words_for


@dataclass(frozen=True)
class Refunds:
    """`payment` is the one that is, or may be, given back; `made` its refunds, the oldest first."""

    payment: Transaction | None
    made: Sequence[Transaction]

    @property
    def left(self) -> int:
        """RWF that may still go back."""
        return 0 if self.payment is None else left_to_refund(self.payment, self.made)


def read_refunds(reader: Reader, row: Transaction) -> Refunds:
    """What belongs to `row`, a payment or one of its refunds. Reads the disk, so never on the GUI thread."""
    payment = row if row.refund_of is None else reader.get(row.refund_of)
    return Refunds(payment, [] if payment is None else reader.refunds_of(payment.id))


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
    return lines


def _tr(text: str) -> str:
    return QCoreApplication.translate("Refunds", text)
