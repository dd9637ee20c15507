"""Calls end at their total deadline, also after the thread that ends them has died of a bug."""

import threading
import time

import pytest

from cashier.gateway.deadlines import Deadlines

LONG = 10.0


class Call:
    """Stands for a call under way."""

    def __init__(self, deadline: float, fails: bool = False) -> None:
        self.deadline = deadline
        self.ended = threading.Event()
        self._fails = fails

    def end(self) -> None:
        self.ended.set()
        if self._fails:
            raise RuntimeError("a bug of ours")


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_the_next_call_has_its_deadline_when_the_thread_died() -> None:
    deadlines = Deadlines()
    broken, call = Call(time.monotonic(), fails=True), Call(time.monotonic() + 0.05)
    deadlines.add(broken)  # type: ignore[arg-type]  # what the thread needs of a call
    assert broken.ended.wait(LONG)
    thread = deadlines._thread
    assert thread is not None
    thread.join(LONG)
    assert not thread.is_alive()
    deadlines.remove(broken)  # type: ignore[arg-type]
    deadlines.add(call)  # type: ignore[arg-type]
    assert call.ended.wait(LONG)
    deadlines.close()
