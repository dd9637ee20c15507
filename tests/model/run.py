"""Runs one schedule, and makes a failing one as short as it gets."""

import contextlib
import gc
import logging
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from tests.model.acts import act
from tests.model.disk import fast_folder, hooked_connections
from tests.model.faults import Violation
from tests.model.plan import Schedule, Step
from tests.model.rest import rest
from tests.model.world import World

_MOST_TRIES = 400

_MUCH = 300_000


@dataclass(frozen=True)
class Result:
    """How one run went. `events` is every event of every ledger, as text."""

    found: Violation | None
    story: list[str]
    events: list[str]


class _Errors(logging.Handler):
    """What the program logs as an error is a bug of the program, or made one visible."""

    def __init__(self, world: World) -> None:
        super().__init__(logging.ERROR)
        self._world = world

    def emit(self, record: logging.LogRecord) -> None:
        words = record.getMessage()
        if record.exc_info and record.exc_info[1] is not None:
            words += f": {record.exc_info[1]!r}"
        self._world.broken("no error in the program", words)


@contextlib.contextmanager
def _listening(world: World) -> Iterator[None]:
    log, handler = logging.getLogger("cashier"), _Errors(world)
    log.addHandler(handler)
    try:
        yield
    finally:
        log.removeHandler(handler)


def run(schedule: Schedule, *, tells: bool = False, keeps_events: bool = False, folder: Path | None = None) -> Result:
    """Plays the schedule to its end, or to the first invariant that does not hold.

    `folder` is used and removed: the approval of a list names the place of its file, which its hash covers.
    """
    folder = folder or fast_folder()
    folder.mkdir(exist_ok=True)
    collecting = gc.isenabled()
    gc.disable()  # a run is short; collecting in the middle of it costs a tenth of the time
    try:
        with hooked_connections():
            world = World(schedule, folder, tells=tells)
            try:
                with _listening(world):
                    _play(world)
                events = [line for watch in world.watch.ledgers for line in watch.log()] if keeps_events else []
                return Result(world.found, world.story, events)
            finally:
                for computer in world.computers:
                    computer.end()
                world.time.forget_hosts()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if collecting:
            gc.enable()
        elif gc.get_count()[0] > _MUCH:
            gc.collect()


def _play(world: World) -> None:
    for computer in world.computers:
        computer.start()
    for step in world.schedule.steps:
        act(world, step)
        world.watch.step()
        if world.found is not None:
            return
    rest(world)


def shrink(schedule: Schedule, invariant: str) -> Schedule:
    """The schedule without the steps that it does not need to break the same invariant."""
    tries = 0

    def still(steps: tuple[Step, ...]) -> bool:
        nonlocal tries
        tries += 1
        found = run(replace(schedule, steps=steps)).found
        return found is not None and found.invariant == invariant

    steps = schedule.steps
    size = max(1, len(steps) // 2)
    while tries < _MOST_TRIES:
        before = len(steps)
        start = 0
        while start < len(steps) and tries < _MOST_TRIES:
            fewer = steps[:start] + steps[start + size :]
            if still(fewer):
                steps = fewer
            else:
                start += size
        if size == 1 and len(steps) == before:
            break
        size = max(1, size // 2)
    return replace(schedule, steps=steps)


def story(schedule: Schedule) -> str:
    """What happens in the schedule, in plain words."""
    result = run(schedule, tells=True)
    return "\n".join(result.story)
