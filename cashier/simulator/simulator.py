"""The practice gateway: it speaks IntouchPay over real HTTP, on a thread of its own."""

import asyncio
import contextlib
import secrets
import socket
import threading
from collections.abc import Callable, Coroutine, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

from cashier.simulator.bank import Bank
from cashier.simulator.callbacks import SHAPES, Caller
from cashier.simulator.desk import BASE, Desk
from cashier.simulator.faults import Fault, Script
from cashier.simulator.http import serve_connection
from cashier.simulator.protocol import Protocol, Who

T = TypeVar("T")
_PATIENCE = 10.0
_LAST_ROUNDS = 10


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Simulator:
    """A gateway on this computer. All times of the practice numbers are divided by `speed`.

    `now` is the gateway's clock (UTC), for the 15 minutes in which a digest is fresh. `callback_basic` is sent with
    each callback. Also a context manager.
    """

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        speed: float = 1.0,
        refuse_private_callbacks: bool = False,
        username: str = "practice",
        accountno: str = "250160000011",
        partnerpassword: str | None = None,
        balance: int = 1_000_000,
        callback_basic: tuple[str, str] | None = None,
        callback_shapes: Sequence[str] = SHAPES,
        now: Callable[[], datetime] = _utc_now,
    ) -> None:
        self.username = username
        self.accountno = accountno
        self.partnerpassword = partnerpassword or secrets.token_urlsafe(18)
        self.port = port
        self._host = host
        self._bank = Bank(balance)
        self._script = Script()
        self._caller = Caller(self._bank, speed=speed, shapes=callback_shapes, basic=callback_basic, now=now)
        who = Who(username, accountno, self.partnerpassword)
        protocol = Protocol(who, self._bank, now, refuse_private=refuse_private_callbacks)
        self._desk = Desk(protocol, self._bank, self._caller, self._script, speed=speed, now=now)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """The base URL, with the slash at its end."""
        return f"http://{self._host}:{self.port}{BASE}"

    def credentials(self) -> dict[str, str]:
        """What a client needs to know."""
        return {
            "url": self.url,
            "username": self.username,
            "accountno": self.accountno,
            "partnerpassword": self.partnerpassword,
        }

    def start(self) -> None:
        """Binds here, so that a taken port is the caller's OSError, then serves on a thread of its own."""
        listening = socket.create_server((self._host, self.port), backlog=256)
        self.port = listening.getsockname()[1]
        ready = threading.Event()
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._serve(listening, ready)), name="practice-gateway", daemon=True
        )
        self._thread.start()
        ready.wait(_PATIENCE)

    def stop(self, timeout: float = 5.0) -> None:
        """Cuts every connection, forgets what was to come and joins the thread. A second call does nothing."""
        thread, loop = self._thread, self._loop
        if thread is None or loop is None:
            return
        self._thread = None
        with contextlib.suppress(RuntimeError):  # the loop has ended by itself
            loop.call_soon_threadsafe(self._stopping.set)
        thread.join(timeout)

    def __enter__(self) -> "Simulator":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def book(self) -> dict[str, Any]:
        """The truth of every request, transaction and callback: what `GET /book` answers."""
        return self._bank.book()

    def wait_for(self, predicate: Callable[[dict[str, Any]], bool], timeout: float = _PATIENCE) -> dict[str, Any]:
        """The book, once it fits. Raises TimeoutError."""
        with self._bank.changed:
            if not self._bank.changed.wait_for(lambda: predicate(self._bank.book()), timeout):
                raise TimeoutError("the book never came to that")
            return self._bank.book()

    def script(self, fault: Fault) -> None:
        """Has `fault` strike the requests it fits."""
        self._on_loop(self._call(lambda: self._script.add(fault)))

    def clear_script(self) -> None:
        """Forgets the faults still to come."""
        self._on_loop(self._call(self._script.clear))

    def settle_now(self, requesttransactionid: str) -> None:
        """Brings a pending transaction to its end at once. Raises KeyError."""

        def settle() -> None:
            entry = self._bank.find(requesttransactionid)
            if entry is None:
                raise KeyError(requesttransactionid)
            self._desk.end(entry)

        self._on_loop(self._call(settle))

    def send_callback(self, url: str, payload: Mapping[str, str], shape: str = "wrapped") -> bool:
        """Posts any callback, forged ones too. Returns whether it was acknowledged."""
        return self._on_loop(self._caller.post(url, shape, payload))

    def tell_requests(self, tell: Callable[[dict[str, Any]], None]) -> None:
        """Calls `tell` with each request once it was answered, on the gateway's thread."""
        self._desk.tell = tell

    async def _call(self, work: Callable[[], T]) -> T:
        return work()

    def _on_loop(self, work: Coroutine[Any, Any, T]) -> T:
        if self._loop is None:
            work.close()
            raise RuntimeError("the gateway is not running")
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(_PATIENCE + _PATIENCE)

    async def _serve(self, listening: socket.socket, ready: threading.Event) -> None:
        self._loop = asyncio.get_running_loop()
        self._stopping = asyncio.Event()
        connections: set[asyncio.Task[None]] = set()

        async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            if task is not None:
                connections.add(task)
                task.add_done_callback(connections.discard)
            with contextlib.suppress(asyncio.CancelledError):
                await serve_connection(reader, writer, self._desk.handle)

        server = await asyncio.start_server(connected, sock=listening)
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
