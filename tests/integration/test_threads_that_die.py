"""Whatever is raised in a thread: it lives on or is started again, people can see it, and payments are settled."""

import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from cashier.assembly import RunningTill
from cashier.cli import _begin_watch
from cashier.cli_signals import StopSignal
from cashier.domain.states import State
from cashier.simulator import Simulator
from cashier.till import listening
from cashier.till.health import Health
from tests.integration.running import LONG, Watcher, till_on


def in_the_scheduler(running: RunningTill, work: Callable[[], object]) -> None:
    running.scheduler.call_at(0.0, work)  # type: ignore[arg-type]


def in_every_checker(running: RunningTill, work: Callable[[], object]) -> None:
    for _ in range(8):
        running.checks.submit(work)  # type: ignore[arg-type]


def in_every_sender(running: RunningTill, work: Callable[[], object]) -> None:
    for _ in range(16):
        running.submissions.submit(work)  # type: ignore[arg-type]


def in_the_writer(running: RunningTill, work: Callable[[], object]) -> None:
    with pytest.raises((RuntimeError, SystemExit)):
        running.ledger.write(lambda _pen: work())


def in_the_listener(running: RunningTill, work: Callable[[], object]) -> None:
    assert running.listener is not None
    assert running.listener._loop is not None
    running.listener._loop.call_soon_threadsafe(work)


def in_the_deadlines(running: RunningTill, work: Callable[[], object]) -> None:
    running.till.balance()  # a first call makes them
    transport = running.gateway._transport()  # type: ignore[attr-defined]

    class Call:
        deadline = 0.0

        def end(self) -> None:
            transport._deadlines._calls.discard(self)
            work()

    died = transport._deadlines._thread
    transport._deadlines.add(Call())
    died.join(LONG)
    assert not died.is_alive()


def fail() -> None:
    raise RuntimeError("a bug of ours")


def leave() -> None:
    sys.exit(1)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
@pytest.mark.parametrize("raised", [fail, leave])
@pytest.mark.parametrize(
    "place",
    [in_the_scheduler, in_every_checker, in_every_sender, in_the_writer, in_the_listener, in_the_deadlines],
)
def test_a_sale_after_it_ends_as_ever(
    tmp_path: Path, place: Callable[[RunningTill, Callable[[], object]], None], raised: Callable[[], object]
) -> None:
    with Simulator(speed=20) as gateway, till_on(gateway, tmp_path / "x") as running:
        place(running, raised)
        row = running.till.charge("250788123456", 1500)
        assert Watcher(running.till).wait_final(row.id).state is State.SUCCESSFUL
        assert running.scheduler.alive


class Light:
    """What the status line was told about callbacks."""

    def __init__(self, running: RunningTill) -> None:
        self._changed = threading.Condition()
        self._seen = [running.health.health]
        running.health.news.subscribe(self._note)

    def _note(self, health: Health) -> None:
        with self._changed:
            self._seen.append(health)
            self._changed.notify_all()

    def wait_for(self, wanted: Callable[[Health], bool]) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: any(wanted(one) for one in self._seen), LONG), self._seen
            self._seen = self._seen[-1:]


def end_listener(running: RunningTill) -> None:
    assert running.listener is not None
    assert running.listener._loop is not None
    running.listener._loop.call_soon_threadsafe(leave)


def test_a_listener_that_ends_is_said_and_started_again(tmp_path: Path) -> None:
    with Simulator(speed=20) as gateway, till_on(gateway, tmp_path / "x") as running:
        light = Light(running)
        port = running.health.health.listening
        assert port is not None
        end_listener(running)
        light.wait_for(lambda health: health.listening is None and "again" in (health.listener_trouble or ""))
        light.wait_for(lambda health: health.listening == port and health.listener_trouble is None)
        row = running.till.charge("250788123456", 1500)
        assert Watcher(running.till).wait_final(row.id).state is State.SUCCESSFUL
        gateway.wait_for(lambda book: any(one["acknowledged"] for one in book["callbacks"]), LONG)


def test_a_listener_that_ends_again_and_again_is_left_and_polling_does_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listening, "PAUSES", (0.01, 0.01))
    with Simulator(speed=20) as gateway, till_on(gateway, tmp_path / "x") as running:
        light = Light(running)
        for _ in range(2):
            end_listener(running)
            light.wait_for(lambda health: health.listening is None)
            light.wait_for(lambda health: health.listening is not None)
        end_listener(running)
        light.wait_for(lambda health: "Start Cashier again" in (health.listener_trouble or ""))
        row = running.till.charge("250788123456", 1500)
        assert Watcher(running.till).wait_final(row.id).state is State.SUCCESSFUL


def test_a_port_that_was_taken_meanwhile_is_tried_and_never_shared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listening, "PAUSES", (0.2, 0.01))
    with Simulator(speed=20) as gateway, till_on(gateway, tmp_path / "x") as running:
        light = Light(running)
        port = running.health.health.listening
        assert port is not None
        end_listener(running)
        light.wait_for(lambda health: health.listening is None)
        with Simulator(port=port):
            light.wait_for(lambda health: "Start Cashier again" in (health.listener_trouble or ""))


def test_the_end_while_a_start_is_due_leaves_nothing(tmp_path: Path) -> None:
    with Simulator(speed=20) as gateway:
        with till_on(gateway, tmp_path / "x") as running:
            light = Light(running)
            end_listener(running)
            light.wait_for(lambda health: health.listening is None)
        assert running.listener is not None
        assert not running.listener.alive


def test_watch_says_it_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Simulator(speed=20) as gateway, till_on(gateway, tmp_path / "x") as running:
        _begin_watch(running, stop=StopSignal(), json_wanted=True, mask=False)
        light = Light(running)
        end_listener(running)
        light.wait_for(lambda health: health.listening is None)
        light.wait_for(lambda health: health.listening is not None)
        assert capsys.readouterr().err.count("Callbacks have stopped and are being started again.") == 1
