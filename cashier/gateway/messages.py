"""The fields of each request by level of requirement: docs/gateway.md, section "Requests"."""

import json
import re
from collections.abc import Mapping
from enum import StrEnum
from urllib.parse import urlencode

from cashier.domain.phone import is_phone
from cashier.gateway.outcomes import Function
from cashier.gateway.profile import Encoding

# Shorter ones exist in practice alone, and would take other words of an answer with them.
_SECRET_LENGTH = 16
REQUEST_ID = re.compile(r"[A-Za-z0-9-]{1,40}")


class Level(StrEnum):
    """How much the gateway needs a field."""

    MANDATORY = "mandatory"
    MAY_BE_EMPTY = "mandatory, may be empty"
    OPTIONAL = "optional"


class MissingFieldError(ValueError):
    """A request lacks what it must carry, or carries what it must not: nothing was written. Ours, a bug."""


_M, _E, _O = Level.MANDATORY, Level.MAY_BE_EMPTY, Level.OPTIONAL
_WHO = {"username": _M, "timestamp": _M, "password": _M, "accountno": _M}
_MONEY = {**_WHO, "amount": _M, "mobilephone": _M, "requesttransactionid": _M, "callbackurl": _O}

FIELDS: Mapping[Function, Mapping[str, Level]] = {
    Function.PAYMENT: _MONEY,
    Function.PAYOUT: {**_MONEY, "withdrawcharge": _O, "reason": _O, "sid": _O},
    Function.BALANCE: _WHO,
    Function.STATUS: {**_WHO, "requesttransactionid": _M, "transactionid": _E},
}


def fields_of(function: Function, given: Mapping[str, str | None]) -> dict[str, str]:
    """The fields to send, in the order of the table; an optional one that is None is left out.

    Raises MissingFieldError for a missing or malformed one.
    """
    table = FIELDS[function]
    strange = set(given) - set(table)
    if strange:
        raise MissingFieldError(f"{function} has no field {', '.join(sorted(strange))}")
    fields = {}
    for name, level in table.items():
        value = given.get(name)
        if value is None or (value == "" and level is not Level.MAY_BE_EMPTY):
            if level is Level.OPTIONAL:
                continue
            raise MissingFieldError(f"{function} needs {name}")
        fields[name] = value
    _check_form(fields)
    return fields


def _check_form(fields: Mapping[str, str]) -> None:
    if "requesttransactionid" in fields and not REQUEST_ID.fullmatch(fields["requesttransactionid"]):
        raise MissingFieldError("requesttransactionid must be 1 to 40 of A-Z a-z 0-9 -")
    if "mobilephone" in fields and not is_phone(fields["mobilephone"]):
        raise MissingFieldError("mobilephone must be 2507 and eight digits")
    if "amount" in fields and not re.fullmatch(r"[1-9][0-9]*", fields["amount"]):
        raise MissingFieldError("amount must be whole RWF in digits")


def encode(fields: Mapping[str, str], encoding: Encoding) -> tuple[bytes, str]:
    """The body and its content type."""
    if encoding == "json":
        return json.dumps(fields).encode(), "application/json"
    return urlencode(fields).encode(), "application/x-www-form-urlencoded"


def without_secrets(body: bytes, digest: str, callback_url: str | None) -> bytes:
    """An answer without what we sent to prove ourselves: a gateway that repeats it must not bring it into the ledger.

    `digest` is the request's; of `callback_url` the last part of the path is the secret.
    """
    secrets = [digest, (callback_url or "").rpartition("/")[2]]
    for secret in secrets:
        # Found first, without a pattern: hardly any answer repeats one, and a pattern is made for each digest anew.
        if len(secret) >= _SECRET_LENGTH and secret.encode().lower() in body.lower():
            body = re.sub(re.escape(secret.encode()), b"[hidden]", body, flags=re.IGNORECASE)
    return body
