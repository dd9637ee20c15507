"""The listener over real sockets: good callbacks are acknowledged, everything else is turned away and costs nothing."""

import http.client
import json
import socket
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing

import pytest

from cashier.till.listener import CallbackListener, PortTaken
from tests.canaries import TOKEN

PATH = f"/callback/{TOKEN}"
BODY = json.dumps(
    {"jsonpayload": {"requesttransactionid": "01ABC", "transactionid": "7", "responsecode": "01"}}
).encode()
JSON = {"Content-Type": "application/json"}
LONG = 10.0


class Hints:
    """What the listener handed on."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self.seen: list[str] = []

    def note(self, id: str) -> None:
        with self._changed:
            self.seen.append(id)
            self._changed.notify_all()

    def wait_for(self, count: int) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.seen) >= count, LONG)


@pytest.fixture
def hints() -> Hints:
    return Hints()


@pytest.fixture
def listener(hints: Hints) -> Iterator[CallbackListener]:
    one = CallbackListener(token=TOKEN, on_hint=hints.note, total_deadline=0.5)
    one.start()
    yield one
    one.stop()


def port_of(listener: CallbackListener) -> int:
    assert listener.port is not None
    return listener.port


def post(
    listener: CallbackListener,
    path: str = PATH,
    body: bytes = BODY,
    headers: dict[str, str] | None = None,
    method: str = "POST",
) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port_of(listener), timeout=LONG)
    with closing(connection):
        connection.request(method, path, body, {**JSON, **(headers or {})})
        answer = connection.getresponse()
        return answer.status, answer.read()


def raw(listener: CallbackListener, content: bytes) -> bytes:
    """Sends bytes and reads until the other side closes."""
    with socket.create_connection(("127.0.0.1", port_of(listener)), timeout=LONG) as connection:
        received = b""
        try:
            connection.sendall(content)
            while chunk := connection.recv(4096):
                received += chunk
        except ConnectionError:
            pass
        return received


def test_a_callback_is_acknowledged_exactly_and_handed_on(listener: CallbackListener, hints: Hints) -> None:
    assert post(listener) == (200, b'{"message":"success","success":true,"request_id":"01ABC"}')
    hints.wait_for(1)
    assert hints.seen == ["01ABC"]
    assert listener.counts["accepted"] == 1


def test_the_acknowledgement_comes_at_once_even_when_the_till_is_slow() -> None:
    release = threading.Event()
    slow = CallbackListener(token=TOKEN, on_hint=lambda _id: (release.wait(LONG), None)[1])
    slow.start()
    try:
        assert post(slow)[0] == 200
    finally:
        release.set()
        slow.stop()


def test_two_hundred_callbacks_are_acknowledged_within_100_ms(listener: CallbackListener, hints: Hints) -> None:
    took = []
    for _ in range(200):
        before = time.perf_counter()
        assert post(listener)[0] == 200
        took.append(time.perf_counter() - before)
    hints.wait_for(200)
    assert statistics.quantiles(took, n=100)[98] < 0.1


@pytest.mark.parametrize(
    ("path", "headers", "method", "status"),
    [
        ("/", {}, "POST", 404),
        ("/callback/", {}, "POST", 404),
        (f"/callback/{'u' * 43}", {}, "POST", 404),
        (PATH + "x", {}, "POST", 404),
        (PATH, {}, "GET", 405),
        (PATH, {}, "PUT", 405),
        (PATH, {"Origin": "https://evil.example.com"}, "POST", 403),
        (PATH, {"Sec-Fetch-Site": "cross-site"}, "POST", 403),
        (PATH, {"Host": "evil.example.com"}, "POST", 421),
        (PATH, {"Content-Length": "1073741824"}, "POST", 413),
    ],
)
def test_whoever_is_not_the_gateway_is_turned_away(
    listener: CallbackListener, hints: Hints, path: str, headers: dict[str, str], method: str, status: int
) -> None:
    assert post(listener, path, BODY, headers, method)[0] == status
    assert hints.seen == []


@pytest.mark.parametrize("path", [PATH, PATH + "/", PATH + "?ref=1", PATH + "/?ref=1"])
def test_a_slash_or_a_query_at_the_end_of_the_path_does_no_harm(
    listener: CallbackListener, hints: Hints, path: str
) -> None:
    assert post(listener, path)[0] == 200
    hints.wait_for(1)
    assert post(listener, PATH + "//")[0] == 404


@pytest.mark.parametrize("path", ["/" + PATH, f"http://127.0.0.1{PATH}", f"HTTP://localhost{PATH}/"])
def test_a_whole_address_or_two_slashes_in_front_are_the_same_path(
    listener: CallbackListener, hints: Hints, path: str
) -> None:
    assert post(listener, path)[0] == 200
    hints.wait_for(1)
    assert hints.seen == ["01ABC"]


def test_the_host_of_a_whole_address_counts(listener: CallbackListener, hints: Hints) -> None:
    assert post(listener, f"http://evil.example.com{PATH}", headers={"Host": "127.0.0.1"})[0] == 421
    assert post(listener, f"http://127.0.0.1/callback/{'u' * 43}")[0] == 404
    assert post(listener, f"http://127.0.0.1{PATH}", headers={"Host": "evil.example.com"})[0] == 421
    assert hints.seen == []


@pytest.mark.parametrize("public", ["till.example.rw", "till.example.rw:443", "till.example.rw:80", "[2001:db8::1]"])
def test_the_public_name_is_known_with_its_default_port(hints: Hints, public: str) -> None:
    one = CallbackListener(token=TOKEN, on_hint=hints.note, expected_hosts=frozenset({public}))
    one.start()
    try:
        bare = public.removesuffix(":443").removesuffix(":80")
        assert post(one, headers={"Host": public.upper()})[0] == 200
        assert post(one, headers={"Host": bare})[0] == 200
        assert post(one, headers={"Host": f"{bare}:8443"})[0] == 421
        if public == bare:
            assert post(one, headers={"Host": f"{bare}:443"})[0] == 200
    finally:
        one.stop()


def test_a_public_name_with_a_port_of_its_own_is_known_with_that_port_alone(hints: Hints) -> None:
    one = CallbackListener(token=TOKEN, on_hint=hints.note, expected_hosts=frozenset({"till.example.rw:8443"}))
    one.start()
    try:
        assert post(one, headers={"Host": "till.example.rw:8443"})[0] == 200
        assert post(one, headers={"Host": "till.example.rw"})[0] == 421
    finally:
        one.stop()


@pytest.mark.parametrize(
    "content",
    [
        b"\0" * 100,
        b"nonsense\r\n\r\n",
        f"POST {PATH} HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n".encode(),
        f"POST {PATH} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{{}}".encode(),
        f"POST {PATH} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{{}}".encode(),
        f"POST {PATH} HTTP/1.1\r\nHost: localhost\r\nX: {'x' * 20_000}\r\n\r\n".encode(),
        f"POST {PATH} HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{{}}".encode(),
        f"POST {PATH} HTTP/9.9\r\n\r\n".encode(),
    ],
)
def test_rubbish_is_refused(listener: CallbackListener, hints: Hints, content: bytes) -> None:
    answer = raw(listener, content)
    assert b" 200 " not in answer[:20]
    assert hints.seen == []
    assert post(listener)[0] == 200


def test_chunks_have_the_same_end(listener: CallbackListener, hints: Hints) -> None:
    head = f"POST {PATH} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
    good = head + b"%x\r\n%s\r\n0\r\n\r\n" % (len(BODY), BODY)
    assert b" 200 " in raw(listener, good)
    hints.wait_for(1)
    endless = head + (b"1000\r\n" + b"x" * 4096 + b"\r\n") * 10
    assert b" 200 " not in raw(listener, endless)[:20]
    assert listener.counts["Request Entity Too Large"] == 1


def test_expect_continue_is_answered(listener: CallbackListener) -> None:
    head = f"POST {PATH} HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: {len(BODY)}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", port_of(listener)), timeout=LONG) as connection:
        connection.sendall(head.encode())
        assert connection.recv(100).startswith(b"HTTP/1.1 100 ")
        connection.sendall(BODY)
        assert connection.recv(100).startswith(b"HTTP/1.1 200 ")


def test_a_slow_request_is_closed_at_the_deadline(listener: CallbackListener) -> None:
    with socket.create_connection(("127.0.0.1", port_of(listener)), timeout=LONG) as connection:
        before = time.monotonic()
        connection.sendall(f"POST {PATH} HTTP/1.1\r\nHost: loc".encode())
        assert connection.recv(100) == b""
        assert 0.3 < time.monotonic() - before < 3.0
    assert listener.counts["too slow"] == 1


def test_held_connections_do_not_keep_good_callbacks_out(hints: Hints) -> None:
    crowded = CallbackListener(token=TOKEN, on_hint=hints.note)
    crowded.start()
    with ExitStack() as held:
        held.callback(crowded.stop)
        for _ in range(100):
            connection = held.enter_context(socket.create_connection(("127.0.0.1", port_of(crowded)), timeout=LONG))
            connection.sendall(b"POST ")
        for _ in range(10):
            assert post(crowded)[0] == 200
        hints.wait_for(10)
        assert crowded.counts["pushed out"] >= 100 - 32
        before = time.monotonic()
        crowded.stop()
        assert time.monotonic() - before < 2.0


def test_basic_credentials_where_agreed(hints: Hints) -> None:
    guarded = CallbackListener(token=TOKEN, on_hint=hints.note, basic=("partner", "secret"))
    guarded.start()
    try:
        assert post(guarded)[0] == 401
        assert post(guarded, headers={"Authorization": "Basic cGFydG5lcjp3cm9uZw=="})[0] == 401
        assert post(guarded, headers={"Authorization": "Basic cGFydG5lcjpzZWNyZXQ="})[0] == 200
    finally:
        guarded.stop()


def test_the_public_host_is_expected(hints: Hints) -> None:
    public = CallbackListener(token=TOKEN, on_hint=hints.note, expected_hosts=frozenset({"Till.example.com"}))
    public.start()
    try:
        assert post(public, headers={"Host": "till.example.com"})[0] == 200
    finally:
        public.stop()


def test_a_taken_port_is_never_shared(listener: CallbackListener, hints: Hints) -> None:
    second = CallbackListener(token=TOKEN, on_hint=hints.note, port=port_of(listener))
    with pytest.raises(PortTaken) as taken:
        second.start()
    assert str(listener.port) in str(taken.value)
    second.stop()


def test_a_bug_behind_it_does_not_end_it(caplog: pytest.LogCaptureFixture) -> None:
    def broken(_id: str) -> None:
        raise RuntimeError("a bug")

    one = CallbackListener(token=TOKEN, on_hint=broken)
    one.start()
    assert post(one)[0] == post(one)[0] == 200
    one.stop()
    assert "a callback's hint was lost" in caplog.text
    assert TOKEN not in caplog.text


def test_it_starts_and_stops_and_says_so(hints: Hints) -> None:
    one = CallbackListener(token=TOKEN, on_hint=hints.note)
    states = [one.alive]
    one.start()
    states.append(one.alive)
    one.stop()
    one.stop()
    states.append(one.alive)
    assert states == [False, True, False]
