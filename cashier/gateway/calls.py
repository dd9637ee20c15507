"""One call's own connection: it knows whether a request byte was written, and ends at its deadline."""

import contextlib
import queue
import socket
import threading
import time
from collections.abc import Callable
from http import HTTPStatus
from http.client import HTTPResponse, parse_headers
from ipaddress import ip_address
from typing import Any

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError

_current = threading.local()
_INTERIM = range(100, 200)


class Call:
    """The state of one call. `written` turns true just before the first request byte goes to the socket."""

    def __init__(self, deadline: float, connect_timeout: float) -> None:
        self.deadline = deadline
        self.connect_timeout = connect_timeout
        self.written = False
        self.ended_early = False
        self._lock = threading.Lock()
        self._handle: socket.socket | None = None
        self._wake: Callable[[], None] | None = None

    def left(self) -> float:
        """Seconds to the deadline, never negative."""
        return max(0.0, self.deadline - time.monotonic())

    def use(self, sock: socket.socket) -> None:
        """Takes note of the connection, connected or about to be, so that another thread can end the call."""
        with self._lock:
            if self._handle is not None:
                self._handle.close()
            # A second handle on the same connection: the TLS handshake takes the first one away.
            self._handle = sock.dup()
            if self.ended_early:
                _shut(self._handle)

    def wake_with(self, wake: Callable[[], None]) -> None:
        """Has `wake` called when another thread ends the call: for a wait that is on no connection."""
        with self._lock:
            self._wake = wake
            if self.ended_early:
                wake()

    def end(self) -> None:
        """Ends the call from another thread: whoever waits on its connection, or for it, wakes up."""
        with self._lock:
            self.ended_early = True
            if self._handle is not None:
                _shut(self._handle)
            if self._wake is not None:
                self._wake()

    def done(self) -> None:
        """Lets the connection go."""
        with self._lock:
            if self._handle is not None:
                self._handle.close()
                self._handle = None

    def __enter__(self) -> "Call":
        _current.call = self
        return self

    def __exit__(self, *_: object) -> None:
        _current.call = None
        self.done()


def _shut(sock: socket.socket) -> None:
    with contextlib.suppress(OSError):  # it may have ended by itself
        sock.shutdown(socket.SHUT_RDWR)


class _NoAnswerError(OSError):
    """A name was not resolved in time."""


def _resolve(host: str, port: int, call: Call) -> list[tuple[Any, ...]]:
    """getaddrinfo with an end: a look-up that hangs is abandoned in its daemon thread. Raises OSError."""
    try:
        ip_address(host)
    except ValueError:
        pass
    else:
        return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    found: queue.SimpleQueue[list[tuple[Any, ...]] | OSError] = queue.SimpleQueue()

    def look_up() -> None:
        try:
            found.put(list(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))
        except (OSError, UnicodeError) as trouble:
            found.put(trouble if isinstance(trouble, OSError) else OSError(str(trouble)))

    threading.Thread(target=look_up, name="name-look-up", daemon=True).start()
    call.wake_with(lambda: found.put(_NoAnswerError("the call was ended")))
    try:
        result = found.get(timeout=min(call.connect_timeout, call.left()))
    except queue.Empty:
        raise _NoAnswerError("the name was not found in time") from None
    if isinstance(result, OSError):
        raise result
    return result


def _connect(connection: HTTPConnection) -> socket.socket:
    call: Call = _current.call
    host, port = connection.host.strip("[]"), connection.port or connection.default_port
    try:
        addresses = _resolve(host, port, call)
    except OSError as trouble:
        raise NameResolutionError(host, connection, socket.gaierror(str(trouble))) from trouble
    last: OSError | None = None
    for family, kind, protocol, _, address in addresses:
        sock = socket.socket(family, kind, protocol)
        try:
            sock.settimeout(max(0.001, min(call.connect_timeout, call.left())))
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            call.use(sock)
            sock.connect(address)
        except OSError as trouble:
            sock.close()
            last = trouble
            if call.ended_early:
                break
            continue
        return sock
    if isinstance(last, TimeoutError):
        raise ConnectTimeoutError(connection, "no connection in time") from last
    raise NewConnectionError(connection, "no connection") from last


class _Response(HTTPResponse):
    """An answer behind any number of interim ones: the library skips 100 alone, and takes 102 or 103 for the answer."""

    def _read_status(self) -> tuple[str, int, str]:
        while True:
            version, status, reason = super()._read_status()  # type: ignore[misc]  # undocumented, as old as the class
            if status not in _INTERIM or status == HTTPStatus.SWITCHING_PROTOCOLS:
                return version, status, reason
            # Its headers, under the same bounds as the answer's.
            parse_headers(self.fp)


class MarkedConnection(HTTPConnection):
    """Plain HTTP, for this computer only."""

    response_class = _Response

    def _new_conn(self) -> socket.socket:
        return _connect(self)

    def send(self, data: Any) -> None:
        if self.sock is None:
            self.connect()
        _current.call.written = True
        super().send(data)


class MarkedTlsConnection(HTTPSConnection):
    """HTTPS, always verified."""

    response_class = _Response

    def _new_conn(self) -> socket.socket:
        return _connect(self)

    def send(self, data: Any) -> None:
        if self.sock is None:
            self.connect()
        _current.call.written = True
        super().send(data)
