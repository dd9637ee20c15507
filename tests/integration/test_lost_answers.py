"""A request left and no usable answer came: the row is `unknown`, asked about, settled by the status answer, sent once.

Real till, real sockets, real ledger; the deadlines are short. Faults rows 7 to 14, 46 and 48.
"""

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cashier.assembly import RunningTill
from cashier.domain.evidence import Meaning
from cashier.domain.states import Kind, State
from cashier.domain.transaction import Transaction
from cashier.gateway.bounds import Bounds
from cashier.gateway.client import Client
from cashier.ledger.errors import OpenAlready
from cashier.ledger.ledger import Account
from cashier.simulator import REMOVE, Fault, Simulator
from tests.integration.running import Watcher, profile_of

SHORT = 0.5
FUNCTIONS = {Kind.PAYMENT: "requestpayment", Kind.PAYOUT: "requestdeposit"}
DONE = {Kind.PAYMENT: "01", Kind.PAYOUT: "2001"}
KINDS = pytest.mark.parametrize("kind", list(Kind))


@pytest.fixture(autouse=True)
def _asks_as_fast_as_it_can(monkeypatch: pytest.MonkeyPatch) -> None:
    """Five calls a second are kept in tests/unit/till/test_asking.py; here they would only be waited for."""
    monkeypatch.setattr("cashier.till.poller.PER_SECOND", 500)


@contextmanager
def short_till(gateway: Simulator, folder: Path, url: str | None = None) -> Iterator[RunningTill]:
    """A till whose calls end after half a second, without callbacks: asking does all the work."""
    profile = profile_of(gateway)
    client = Client(
        profile,
        now=lambda: datetime.now(UTC),
        bounds=Bounds(connect=SHORT, read=SHORT),
        submission_total=SHORT,
        status_total=SHORT,
    )
    running = RunningTill(folder, Account("practice", gateway.accountno), profile, gateway=client)
    with running:
        yield running


def begin(running: RunningTill, kind: Kind, phone: str) -> Transaction:
    if kind is Kind.PAYMENT:
        return running.till.charge(phone, 1500)
    return running.till.pay_out(phone, 1500, "test")


def submitted(gateway: Simulator) -> int:
    return sum(one["function"] in FUNCTIONS.values() for one in gateway.book()["requests"])


LOST = {
    "time-out": Fault(stall=30.0),
    "cut": Fault(cut=True),
    "reset": Fault(reset=True),
    "dripping": Fault(drip=0.05),
    "bad gateway": Fault(status=502, body=b"<html>Bad Gateway</html>", content_type="text/html"),
    "gateway time-out": Fault(status=504, body=b"stream timeout", content_type="text/plain"),
    "server error, empty": Fault(status=500, body=b""),
    "login page": Fault(body=b"<html>Sign in: success, 2001, 01</html>", content_type="text/html"),
    "redirect": Fault(status=307, headers={"Location": "http://127.0.0.1:9/"}),
    "cut JSON": Fault(body=b'{"success":true,"responsecode":"2001"'),
    "too long a length": Fault(claim_length=100_000),
    "too short a length": Fault(claim_length=5),
    "no gzip": Fault(headers={"Content-Encoding": "gzip"}),
    "half a gzip": Fault(body=gzip.compress(b'{"success":true}' * 9)[:-12], headers={"Content-Encoding": "gzip"}),
    "BOM, no code": Fault(body=b'\xef\xbb\xbf{"success":true}'),
    "key twice": Fault(body=b'{"success":true,"responsecode":"01","responsecode":"2001"}'),
    "NaN": Fault(body=b'{"success":true,"responsecode":"01","amount":NaN}'),
    "deep": Fault(body=b'{"x":' * 9_000),
    "5 000 figures": Fault(body=b'{"success":true,"responsecode":' + b"9" * 5_000 + b"}"),
    "half a character": Fault(body=b'{"success":true,"responsecode":"1000","transactionid":"\\ud800"}'),
    "huge": Fault(body=b" " * 300_000 + b"{}"),
    "success is the text false": Fault(fields={"success": "false"}),
    "no code": Fault(fields={"responsecode": REMOVE}),
    "a list for a code": Fault(fields={"responsecode": ["01"]}),
    "an unlisted code": Fault(code="9999"),
}


