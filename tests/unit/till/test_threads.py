"""The scheduler and the lanes: they run what they are given and end when they are told."""

import threading
import time
from collections.abc import Iterator

import pytest

from cashier.till.announcer import Announcer
from cashier.till.clock import SystemClock
from cashier.till.lanes import WorkerLane
from cashier.till.scheduler import ThreadScheduler

LONG = 10.0


@pytest.fixture
def scheduler() -> Iterator[ThreadScheduler]:
    one = ThreadScheduler(SystemClock())
    one.start()
    yield one
    one.stop()


def test_calls_come_in_the_order_of_their_times(scheduler: ThreadScheduler) -> None:
    seen: list[str] = []
    done = threading.Event()
    now = time.monotonic()
    scheduler.call_at(now + 0.04, done.set)
    scheduler.call_at(now + 0.02, lambda: seen.append("second"))
    scheduler.call_at(now, lambda: seen.append("first"))
    assert done.wait(LONG)
    assert seen == ["first", "second"]
    assert time.monotonic() >= now + 0.04


def test_a_cancelled_call_never_comes(scheduler: ThreadScheduler) -> None:
    seen: list[str] = []
    done = threading.Event()
    now = time.monotonic()
    scheduler.call_at(now + 0.01, lambda: seen.append("cancelled")).cancel()
    scheduler.call_at(now + 0.02, done.set)
    assert done.wait(LONG)
    assert seen == []


def test_a_call_that_fails_does_not_end_the_scheduler(
    scheduler: ThreadScheduler, caplog: pytest.LogCaptureFixture
) -> None:
    done = threading.Event()
    scheduler.call_at(0.0, lambda: 1 / 0)  # type: ignore[arg-type]
    scheduler.call_at(0.0, done.set)
    assert done.wait(LONG)
    assert "a scheduled call failed" in caplog.text
    assert scheduler.alive


def test_stop_ends_a_waiting_scheduler_at_once() -> None:
    one = ThreadScheduler(SystemClock())
    one.start()
    one.call_at(time.monotonic() + 3600, lambda: None)
    one.stop()
    assert not one.alive


def test_a_lane_grows_while_all_are_busy_and_no_further() -> None:
    lane = WorkerLane("test", workers=1, most=3)
    lane.start()
    release = threading.Event()
    running = threading.Semaphore(0)

    def work() -> None:
        running.release()
        release.wait(LONG)

    for _ in range(5):
        lane.submit(work)
    for _ in range(3):
        assert running.acquire(timeout=LONG)
    assert not running.acquire(blocking=False)
    release.set()
    for _ in range(2):
        assert running.acquire(timeout=LONG)
    lane.stop()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("test-")]


def test_a_lane_survives_a_job_that_fails(caplog: pytest.LogCaptureFixture) -> None:
    lane = WorkerLane("test", workers=1)
    lane.start()
    done = threading.Event()
    lane.submit(lambda: 1 / 0)  # type: ignore[arg-type]
    lane.submit(done.set)
    assert done.wait(LONG)
    assert "a job in lane test failed" in caplog.text
    lane.stop()


def test_a_stopped_lane_takes_no_more_work() -> None:
    lane = WorkerLane("test", workers=2)
    lane.start()
    lane.stop()
    seen: list[int] = []
    lane.submit(lambda: seen.append(1))
    assert seen == []


def test_a_lane_abandons_a_worker_that_cannot_end() -> None:
    lane = WorkerLane("test", workers=1)
    lane.start()
    release = threading.Event()
    begun = threading.Event()

    def stuck() -> None:
        begun.set()
        release.wait(LONG)

    lane.submit(stuck)
    assert begun.wait(LONG)
    before = time.monotonic()
    lane.stop(timeout=0.05)
    assert time.monotonic() - before < 1.0
    release.set()
    lane.stop()


def test_a_subscriber_that_fails_does_not_stop_the_others(caplog: pytest.LogCaptureFixture) -> None:
    news: Announcer[int] = Announcer()
    seen: list[int] = []

    def broken(_news: int) -> None:
        raise RuntimeError("a screen with a bug")

    news.subscribe(broken)
    end = news.subscribe(seen.append)
    news.announce(1)
    end()
    news.announce(2)
    assert seen == [1]
    assert "a subscriber failed" in caplog.text
