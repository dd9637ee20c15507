"""kill -9 between any two steps of a transaction, then `cashier check`: the gateway's truth, nothing twice."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cashier.domain.states import State
from cashier.simulator import Fault, Simulator
from tests.e2e.crash_points import (
    AFTER_THE_END,
    BEFORE_SENDING,
    BEFORE_THE_COMMIT,
    INSIDE_RECOVERY,
    INSIDE_THE_COMMIT,
    POINTS,
    WHILE_CLOSING,
)
from tests.e2e.crashing import (
    SUBMISSIONS,
    Crasher,
    crasher,
    ledger_and_gateway_agree,
    nothing_lost_or_doubled,
    rows_of,
    settle_everything,
)
from tests.e2e.program import LONG, Program

pytestmark = pytest.mark.e2e
PHONE = "250788123456"


@pytest.fixture(scope="module")
def tills() -> Iterator[Crasher]:
    with crasher() as one:
        yield one


def submissions(gateway: Simulator) -> int:
    return sum(one["function"] in SUBMISSIONS for one in gateway.book()["requests"])


def settle_all(gateway: Simulator) -> None:
    for entry in gateway.book()["transactions"]:
        gateway.settle_now(entry["requesttransactionid"])


@pytest.mark.parametrize("kind", ["payment", "payout"])
@pytest.mark.parametrize("point", POINTS)
def test_a_crash_loses_and_doubles_nothing(
    tills: Crasher, program: Program, gateway: Simulator, point: str, kind: str
) -> None:
    life = tills.live(gateway, program.data, point=point, kind=kind, phone=PHONE)
    assert life.ended == -signal.SIGKILL
    nothing_lost_or_doubled(gateway, program.data, set(life.begun))
    settle_all(gateway)
    checked = program.run("check", "--json")
    rows = rows_of(gateway, program.data)
    truth = [entry["requesttransactionid"] for entry in gateway.book()["transactions"]]
    if point in (BEFORE_THE_COMMIT, INSIDE_THE_COMMIT):
        assert (rows, truth, checked.code) == ({}, [], 0)
    elif point == BEFORE_SENDING:
        # The gateway does not know it yet; nobody may conclude that from one answer, and nothing is sent again.
        assert [row.state for row in rows.values()] == [State.UNKNOWN]
        assert (truth, checked.code) == ([], 3)
    else:
        assert [row.state for row in rows.values()] == [State.SUCCESSFUL]
        assert (list(rows), checked.code) == (truth, 0)
    assert submissions(gateway) == len(truth)
    if point == AFTER_THE_END:
        assert program.run("verify").code == 0


@pytest.mark.parametrize("kind", ["payment", "payout"])
def test_a_crash_while_the_gateway_thinks(tills: Crasher, program: Program, gateway: Simulator, kind: str) -> None:
    gateway.script(Fault(function="requestpayment" if kind == "payment" else "requestdeposit", stall=30.0))

    def kill(pid: int, _news: Iterator[dict[str, Any]]) -> None:
        gateway.wait_for(lambda book: bool(book["transactions"]), LONG)
        os.kill(pid, signal.SIGKILL)

    assert tills.live(gateway, program.data, kind=kind, phone=PHONE, while_running=kill).ended == -signal.SIGKILL
    settle_all(gateway)
    assert program.run("check").code == 0
    rows = rows_of(gateway, program.data)
    assert [row.state for row in rows.values()] == [State.SUCCESSFUL]
    assert submissions(gateway) == 1


@pytest.mark.parametrize("first", [BEFORE_SENDING, "after the answer"])
def test_a_crash_in_the_start_after_a_crash(tills: Crasher, gateway: Simulator, tmp_path: Path, first: str) -> None:
    life = tills.live(gateway, tmp_path, point=first, kind="payment", phone=PHONE)
    for _ in range(2):
        again = tills.live(gateway, tmp_path, point=INSIDE_RECOVERY)
        assert (again.ended, again.started) == (-signal.SIGKILL, None)
        nothing_lost_or_doubled(gateway, tmp_path, set(life.begun))
    rows = settle_everything(gateway, tmp_path)
    ledger_and_gateway_agree(gateway, rows)
    assert [row.state for row in rows.values()] == [State.FAILED if first == BEFORE_SENDING else State.SUCCESSFUL]


@pytest.mark.parametrize("kind", ["payment", "payout"])
def test_a_crash_in_the_middle_of_an_orderly_end(tills: Crasher, gateway: Simulator, tmp_path: Path, kind: str) -> None:
    gateway.script(Fault(times=9, stall=30.0))

    def stop(pid: int, _news: Iterator[dict[str, Any]]) -> None:
        gateway.wait_for(lambda book: bool(book["transactions"]), LONG)
        os.kill(pid, signal.SIGTERM)

    life = tills.live(gateway, tmp_path, point=WHILE_CLOSING, kind=kind, phone=PHONE, while_running=stop)
    assert life.ended == -signal.SIGKILL
    nothing_lost_or_doubled(gateway, tmp_path, set(life.begun))
    gateway.clear_script()
    rows = settle_everything(gateway, tmp_path)
    ledger_and_gateway_agree(gateway, rows)
    assert [row.state for row in rows.values()] == [State.SUCCESSFUL]
