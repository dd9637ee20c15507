"""Looking up a name and connecting: both end in time, both end when the program does, and both prove "not sent"."""

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cashier.gateway.client import Client
from cashier.gateway.outcomes import Answered, NotSentReason, Outcome
from tests.unit.gateway.calling import client_of, pay, reason
from tests.wire import http, send, wire

LONG = 10.0
GOOD = http(b'{"success":true,"responsecode":"1000"}')


@contextmanager
def stalled_names(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """A resolver that answers for no name while this lasts; the event tells that it was asked."""
    asked, release = threading.Event(), threading.Event()
    names: list[threading.Thread] = []

    def stall(*_: object, **__: object) -> list[object]:
        names.append(threading.current_thread())
        asked.set()
        release.wait(LONG)
        return []

    with monkeypatch.context() as patched:
        patched.setattr(socket, "getaddrinfo", stall)
        try:
            yield asked
        finally:
            release.set()
            for thread in names:
                thread.join(LONG)


@contextmanager
def full_backlog() -> Iterator[int]:
    """The port of a server that takes no more connections and says nothing."""
    with socket.socket() as full, contextlib.ExitStack() as closing:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        # How many it still takes is the system's affair: until one has to wait.
        for _ in range(64):
            filler = closing.enter_context(socket.socket())
            filler.settimeout(0.3)
            try:
                filler.connect(full.getsockname())
            except TimeoutError:
                filler.close()
                break
        yield full.getsockname()[1]


def test_a_name_that_is_never_found(monkeypatch: pytest.MonkeyPatch) -> None:
    with stalled_names(monkeypatch):
        before = time.monotonic()
        assert reason(pay(client_of("https://stalled.example.com/"))) is NotSentReason.DNS
        assert 0.9 < time.monotonic() - before < 3


def test_no_connection_in_time() -> None:
    with full_backlog() as port:
        before = time.monotonic()
        assert reason(pay(client_of(f"http://127.0.0.1:{port}/"))) is NotSentReason.TIMEOUT
        assert 0.9 < time.monotonic() - before < 3


def ended_by_close(client: Client, begun: Callable[[], bool]) -> tuple[Outcome, float]:
    """The outcome of a call that `close` ended, and how long the end took."""
    outcomes: list[Outcome] = []
    caller = threading.Thread(
        target=lambda: outcomes.append(client.request_payment(id="01ABC", phone="250788123456", amount=1500))
    )
    caller.start()
    assert begun()
    before = time.monotonic()
    client.close()
    caller.join(LONG)
    return outcomes[0], time.monotonic() - before


def test_the_end_of_the_program_does_not_wait_for_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    client = client_of("https://stalled.example.com/", connect=LONG, total=LONG)
    client.warm()
    with stalled_names(monkeypatch) as asked:
        outcome, took = ended_by_close(client, lambda: asked.wait(LONG))
    assert isinstance(reason(outcome), NotSentReason)
    assert took < 3.0


def is_connecting_to(port: int) -> bool:
    """Waits until somebody has asked for a connection and has no answer: the system's table shows it."""
    deadline = time.monotonic() + LONG
    pause = threading.Event()
    while time.monotonic() < deadline:
        for line in Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]:
            _, _, remote, state, *_ = line.split()
            if remote.endswith(f":{port:04X}") and state == "02":
                return True
        pause.wait(0.005)
    return False


def test_the_end_of_the_program_does_not_wait_for_a_connection() -> None:
    with full_backlog() as port:
        client = client_of(f"http://127.0.0.1:{port}/", connect=LONG, total=LONG)
        client.warm()
        outcome, took = ended_by_close(client, lambda: is_connecting_to(port))
    assert isinstance(reason(outcome), NotSentReason)
    assert took < 3.0


def test_the_second_address_of_a_name_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        dead = gone.getsockname()
    with wire(send(GOOD)) as server:
        kind = (socket.AF_INET, socket.SOCK_STREAM, 6, "")
        found = [(*kind, dead), (*kind, ("127.0.0.1", server.port))]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
        assert isinstance(pay(client_of("http://localhost/")), Answered)
        assert len(server.requests) == 1
