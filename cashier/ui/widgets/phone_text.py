"""Grouping a phone number while it is typed: pure, text and cursor in, text and cursor out."""

import re

_TYPED = r"\+?[0-9 \u00a0\-]*"
_SEPARATORS = " \u00a0-"
# How many digits a number has before it is grouped as it stands: a barcode is left alone.
_MOST = {"0": 10, "2": 12, "7": 9}


def bare(text: str) -> str:
    """`text` without what people put between groups."""
    return "".join(char for char in text if char not in _SEPARATORS)


def digits(text: str) -> str:
    """The ASCII digits of `text`."""
    return "".join(char for char in text if char in "0123456789")


def _sizes(found: str) -> tuple[int, ...]:
    if found.startswith("0"):
        return (4, 3, 3)
    return (3, 3, 3, 3) if found.startswith("250"[: len(found)]) else (3, 3, 3)


def group_phone(text: str, cursor: int) -> tuple[str, int]:
    """`text` in groups (`0788 123 456`, `788 123 456`, `+250 788 123 456`), the cursor after the same figure as before.

    What is no beginning of a phone number (a letter, too many digits) stays as it is.
    """
    found = digits(text)
    if not found or not re.fullmatch(_TYPED, text) or len(found) > _MOST.get(found[0], 0):
        return text, cursor
    before = len(bare(text[:cursor]))
    sign = "+" if text.startswith("+") else ""
    groups, rest = [], found
    for size in _sizes(found):
        groups.append(rest[:size])
        rest = rest[size:]
    grouped = sign + " ".join(group for group in groups if group)
    return grouped, _after(grouped, before)


def _after(grouped: str, count: int) -> int:
    """Where the cursor stands behind `count` figures."""
    for place, char in enumerate(grouped):
        if count == 0:
            return place
        count -= char != " "
    return len(grouped)
