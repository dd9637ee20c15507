"""What is said of an amount with a comma or a point: a hint never invents a figure. Pure."""

import re

from cashier.domain.money import group_digits

_MOST_DIGITS = 12
_SHOWN = 30
_BLANKS = " \u00a0\u202f\u2009"
_GROUP = 3
_MARKED = re.compile(rf"(?P<head>[0-9{_BLANKS}.,]*[0-9])(?P<mark>[.,])(?P<tail>[0-9]+)")


def marked_amount(text: str) -> str:
    """The sentence for an amount that holds a comma or a point: what it can mean, and how to write that.

    One or two figures behind the last mark are decimals; three are a group or decimals, so both readings are shown.
    """
    shown = f"“{text if len(text) <= _SHOWN else text[: _SHOWN - 1] + '…'}”"
    match = _MARKED.fullmatch(text)
    whole = None if match is None else re.sub(r"[^0-9]", "", match["head"])
    if match is None or whole is None or len(whole) > _MOST_DIGITS:
        return f"{shown} is not an amount. Write it in digits, like 1500."
    tail, head = match["tail"], match["head"]
    if len(tail) < _GROUP:
        if set(tail) == {"0"} and _is_grouped(head, match["mark"]):
            return f"{shown} has decimals. Write {int(whole)}."
        return f"{shown} has centimes, and there are no centimes. Write a whole number of francs."
    if len(tail) == _GROUP and _is_grouped(head, ""):
        joined = int(whole + tail)
        if "." in head or "," in head:
            return f"{shown} has marks between its figures. Write {joined} without comma or point."
        readings = f"as {group_digits(joined)} or as {group_digits(int(whole))} and a fraction"
        return f"{shown} can be read in two ways, {readings}. Write it without comma or point."
    return f"{shown} is not an amount. Write it in digits, like 1500."


def _is_grouped(head: str, decimal_mark: str) -> bool:
    """Whether what stands before the last mark is figures, or groups of three with one kind of mark."""
    if re.fullmatch(r"[0-9]+", head):
        return True
    groups = re.split(rf"[{_BLANKS}.,]", head)
    marks = set(re.sub(r"[0-9]", "", head))
    well = len(groups[0]) <= _GROUP and all(len(group) == _GROUP for group in groups[1:])
    return well and len(marks) == 1 and decimal_mark not in marks
