"""Reads one callback request under every bound, and says what is wrong with it. Pure but for the parser."""

import base64
import hmac
from dataclasses import dataclass
from http import HTTPStatus

import h11

MOST_BODY = 16 * 1024
MOST_HEADERS = 8 * 1024
_BROWSER = frozenset({b"origin", b"sec-fetch-site"})


@dataclass(frozen=True)
class Rules:
    """Who may post: the whole path with its token, the hosts that may stand in Host, Basic credentials or None."""

    path: bytes
    hosts: frozenset[bytes]
    basic: tuple[str, str] | None = None

    def refuse(self, head: h11.Request) -> HTTPStatus | None:
        """Why this request is turned away before its body is read, or None."""
        names = [name for name, _ in head.headers]
        if not hmac.compare_digest(head.target.partition(b"?")[0], self.path):
            return HTTPStatus.NOT_FOUND
        if head.method != b"POST":
            return HTTPStatus.METHOD_NOT_ALLOWED
        if any(name in _BROWSER for name in names):
            return HTTPStatus.FORBIDDEN
        host = dict(head.headers).get(b"host", b"").lower()
        if names.count(b"host") > 1 or host not in self.hosts:
            return HTTPStatus.MISDIRECTED_REQUEST
        if self.basic is not None:
            wanted = b"Basic " + base64.b64encode(":".join(self.basic).encode())
            if not hmac.compare_digest(dict(head.headers).get(b"authorization", b""), wanted):
                return HTTPStatus.UNAUTHORIZED
        length = dict(head.headers).get(b"content-length", b"0")
        return HTTPStatus.REQUEST_ENTITY_TOO_LARGE if int(length) > MOST_BODY else None


def content_type(head: h11.Request) -> str:
    """The content type as text, empty where there is none."""
    return dict(head.headers).get(b"content-type", b"").decode("latin-1")


def answer(status: HTTPStatus, body: bytes = b'{"success":false}') -> bytes:
    """A whole response; the connection ends after it."""
    connection = h11.Connection(h11.SERVER)
    headers = [
        ("Content-Type", "application/json"),
        ("Content-Length", str(len(body))),
        ("Connection", "close"),
    ]
    raw = connection.send(h11.Response(status_code=status.value, headers=headers, reason=b"")) or b""
    return raw + (connection.send(h11.Data(data=body)) or b"")
