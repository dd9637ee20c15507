"""Tills that are killed and started again on one folder, and what must hold after each death."""

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from cashier.domain.states import Kind, State
from cashier.domain.transaction import Transaction
from cashier.gateway.client import Client
from cashier.ledger.ledger import Account
from cashier.ledger.reader import Reader
from cashier.simulator import Simulator
from cashier.till.rules import REVIEW_NOT_FOUND_PAYOUT
from tests.e2e.crash_driver import ENDLESS
from tests.fakes.gateway import FakeGateway
from tests.integration.running import profile_of
from tests.unit.till.virtual_till import VirtualTill
from tests.virtual import VirtualTime

HALF_AN_HOUR = 1800.0
SUBMISSIONS = ("requestpayment", "requestdeposit")


@dataclass
class Life:
    """One start of the till: what it said and how it ended (as subprocess tells it: -9 is SIGKILL)."""

    started: int | None = None
    begun: list[str] = field(default_factory=list)
    ended: int = 0
    trouble: str | None = None


class Crasher:
    """The process that forks tills (crash_driver.py)."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def live(
        self,
        gateway: Simulator,
        data: Path,
        *,
        point: str = "",
        kind: str = ENDLESS,
        phone: str = "",
        seed: int = 0,
        while_running: Callable[[int, Iterator[dict[str, Any]]], None] | None = None,
    ) -> Life:
        """Starts a till, has `while_running` (with its pid and its news to come) do something to it, sees it end."""
        order = {"data": str(data), "point": point, "kind": kind, "phone": phone, "seed": seed}
        order |= {"url": gateway.url, "username": gateway.username, "accountno": gateway.accountno}
        self._write({**order, "password": gateway.partnerpassword})
        life = Life()
        news = self._news(life)
        pid = next(news)["pid"]
        try:
            if while_running is not None:
                while_running(pid, news)
            for _ in news:
                pass
        except BaseException:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            raise
        assert life.trouble is None, life.trouble
        return life

    def _write(self, order: dict[str, object]) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()

    def _news(self, life: Life) -> Iterator[dict[str, Any]]:
        """What the till says, until it has ended; the time limit of the test bounds the wait."""
        assert self._process.stdout is not None
        for line in self._process.stdout:
            news: dict[str, Any] = json.loads(line)
            life.trouble = news.get("trouble", life.trouble)
            if "begun" in news:
                life.begun.append(news["begun"])
            life.started = news.get("started", life.started)
            life.ended = news.get("ended", life.ended)
            yield news
            if "ended" in news:
                return
        raise AssertionError("the process that forks has ended")


@contextmanager
def crasher() -> Iterator[Crasher]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.e2e.crash_driver"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with process:
        yield Crasher(process)
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(30) == 0


def folder_of(gateway: Simulator, data: Path) -> Path:
    return data / f"practice-{gateway.accountno}"


def rows_of(gateway: Simulator, data: Path) -> dict[str, Transaction]:
    """The ledger's rows by id, once the ledger was found whole."""
    reader = Reader(folder_of(gateway, data))
    try:
        if not reader.exists:
            return {}
        assert reader.verify().ok
        return {row.id: row for row in reader.history(limit=100_000)}
    finally:
        reader.close()


def nothing_lost_or_doubled(gateway: Simulator, data: Path, said: set[str]) -> None:
    """What the gateway was sent was in the ledger before, and once; what was said to be committed is there."""
    rows = rows_of(gateway, data)
    sent = Counter(
        one["fields"]["requesttransactionid"] for one in gateway.book()["requests"] if one["function"] in SUBMISSIONS
    )
    assert not set(sent) - set(rows), "sent and not in the ledger"
    assert set(sent.values()) <= {1}, f"sent twice: {sent.most_common(1)}"
    assert not said - set(rows), "committed and lost"


def settle_everything(gateway: Simulator, data: Path) -> dict[str, Transaction]:
    """A last start in which half an hour passes in no time: every row has its end, or is for a manager to look at.

    The till is the real one with the real client on the real socket; only its clock is virtual.
    """
    for entry in gateway.book()["transactions"]:
        gateway.settle_now(entry["requesttransactionid"])
    client = Client(profile_of(gateway), now=lambda: datetime.now(UTC))
    virtual = VirtualTill(
        folder_of(gateway, data),
        VirtualTime(datetime.now(UTC)),
        cast("FakeGateway", client),
        account=Account("practice", gateway.accountno),
    ).start()
    try:
        virtual.time.run(HALF_AN_HOUR)
    finally:
        virtual.ledger.close()
        client.close()
    rows = rows_of(gateway, data)
    for row in rows.values():
        unfound_payout = row.kind is Kind.PAYOUT and row.review == REVIEW_NOT_FOUND_PAYOUT
        assert row.is_final or unfound_payout, row
    return rows


def ledger_and_gateway_agree(gateway: Simulator, rows: dict[str, Transaction]) -> None:
    """On what was paid and paid out, by id, phone and amount; nothing that did not fail there is failed here."""
    truth = {entry["requesttransactionid"]: entry for entry in gateway.book()["transactions"]}
    ours = {row.id: (row.kind, row.phone, row.amount) for row in rows.values() if row.state is State.SUCCESSFUL}
    theirs = {id: one for id, one in truth.items() if one["state"] == "successful"}
    told = {id: (one["kind"], one["phone"], one["amount"]) for id, one in theirs.items()}
    assert ours == told, sorted(ours.items() ^ told.items())
    for row in rows.values():
        if row.state is State.FAILED:
            assert row.id not in truth or truth[row.id]["state"] == "failed", row
