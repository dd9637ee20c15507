"""The change of the balance and the money of this till, said in sentences."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from cashier.domain.money import format_amount, group_digits
from cashier.domain.reading import Agreement, Doubtful
from cashier.domain.states import Kind

_NAMED = 3
translate = QCoreApplication.translate
_FRACTION = re.compile(r"[.,][0-9]*[1-9]")


@dataclass(frozen=True)
class AgreementWords:
    """What moved and changed, whether they agree, what is not settled or in doubt (may be empty)."""

    moved: str
    verdict: str
    unsettled: str


def has_fraction(text: str) -> bool:
    """Whether a balance as the gateway wrote it holds less than a whole franc: `806300.75`, not `806300.0`."""
    return _FRACTION.search(text) is not None


def signed(amount: int) -> str:
    """`+39 000`, `−500`, `0`, with no-break spaces."""
    return f"{'+' if amount > 0 else '−' if amount < 0 else ''}{group_digits(abs(amount))}"


def agreement_words(found: Agreement) -> AgreementWords:
    """The sentences about one agreement."""
    moved = translate("Balance", "Through this till: in %1, out %2, net %3. The balance changed by %4\u00a0RWF.")
    for mark, text in (
        ("%1", group_digits(found.money_in)),
        ("%2", group_digits(found.money_out)),
        ("%3", signed(found.net)),
        ("%4", signed(found.change)),
    ):
        moved = moved.replace(mark, text)
    return AgreementWords(moved, _verdict(found), _unsettled(found))


def _verdict(found: Agreement) -> str:
    if found.unexplained == 0:
        return translate("Balance", "It agrees with this till.")
    named = bool(found.late or found.by_hand)
    if found.unexplained < 0 and named:
        words = translate("Balance", "%1 are not explained: what is named here, fees, or another till on this account.")
    elif found.unexplained < 0:
        words = translate("Balance", "%1 are not explained: fees, or another till on this account.")
    elif named:
        words = translate(
            "Balance", "%1 more than this till took: what is named here, another till, or a top-up of this account."
        )
    else:
        words = translate("Balance", "%1 more than this till took: another till, or a top-up of this account.")
    return words.replace("%1", format_amount(abs(found.unexplained)))


def _unsettled(found: Agreement) -> str:
    parts = []
    if found.late and found.unexplained:
        words = translate("Balance", "Not settled at the earlier reading: %1. That money may have moved before it.")
        parts.append(words.replace("%1", _listed([_named(one) for one in found.late])))
    if found.by_hand and found.unexplained:
        words = translate("Balance", "Closed by hand, not counted: %1.")
        parts.append(words.replace("%1", _listed([_named(one) for one in found.by_hand])))
    unsettled = []
    if found.open_payouts:
        words = translate("Balance", "Not settled at the reading: payout %1.")
        unsettled.append(words.replace("%1", _listed(found.open_payouts)))
    if found.open_payments == 1:
        unsettled.append(translate("Balance", "One payment was not settled."))
    elif found.open_payments:
        unsettled.append(translate("Balance", "%1 payments were not settled.").replace("%1", str(found.open_payments)))
    if unsettled:
        unsettled.append(translate("Balance", "That money may be in the balance already, or not yet."))
    return " ".join(parts + unsettled)


def _named(one: Doubtful) -> str:
    words = (
        translate("Balance", "payment %1 (%2)") if one.kind is Kind.PAYMENT else translate("Balance", "payout %1 (%2)")
    )
    return words.replace("%1", one.number).replace("%2", format_amount(one.amount))


def _listed(names: Sequence[str]) -> str:
    """The first few, and how many more."""
    text = ", ".join(names[:_NAMED])
    more = len(names) - _NAMED
    return f"{text} {translate('Balance', 'and %1 more').replace('%1', str(more))}" if more > 0 else text
