"""The client on real sockets: what is proven not sent, what is unclear, and that every call has an end."""

import datetime as dt
import ipaddress
import socket
import ssl
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from cashier.gateway.bounds import Bounds
from cashier.gateway.client import Client
from cashier.gateway.outcomes import Answered, NotSent, NotSentReason, Outcome, Unclear, UnclearReason
from cashier.gateway.profile import Profile, Secret
from cashier.simulator import Fault, Simulator
from tests.canaries import PASSWORD


def client_of(url: str, *, total: float = 5.0, ca_file: str | None = None, password: str = PASSWORD) -> Client:
    profile = Profile(url, "practice", "250160000011", Secret(password))
    return Client(
        profile,
        now=lambda: datetime.now(UTC),
        bounds=Bounds(connect=1.0, read=total),
        submission_total=total,
        status_total=total,
        ca_file=ca_file,
    )


def pay(client: Client) -> Outcome:
    try:
        return client.request_payment(id="01ABC", phone="250788123456", amount=1500)
    finally:
        client.close()


def reason(outcome: Outcome) -> object:
    assert not isinstance(outcome, Answered), outcome
    assert PASSWORD not in repr(outcome)
    return outcome.reason


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

    def test_a_name_that_is_never_found(self, monkeypatch: pytest.MonkeyPatch) -> None:
        release = threading.Event()

        def stall(*_: object, **__: object) -> list[object]:
            release.wait(10)
            return []

        monkeypatch.setattr(socket, "getaddrinfo", stall)
        before = time.monotonic()
        outcome = pay(client_of("https://stalled.example.com/"))
        release.set()
        assert reason(outcome) is NotSentReason.DNS
        assert time.monotonic() - before < 3

    def test_no_connection_in_time(self) -> None:
        # A full backlog takes no more connections, and says nothing.
        with socket.socket() as full:
            full.bind(("127.0.0.1", 0))
            full.listen(0)
            fillers = [socket.socket() for _ in range(4)]
            for filler in fillers:
                filler.setblocking(False)
                filler.connect_ex(full.getsockname())
            outcome = pay(client_of(f"http://127.0.0.1:{full.getsockname()[1]}/"))
            for filler in fillers:
                filler.close()
        assert reason(outcome) is NotSentReason.TIMEOUT


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


@contextmanager
def tls_server(certificate: Path, key: Path) -> Iterator[str]:
    """A TLS server that answers a good balance to whoever trusts it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with listening:
            plain, _ = listening.accept()
            try:
                with context.wrap_socket(plain, server_side=True) as connection:
                    request = b""
                    while b"accountno" not in request:  # the last field: the whole request was read
                        request += connection.recv(4096)
                    body = b'{"balance":"5.0","success":true}'
                    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
            except OSError:
                plain.close()

    thread = threading.Thread(target=serve)
    thread.start()
    yield f"https://127.0.0.1:{listening.getsockname()[1]}/"
    thread.join(5)


def certify(folder: Path, *, address: str = "127.0.0.1", days: int = 30) -> tuple[Path, Path]:
    """A certificate that is its own authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "gateway")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=60))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    files = folder / "gateway.pem", folder / "gateway.key"
    files[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return files


class TestTls:
    def test_a_trusted_gateway_is_read(self, tmp_path: Path) -> None:
        certificate, key = certify(tmp_path)
        with tls_server(certificate, key) as url:
            client = client_of(url, ca_file=str(certificate))
            assert isinstance(client.balance(), Answered)
            client.close()

    @pytest.mark.parametrize("wrong", ["unknown authority", "other host", "expired"])
    def test_any_other_gets_not_one_byte(self, tmp_path: Path, wrong: str) -> None:
        address = "127.0.0.2" if wrong == "other host" else "127.0.0.1"
        certificate, key = certify(tmp_path, address=address, days=-1 if wrong == "expired" else 30)
        with tls_server(certificate, key) as url:
            outcome = pay(client_of(url, ca_file=None if wrong == "unknown authority" else str(certificate)))
        assert reason(outcome) is NotSentReason.TLS


def test_an_unclear_end_keeps_the_http_status(gateway: Simulator) -> None:
    gateway.script(Fault(status=504, body=b"gateway time-out", content_type="text/plain"))
    outcome = pay(client_of(gateway.url))
    assert isinstance(outcome, Unclear)
    assert outcome.http_status == 504
