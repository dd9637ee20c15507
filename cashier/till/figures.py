"""The sentences of a review that have both figures in them: what the gateway says, and what was asked. Pure.

The code beside it in the event decides; the sentence is for a person and is compared with nothing.
"""

from decimal import Decimal, InvalidOperation

from cashier.domain.money import group_digits
from cashier.domain.phone import is_phone, show_phone

ANOTHER_AMOUNT = "another amount"
ANOTHER_PHONE = "another phone"
_LONGEST = 40
_LARGEST = 10**12


def amount_words(said: str | None, asked: int) -> str:
    """`said` as the gateway wrote it, normalised; `asked` in RWF."""
    return f"Another amount: the gateway says {_amount(said or '')}, asked was {group_digits(asked)}."


def phone_words(said: str | None, asked: str) -> str:
    """`said` as the gateway wrote it, `2507…` where it is one of ours; `asked` is `2507…`."""
    return f"Another phone: the gateway says {_phone(said or '')}, asked was {_phone(asked)}."


def _amount(text: str) -> str:
    try:
        value = Decimal(text)
        if value.is_finite() and abs(value) < _LARGEST and value == int(value):
            return group_digits(int(value))
    except InvalidOperation:
        pass
    return _short(text)


def _phone(text: str) -> str:
    return show_phone(text).replace(" ", "\u00a0") if is_phone(text) else _short(text)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
