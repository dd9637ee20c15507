"""The callback listener: docs/gateway.md, section "The callback". It acknowledges, then hands on the hint."""

import asyncio
import contextlib
import logging
import os
import socket
import threading
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator, Mapping
from http import HTTPStatus

import h11

from cashier.gateway.callback import BadCallback, acknowledgement, parse_callback
from cashier.till.listener_http import MOST_BODY, MOST_HEADERS, Rules, answer, content_type

log = logging.getLogger(__name__)

TOTAL_DEADLINE = 10.0
MOST_CONNECTIONS = 32
_READ = 4096
_START = 10.0
_LAST_ROUNDS = 10


class PortTaken(OSError):
    """The listener cannot bind. `str()` is a sentence for a person; the till works on by polling."""


class _Refused(Exception):
    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status.phrase)
        self.status = status


class CallbackListener:
    """Listens for `POST /callback/<token>` and calls `on_hint` with the id of each, after it was acknowledged.

    `on_hint` is called on the listener's thread and must be quick. The same answer goes out for known and unknown ids.
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
        on_down: Callable[[], None] | None = None,
    ) -> None:
        self.path = f"/callback/{token}"
        self.port: int | None = None
        self._wanted_port = port
        self._host = host
        self._on_hint = on_hint
        self._on_down = on_down
        self._basic = basic
        self._expected_hosts = expected_hosts
        self._total_deadline = total_deadline
        self._most_connections = most_connections
        self._rules = Rules(b"", frozenset())
        self._counts: Counter[str] = Counter()
        self._expected: dict[str, threading.Event] = {}
        # Connections without a whole request yet, the oldest first.
        self._waiting: OrderedDict[asyncio.Task[None], None] = OrderedDict()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping: asyncio.Event | None = None
        self._thread: threading.Thread | None = None

    @property
    def alive(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    @property
    def counts(self) -> Mapping[str, int]:
        """How many callbacks were accepted, and how many requests were turned away for which reason."""
        return dict(self._counts)

    def start(self) -> None:
        """Binds here and serves on a thread of its own. Raises PortTaken."""
        try:
            listening = self._bind()
        except OSError as trouble:
            raise PortTaken(
                f"Callbacks are off: port {self._wanted_port} cannot be used. Payments are checked by asking. "
                "Close the other program or choose another port in Settings."
            ) from trouble
        self.port = listening.getsockname()[1]
        names = {"127.0.0.1", "localhost", "[::1]"}
        hosts = names | {f"{name}:{self.port}" for name in names} | {host.lower() for host in self._expected_hosts}
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
        except Exception:  # the till goes on by polling; somebody must be told
            log.exception("the callback listener ended")
        finally:
            listening.close()
        if self._thread is not None and self._on_down is not None:
            self._on_down()

    async def _serve(self, listening: socket.socket, ready: threading.Event) -> None:
        self._loop = asyncio.get_running_loop()
        self._stopping = asyncio.Event()
        server = await asyncio.start_server(self._connected, sock=listening)
        ready.set()
        await self._stopping.wait()
        # No more connections; but one just accepted must get its first turns while the server still stands, or its
        # socket would stay open (CPython's server fails on a connection that comes after its close).
        self._loop.remove_reader(listening.fileno())
        for _ in range(_LAST_ROUNDS):
            await asyncio.sleep(0)
        mine = asyncio.current_task()
        while rest := [task for task in asyncio.all_tasks() if task is not mine]:
            for task in rest:
                task.cancel()
            await asyncio.gather(*rest, return_exceptions=True)
        server.close()
        for _ in range(_LAST_ROUNDS):
            await asyncio.sleep(0)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None:
            return
        while len(self._waiting) >= self._most_connections:
            oldest, _ = self._waiting.popitem(last=False)
            oldest.cancel()
            self._counts["pushed out"] += 1
        self._waiting[task] = None
        id: str | None = None
        try:
            async with asyncio.timeout(self._total_deadline):
                id = await self._exchange(task, reader, writer)
        except TimeoutError:
            self._counts["too slow"] += 1
        except asyncio.CancelledError:
            pass  # pushed out, or the end: the finally clause closes
        except OSError:
            self._counts["broken off"] += 1
        finally:
            self._waiting.pop(task, None)
            writer.close()
        if id is not None:
            self._hand_on(id)

    async def _exchange(
        self, task: asyncio.Task[None], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> str | None:
        """Reads one request and answers it. Returns the id it hints at."""
        id: str | None = None
        try:
            head, body = await self._read(reader, writer)
            self._waiting.pop(task, None)
            id = parse_callback(content_type(head), body).request_id
            reply = answer(HTTPStatus.OK, acknowledgement(id))
            self._counts["accepted"] += 1
        except _Refused as refused:
            reply = answer(refused.status)
            self._counts[refused.status.phrase] += 1
        except (h11.ProtocolError, BadCallback) as bad:
            reply = answer(HTTPStatus.BAD_REQUEST)
            self._counts[HTTPStatus.BAD_REQUEST.phrase] += 1
            log.info("a callback could not be read: %.80r", str(bad))
        writer.write(reply)
        await writer.drain()
        return id

    async def _read(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> tuple[h11.Request, bytes]:
        connection = h11.Connection(h11.SERVER, max_incomplete_event_size=MOST_HEADERS)
        head: h11.Request | None = None
        body = b""
        while True:
            event = connection.next_event()
            if event is h11.NEED_DATA:
                if connection.they_are_waiting_for_100_continue:
                    go_on = h11.InformationalResponse(status_code=100, headers=[], reason=b"Continue")
                    writer.write(connection.send(go_on) or b"")
                connection.receive_data(await reader.read(_READ))
            elif isinstance(event, h11.Request):
                head = event
                refused = self._rules.refuse(head)
                if refused is not None:
                    raise _Refused(refused)
            elif isinstance(event, h11.Data):
                body += event.data
                if len(body) > MOST_BODY:
                    raise _Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            elif isinstance(event, h11.EndOfMessage) and head is not None:
                return head, body
            else:
                raise OSError("the other side left")

    def _hand_on(self, id: str) -> None:
        expected = self._expected.get(id)
        if expected is not None:
            expected.set()
            return
        try:
            self._on_hint(id)
        except Exception:  # the listener must outlive a bug behind it
            log.exception("a callback's hint was lost")
