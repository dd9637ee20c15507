"""HTTPS is always verified, and where it is not certain nothing of the request leaves: faults row 45."""

import ssl
from pathlib import Path

import pytest

from cashier.gateway.outcomes import Answered, NotSent, NotSentReason
from tests.certificates import certify, server_side
from tests.unit.gateway.calling import client_of, pay, reason
from tests.wire import Act, close, http, keep, send, wire

GOOD = http(b'{"success":true,"responsecode":"1000","transactionid":"5"}')


def test_a_trusted_gateway_is_read(tmp_path: Path) -> None:
    files = certify(tmp_path)
    with wire(send(GOOD), tls=server_side(files)) as server:
        assert isinstance(pay(client_of(f"https://127.0.0.1:{server.port}/", ca_file=str(files[0]))), Answered)
        assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("trusted", "certificate"),
    [
        (False, {}),
        (True, {"host": "127.0.0.2"}),
        (True, {"host": "gateway.example.com"}),
        (True, {"until": -1}),
        (True, {"since": 1, "until": 5}),
    ],
    ids=["unknown authority", "other address", "other name", "expired", "not yet"],
)
def test_any_other_certificate_gets_not_one_byte(
    tmp_path: Path, trusted: bool, certificate: dict[str, str | int]
) -> None:
    files = certify(tmp_path, **certificate)  # type: ignore[arg-type]  # as its signature says
    with wire(send(GOOD), tls=server_side(files)) as server:
        url = f"https://127.0.0.1:{server.port}/"
        outcome = pay(client_of(url, ca_file=str(files[0]) if trusted else None))
    assert isinstance(outcome, NotSent)
    assert reason(outcome) is NotSentReason.TLS
    assert "not secure" in outcome.sentence
    assert server.requests == []


def test_the_computers_own_variables_do_not_widen_the_trust(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = certify(tmp_path)
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.setenv(name, str(files[0]))
    with wire(send(GOOD), tls=server_side(files)) as server:
        assert reason(pay(client_of(f"https://127.0.0.1:{server.port}/"))) is NotSentReason.TLS
        assert server.requests == []


def test_an_old_protocol_is_not_spoken(tmp_path: Path) -> None:
    files = certify(tmp_path)
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        old = server_side(files, ssl.TLSVersion.TLSv1_1)
    with wire(send(GOOD), tls=old) as server:
        outcome = pay(client_of(f"https://127.0.0.1:{server.port}/", ca_file=str(files[0])))
        assert reason(outcome) in (NotSentReason.TLS, NotSentReason.NETWORK)
        assert server.requests == []


@pytest.mark.parametrize(
    ("act", "expected"),
    [(send(b"HTTP/1.1 400 Bad Request\r\n\r\n"), NotSentReason.TLS), (close, None)],
    ids=["plain HTTP", "closed at once"],
)
def test_no_handshake_is_not_sent(act: Act, expected: NotSentReason | None) -> None:
    """The server speaks no TLS: what it reads is our hello, which ends with no empty line, so it must speak first."""
    with wire(act) as server:
        server.speak_first = True
        found = reason(pay(client_of(f"https://127.0.0.1:{server.port}/")))
        assert isinstance(found, NotSentReason)
        assert expected in (None, found)


def test_a_handshake_that_never_comes_ends_in_time() -> None:
    with wire(keep(b"")) as server:
        assert reason(pay(client_of(f"https://127.0.0.1:{server.port}/", total=1.0))) is NotSentReason.TIMEOUT
        assert server.connections == 1
