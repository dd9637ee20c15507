"""The callback listener: docs/gateway.md, section "The callback". It acknowledges, then hands on the hint."""

import asyncio
import contextlib
import logging
import os
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from http import HTTPStatus

import h11

from cashier.gateway.callback import BadCallback, acknowledgement, parse_callback
from cashier.till.listener_http import BAD, Refused, Rules, answer, content_type, hang_up, host_forms, read_request

log = logging.getLogger(__name__)

TOTAL_DEADLINE = 10.0
MOST_CONNECTIONS = 32
_START = 10.0
# How long a new connection may take at least before another one pushes it out.
_GRACE = 0.01
_PAUSE = 1.0
_TELL_EVERY = 60.0


class PortTaken(OSError):
    """The listener cannot bind. `str()` is a sentence for a person; the till works on by polling."""


class CallbackListener:
    """Listens for `POST /callback/<token>` and calls `on_hint` with the id of each, after it was acknowledged.

    `on_hint` is called on the listener's thread and must be quick. The same answer goes out for known and unknown ids.
    `on_down` is called when the thread ended by itself, as its last act.
    """

    def __init__(
        self,
        *,
        token: str,
        on_hint: Callable[[str], None],
        host: str = "127.0.0.1",
        port: int = 0,
        basic: tuple[str, str] | None = None,
        expected_hosts: frozenset[str] = frozenset(),
        total_deadline: float = TOTAL_DEADLINE,
        most_connections: int = MOST_CONNECTIONS,
    ) -> None:
        self.path = f"/callback/{token}"
        self.port: int | None = None
        self._wanted_port = port
        self._host = host
        self._on_hint = on_hint
        self.on_down: Callable[[], None] | None = None
        self._basic = basic
        self._expected_hosts = expected_hosts
        self._total_deadline = total_deadline
        self._most_connections = most_connections
        self._rules = Rules(b"", frozenset())
        self._counts: Counter[str] = Counter()
        self._expected: dict[str, threading.Event] = {}
        self._tell_at = 0.0
        self._open: set[asyncio.Task[None]] = set()
        # Connections without a whole request yet and when they came, the oldest first.
        self._waiting: dict[asyncio.Task[None], float] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping: asyncio.Event | None = None
        self._thread: threading.Thread | None = None

    @property
    def alive(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    @property
    def counts(self) -> Mapping[str, int]:
        """How many callbacks were accepted, and how many requests were turned away for which reason."""
        return self._counts.copy()

    def start(self) -> None:
        """Binds here and serves on a thread of its own; on the same port again after an end. Raises PortTaken."""
        try:
            listening = self._bind()
        except OSError as trouble:
            raise PortTaken(
                f"Callbacks are off: port {self._wanted_port} cannot be used. Payments are checked by asking. "
                "Close the other program or choose another port in Settings."
            ) from trouble
        self.port = self._wanted_port = listening.getsockname()[1]
        self._open.clear()
        self._waiting.clear()
        names = {"127.0.0.1", "localhost", "[::1]"}
        hosts = names | {f"{name}:{self.port}" for name in names}
        hosts |= {written for host in self._expected_hosts for written in host_forms(host)}
        self._rules = Rules(self.path.encode(), frozenset(host.encode() for host in hosts), self._basic)
        ready = threading.Event()
        self._thread = threading.Thread(
            target=self._run, args=(listening, ready), name="callback-listener", daemon=True
        )
        self._thread.start()
        ready.wait(_START)

    @contextlib.contextmanager
    def expect(self, id: str) -> Iterator[threading.Event]:
        """Gives an event that is set when a callback with this id comes; it is handed on to nobody else."""
        came = self._expected.setdefault(id, threading.Event())
        try:
            yield came
        finally:
            self._expected.pop(id, None)

    def stop(self, timeout: float = 5.0) -> None:
        """Closes every connection and joins the thread. A second call does nothing."""
        thread, self._thread = self._thread, None
        if thread is None or self._loop is None or self._stopping is None:
            return
        with contextlib.suppress(RuntimeError):  # the loop has ended by itself
            self._loop.call_soon_threadsafe(self._stopping.set)
        thread.join(timeout)

    def _bind(self) -> socket.socket:
        family = socket.AF_INET6 if ":" in self._host else socket.AF_INET
        listening = socket.socket(family, socket.SOCK_STREAM)
        try:
            if os.name == "nt":
                listening.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)  # type: ignore[attr-defined, unused-ignore]  # Windows alone has it
            else:
                # On POSIX this admits a port whose last connections are fading, never one that is listened on.
                listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind((self._host, self._wanted_port))
            listening.listen(256)
        except OSError:
            listening.close()
            raise
        return listening

    def _run(self, listening: socket.socket, ready: threading.Event) -> None:
        try:
            asyncio.run(self._serve(listening, ready))
        except BaseException:  # whatever ends this thread, somebody must be told: the till goes on by polling
            log.exception("the callback listener ended")
        finally:
            listening.close()
            ready.set()
        if self._thread is threading.current_thread() and self.on_down is not None:
            self.on_down()

    async def _serve(self, listening: socket.socket, ready: threading.Event) -> None:
        """Until `stop`, or until accepting fails. What is left then is cancelled by `asyncio.run`."""
        self._loop = asyncio.get_running_loop()
        self._stopping, self._freed = asyncio.Event(), asyncio.Event()
        listening.setblocking(False)
        accepting = asyncio.create_task(self._accept(listening))
        stopping = asyncio.create_task(self._stopping.wait())
        ready.set()
        ended, _ = await asyncio.wait({accepting, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if accepting in ended:
            accepting.result()

    async def _accept(self, listening: socket.socket) -> None:
        """Takes one connection after another; while one waits for room, the next wait in the system's queue."""
        loop = asyncio.get_running_loop()
        while True:
            try:
                connection, _ = await loop.sock_accept(listening)
            except OSError as trouble:  # no file left to open, or the other side left already
                self._turned_away("not accepted")
                log.debug("a connection could not be accepted: %s", trouble)
                await asyncio.sleep(_PAUSE)
                continue
            try:
                await self._room()
            except asyncio.CancelledError:
                connection.close()
                raise
            task = asyncio.create_task(self._connected(connection))
            self._open.add(task)
            self._waiting[task] = loop.time()
            task.add_done_callback(partial(self._ended, connection))

    async def _room(self) -> None:
        """Returns when one more connection may be served.

        At the cap the oldest one without a whole request goes, once it had a moment to send it: a burst of connections
        must not push out a callback that has come and was not read yet.
        """
        loop = asyncio.get_running_loop()
        while len(self._open) >= self._most_connections:
            self._freed.clear()
            oldest = next(iter(self._waiting), None)
            left = None if oldest is None else self._waiting[oldest] + _GRACE - loop.time()
            if oldest is not None and left is not None and left <= 0:
                del self._waiting[oldest]
                oldest.cancel()
                self._turned_away("pushed out")
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(left if left is None or left > 0 else _GRACE):
                    await self._freed.wait()

    def _ended(self, connection: socket.socket, task: "asyncio.Task[None]") -> None:
        connection.close()
        self._open.discard(task)
        self._waiting.pop(task, None)
        self._freed.set()
        if not task.cancelled() and task.exception() is not None:
            log.error("a connection ended with a bug of ours", exc_info=task.exception())

    async def _connected(self, connection: socket.socket) -> None:
        id: str | None = None
        try:
            async with asyncio.timeout(self._total_deadline):
                id = await self._exchange(connection)
        except TimeoutError:
            self._turned_away("too slow")
        except OSError:
            self._turned_away("broken off")
        if id is not None:
            connection.close()
            self._hand_on(id)

    async def _exchange(self, connection: socket.socket) -> str | None:
        """Reads one request and answers it. Returns the id it hints at."""
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        id: str | None = None
        try:
            head, body = await read_request(connection, self._rules)
            id = parse_callback(content_type(head), body).request_id
            reply = answer(HTTPStatus.OK, acknowledgement(id))
            self._counts["accepted"] += 1
        except Refused as refused:
            reply = refused.answer
            self._turned_away(refused.status.phrase)
        except (h11.ProtocolError, BadCallback):
            reply = BAD
            self._turned_away(HTTPStatus.BAD_REQUEST.phrase)
        if task is not None:
            self._waiting.pop(task, None)
        await loop.sock_sendall(connection, reply)
        if id is None:
            hang_up(connection)
        return id

    def _turned_away(self, why: str) -> None:
        """Counts it. Never a line of log for each, nor a word of what came: a flood would wash the log away."""
        self._counts[why] += 1
        now = time.monotonic()
        if now >= self._tell_at:
            self._tell_at = now + _TELL_EVERY
            log.info("callbacks so far: %s", dict(self._counts))

    def _hand_on(self, id: str) -> None:
        expected = self._expected.get(id)
        if expected is not None:
            expected.set()
            return
        try:
            self._on_hint(id)
        except Exception:  # the listener must outlive a bug behind it
            log.exception("a callback's hint was lost")
