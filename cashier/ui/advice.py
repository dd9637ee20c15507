"""What the card of an open payment advises as the seconds pass: at 20, 60 and 150 (counter.md, Charge)."""

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from cashier.domain.phone import operator_hint
from cashier.domain.states import Kind, State
from cashier.domain.transaction import LATE_AFTER, Transaction
from cashier.ui.words import QT_TRANSLATE_NOOP, words_for

CONTEXT = "Advice"
RESCUE_CODE = "*182*7*1#"
RESCUE_LINK = "tel:*182*7*1%23"
NOTHING_AFTER = 20
STILL_AFTER = 60
OTHER_AFTER = int(LATE_AFTER.total_seconds())

_DIAL = QT_TRANSLATE_NOOP("Advice", "Nothing on the phone? The customer dials")
_LOOK = QT_TRANSLATE_NOOP("Advice", "Nothing on the phone? Ask the customer to look at the operator's menu.")
_STILL = QT_TRANSLATE_NOOP("Advice", "Still checking.")
_OTHER = QT_TRANSLATE_NOOP("Advice", "Offer another number or cash; ask them to decline this one.")


@dataclass(frozen=True)
class Advice:
    """The line under the steps; with `code`, the number to dial is shown large beside its QR code."""

    line: str
    code: bool = False


def advice_for(transaction: Transaction, seconds: int) -> Advice:
    """The advice for a transaction `seconds` after it began.

    Only a payment that waits for its customer gets more than its state's line: what is not known yet, under review or
    settled keeps the line that says so.
    """
    line = words_for(transaction).line
    waits = transaction.kind is Kind.PAYMENT and transaction.state is State.PENDING and transaction.review is None
    if not waits or seconds < NOTHING_AFTER:
        return Advice(line)
    mtn = operator_hint(transaction.phone) == "MTN"
    if seconds >= OTHER_AFTER:
        return Advice(_translated(_OTHER), code=False)
    rescue = _translated(_DIAL if mtn else _LOOK)
    if seconds >= STILL_AFTER:
        rescue = f"{_translated(_STILL)} {rescue}"
    return Advice(rescue, code=mtn)


def _translated(text: str) -> str:
    return QCoreApplication.translate(CONTEXT, text)
