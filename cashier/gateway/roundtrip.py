"""A round trip through the public callback address: what the gateway would do, done by us."""

import base64
import json

from cashier.gateway.bounds import Bounds, RawAnswer
from cashier.gateway.outcomes import NotSent
from cashier.gateway.transport import Transport

_TOTAL = 15.0
_OK = 200


def post_to_ourselves(url: str, id: str, basic: tuple[str, str] | None = None) -> str | None:
    """Posts a callback for `id` to `url`, with HTTP Basic where `basic` (user name, password) is given.

    Returns None when it was answered with 200, else a sentence.
    """
    more = {}
    if basic is not None:
        more["Authorization"] = "Basic " + base64.b64encode(":".join(basic).encode()).decode()
    transport = Transport(Bounds(), verify=True)
    try:
        body = json.dumps({"jsonpayload": {"requesttransactionid": id}}).encode()
        raw = transport.post(url, body, "application/json", _TOTAL, more)
    finally:
        transport.close()
    if isinstance(raw, RawAnswer):
        return None if raw.http_status == _OK else f"The public address answered with HTTP {raw.http_status}."
    return "The public address cannot be reached." if isinstance(raw, NotSent) else raw.sentence
