"""The client on real sockets: what is proven not sent, what is unclear, and that every call has an end."""

import socket
import threading
import time
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cashier.gateway.outcomes import Answered, NotSent, NotSentReason, Outcome, Unclear, UnclearReason
from cashier.simulator import Fault, Simulator
from tests.canaries import PASSWORD
from tests.unit.gateway.calling import client_of, pay, reason


@pytest.fixture
def gateway() -> Iterator[Simulator]:
    with Simulator(partnerpassword=PASSWORD) as one:
        yield one


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as one:
        port: int = one.getsockname()[1]
        return port


class TestNotSent:
    def test_nobody_listens(self) -> None:
        assert reason(pay(client_of(f"http://127.0.0.1:{free_port()}/"))) is NotSentReason.REFUSED

    def test_no_such_name(self) -> None:
        outcome = pay(client_of("https://no-such-host.invalid/"))
        assert isinstance(outcome, NotSent)
        assert outcome.reason is NotSentReason.DNS


class TestUnclear:
    @pytest.mark.parametrize(
        ("fault", "expected"),
        [
            (Fault(cut=True), UnclearReason.RESET),
            (Fault(reset=True), UnclearReason.RESET),
            (Fault(reset=True, take=False), UnclearReason.RESET),
            (Fault(stall=30.0), UnclearReason.TIMEOUT),
            (Fault(drip=0.05), UnclearReason.TIMEOUT),
            (Fault(status=502, body=b"<html>Bad Gateway</html>", content_type="text/html"), UnclearReason.SERVER),
            (Fault(status=503, body=b""), UnclearReason.SERVER),
            (Fault(body=b"<html>Sign in. success</html>", content_type="text/html"), UnclearReason.LOGIN_PAGE),
            (Fault(body=b"success"), UnclearReason.UNREADABLE),
            (Fault(body=b'{"success": true'), UnclearReason.UNREADABLE),
            (Fault(body=b"\xef\xbb\xbf{}"), UnclearReason.UNREADABLE),
            (Fault(body=b'{"success": true}'), UnclearReason.UNREADABLE),
            (Fault(body=b"x" * 100_000), UnclearReason.TOO_LARGE),
            (Fault(claim_length=100_000), UnclearReason.RESET),
            (Fault(headers={"Content-Encoding": "gzip"}), UnclearReason.RESET),
        ],
    )
    def test_money_may_have_moved(self, gateway: Simulator, fault: Fault, expected: UnclearReason) -> None:
        gateway.script(fault)
        before = time.monotonic()
        outcome = pay(client_of(gateway.url, total=1.0))
        assert reason(outcome) is expected
        assert time.monotonic() - before < 2.5

    @pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
    def test_a_redirect_is_not_followed(self, gateway: Simulator, status: int) -> None:
        with Simulator() as elsewhere:
            gateway.script(Fault(status=status, headers={"Location": elsewhere.url + "requestpayment/"}))
            assert reason(pay(client_of(gateway.url))) is UnclearReason.REDIRECT
            assert elsewhere.book()["requests"] == []

    def test_the_end_of_the_program_ends_the_call(self, gateway: Simulator) -> None:
        gateway.script(Fault(stall=30.0))
        client = client_of(gateway.url, total=30.0)
        outcomes: list[Outcome] = []
        caller = threading.Thread(target=lambda: outcomes.append(client.balance()))
        caller.start()
        gateway.wait_for(lambda book: bool(book["requests"]))
        client.close()
        caller.join(5)
        assert reason(outcomes[0]) is UnclearReason.CLOSED


def test_an_answer_is_read_whatever_the_http_status(gateway: Simulator) -> None:
    for status in (400, 401, 403, 409, 422, 429, 500):
        gateway.script(Fault(status=status, code="1005"))
        outcome = client_of(gateway.url)
        found = outcome.request_payment(id=f"01ABC-{status}", phone="250788123456", amount=1500)
        outcome.close()
        assert isinstance(found, Answered)
        assert (found.http_status, found.answer.code) == (status, "1005")


def test_proxies_and_netrc_of_the_computer_are_not_used(
    gateway: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login thief password thief\n")
    monkeypatch.setenv("NETRC", str(netrc))
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "https_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")
    assert isinstance(pay(client_of(gateway.url)), Answered)


def test_a_wrong_clock_is_learnt_from_a_refusal_and_made_up_for() -> None:
    with Simulator(partnerpassword=PASSWORD, now=lambda: datetime.now(UTC) + timedelta(hours=3)) as ahead:
        client = client_of(ahead.url)
        refused = client.balance()
        assert isinstance(refused, Answered)
        assert refused.answer.code == "0005"
        assert refused.clock_ahead == pytest.approx(10_800, abs=5)
        assert client.clock_offset == pytest.approx(10_800, abs=5)
        again = client.balance()
        client.close()
        assert isinstance(again, Answered)
        assert again.answer.balance == "1000000.0"


def test_a_strange_date_in_a_good_answer_teaches_nothing(gateway: Simulator) -> None:
    gateway.script(Fault(headers={"Date": "Mon, 23 Nov 2020 12:00:00 GMT"}))
    client = client_of(gateway.url)
    assert isinstance(client.balance(), Answered)
    client.close()
    assert client.clock_offset == 0.0


def test_no_secret_in_a_traceback(gateway: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr("cashier.gateway.client.read_answer", broken)
    client = client_of(gateway.url)
    try:
        client.balance()
    except RuntimeError:
        told = traceback.format_exc()
    client.close()
    assert PASSWORD not in told


def test_an_unclear_end_keeps_the_http_status(gateway: Simulator) -> None:
    gateway.script(Fault(status=504, body=b"gateway time-out", content_type="text/plain"))
    outcome = pay(client_of(gateway.url))
    assert isinstance(outcome, Unclear)
    assert outcome.http_status == 504
