"""Amounts as gateways write them, `1,004.00` or `1007 RWF`: read only where one reading is possible."""

import re

_CURRENCY = re.compile(r"(?:rwf|frw)\.?", re.IGNORECASE)
# Blanks between groups: also the no-break ones, and the narrow and thin ones of French.
_BLANK = " \u00a0\u202f\u2009"
_PLAIN = re.compile(r"[0-9]{1,15}")
_SPACED = re.compile(rf"[0-9]{{1,3}}(?:[{_BLANK}][0-9]{{3}})+")
_EXPONENT = re.compile(r"([0-9])(?:\.([0-9]{1,14}))?[eE]\+?([0-9]{1,2})")
_MOST_DIGITS = 15
_MOST_FRACTION = 6


def read_figures(text: str) -> str | None:
    """`1,004.00` as `1004.00`: digits, perhaps a point and its decimals, perhaps a minus before them.

    None where the text is no number, or one that can be read in two ways, as `1,500` and `1.006` can.
    """
    bare = _CURRENCY.sub("", text, count=1).strip(_BLANK)
    sign = "-" if bare.startswith("-") else ""
    bare = bare.removeprefix("-")
    if not bare.isascii() and not _SPACED.match(bare):
        return None
    exponent = _EXPONENT.fullmatch(bare)
    if exponent is not None:
        return _whole(sign, *exponent.groups(default=""))
    whole, marks = _parts(bare)
    if whole is None or not _PLAIN.fullmatch(whole):
        return None
    return f"{sign}{whole}{marks}"


def _whole(sign: str, first: str, decimals: str, power: str) -> str | None:
    """The number behind `1.006E3`, where it is a whole one."""
    zeros = int(power) - len(decimals)
    digits = first + decimals
    if zeros < 0 or len(digits) + zeros > _MOST_DIGITS:
        return None
    return f"{sign}{digits}{'0' * zeros}"


def _parts(text: str) -> tuple[str | None, str]:
    """The whole figures and `.` with the decimals, or None where there is no reading or more than one."""
    marks = [letter for letter in text if letter in ",."]
    if not marks:
        return (_joined(text) if text else None), ""
    last = marks[-1]
    head, _, tail = text.rpartition(last)
    if not re.fullmatch(r"[0-9]+", tail):
        return None, ""
    others = set(marks[:-1])
    if not others:
        # One mark: three figures behind at most three are a group of thousands or three decimals, nobody knows.
        if len(tail) == 3 and (len(head) <= 3 and not head.startswith("0")):
            return None, ""
        return (_joined(head), f".{tail}") if len(tail) <= _MOST_FRACTION else (None, "")
    if others == {last}:
        return _grouped(text, last), ""
    if len(others) == 1 and last not in others and len(tail) <= _MOST_FRACTION:
        return _grouped(head, others.pop()), f".{tail}"
    return None, ""


def _joined(text: str) -> str | None:
    """The figures without the blanks between groups of three."""
    if _SPACED.fullmatch(text):
        return re.sub(f"[{_BLANK}]", "", text)
    return text if _PLAIN.fullmatch(text) else None


def _grouped(text: str, mark: str) -> str | None:
    """The figures without the marks between groups of three."""
    first, *groups = text.split(mark)
    if not groups or not re.fullmatch(r"[0-9]{1,3}", first):
        return None
    return first + "".join(groups) if all(re.fullmatch(r"[0-9]{3}", group) for group in groups) else None
