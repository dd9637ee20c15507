"""The listener of a running window under attack for thirty seconds, beside good callbacks."""

import http.client
import json
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from cashier.gateway.callback import acknowledgement
from cashier.simulator import Simulator
from tests.attack.attacker import HELD, PER_SECOND
from tests.attack.test_forged import ledger
from tests.canaries import TOKEN, found_in

pytestmark = pytest.mark.e2e

SECONDS = 30.0
LONG = 60.0
GOOD_EVERY = 0.1


@pytest.fixture
def gateway() -> Iterator[Simulator]:
    # Slow: what is asked stays open for the length of the attack.
    with Simulator(speed=0.2) as one:
        yield one


def python(stack: ExitStack, *arguments: str, **env: str) -> "subprocess.Popen[str]":
    """A helper in a process of its own, ended at the latest with the test."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("CASHIER_")}
    process = subprocess.Popen(
        [sys.executable, "-m", *arguments],
        env={**clean, **env},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    stack.enter_context(process)
    stack.callback(lambda: process.kill() if process.poll() is None else None)
    return process


def tell(process: "subprocess.Popen[str]", word: str) -> Any:
    """Sends a line and reads the answer."""
    assert process.stdin is not None
    process.stdin.write(word + "\n")
    process.stdin.flush()
    return heard(process)


def heard(process: "subprocess.Popen[str]") -> Any:
    assert process.stdout is not None
    return json.loads(process.stdout.readline())


def good_callback(port: int, id: str) -> tuple[float, float]:
    """Posts a good callback. Returns when its acknowledgement was read and how long it took, in seconds."""
    body = json.dumps({"jsonpayload": {"requesttransactionid": id, "transactionid": "7", "responsecode": "01"}})
    before = time.monotonic()
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=LONG)) as connection:
        connection.request("POST", f"/callback/{TOKEN}", body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        assert (answer.status, answer.read()) == (200, acknowledgement(id))
    now = time.monotonic()
    return now, now - before


def call_well(port: int, ids: Sequence[str], seconds: float) -> list[tuple[float, float]]:
    """Good callbacks at a steady pace, for known and unknown ids in turn."""
    took: list[tuple[float, float]] = []
    begun = time.monotonic()
    while time.monotonic() < begun + seconds:
        at = begun + len(took) * GOOD_EVERY
        time.sleep(max(0.0, at - time.monotonic()))
        took.append(good_callback(port, (*ids, "01UNKNOWN")[len(took) % (len(ids) + 1)]))
    return took


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def own_share(call: tuple[float, float], waits: Sequence[Sequence[float]]) -> float:
    """How long the call took, less what the window waited in that time for other programs to leave it a processor."""
    at, took = call
    return took - sum(by for when, by in waits if at - took <= when <= at + by)


@contextmanager
def open_window(gateway: Simulator, folder: Path, port: int) -> Iterator["subprocess.Popen[str]"]:
    with ExitStack() as stack:
        yield python(
            stack,
            "tests.attack.window",
            str(folder),
            QT_QPA_PLATFORM="offscreen",
            CASHIER_GATEWAY_URL=gateway.url,
            CASHIER_USERNAME=gateway.username,
            CASHIER_ACCOUNT_NO=gateway.accountno,
            CASHIER_PARTNER_PASSWORD=gateway.partnerpassword,
            CASHIER_CALLBACK_TOKEN=TOKEN,
            CASHIER_CALLBACK_PORT=str(port),
        )


def test_thirty_seconds_of_attack(
    gateway: Simulator, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    port = free_port()
    with open_window(gateway, tmp_path, port) as window, ExitStack() as stack:
        ids = heard(window)["ids"]
        gateway.wait_for(lambda book: len(book["transactions"]) == len(ids), LONG)
        call_well(port, ids, 1.0)
        file = next(tmp_path.glob("*/ledger.db"))
        before = ledger(file)
        calls_before = len(gateway.book()["requests"])
        assert tell(window, "count")["counting"]
        attacker = python(stack, "tests.attack.attacker", str(port), str(SECONDS))
        took = call_well(port, ids, SECONDS)
        told = json.loads(attacker.communicate(timeout=LONG)[0])
        calls = gateway.book()["requests"][calls_before:]
        after = ledger(file)
        report = tell(window, "end")
        assert window.wait(LONG) == 0
    assert found_in(str((report, told)).encode()) == []
    # On a quiet computer nothing is taken off: other programs never have both processors.
    waits = dict(report["waits"])
    frame = max((late - waits.get(at, 0.0) for at, late in report["late"]), default=0.0)
    p99 = statistics.quantiles([own_share(call, report["waits"]) for call in took], n=100)[98]
    record_property("p99", p99)
    record_property("frame", frame)
    record_property("report", {**report, "late": None, "waits": None})
    assert told["sent"] >= PER_SECOND * SECONDS * 0.9
    assert told["held"] >= HELD
    assert "200" not in told
    assert p99 < 0.1
    assert report["threads"] <= 40
    assert report["growth"] < 20_000
    assert report["frames"] > SECONDS * 40
    assert frame < 0.05
    assert {one["function"] for one in calls} == {"gettransactionstatus"}
    assert len(calls) <= 5 * (SECONDS + 2)
    assert after == before
