"""A server on a real socket that reads each request whole and then sends exactly the bytes it was told."""

import contextlib
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Act = Callable[[socket.socket], None]
_READ = 65_536
_PATIENCE = 10.0


class Wire:
    """Answers its n-th request with the n-th of `acts`, the last one from then on.

    `requests` are whole requests in the order they came, `connections` counts those that were taken. A connection is
    kept for further requests while its act leaves it open. With `speak_first` the first act comes before any request.
    """

    def __init__(self, *acts: Act, tls: ssl.SSLContext | None = None) -> None:
        self.requests: list[bytes] = []
        self.connections = 0
        self.speak_first = False
        self._ended = threading.Event()
        self._acts = acts
        self._tls = tls
        self._changed = threading.Condition()
        self._open: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]

    def wait_for(self, requests: int) -> None:
        """Returns once so many requests were read whole."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.requests) >= requests, _PATIENCE)

    def begin(self) -> None:
        self._begin(self._accept)

    def end(self) -> None:
        self._ended.set()
        for one in (self._listening, *self._open):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(_PATIENCE)
        for one in (self._listening, *self._open):
            one.close()

    def _begin(self, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work, name="wire")
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while not self._ended.is_set():
                taken, _ = self._listening.accept()
                self.connections += 1
                self._open.append(taken)
                self._begin(lambda taken=taken: self._serve(taken))  # type: ignore[misc]  # the default binds it now

    def _serve(self, taken: socket.socket) -> None:
        with contextlib.suppress(OSError), contextlib.ExitStack() as closing:
            if self._tls is not None:
                taken = self._tls.wrap_socket(taken, server_side=True)
                closing.callback(taken.close)
            if self.speak_first:
                self._acts[0](taken)
            while taken.fileno() >= 0 and (request := _read(taken)):
                with self._changed:
                    act = self._acts[min(len(self.requests), len(self._acts) - 1)]
                    self.requests.append(request)
                    self._changed.notify_all()
                act(taken)


def _read(taken: socket.socket) -> bytes:
    """One whole request, or nothing when the other side has left."""
    found = b""
    while True:
        head, gap, body = found.partition(b"\r\n\r\n")
        lengths = [line.split(b":")[1] for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
        if gap and len(body) >= int(lengths[0] if lengths else 0):
            return found
        part = taken.recv(_READ)
        if not part:
            return b""
        found += part


def http(body: bytes, *headers: str, status: int = 200, length: int | str | None = None) -> bytes:
    """An answer as it stands on the wire; `length` may lie."""
    told = len(body) if length is None else length
    lines = [f"HTTP/1.1 {status} -", f"Content-Length: {told}", *headers]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def close(taken: socket.socket) -> None:
    """Ends the connection as programs do."""
    with contextlib.suppress(OSError):
        taken.shutdown(socket.SHUT_RDWR)
    taken.close()


def reset(taken: socket.socket) -> None:
    """Breaks the connection: the other side gets a reset."""
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    taken.close()


def send(raw: bytes, then: Act = close) -> Act:
    """Sends `raw`, then ends the connection."""

    def act(taken: socket.socket) -> None:
        taken.sendall(raw)
        then(taken)

    return act


def keep(raw: bytes) -> Act:
    """Sends `raw` and keeps the connection for the next request."""
    return lambda taken: taken.sendall(raw)


@contextmanager
def wire(*acts: Act, tls: ssl.SSLContext | None = None) -> Iterator[Wire]:
    """A running one, ended and joined at the end."""
    one = Wire(*acts, tls=tls)
    one.begin()
    try:
        yield one
    finally:
        one.end()


def drip(little: bytes, begin: bytes = b"", pause: float = 0.05) -> Act:
    """After `begin` a little more each `pause` seconds, for ever: no time-out per read ends that."""

    def act(taken: socket.socket) -> None:
        taken.sendall(begin)
        while not threading.Event().wait(pause):
            taken.sendall(little)

    return act


def flood(much: bytes, begin: bytes = b"") -> Act:
    """After `begin` as much as the other side takes."""

    def act(taken: socket.socket) -> None:
        taken.sendall(begin)
        while True:
            taken.sendall(much)

    return act
