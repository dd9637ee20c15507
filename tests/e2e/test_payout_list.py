"""kill -9 in the middle of a list of payouts: it goes on where it was, by a person's press, and pays nobody twice."""

import subprocess
import sys
import threading
from collections import Counter

import pytest

from cashier.domain.payout_run import Progress, RunState
from cashier.simulator import Fault, Simulator
from tests.e2e.list_driver import LINES, line_id
from tests.e2e.program import LONG, Program
from tests.integration.running import till_on

pytestmark = pytest.mark.e2e


def sent(gateway: Simulator) -> Counter[str]:
    """How often each id was submitted."""
    return Counter(
        one["fields"]["requesttransactionid"]
        for one in gateway.book()["requests"]
        if one["function"] == "requestdeposit"
    )


@pytest.mark.parametrize("after", [0, 5])
def test_a_killed_list_goes_on_without_a_double(program: Program, gateway: Simulator, after: int) -> None:
    # The answer of one line never comes: the process dies while it waits, and the gateway has paid.
    gateway.script(Fault(function="requestdeposit", after=after, stall=30.0))
    driver = subprocess.Popen(
        [sys.executable, "-m", "tests.e2e.list_driver"],
        env={**program.env, "CASHIER_DATA_DIR": str(program.data)},
    )
    gateway.wait_for(lambda book: len(book["transactions"]) > after, LONG)
    driver.kill()
    driver.wait(LONG)
    assert len(sent(gateway)) == after + 1
    done = threading.Event()

    def note(progress: Progress) -> None:
        if progress.state is RunState.DONE and progress.results:
            done.set()

    with till_on(gateway, program.data / f"practice-{gateway.accountno}", callbacks=False) as running:
        asked = threading.Event()
        running.till.check([line_id(after + 1)], asked.set)
        loaded = running.runs.load()
        assert loaded is not None
        assert (loaded.state, loaded.counts.waiting) == (RunState.STOPPED, LINES - after - 1)
        running.runs.progress.subscribe(note)
        assert asked.wait(LONG)
        running.runs.go_on()
        assert done.wait(LONG), running.runs.now()
        found = running.runs.now()
        assert found is not None
        assert found.counts.sent == LINES
    assert sent(gateway) == {line_id(number): 1 for number in range(1, LINES + 1)}
    assert sum(one["state"] == "successful" for one in gateway.book()["transactions"]) == LINES
    assert program.run("verify").code == 0
