"""A till that sells without pause is ended again and again at random moments, each start recovering the one before."""

import os
import signal
import time
from collections.abc import Iterator
from functools import partial
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
MOST_SALES, START, PAUSE = 6, 0.15, 0.03


def end_at(pid: int, news: Iterator[dict[str, Any]], how: signal.Signals, sales: int | None, moment: float) -> None:
    """Ends the till `moment` seconds after so many sales, or after its very beginning."""
    if sales is not None:
        while "started" not in next(news):
            pass
        for _ in range(sales):
            assert "begun" in next(news)
    time.sleep(moment)  # the moment is what is random here: nothing is waited for
    os.kill(pid, how)


def lives(gateway: Simulator, data: Path, seed: int, number: int, signals: tuple[signal.Signals, ...]) -> None:
    """So many starts on one folder, each ended by one of `signals`: most while it sells, some while it starts."""
    random = Random(seed)
    said: set[str] = set()
    wanted = 0
    with crasher() as tills:
        for start in range(number):
            how = random.choice(signals)
            sales = random.randrange(MOST_SALES) if how is not signal.SIGKILL or random.random() < 0.7 else None
            moment = random.uniform(0, START if sales is None else PAUSE)
            wanted += sales or 0

            end = partial(end_at, how=how, sales=sales, moment=moment)
            life = tills.live(gateway, data, seed=seed * 1_000 + start, while_running=end)
            assert life.ended == (-how if how is signal.SIGKILL else 0)
            said |= set(life.begun)
            nothing_lost_or_doubled(gateway, data, said)
    rows = settle_everything(gateway, data)
    ledger_and_gateway_agree(gateway, rows)
    nothing_lost_or_doubled(gateway, data, said)
    # A row whose commit could not be told any more: at most the one under way at each end.
    assert number // 2 <= wanted <= len(said) <= len(rows) <= len(said) + number


@pytest.mark.parametrize("seed", CRASH_SEEDS)
def test_killed_at_random_moments(tmp_path: Path, seed: int) -> None:
    with Simulator(speed=20) as gateway:
        lives(gateway, tmp_path, seed, CRASHES, (signal.SIGKILL,))


@pytest.mark.parametrize("seed", STOP_SEEDS)
def test_stopped_at_random_moments(tmp_path: Path, seed: int) -> None:
    with Simulator(speed=20) as gateway:
        lives(gateway, tmp_path, seed, STOPS, (signal.SIGTERM, signal.SIGINT))


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
