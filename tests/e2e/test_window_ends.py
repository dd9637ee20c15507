"""Whoever ends the window with payments open, a person, the system or the session: they are kept and go on. Row 53."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from cashier.simulator import Fault, Simulator
from tests.e2e.program import LONG, Program

pytestmark = pytest.mark.e2e
WAITING, STALLED, PAYOUT = "250788123401", "250788123402", "250788123403"


@contextmanager
def window(program: Program, *sales: str) -> Iterator["subprocess.Popen[str]"]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.e2e.window_driver", *sales],
        env={**program.env, "CASHIER_DATA_DIR": str(program.data), "QT_QPA_PLATFORM": "offscreen"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate(timeout=LONG)


def until(process: "subprocess.Popen[str]", phone: str, *states: str) -> dict[str, Any]:
    """The first change of this phone's row to one of `states`; the time limit of the test bounds the wait."""
    assert process.stdout is not None
    for line in process.stdout:
        told: dict[str, Any] = json.loads(line)
        if told["phone"] == phone and told["state"] in states:
            return told
    raise AssertionError(process.stderr.read() if process.stderr else "ended")


def end(process: "subprocess.Popen[str]", number: signal.Signals) -> None:
    process.send_signal(number)
    out, errors = process.communicate(timeout=LONG)
    assert process.returncode == 0, errors
    assert "Traceback" not in errors
    assert json.loads(out.splitlines()[-1]) == {"threads": ["MainThread"]}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_the_window_in_order_and_the_next_start_goes_on(program: Program, number: signal.Signals) -> None:
    with Simulator() as gateway:
        elsewhere = program.with_env(CASHIER_GATEWAY_URL=gateway.url, CASHIER_PARTNER_PASSWORD=gateway.partnerpassword)
        gateway.script(Fault(function="requestpayment", phone=STALLED, stall=60.0))
        gateway.script(Fault(function="requestdeposit", phone=PAYOUT, stall=60.0))
        sales = (f"payment:{STALLED}", f"payout:{PAYOUT}", f"payment:{WAITING}")
        with window(elsewhere, *sales) as first:
            until(first, WAITING, "pending")
            book = gateway.wait_for(lambda book: len(book["transactions"]) == 3, LONG)
            end(first, number)
        assert elsewhere.run("verify").code == 0
        rows = elsewhere.run("history", "--json").json
        assert {row["phone"]: row["state"] for row in rows}.keys() == {WAITING, STALLED, PAYOUT}
        assert all(row["state"] in ("pending", "unknown", "successful") for row in rows)
        for entry in book["transactions"]:
            gateway.settle_now(entry["requesttransactionid"])
        with window(elsewhere) as second:
            until(second, WAITING, "successful")
            end(second, signal.SIGTERM)
        elsewhere.run("check")
        rows = elsewhere.run("history", "--json").json
        assert [row["state"] for row in rows] == ["successful"] * 3
        book = gateway.book()
        assert {row["id"] for row in rows} == {entry["requesttransactionid"] for entry in book["transactions"]}
        assert sum(one["function"] in ("requestpayment", "requestdeposit") for one in book["requests"]) == 3
