"""The callback in each of its shapes, and the exact acknowledgement: docs/gateway.md, section "The callback"."""

import codecs
import json
from collections.abc import Mapping
from dataclasses import dataclass
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any
from urllib.parse import parse_qsl

from cashier.gateway.messages import REQUEST_ID
from cashier.gateway.reading import STRAY, UnreadableError, parse_object

_MOST_FIELDS = 50
# How often a payload may be a text inside a text.
_MOST_WRAPPINGS = 3
_AROUND = b" \t\r\n\x00"


class BadCallback(ValueError):
    """The body is no callback in any of the shapes."""


@dataclass(frozen=True)
class Callback:
    """A hint that this id has news. Nothing else of a callback is believed."""

    request_id: str


def parse_callback(content_type: str | None, body: bytes) -> Callback:
    """Reads JSON, form or multipart, wrapped in `jsonpayload` as an object or as text, or bare. Raises BadCallback.

    What the body is decides, not what its content type says: `curl -d` calls JSON a form.
    """
    try:
        payload: Any = _fields(content_type or "", body)
        payload = payload.get("jsonpayload", payload)
        for _ in range(_MOST_WRAPPINGS):
            if isinstance(payload, str):
                payload = _inner(payload)
    except UnreadableError as trouble:
        raise BadCallback(str(trouble)) from None
    if not isinstance(payload, Mapping):
        raise BadCallback("no object")
    id = payload.get("requesttransactionid")
    if not isinstance(id, str) or not REQUEST_ID.fullmatch(id):
        raise BadCallback("no id")
    return Callback(id)


def _fields(content_type: str, body: bytes) -> Mapping[str, Any]:
    bare = body.removeprefix(codecs.BOM_UTF8).strip(_AROUND)
    if bare.startswith(b"{"):
        return parse_object(bare)
    if bare.startswith(b"--") or content_type.lower().startswith("multipart/"):
        return _multipart(content_type, bare)
    return _form(bare)


def _inner(text: str) -> Any:
    """The object in a text, or the text in a text that was wrapped once more."""
    bare = text.encode().removeprefix(codecs.BOM_UTF8).strip(_AROUND)
    return parse_object(b'{"text":' + bare + b"}")["text"] if bare.startswith(b'"') else parse_object(bare)


def _multipart(content_type: str, body: bytes) -> dict[str, str]:
    """The fields of a form in parts. Without a boundary in the content type the first line is it."""
    kind = content_type.encode("latin-1", errors="replace")
    if b"boundary=" not in kind.lower():
        kind = b'multipart/form-data; boundary="' + body.split(b"\n", 1)[0].strip()[2:] + b'"'
    message = BytesParser(policy=HTTP).parsebytes(b"Content-Type: " + kind + b"\r\n\r\n" + body)
    parts = list(message.iter_parts()) if message.is_multipart() else []
    if len(parts) > _MOST_FIELDS:
        raise BadCallback("too many fields")
    found: dict[str, str] = {}
    for part in parts:
        name = part.get_param("name", header="content-disposition")
        value = part.get_payload(decode=True)
        if not isinstance(name, str) or not isinstance(value, bytes):
            raise BadCallback("a part without a name")
        if name in found:
            raise BadCallback("a field came twice")
        found[name] = value.removeprefix(codecs.BOM_UTF8).decode("utf-8", errors=STRAY)
    return found


def _form(body: bytes) -> dict[str, str]:
    try:
        pairs = parse_qsl(
            body.decode("utf-8", errors=STRAY), keep_blank_values=True, errors=STRAY, max_num_fields=_MOST_FIELDS
        )
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
