"""Money: whole Rwandan francs, always an int, read from ASCII digits alone."""

import re
from typing import NamedTuple

from cashier.domain.errors import BadInputError

# Twelve digits hold every amount a shop can mean and keep sums far below 64 bits.
_MAX_DIGITS = 12
# Plain, no-break, narrow no-break and thin space: what keyboards, spreadsheets and locales put between groups.
_SPACES = " \u00a0\u202f\u2009"
# Compiled when it is first needed, as all patterns of the first paint: docs/decisions/first-paint.md.
_TERM = rf"[0-9]+|[0-9]{{1,3}}(?:[{_SPACES}][0-9]{{3}})+"
_WITHOUT_SPACES = str.maketrans("", "", _SPACES)


class Limits(NamedTuple):
    """The smallest and the largest amount of one transaction, both allowed, in RWF."""

    minimum: int = 100
    maximum: int = 2_000_000


def parse_amount(text: str) -> int:
    """Reads an amount as a cashier types it: `1500`, `1 500`, `1500+300`.

    Returns whole RWF above 0. Raises BadInputError with the sentence to show.
    """
    stripped = text.strip(_SPACES + "\t\r\n")
    if not stripped:
        raise BadInputError("Type an amount.")
    if "," in stripped or "." in stripped:
        raise BadInputError("Write 1500 without comma or point.")
    total = 0
    for part in stripped.split("+"):
        term = part.strip(_SPACES)
        if not term:
            raise BadInputError("Write a number on both sides of +, like 1500+300.")
        if not re.fullmatch(_TERM, term):
            raise BadInputError("Write the amount in digits, like 1500 or 1 500.")
        digits = term.translate(_WITHOUT_SPACES)
        if len(digits) > _MAX_DIGITS:
            raise BadInputError("That amount is too long. Check the digits.")
        total += int(digits)
    if total <= 0:
        raise BadInputError("The amount must be more than 0.")
    return total


def check_limits(amount: int, limits: Limits) -> None:
    """Raises BadInputError with the limit that `amount` (RWF) breaks."""
    if amount < limits.minimum:
        raise BadInputError(f"The smallest amount is {format_amount(limits.minimum)}.")
    if amount > limits.maximum:
        raise BadInputError(f"The largest amount is {format_amount(limits.maximum)}.")


def group_digits(amount: int) -> str:
    """`12500` as `12 500`, with no-break spaces so that a line never ends inside an amount."""
    return f"{amount:,}".replace(",", "\u00a0")


def format_amount(amount: int) -> str:
    """`12500` as `12 500 RWF`, all no-break."""
    return f"{group_digits(amount)}\u00a0RWF"
