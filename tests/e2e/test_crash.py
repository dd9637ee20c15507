"""kill -9 between any two steps of a transaction, then `cashier check`: the gateway's truth, nothing twice."""

import signal
import subprocess
import sys

import pytest

from cashier.simulator import Fault, Simulator
from tests.e2e.crash_driver import POINTS
from tests.e2e.program import LONG, Program

pytestmark = pytest.mark.e2e


def crash(program: Program, point: str, kind: str, phone: str = "250788123456") -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.e2e.crash_driver", point, kind, phone],
        env={**program.env, "CASHIER_DATA_DIR": str(program.data)},
        timeout=LONG,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL


@pytest.mark.parametrize("kind", ["payment", "payout"])
@pytest.mark.parametrize("point", [point for point in POINTS if point != "after sending"])
def test_a_crash_loses_and_doubles_nothing(program: Program, gateway: Simulator, point: str, kind: str) -> None:
    crash(program, point, kind)
    truth = gateway.book()["transactions"]
    for entry in truth:
        if entry["state"] == "pending":
            gateway.settle_now(entry["requesttransactionid"])
    checked = program.run("check", "--json")
    rows = program.run("history", "--json").json
    if point == "before the commit":
        assert (rows, truth, checked.code) == ([], [], 0)
    elif point == "before sending":
        # The gateway does not know it yet; nobody may conclude that from one answer, and nothing is sent again.
        assert [row["state"] for row in rows] == ["unknown"]
        assert (truth, checked.code) == ([], 3)
    else:
        assert [row["state"] for row in rows] == ["successful"]
        assert [row["id"] for row in rows] == [entry["requesttransactionid"] for entry in truth]
        assert checked.code == 0
    submissions = [one for one in gateway.book()["requests"] if one["function"].startswith("request")]
    assert len(submissions) == (0 if point in ("before the commit", "before sending") else 1)
    assert program.run("verify").code in (0, 4 if point == "before the commit" else 0)


@pytest.mark.parametrize("kind", ["payment", "payout"])
def test_a_crash_while_the_gateway_thinks(program: Program, gateway: Simulator, kind: str) -> None:
    gateway.script(Fault(function="requestpayment" if kind == "payment" else "requestdeposit", stall=30.0))
    driver = subprocess.Popen(
        [sys.executable, "-m", "tests.e2e.crash_driver", "after sending", kind, "250788123456"],
        env={**program.env, "CASHIER_DATA_DIR": str(program.data)},
    )
    book = gateway.wait_for(lambda book: bool(book["transactions"]), LONG)
    driver.send_signal(signal.SIGKILL)
    driver.wait(LONG)
    id = book["transactions"][0]["requesttransactionid"]
    gateway.settle_now(id)
    checked = program.run("check", "--json")
    assert checked.code == 0
    rows = program.run("history", "--json").json
    assert [(row["id"], row["state"]) for row in rows] == [(id, "successful")]
    assert sum(one["function"].startswith("request") for one in gateway.book()["requests"]) == 1
