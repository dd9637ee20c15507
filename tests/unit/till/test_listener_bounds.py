"""The listener's bounds: what never ends ends, a crowd keeps no good callback out, a flood fills no log."""

import http.client
import logging
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing

import pytest

from cashier.till.listener import MOST_CONNECTIONS, CallbackListener
from tests.canaries import TOKEN

PATH = f"/callback/{TOKEN}"
BODY = b'{"requesttransactionid": "01ABC"}'
HEAD = f"POST {PATH} HTTP/1.1\r\nHost: localhost\r\n".encode()
LONG = 10.0


@pytest.fixture
def listener() -> Iterator[CallbackListener]:
    one = CallbackListener(token=TOKEN, on_hint=lambda _id: None, total_deadline=1.0)
    one.start()
    yield one
    one.stop()


def connect(listener: CallbackListener) -> socket.socket:
    assert listener.port is not None
    return socket.create_connection(("127.0.0.1", listener.port), timeout=LONG)


def post(listener: CallbackListener, **headers: str) -> int:
    assert listener.port is not None
    with closing(http.client.HTTPConnection("127.0.0.1", listener.port, timeout=LONG)) as connection:
        connection.request("POST", PATH, BODY, {"Content-Type": "application/json", **headers})
        return connection.getresponse().status


def endless(listener: CallbackListener, head: bytes, piece: bytes) -> tuple[int, bytes]:
    """Sends `piece` until the other side has enough. Returns how many bytes went out and what came back."""
    sent, came = 0, b""
    with connect(listener) as connection:
        connection.sendall(head)
        try:
            while sent < 64 * 1024 * 1024:
                connection.sendall(piece)
                sent += len(piece)
        except ConnectionError:
            pass
        try:
            while chunk := connection.recv(4096):
                came += chunk
        except ConnectionError:
            pass
    return sent, came


@pytest.mark.parametrize(
    ("head", "piece"),
    [
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1000\r\n" + b"x" * 4096 + b"\r\n"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n" * 1000),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1" * 4096),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"X: y\r\n" * 1000),
        (HEAD + b"Transfer-Encoding: chunked, chunked\r\n\r\n", b"1000\r\n" + b"x" * 4096 + b"\r\n"),
        (HEAD + b"Content-Length: 1073741824\r\n\r\n", b"x" * 4096),
        (HEAD + b"Content-Length: -1\r\n\r\n", b"x" * 4096),
        (HEAD + b"Content-Length: " + b"9" * 4301 + b"\r\n\r\n", b"x" * 4096),
        (HEAD + b"Content-Length: 10\r\nTransfer-Encoding: chunked\r\n\r\n", b"1000\r\n" + b"x" * 4096 + b"\r\n"),
        (HEAD, b"X-Bomb: " + b"y" * 1000 + b"\r\n"),
        (b"POST /", b"x" * 4096),
        (b"", b"\r\n" * 2048),
    ],
)
def test_what_never_ends_is_cut(listener: CallbackListener, head: bytes, piece: bytes) -> None:
    before = time.monotonic()
    _, came = endless(listener, head, piece)
    assert b" 200 " not in came[:20]
    assert time.monotonic() - before < LONG
    assert listener.counts["accepted"] == 0
    assert post(listener) == 200


def test_drops_end_at_the_deadline(listener: CallbackListener) -> None:
    before = time.monotonic()
    with connect(listener) as connection:
        connection.sendall(HEAD + b"Content-Length: 1000\r\n\r\n")
        connection.settimeout(0.05)
        came: bytes | None = None
        while came is None:
            try:
                connection.sendall(b"x")
                came = connection.recv(1)
            except TimeoutError:
                continue
            except ConnectionError:
                came = b""
    assert 0.5 < time.monotonic() - before < 5.0
    assert listener.counts["too slow"] == 1


def test_an_answer_is_not_swallowed_by_what_was_not_read(listener: CallbackListener) -> None:
    with connect(listener) as connection:
        connection.sendall(HEAD + b"Content-Length: 60000\r\n\r\n" + b"x" * 30_000)
        came = b""
        while chunk := connection.recv(100):  # a reset would raise here, and on some systems swallow the answer
            came += chunk
        assert came.startswith(b"HTTP/1.1 413 ")


def test_a_crowd_at_the_same_moment_keeps_no_good_callback_out() -> None:
    crowded = CallbackListener(token=TOKEN, on_hint=lambda _id: None)
    crowded.start()
    with ExitStack() as stack:
        stack.callback(crowded.stop)
        for _ in range(5):
            # All of them are in the system's queue before the listener can look: the good one among silent ones.
            silent = [stack.enter_context(connect(crowded)) for _ in range(2 * MOST_CONNECTIONS)]
            good = stack.enter_context(connect(crowded))
            good.sendall(HEAD + b"Content-Length: %d\r\n\r\n" % len(BODY) + BODY)
            silent += [stack.enter_context(connect(crowded)) for _ in range(2 * MOST_CONNECTIONS)]
            assert good.recv(100).startswith(b"HTTP/1.1 200 ")
    assert crowded.counts["accepted"] == 5


def test_no_more_than_the_cap_are_open_at_once() -> None:
    few = CallbackListener(token=TOKEN, on_hint=lambda _id: None, most_connections=3)
    few.start()
    with ExitStack() as stack:
        stack.callback(few.stop)
        held = [stack.enter_context(connect(few)) for _ in range(10)]
        for connection in held[:7]:
            assert connection.recv(1) == b""
        assert post(few) == 200
        assert few.counts["pushed out"] == 8
        for connection in held[8:]:
            connection.setblocking(False)
            with pytest.raises(BlockingIOError):
                connection.recv(1)


def test_a_flood_is_one_line_of_log_and_nothing_of_it_is_quoted(
    listener: CallbackListener, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "cashier")
    for _ in range(200):
        with connect(listener) as connection:
            connection.sendall(b"POST / HTTP/1.1\r\nAuthorization : Basic c2VjcmV0\r\n\r\n")
            assert connection.recv(100).startswith(b"HTTP/1.1 400 ")
    assert listener.counts["Bad Request"] == 200
    assert len([one for one in caplog.records if one.name.startswith("cashier")]) == 1
    assert "Basic" not in caplog.text
    assert TOKEN not in repr(listener._rules)


def test_it_can_be_started_again_on_its_port(listener: CallbackListener) -> None:
    port, ended = listener.port, threading.Event()
    listener.on_down = ended.set
    assert listener._loop is not None
    listener._loop.call_soon_threadsafe(listener._loop.stop)
    assert ended.wait(LONG)
    listener.start()
    assert listener.port == port
    assert post(listener) == 200
