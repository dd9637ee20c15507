"""What can happen on the wire after a request left: unclear, in time, in little memory, and never an exception."""

import gzip
import json
import time
import tracemalloc

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cashier.gateway.outcomes import Answered, NotSent, Unclear, UnclearReason
from tests.unit.gateway.calling import client_of, pay, reason
from tests.wire import Act, close, drip, flood, http, keep, reset, send, wire

PENDING = b'{"success":true,"responsecode":"1000","transactionid":"5"}'
GOOD = http(PENDING)
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
RESET, TIMEOUT = UnclearReason.RESET, UnclearReason.TIMEOUT
UNREADABLE, TOO_LARGE = UnclearReason.UNREADABLE, UnclearReason.TOO_LARGE
HALF = gzip.compress(PENDING)[:-12]
BOMB = gzip.compress(gzip.compress(b"0" * 30_000_000))


@pytest.mark.parametrize(
    ("act", "expected"),
    [
        (close, RESET),
        (reset, RESET),
        (send(HEAD, reset), RESET),
        (send(HEAD + b"Content-Length: 500\r\n\r\n" + PENDING), RESET),
        (send(HEAD + b"Content-Length: 500\r\n\r\n" + PENDING, reset), RESET),
        (send(http(PENDING, length=10)), UNREADABLE),
        (send(http(PENDING, length="abc")), UNREADABLE),
        (send(http(PENDING, length=-5)), UNREADABLE),
        (send(http(PENDING, length="9" * 5_000)), UNREADABLE),
        (send(http(PENDING, "Content-Length: 7")), RESET),
        (send(HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n" + PENDING), RESET),
        (send(HEAD + b"Transfer-Encoding: chunked\r\n\r\n-5\r\n" + PENDING), RESET),
        (send(HEAD + b"Transfer-Encoding: chunked\r\n\r\nfff\r\n" + PENDING), RESET),
        (send(http(PENDING, "Content-Encoding: gzip")), RESET),
        (send(http(HALF, "Content-Encoding: gzip")), UNREADABLE),
        (send(http(gzip.compress(b"0" * 30_000_000), "Content-Encoding: gzip")), TOO_LARGE),
        (send(http(BOMB, "Content-Encoding: gzip, gzip")), TOO_LARGE),
        (send(http(PENDING, "Content-Encoding: " + ", ".join(["gzip"] * 50))), RESET),
        (send(PENDING), RESET),
        (send(b"SSH-2.0-OpenSSH_9.2\r\n"), RESET),
        (send(b"HTTP/1.1 1000 OK\r\n\r\n" + PENDING), RESET),
        (send(http(b"", status=204)), UNREADABLE),
        (send(http(PENDING.decode().encode("utf-16"))), UNREADABLE),
        (flood(b"x" * 65_536, HEAD + b"\r\n"), TOO_LARGE),
        (flood(b"X: " + b"y" * 60_000 + b"\r\n", HEAD), RESET),
        (flood(b"HTTP/1.1 100 Continue\r\n\r\n"), TIMEOUT),
        (drip(b"H", b"HTTP/1.1 200 OK\r\nX: "), TIMEOUT),
        (drip(b" ", HEAD + b"Content-Length: 500\r\n\r\n{"), TIMEOUT),
        (drip(b"1\r\n \r\n", HEAD + b"Transfer-Encoding: chunked\r\n\r\n"), TIMEOUT),
        (drip(b" ", HEAD + b"\r\n"), TIMEOUT),
        (keep(b""), TIMEOUT),
        (keep(HEAD), TIMEOUT),
    ],
)
def test_money_may_have_moved_and_the_call_ends_in_time_and_memory(act: Act, expected: UnclearReason) -> None:
    pay(client_of("http://127.0.0.1:9/"))  # loads what a first call needs
    tracemalloc.start()
    try:
        with wire(act) as server:
            before = time.monotonic()
            outcome = pay(client_of(f"http://127.0.0.1:{server.port}/", total=0.6))
            assert time.monotonic() - before < 3.0
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert isinstance(outcome, Unclear)
    assert reason(outcome) is expected
    assert len(server.requests) == 1
    assert most < 20_000_000


def test_a_byte_order_mark_before_the_answer_is_skipped() -> None:
    with wire(send(http(b"\xef\xbb\xbf" + PENDING))) as server:
        outcome = pay(client_of(f"http://127.0.0.1:{server.port}/"))
    assert isinstance(outcome, Answered)


@pytest.mark.parametrize("interim", [b"100 Continue", b"102 Processing", b"103 Early Hints", b"199 Strange"])
def test_interim_answers_are_skipped(interim: bytes) -> None:
    early = b"HTTP/1.1 " + interim + b"\r\nLink: </x>; rel=preload\r\n\r\n"
    with wire(send(early * 3 + http(PENDING))) as server:
        outcome = pay(client_of(f"http://127.0.0.1:{server.port}/"))
    assert isinstance(outcome, Answered)
    assert (outcome.http_status, outcome.answer.gateway_transaction_id) == (200, "5")


def test_a_gateway_that_wants_another_protocol_says_nothing() -> None:
    with wire(send(b"HTTP/1.1 101 Switching Protocols\r\n\r\n" + http(PENDING))) as server:
        assert isinstance(pay(client_of(f"http://127.0.0.1:{server.port}/")), Unclear)


def test_a_compressed_answer_that_is_whole_is_read() -> None:
    with wire(send(http(gzip.compress(PENDING), "Content-Encoding: gzip"))) as server:
        outcome = pay(client_of(f"http://127.0.0.1:{server.port}/"))
    assert isinstance(outcome, Answered)
    assert outcome.answer.gateway_transaction_id == "5"


@pytest.mark.parametrize("status", [300, 301, 302, 303, 304, 305, 307, 308])
@pytest.mark.parametrize("where", ["elsewhere", "http://[::1", "http://\xff:99999999/", "//", "", None])
def test_a_redirect_is_neither_followed_nor_read(status: int, where: str | None) -> None:
    with wire(send(GOOD)) as elsewhere:
        target = f"http://127.0.0.1:{elsewhere.port}/requestpayment/" if where == "elsewhere" else where
        headers = [] if target is None else [f"Location: {target}"]
        with wire(send(http(PENDING, *headers, status=status))) as server:
            outcome = pay(client_of(f"http://127.0.0.1:{server.port}/"))
        assert reason(outcome) is UnclearReason.REDIRECT
        assert (len(server.requests), elsewhere.connections) == (1, 0)


def test_a_redirect_with_an_endless_body_costs_neither_time_nor_memory() -> None:
    endless = flood(b"x" * 65_536, b"HTTP/1.1 307 -\r\nLocation: http://127.0.0.1:9/\r\n\r\n")
    with wire(endless) as server:
        before = time.monotonic()
        outcome = pay(client_of(f"http://127.0.0.1:{server.port}/"))
        assert time.monotonic() - before < 2.0
    assert reason(outcome) is TOO_LARGE


@pytest.mark.parametrize(
    "date",
    [
        "Fri, 31 Dec 9999 23:59:59 -2359",
        "Fri, 31 Dec 9999 23:59:59 GMT",
        "Mon, 23 Nov 2020 12:00:00 +99999999999999999999",
        "Mon, 23 Nov 99999999999999999999 12:00:00 GMT",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "yesterday",
        "",
    ],
)
def test_a_date_that_no_clock_shows_teaches_nothing(date: str) -> None:
    refused = http(b'{"success":false,"responsecode":"0005"}', f"Date: {date}")
    with wire(send(refused)) as server:
        client = client_of(f"http://127.0.0.1:{server.port}/")
        for _ in range(2):
            assert isinstance(client.balance(), Answered)
        assert client.clock_offset == 0.0
        client.close()


def test_a_connection_the_other_side_closed_is_never_used_again() -> None:
    """A gateway that promises to keep the connection and closes it: the next request has one of its own."""
    alive = http(PENDING, "Connection: keep-alive", "Keep-Alive: timeout=60")
    with wire(send(alive), keep(alive), send(alive)) as server:
        client = client_of(f"http://127.0.0.1:{server.port}/")
        for number in range(3):
            outcome = client.request_payment(id=f"01ABC-{number}", phone="250788123456", amount=1500)
            assert isinstance(outcome, Answered)
        client.close()
        assert (len(server.requests), server.connections) == (3, 3)
        assert all(b"connection: close" in request.lower() for request in server.requests)


_NAMES = st.sampled_from(
    ["Content-Length", "Transfer-Encoding", "Content-Encoding", "Connection", "Date", "Location", "Set-Cookie", "X", ""]
)
_VALUES = st.one_of(
    st.sampled_from(["0", "59", "chunked", "gzip", "deflate", "close", "5, 6", "-1", "\xff", "a=b;c", "http://["]),
    st.text(st.characters(codec="latin-1", exclude_characters="\r\n"), max_size=20),
)
_BODIES = st.one_of(st.just(PENDING), st.binary(max_size=60), st.builds(gzip.compress, st.binary(max_size=60)))
_STATUS = st.one_of(st.integers(0, 1_000).map(str), st.text("0123456789 abc-", max_size=6))


@st.composite
def answers(draw: st.DrawFn) -> bytes:
    """Something like HTTP."""
    if draw(st.integers(0, 9)) == 0:
        return draw(st.binary(max_size=100))
    headers = "".join(f"{name}: {value}\r\n" for name, value in draw(st.lists(st.tuples(_NAMES, _VALUES), max_size=4)))
    return f"HTTP/1.1 {draw(_STATUS)} x\r\n{headers}\r\n".encode("latin-1") + draw(_BODIES)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(answers(), min_size=1, max_size=8))
def test_no_bytes_on_the_wire_raise_or_prove_that_nothing_was_sent(raw: list[bytes]) -> None:
    with wire(*(send(one) for one in raw)) as server:
        client = client_of(f"http://127.0.0.1:{server.port}/", total=1.0)
        for number in range(len(raw)):
            outcome = client.request_payment(id=f"01ABC-{number}", phone="250788123456", amount=1500)
            assert not isinstance(outcome, NotSent)
            if isinstance(outcome, Answered):
                assert outcome.answer.code == json.loads(PENDING)["responsecode"]
        client.close()
        assert len(server.requests) == len(raw)
