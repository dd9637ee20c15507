"""What can be done to an honest answer on its way: other types, contradictions, something else altogether.

Each way tells what of the gateway's meaning arrives (`said`), judged from the protocol alone.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random

from tests.model.book import Body

_JSON, _HTML = "application/json", "text/html; charset=utf-8"


@dataclass(frozen=True)
class Wired:
    """An answer as bytes. `said` is what it still says, None when it says nothing about the transaction."""

    http_status: int
    content_type: str
    body: bytes
    said: Body | None


def plain(body: Body, http_status: int = 200) -> Wired:
    return Wired(http_status, _JSON, json.dumps(body).encode(), body)


def _says_nothing(body: Body | bytes, http_status: int = 200, content_type: str = _JSON) -> Wired:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Wired(http_status, content_type, raw, None)


def _garbage(body: Body, random: Random) -> Wired:
    whole = json.dumps(body).encode()
    shapes = (
        (b"", _JSON),
        (b"<html><title>success</title>Sign in: payment successful</html>", _HTML),
        (whole[: random.randrange(1, len(whole))], _JSON),
        (whole[:1] + b"\xe9" + whole[1:], _JSON),
        (whole[:-1] + b', "responsecode": "01"}', _JSON) if "responsecode" in body else (b"[1]", _JSON),
        (whole[:-1] + b', "amount2": NaN}', _JSON),
        (b"[" * 5000, _JSON),
        (b'{"success": true, "n": ' + b"7" * 5000 + b"}", _JSON),
        (b'"01"', _JSON),
        (b"null", _JSON),
        (b"[" + whole + b"]", _JSON),
        (random.randbytes(40), "application/octet-stream"),
        (whole.decode().encode("utf-16"), _JSON),
    )
    raw, content_type = shapes[random.randrange(len(shapes))]
    return _says_nothing(raw, random.choice((200, 200, 500, 502)), content_type)


def _types(body: Body, random: Random) -> Wired:
    """Other types for the same meaning, all of them seen in the wild."""
    changed = dict(body)
    if "responsecode" in changed:
        changed["responsecode"] = int(changed["responsecode"])
    if "success" in changed:
        changed["success"] = random.choice((str(changed["success"]).lower(), str(changed["success"])))
    if "transactionid" in changed:
        changed["transactionid"] = int(changed["transactionid"])
    http_status = random.choice((200, 400, 500)) if "responsecode" in body else 200
    # What proves nothing stands beside what proves something.
    changed.update(
        random.choice(({}, {"amount": random.choice(("1,500", True, "x"))}, {"mobilephone": "2507*****000"}))
    )
    wired = replace(plain(changed, http_status), said=body)
    return replace(wired, body=random.choice((b"", b"\xef\xbb\xbf")) + wired.body)


def _wrong_types(body: Body, random: Random) -> Wired:
    """A code that is no code: nothing is said."""
    changed = {name: value for name, value in body.items() if name != "status"}
    changed["responsecode"] = random.choice(([body.get("responsecode")], {"code": "01"}, 1.5, -1, "１", "0x1", "01;1"))
    return _says_nothing(changed)


def _contradiction(body: Body, _random: Random) -> Wired:
    if "responsecode" not in body:
        return _says_nothing({**body, "success": True})
    return _says_nothing({**body, "success": not body["success"]})


def _unlisted(body: Body, random: Random) -> Wired:
    return _says_nothing({**body, "responsecode": random.choice(("9999", "4711", "200", "OK", "02"))})


def _about_us(_body: Body, random: Random) -> Wired:
    """Codes that are about our call, not about the transaction."""
    return _says_nothing({"success": False, "responsecode": random.choice(("0005", "0008", "3000", "3200", "2400"))})


def _slow_down(_body: Body, _random: Random) -> Wired:
    return _says_nothing({"detail": "Request was throttled."}, 429)


def _redirect(body: Body, random: Random) -> Wired:
    return _says_nothing(json.dumps(body).encode(), random.choice((301, 302, 307, 308)), _JSON)


def _server(_body: Body, random: Random) -> Wired:
    return _says_nothing(b"<html>Bad Gateway</html>", random.choice((500, 502, 503, 504)), _HTML)


def _word_of_server(_body: Body, random: Random) -> Wired:
    """A failing word with an error of the server says nothing about the transaction."""
    return _says_nothing({"status": random.choice(("Failed", "Declined", "error"))}, random.choice((400, 500, 503)))


def _amount(body: Body, random: Random) -> Wired:
    """The answer of somebody else's sale, or an amount that is not ours."""
    return _says_nothing({**body, "amount": random.choice((7, "7", 1500.5, "99", "7 RWF", "1,500.25", -1))})


def _phone(body: Body, random: Random) -> Wired:
    return _says_nothing({**body, "mobilephone": random.choice(("250788999999", "254712345678", 788999999))})


def _other_id(body: Body, _random: Random) -> Wired:
    return _says_nothing({**body, "requesttransactionid": "01SOMEBODYELSES0000000000"})


def _other_gateway_id(body: Body, random: Random) -> Wired:
    """Where no gateway id was learned before, nobody can tell that this is not ours."""
    return plain({**body, "transactionid": str(random.randrange(90_000, 99_000))})


def _other_kind(body: Body, _random: Random) -> Wired:
    code = {"01": "2001", "2001": "01"}.get(str(body.get("responsecode")))
    return plain(body) if code is None else _says_nothing({**body, "responsecode": code})


WAYS: dict[str, Callable[[Body, Random], Wired]] = {
    "garbage": _garbage,
    "other types": _types,
    "wrong types": _wrong_types,
    "contradiction": _contradiction,
    "unlisted code": _unlisted,
    "redirect": _redirect,
    "server error": _server,
    "another amount": _amount,
    "another phone": _phone,
    "another id": _other_id,
    "another kind": _other_kind,
    # Only in answers to status calls: directly they would be refusals, or teach a wrong gateway id.
    "about us": _about_us,
    "slow down": _slow_down,
    "word of a server": _word_of_server,
    "another gateway id": _other_gateway_id,
}
DIRECT_WAYS = tuple(WAYS)[:11]
STATUS_WAYS = tuple(WAYS)
