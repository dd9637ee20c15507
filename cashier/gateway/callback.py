"""The callback in its five shapes, and the exact acknowledgement: docs/gateway.md, section "The callback"."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from cashier.gateway.messages import REQUEST_ID
from cashier.gateway.reading import UnreadableError, parse_object

_MOST_FIELDS = 50


class BadCallback(ValueError):
    """The body is no callback in any of the shapes."""


@dataclass(frozen=True)
class Callback:
    """A hint that this id has news. Nothing else of a callback is believed."""

    request_id: str


def parse_callback(content_type: str | None, body: bytes) -> Callback:
    """Reads JSON or form, wrapped in `jsonpayload` as an object or as text, or bare. Raises BadCallback."""
    try:
        found: Mapping[str, Any]
        if body.lstrip()[:1] == b"{" and "form-urlencoded" not in (content_type or "").lower():
            found = parse_object(body)
        else:
            found = _form(body)
        payload = found.get("jsonpayload", found)
        if isinstance(payload, str):
            payload = parse_object(payload.encode())
    except UnreadableError as trouble:
        raise BadCallback(str(trouble)) from None
    if not isinstance(payload, Mapping):
        raise BadCallback("no object")
    id = payload.get("requesttransactionid")
    if not isinstance(id, str) or not REQUEST_ID.fullmatch(id):
        raise BadCallback("no id")
    return Callback(id)


def _form(body: bytes) -> dict[str, str]:
    try:
        pairs = parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError as trouble:
        raise BadCallback(type(trouble).__name__) from None
    found = dict(pairs)
    if len(found) != len(pairs):
        raise BadCallback("a field came twice")
    return found


def acknowledgement(request_id: str | None) -> bytes:
    """What the gateway waits for; the id is echoed if it is one, else empty."""
    echoed = request_id if request_id is not None and REQUEST_ID.fullmatch(request_id) else ""
    return json.dumps({"message": "success", "success": True, "request_id": echoed}, separators=(",", ":")).encode()
