"""Reads a body as liberally as docs/gateway.md, section "Answers", says, and no more. Never raises for what came."""

import json
import re
from collections.abc import Mapping
from typing import Any

from cashier.domain.phone import is_phone
from cashier.gateway.outcomes import Answer, Function

# The guide's own balance example lacks the comma between its two fields; only the balance reader takes that shape.
_BALANCE_WITHOUT_COMMA = re.compile(
    rb'\s*\{\s*("balance"\s*:\s*"[^"\\]*")\s+("success"\s*:\s*(?:true|false|"true"))\s*\}\s*'
)
_NUMBER = re.compile(r"[0-9]{1,6}")
_DECIMAL = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,6})?")
_MOST_TEXT = 500
_TWO_DIGITS = 2


class UnreadableError(ValueError):
    """The body is not a strict JSON object."""


def parse_object(body: bytes) -> dict[str, Any]:
    """The JSON object in `body`: UTF-8 without BOM, no duplicate keys, no NaN. Raises UnreadableError."""
    try:
        found = json.loads(body.decode("utf-8"), object_pairs_hook=_unique, parse_constant=_no_constant)
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


def _no_constant(name: str) -> Any:
    raise UnreadableError(name)


def read_answer(function: Function, body: bytes) -> Answer:
    """The answer in `body`. Raises UnreadableError when it is no strict JSON object."""
    try:
        found = parse_object(body)
    except UnreadableError:
        match = _BALANCE_WITHOUT_COMMA.fullmatch(body) if function is Function.BALANCE else None
        if match is None:
            raise
        found = parse_object(b"{" + match[1] + b"," + match[2] + b"}")
    return Answer(
        function=function,
        success=_success(found.get("success")),
        code=_code(found.get("responsecode")),
        status=_text(found, "status"),
        message=_text(found, "message", "statusdesc", "detail"),
        gateway_transaction_id=_id(found.get("transactionid")),
        request_id=_id(found.get("requesttransactionid")),
        operator_reference=_id(found.get("referenceid")) or _id(found.get("referenceno")),
        amount=_amount(found.get("amount")),
        phone=_phone(found.get("mobilephone", found.get("mobilephoneno"))),
        balance=_balance(found.get("balance")),
    )


def normal_code(text: str) -> str:
    """`1` as `01`, `7` or `007` as `0007`, any other number as it is; no number as it came.

    Two digits but `01` stay as they are: `02` is a code nobody knows, not the refusal `0002`.
    """
    if not _NUMBER.fullmatch(text) or len(text) == _TWO_DIGITS:
        return text
    value = int(text)
    if value == 1:
        return "01"
    return f"{value:04d}" if 2 <= value <= 8 else str(value)


def _code(value: Any) -> str | None:
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int):
        return normal_code(str(value)) if 0 <= value < 1_000_000 else "unreadable"
    if isinstance(value, str):
        return normal_code(value.strip()[:40]) or None
    return "unreadable"  # a list, an object, a fraction: a code is there and says nothing


def _success(value: Any) -> bool | None:
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.strip().lower())
    return None


def _text(found: Mapping[str, Any], *names: str) -> str | None:
    for name in names:
        value = found.get(name)
        if isinstance(value, str) and value.strip():
            return value.strip()[:_MOST_TEXT]
    return None


def _id(value: Any) -> str | None:
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**40:
        return str(value)
    if isinstance(value, str) and value.strip():
        return value.strip()[:100]
    return None


def _amount(value: Any) -> str | None:
    """Decimal text, or a text that equals no amount for one that is there and cannot be read."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "unreadable"
    text = value.strip() if isinstance(value, str) else repr(value) if isinstance(value, int | float) else ""
    return text if _DECIMAL.fullmatch(text) else "unreadable"


def _phone(value: Any) -> str | None:
    if value is None or value == "":
        return None
    digits = re.sub(r"[ +\-]", "", str(value)) if isinstance(value, str | int) else ""
    for prefix in ("", "250", "25"):
        if is_phone(prefix + digits):
            return prefix + digits
    return "unreadable"


def _balance(value: Any) -> str | None:
    if isinstance(value, bool) or value is None:
        return None
    text = value.strip() if isinstance(value, str) else repr(value) if isinstance(value, int | float) else ""
    return text if _DECIMAL.fullmatch(text) else None
