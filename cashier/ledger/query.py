"""What is looked for in the history, and which fields a typed text can be about. Pure."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cashier.domain.states import Kind

LONGEST = 64
_AMOUNT_DIGITS = 12
_SPACES = re.compile(r"\s+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_AROUND_FIGURES = re.compile(r"[\s\-.()/]")
_PHONE_BEGINS = re.compile(r"(?:\+|00)?250(?P<after>7[0-9]{0,8})?|0(?P<local>7[0-9]{0,8})?|(?P<bare>7[0-9]{0,8})")
_NUMBER = re.compile(r"[Tt][0-9]{1,3}(?:-[0-9]*)?")
_ID = re.compile(r"[0-9A-Za-z]{2,40}")


class Shown(StrEnum):
    """The states as the screens tell them apart: by the word on the chip, not by the ledger's state alone."""

    WAITING = "waiting"
    UNKNOWN = "unknown"
    SUCCESSFUL = "successful"
    FAILED = "failed"
    REVIEW = "review"
    CLOSED = "closed"


@dataclass(frozen=True)
class Query:
    """What a row must be to be listed; the empty one is everything. `since` (included) and `until` are aware times."""

    text: str = ""
    kind: Kind | None = None
    shown: Shown | None = None
    since: datetime | None = None
    until: datetime | None = None

    @property
    def is_everything(self) -> bool:
        return not tidy(self.text) and (self.kind, self.shown, self.since, self.until) == (None, None, None, None)


@dataclass(frozen=True)
class Looks:
    """What one typed text can be. `phone`, `id` and `number` are beginnings, `amount` leading digits, or None.

    `whole_number` is a number of ours written without its zeros (`T7-412`). `reference` is looked for anywhere.
    """

    reference: str
    phone: str | None = None
    amount: str | None = None
    id: str | None = None
    number: str | None = None
    whole_number: str | None = None


def tidy(text: str) -> str:
    """`text` without control characters and needless spaces, and not endless."""
    return _CONTROL.sub("", _SPACES.sub(" ", text)).strip()[:LONGEST]


def looks_of(text: str) -> Looks:
    """The fields that `text` can be about. `0788…`, `788…`, `+250…` is a phone, `15` an amount, `T7-0004` a number."""
    text = tidy(text)
    number = text.upper() if _NUMBER.fullmatch(text) else None
    return Looks(
        reference=text,
        phone=_phone(text),
        amount=_amount(text),
        id=text.upper() if _ID.fullmatch(text) else None,
        number=number,
        whole_number=_whole(number) if number else None,
    )


def amount_ranges(digits: str) -> list[tuple[int, int]]:
    """The amounts that begin with `digits`, as ranges with both ends: 15 is 15, 150 to 159, 1500 to 1599, …"""
    first = int(digits)
    return [(first * 10**more, (first + 1) * 10**more - 1) for more in range(_AMOUNT_DIGITS - len(digits) + 1)]


def _phone(text: str) -> str | None:
    """The beginning of a stored phone. `250` and `2507` without a plus are amounts until another figure follows."""
    figures = _AROUND_FIGURES.sub("", text)
    if figures in ("+", "+2", "+25"):
        return "2507"
    found = _PHONE_BEGINS.fullmatch(figures)
    if found is None or (figures.startswith("250") and len(figures) < 5):
        return None
    return "250" + (found["after"] or found["local"] or found["bare"] or "7")


def _amount(text: str) -> str | None:
    figures = text.replace(" ", "")
    plain = figures.isascii() and figures.isdigit() and len(figures) <= _AMOUNT_DIGITS
    return figures if plain and not figures.startswith("0") else None


def _whole(number: str) -> str | None:
    till, _, figures = number.partition("-")
    return f"{till}-{int(figures):06d}" if figures and len(figures) < 6 and figures[0] != "0" else None
