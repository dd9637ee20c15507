"""The fixed numbers of practice, like test cards: what the customer's phone does. Seconds are at speed 1."""

import re
from dataclasses import dataclass
from enum import StrEnum

MOBILE = re.compile(r"2507[0-9]{8}")
_KNOWN_PREFIXES = ("25072", "25073", "25078", "25079")
PAID_AFTER = 3.0
LAPSE_AFTER = 120.0
LATE_AFTER = 180.0
DOWN_FOR = 60.0


class End(StrEnum):
    """How a transaction ends."""

    PAID = "paid"
    NO_MONEY = "no money"
    DECLINED = "declined"
    LAPSED = "lapsed"


class AnswerFault(StrEnum):
    """What happens to the answer of a request that was taken."""

    LOST = "lost"
    GARBAGE = "garbage"


@dataclass(frozen=True)
class Behaviour:
    """What one number does. `refused` is the code given at once, else the request is taken."""

    refused: str | None = None
    end: End = End.PAID
    after: float = PAID_AFTER
    answer: AnswerFault | None = None
    callbacks: int = 1
    down_for: float = 0.0


_PAYMENTS = {
    "250788000001": Behaviour(end=End.NO_MONEY),
    "250788000002": Behaviour(refused="1002"),
    "250788000003": Behaviour(end=End.DECLINED),
    "250788000004": Behaviour(end=End.LAPSED, after=LAPSE_AFTER),
    "250788000005": Behaviour(answer=AnswerFault.LOST),
    "250788000006": Behaviour(callbacks=0),
    "250788000007": Behaviour(callbacks=2),
    "250788000008": Behaviour(after=LATE_AFTER),
    "250788000009": Behaviour(down_for=DOWN_FOR),
    "250788000010": Behaviour(answer=AnswerFault.GARBAGE),
}

# A payout has nobody to ask: 3 and 4 are paid out like any other number, 8 is done late.
_PAYOUTS = {
    "250788000001": Behaviour(refused="1108"),
    "250788000002": Behaviour(refused="2105"),
    "250788000005": Behaviour(after=0.0, answer=AnswerFault.LOST),
    "250788000006": Behaviour(after=0.0, callbacks=0),
    "250788000007": Behaviour(after=0.0, callbacks=2),
    "250788000008": Behaviour(after=LATE_AFTER),
    "250788000009": Behaviour(after=0.0, down_for=DOWN_FOR),
    "250788000010": Behaviour(after=0.0, answer=AnswerFault.GARBAGE),
}


def payment_to(phone: str) -> Behaviour:
    """What a payment asked of `phone` does."""
    if not MOBILE.fullmatch(phone):
        return Behaviour(refused="1200")
    if not phone.startswith(_KNOWN_PREFIXES):
        return Behaviour(refused="1100")
    return _PAYMENTS.get(phone, Behaviour())


def payout_to(phone: str) -> Behaviour:
    """What a payout to `phone` does; a usual one is done at once."""
    if not MOBILE.fullmatch(phone):
        return Behaviour(refused="1102")
    if not phone.startswith(_KNOWN_PREFIXES):
        return Behaviour(refused="1105")
    return _PAYOUTS.get(phone, Behaviour(after=0.0))
