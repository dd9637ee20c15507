"""Reads a body as liberally as docs/gateway.md, section "Answers", says, and no more. Never raises for what came."""

import codecs
import json
import re
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from cashier.domain.phone import is_phone
from cashier.gateway.codes import FAILED_WORDS, SUCCESS_WORDS
from cashier.gateway.figures import read_figures
from cashier.gateway.outcomes import Answer, Function

# The guide's own balance example lacks the comma between its two fields; only the balance reader takes that shape.
_BALANCE_WITHOUT_COMMA = re.compile(
    rb'\s*\{\s*("balance"\s*:\s*"[^"\\]*")\s+("success"\s*:\s*(?:true|false|"true"))\s*\}\s*'
)
_AUTHENTICATION = re.compile(r"(?:00|000)?[2-8]")
_DECIMAL = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,6})?")
_FIGURES = 20
_MOST_TEXT = 500
_LISTED = re.compile(r"[0-9]{1,4}")
_DECIDING = SUCCESS_WORDS | FAILED_WORDS.keys()
# How bytes that are no UTF-8 are taken: `codecs` calls it by this name.
STRAY = "cashier-stray-latin-1"
# A phone with its country code has up to 15 figures; fewer than 9 are a part of one.
_PHONE = re.compile(r"[0-9]{9,15}")


def _stray(trouble: UnicodeError) -> tuple[str, int]:
    if not isinstance(trouble, UnicodeDecodeError):
        raise trouble
    return trouble.object[trouble.start : trouble.end].decode("latin-1"), trouble.end


codecs.register_error(STRAY, _stray)


class UnreadableError(ValueError):
    """The body is not a strict JSON object."""


def parse_object(body: bytes) -> dict[str, Any]:
    """The JSON object in `body`: UTF-8, no duplicate keys, no NaN, no half of a character.

    A byte order mark is skipped, a stray Latin-1 byte inside a text is taken as that letter. Numbers with a fraction
    or an exponent come as Decimal, as exact as they were written. Raises UnreadableError.
    """
    try:
        text = body.removeprefix(codecs.BOM_UTF8).decode("utf-8", errors=STRAY)
        found = json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant, parse_float=_exact)
        # A lone surrogate has no UTF-8: it could be neither stored nor printed.
        json.dumps(found, ensure_ascii=False, default=str).encode()
    except (ValueError, RecursionError) as trouble:
        raise UnreadableError(type(trouble).__name__) from None
    if not isinstance(found, dict):
        raise UnreadableError("no object")
    return found


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise UnreadableError("a key came twice")
    return found


def _exact(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        raise UnreadableError("a number without end") from None


def _no_constant(name: str) -> Any:
    raise UnreadableError(name)


def read_answer(function: Function, body: bytes, hide: Callable[[str], str] = str) -> Answer:
    """The answer in `body`. Raises UnreadableError when it is no strict JSON object.

    `hide` takes known secrets out of texts for people; ids, phones, amounts and what decides are left as they came.
    """
    try:
        found = parse_object(body)
    except UnreadableError:
        match = (
            _BALANCE_WITHOUT_COMMA.fullmatch(body.removeprefix(codecs.BOM_UTF8))
            if function is Function.BALANCE
            else None
        )
        if match is None:
            raise
        found = parse_object(b"{" + match[1] + b"," + match[2] + b"}")
    return Answer(
        function=function,
        success=_success(found.get("success")),
        code=_code(found.get("responsecode"), hide),
        status=_text(found, hide, "status"),
        message=_text(found, hide, "message", "statusdesc", "detail"),
        gateway_transaction_id=_id(found.get("transactionid")),
        request_id=_id(found.get("requesttransactionid")),
        operator_reference=_id(found.get("referenceid")) or _id(found.get("referenceno")),
        amount=_amount(found.get("amount")),
        phone=_phone(found.get("mobilephone", found.get("mobilephoneno"))),
        balance=_balance(found.get("balance")),
    )


def normal_code(text: str) -> str:
    """`1` as `01`, `7` or `007` as `0007`; anything else as it came.

    `0001` is not `01`: it would be of the family of 0002 to 0008, which refuse.
    """
    if text == "1":
        return "01"
    return f"000{text[-1]}" if _AUTHENTICATION.fullmatch(text) else text


def _code(value: Any, hide: Callable[[str], str]) -> str | None:
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int):
        return _shown_code(str(value), hide) if 0 <= value < 1_000_000 else "unreadable"
    if isinstance(value, str):
        text = value.strip()
        return (_shown_code(text, hide) if text.isprintable() else "unreadable") or None
    return "unreadable"  # a list, an object, a fraction: a code is there and says nothing


def _shown_code(text: str, hide: Callable[[str], str]) -> str:
    """What could stand in a table is a code, whatever the password is; anything else is a text, cut when hidden."""
    return normal_code(text) if _LISTED.fullmatch(text) else normal_code(hide(text)[:40])


def _success(value: Any) -> bool | None:
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.strip().lower())
    return None


def _text(found: Mapping[str, Any], hide: Callable[[str], str], *names: str) -> str | None:
    for name in names:
        value = found.get(name)
        if isinstance(value, str) and value.strip():
            text = value.strip()
            # Hidden before it is cut: a part of a secret would be left. Words that decide are no secrets.
            return text if text.lower() in _DECIDING else hide(text)[:_MOST_TEXT]
    return None


def _id(value: Any) -> str | None:
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**40:
        return str(value)
    if isinstance(value, str) and value.strip():
        return value.strip()[:100]
    return None


def _amount(value: Any) -> str | None:
    """Decimal text; None where there is none, or one that proves nothing: no number, or one with two readings.

    A number of JSON has one reading: one that is too long or too fine for an amount is a text that equals none.
    """
    if isinstance(value, str):
        return read_figures(value)
    if value is None or isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    text = _decimal(value)
    return text if _DECIMAL.fullmatch(text) else "unreadable"


def _decimal(value: int | Decimal) -> str:
    """A number's figures as they were written, without exponent; empty where there are too many."""
    if isinstance(value, Decimal):
        return f"{value:f}" if abs(value.adjusted()) < _FIGURES else ""
    return repr(value) if abs(value) < 10**_FIGURES else ""


def _phone(value: Any) -> str | None:
    """`2507` and eight digits, or the figures of another phone; None for a masked, hashed or shortened one."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    digits = re.sub(r"[ +\-().]", "", str(value))
    for prefix in ("", "250", "25"):
        if is_phone(prefix + digits):
            return prefix + digits
    return digits if _PHONE.fullmatch(digits) else None


def _balance(value: Any) -> str | None:
    text = _amount(value)
    return text if text is not None and _DECIMAL.fullmatch(text) else None
