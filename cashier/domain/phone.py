"""Rwandan mobile numbers: `2507` and eight digits, read from ASCII digits alone."""

import re
import unicodedata
from functools import cache

from cashier.domain.errors import BadInputError

_BREAK = r"[ \u00a0\u202f\-.()/]{0,2}"
_CANONICAL = r"2507[0-9]{8}"

_OPERATORS = {"78": "MTN", "79": "MTN", "72": "Airtel", "73": "Airtel"}


@cache
def _mobile() -> re.Pattern[str]:
    """Made when the first number is read: it takes longer than a start has for it."""
    grouped = _BREAK.join(["7", *["[0-9]"] * 8])
    return re.compile(
        # In one piece: may stand beside other figures (an amount, a table number), never inside a longer run of digits.
        r"(?<![0-9])(?:(?:\+|00)?250|(?<!\+)0)(?P<whole>7[0-9]{8})(?![0-9])"
        # In groups: no digit may come near, or a mistyped eleventh one would be dropped in silence.
        rf"|(?<![0-9+])(?<![0-9][ \u00a0\u202f\-.()/])(?:(?:\+|00)?{_BREAK.join('250')}{_BREAK}|0{_BREAK})?"
        rf"(?P<grouped>{grouped})(?!{_BREAK}[0-9])"
    )


def _plain(text: str) -> str:
    """Without what cannot be seen, and with every dash as `-` and every blank as a blank: pasted numbers carry them."""
    if text.isascii():
        return text
    letters = []
    for letter in text:
        kind = unicodedata.category(letter)
        if kind not in ("Cf", "Cc") or letter in "\t\r\n":
            letters.append("-" if kind == "Pd" or letter == "\u2212" else " " if kind == "Zs" else letter)
    return "".join(letters)


def parse_phone(text: str) -> str:
    """Finds the one Rwandan mobile number in what was typed, scanned or pasted, among invisible signs and any dashes.

    Returns `2507` and eight digits. Raises BadInputError with the sentence to show for none or several.
    """
    if not text.strip():
        raise BadInputError("Type a phone number.")
    found = {
        "250" + re.sub(r"[^0-9]", "", match["whole"] or match["grouped"]) for match in _mobile().finditer(_plain(text))
    }
    if not found:
        raise BadInputError("That is not a Rwandan mobile number. Type it like 0788 123 456.")
    if len(found) > 1:
        raise BadInputError("There are several numbers here. Leave only one.")
    return found.pop()


def is_phone(value: str) -> bool:
    """Whether `value` is the form in which phones are stored and sent."""
    return re.fullmatch(_CANONICAL, value) is not None


def operator_hint(phone: str) -> str | None:
    """`MTN`, `Airtel` or None for another 07; a hint only, since numbers can be ported."""
    return _OPERATORS.get(phone[3:5])


def show_phone(phone: str) -> str:
    """`250788123456` as people write it: `0788 123 456`."""
    return f"0{phone[3:6]} {phone[6:9]} {phone[9:12]}"


def mask_phone(phone: str) -> str:
    """`250788123456` with all but the last three digits hidden: `0788 ••• 456`, for logs and other eyes."""
    return f"0{phone[3:6]} ••• {phone[9:12]}"
