"""A till that sells without pause is ended again and again at random moments, each start recovering the one before."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from cashier.simulator import Simulator
from tests.e2e.crashing import crasher, ledger_and_gateway_agree, nothing_lost_or_doubled, settle_everything

pytestmark = pytest.mark.e2e
# With the named points of test_crash.py more than a hundred ends.
CRASHES, CRASH_SEEDS = 16, (1, 2, 3, 4)
STOPS, STOP_SEEDS = 8, (5, 6)
LONGEST = 0.25


def lives(gateway: Simulator, data: Path, seed: int, number: int, signals: tuple[signal.Signals, ...]) -> int:
    """So many starts on one folder, each ended by one of `signals`. Returns how many transactions were begun."""
    random = Random(seed)
    said: set[str] = set()
    with crasher() as tills:
        for start in range(number):
            moment, how, counted = random.uniform(0, LONGEST), random.choice(signals), random.random() < 0.7

            def end(
                pid: int,
                news: Iterator[dict[str, Any]],
                moment: float = moment,
                how: signal.Signals = how,
                counted: bool = counted,
            ) -> None:
                if counted or how is not signal.SIGKILL:
                    while "started" not in next(news):
                        pass
                time.sleep(moment)  # the moment is what is random here: nothing is waited for
                os.kill(pid, how)

            life = tills.live(gateway, data, seed=seed * 1_000 + start, while_running=end)
            assert life.ended == (-how if how is signal.SIGKILL else 0)
            said |= set(life.begun)
            nothing_lost_or_doubled(gateway, data, said)
    rows = settle_everything(gateway, data)
    ledger_and_gateway_agree(gateway, rows)
    nothing_lost_or_doubled(gateway, data, said)
    # A row whose commit could not be told any more: at most the one under way at each end.
    assert len(said) <= len(rows) <= len(said) + number
    return len(said)


@pytest.mark.parametrize("seed", CRASH_SEEDS)
def test_killed_at_random_moments(tmp_path: Path, seed: int) -> None:
    with Simulator(speed=20) as gateway:
        assert lives(gateway, tmp_path, seed, CRASHES, (signal.SIGKILL,)) >= CRASHES // 2


@pytest.mark.parametrize("seed", STOP_SEEDS)
def test_stopped_at_random_moments(tmp_path: Path, seed: int) -> None:
    with Simulator(speed=20) as gateway:
        assert lives(gateway, tmp_path, seed, STOPS, (signal.SIGTERM, signal.SIGINT)) >= STOPS // 2


def test_a_till_that_stood_still_goes_on(tmp_path: Path) -> None:
    """As a laptop that slept: the process stands, the customer pays meanwhile, the process goes on."""
    with Simulator() as gateway, crasher() as tills:

        def stand(pid: int, news: Iterator[dict[str, Any]]) -> None:
            while "begun" not in next(news):
                pass
            (entry,) = gateway.wait_for(lambda book: bool(book["transactions"]))["transactions"]
            os.kill(pid, signal.SIGSTOP)
            gateway.settle_now(entry["requesttransactionid"])
            os.kill(pid, signal.SIGCONT)
            gateway.wait_for(lambda book: any('"01"' in (one["answer"] or "") for one in book["requests"]))
            os.kill(pid, signal.SIGTERM)

        life = tills.live(gateway, tmp_path, kind="payment", phone="250788123456", while_running=stand)
        assert life.ended == 0
        nothing_lost_or_doubled(gateway, tmp_path, set(life.begun))
        ledger_and_gateway_agree(gateway, settle_everything(gateway, tmp_path))