@KINDS
def test_whatever_came_it_is_unknown_then_what_the_gateway_says(tmp_path: Path, kind: Kind) -> None:
    with Simulator() as gateway, short_till(gateway, tmp_path / "x") as running:
        watcher = Watcher(running.till)
        rows: dict[str, Transaction] = {}
        for number, (name, fault) in enumerate(LOST.items()):
            phone = f"2507881234{number:02d}"
            given = {**vars(fault), "function": FUNCTIONS[kind], "phone": phone}
            gateway.script(Fault(**given))
            rows[name] = begin(running, kind, phone)
        for name, row in rows.items():
            first = watcher.wait_for(row.id, lambda one: one.state is not State.CREATED)
            assert first.state is State.UNKNOWN, (name, first)
        if kind is Kind.PAYMENT:
            gateway.wait_for(lambda book: len(book["transactions"]) == len(rows))
            for row in rows.values():
                gateway.settle_now(row.id)
        running.till.check([row.id for row in rows.values()])
        for name, row in rows.items():
            end = watcher.wait_final(row.id)
            assert (end.state, end.response_code, end.review) == (State.SUCCESSFUL, DONE[kind], None), name
        assert submitted(gateway) == len(rows)
        assert running.ledger.reader.verify().ok


@KINDS
def test_the_same_in_a_status_answer_says_nothing(tmp_path: Path, kind: Kind) -> None:
    with Simulator() as gateway, short_till(gateway, tmp_path / "x") as running:
        watcher = Watcher(running.till)
        gateway.script(Fault(function=FUNCTIONS[kind], times=len(LOST), cut=True))
        rows: dict[str, Transaction] = {}
        for number, (name, fault) in enumerate(LOST.items()):
            row = rows[name] = begin(running, kind, f"2507881234{number:02d}")
            gateway.script(Fault(**{**vars(fault), "function": "gettransactionstatus", "id": row.id}))
            watcher.wait_for(row.id, lambda one: one.state is State.UNKNOWN)
            if kind is Kind.PAYMENT:
                gateway.settle_now(row.id)
        running.till.check([row.id for row in rows.values()])
        for name, row in rows.items():
            end = watcher.wait_final(row.id)
            assert (end.state, end.response_code, end.review) == (State.SUCCESSFUL, DONE[kind], None), name
            seen = [event.data["meaning"] for event in running.ledger.reader.events(row.id) if event.source == "status"]
            assert seen[-1] == Meaning.DONE.value
            assert len(seen) >= 2, name
            assert not {Meaning.DONE.value, Meaning.REFUSED.value} & set(seen[:-1]), name
        assert submitted(gateway) == len(rows)


@KINDS
def test_a_request_the_gateway_never_got_is_not_failed_and_may_arrive_late(tmp_path: Path, kind: Kind) -> None:
    with Simulator() as gateway, short_till(gateway, tmp_path / "x") as running:
        watcher = Watcher(running.till)
        gateway.script(Fault(function=FUNCTIONS[kind], arrive_after=1.0))
        row = begin(running, kind, "250788123456")
        watcher.wait_for(row.id, lambda one: one.state is State.UNKNOWN)
        told = running.till.check([row.id])
        gateway.wait_for(lambda book: any("3100" in (one["answer"] or "") for one in book["requests"]))
        gateway.wait_for(lambda book: bool(book["transactions"]))
        if kind is Kind.PAYMENT:
            gateway.settle_now(row.id)
        running.till.check(told)
        end = watcher.wait_final(row.id)
        assert (end.state, end.review) == (State.SUCCESSFUL, None)
        assert submitted(gateway) == 1


def test_a_payout_nobody_answered_for_blocks_its_phone_until_it_is_settled(tmp_path: Path) -> None:
    phone = "250788123456"
    with Simulator() as gateway, short_till(gateway, tmp_path / "x") as running:
        watcher = Watcher(running.till)
        gateway.script(Fault(function="requestdeposit", stall=30.0))
        gateway.script(Fault(function="gettransactionstatus", take=False))
        before = gateway.book()["balance"]
        row = running.till.pay_out(phone, 1500, "test")
        watcher.wait_for(row.id, lambda one: one.state is State.UNKNOWN)
        with pytest.raises(OpenAlready) as there:
            running.till.pay_out(phone, 900, "again")
        assert there.value.existing.id == row.id
        running.till.check([row.id])
        assert watcher.wait_final(row.id).state is State.SUCCESSFUL
        assert gateway.book()["balance"] == before - 1500
        assert submitted(gateway) == 1
        second = running.till.pay_out(phone, 900, "another")
        assert watcher.wait_final(second.id).state is State.SUCCESSFUL


def test_a_redirect_takes_no_byte_elsewhere(tmp_path: Path) -> None:
    with Simulator() as gateway, Simulator() as elsewhere, short_till(gateway, tmp_path / "x") as running:
        watcher = Watcher(running.till)
        for number, status in enumerate((301, 302, 303, 307, 308)):
            where = {"Location": elsewhere.url + "requestpayment/"}
            gateway.script(Fault(function="requestpayment", status=status, headers=where))
            row = running.till.charge(f"25078812345{number}", 1500)
            found = watcher.wait_for(row.id, lambda one: one.state is not State.CREATED)
            assert found.state is State.UNKNOWN
            assert "Sign in to the Wi-Fi" in (found.message or "")
        assert elsewhere.book()["requests"] == []
