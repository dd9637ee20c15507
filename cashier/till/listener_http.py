"""Reads one callback request under every bound, and says what is wrong with it."""

import asyncio
import base64
import contextlib
import hmac
import socket
from dataclasses import dataclass, field
from functools import cache
from http import HTTPStatus

import h11

MOST_BODY = 16 * 1024
MOST_HEADERS = 8 * 1024
_BROWSER = frozenset({b"origin", b"sec-fetch-site"})
_DEFAULT_PORTS = ("443", "80")
_READ = 4096
_MOST_LEFT = 64 * 1024


@dataclass(frozen=True)
class Rules:
    """Who may post: the whole path with its token, the hosts that may stand in Host, Basic credentials or None."""

    path: bytes = field(repr=False)
    hosts: frozenset[bytes]
    basic: tuple[str, str] | None = field(default=None, repr=False)

    def refuse(self, head: h11.Request) -> HTTPStatus | None:
        """Why this request is turned away before its body is read, or None."""
        names = [name for name, _ in head.headers]
        address, path = _split_target(head.target)
        if not hmac.compare_digest(path, self.path):
            return HTTPStatus.NOT_FOUND
        if head.method != b"POST":
            return HTTPStatus.METHOD_NOT_ALLOWED
        if any(name in _BROWSER for name in names):
            return HTTPStatus.FORBIDDEN
        host = dict(head.headers).get(b"host", b"").lower()
        if names.count(b"host") > 1 or host not in self.hosts or (address is not None and address not in self.hosts):
            return HTTPStatus.MISDIRECTED_REQUEST
        if self.basic is not None:
            wanted = b"Basic " + base64.b64encode(":".join(self.basic).encode())
            if not hmac.compare_digest(dict(head.headers).get(b"authorization", b""), wanted):
                return HTTPStatus.UNAUTHORIZED
        length = dict(head.headers).get(b"content-length", b"0")
        return HTTPStatus.REQUEST_ENTITY_TOO_LARGE if int(length) > MOST_BODY else None


def _split_target(target: bytes) -> tuple[bytes | None, bytes]:
    """The host of a whole address, None for a path alone, and the path.

    A proxy in front may send a whole address, a second slash before the path, or a slash at its end.
    """
    scheme, found, rest = target.partition(b"?")[0].partition(b"://")
    address = None
    if found and scheme.lower() in (b"http", b"https"):
        address, _, rest = rest.partition(b"/")
        address, target = address.lower(), b"/" + rest
    path = target.partition(b"?")[0].removesuffix(b"/")
    return address, path[1:] if path.startswith(b"//") else path


class Refused(Exception):
    """The request is turned away with `status`; `answer` is the whole response."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status.phrase)
        self.status = status
        self.answer = refusal(status)


async def read_request(connection: socket.socket, rules: Rules) -> tuple[h11.Request, bytes]:
    """The whole request. Raises Refused, h11.ProtocolError, and OSError when the other side leaves."""
    loop = asyncio.get_running_loop()
    parser = h11.Connection(h11.SERVER, max_incomplete_event_size=MOST_HEADERS)
    head: h11.Request | None = None
    body = b""
    while True:
        event = parser.next_event()
        if event is h11.NEED_DATA:
            if parser.they_are_waiting_for_100_continue:
                go_on = h11.InformationalResponse(status_code=100, headers=[], reason=b"Continue")
                await loop.sock_sendall(connection, parser.send(go_on) or b"")
            parser.receive_data(await loop.sock_recv(connection, _READ))
        elif isinstance(event, h11.Request):
            head = event
            refused = rules.refuse(head)
            if refused is not None:
                raise Refused(refused)
        elif isinstance(event, h11.Data):
            body += event.data
            if len(body) > MOST_BODY:
                raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        elif isinstance(event, h11.EndOfMessage) and head is not None:
            return head, body
        else:
            raise OSError("the other side left")


def hang_up(connection: socket.socket) -> None:
    """Ends our side and takes what has come already: unread bytes would make a reset that swallows the answer."""
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_WR)
        left = _MOST_LEFT
        while left > 0 and (rest := connection.recv(_READ)):
            left -= len(rest)


def host_forms(host: str) -> frozenset[str]:
    """The ways in which `till.example.rw` is written in Host: also with the port that a scheme means anyway."""
    host = host.lower()
    name, _, port = host.rpartition(":")
    if name and port in _DEFAULT_PORTS:
        return frozenset({host, name})
    has_port = bool(name) and port.isdecimal() and (not name.startswith("[") or name.endswith("]"))
    return frozenset({host}) if has_port else frozenset({host, *(f"{host}:{one}" for one in _DEFAULT_PORTS)})


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


@cache
def refusal(status: HTTPStatus) -> bytes:
    """The answer to a request that was turned away, made once."""
    return answer(status)


BAD = refusal(HTTPStatus.BAD_REQUEST)
