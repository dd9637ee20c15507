"""Many schedules, and how long a planted bug hides."""

from collections.abc import Iterable
from dataclasses import dataclass

from tests.model.plan import draw
from tests.model.planted import PLANTED
from tests.model.run import run, shrink, story

MOST_TO_FIND = 500
_SEEDS = 1_000_000


@dataclass(frozen=True)
class Finding:
    """A schedule that breaks an invariant."""

    seed: int
    invariant: str
    words: str


def seeds(seed: int, count: int) -> range:
    """The seeds of the schedules of one run: those of two runs never overlap."""
    return range(seed * _SEEDS, seed * _SEEDS + count)


def search(these: Iterable[int]) -> list[Finding]:
    """The schedules among `these` seeds that break an invariant."""
    found = []
    for one in these:
        broken = run(draw(one)).found
        if broken is not None:
            found.append(Finding(one, broken.invariant, broken.words))
    return found


def finds(bug: str, these: Iterable[int]) -> Finding | None:
    """The first schedule among `these` seeds that betrays the planted bug."""
    with PLANTED[bug]():
        for one in these:
            broken = run(draw(one)).found
            if broken is not None:
                return Finding(one, broken.invariant, broken.words)
    return None


def hunt(task: tuple[str, int]) -> tuple[str, Finding | None]:
    """The planted bug and the first schedule of the run with this seed that betrays it."""
    bug, seed = task
    return bug, finds(bug, seeds(seed, MOST_TO_FIND))


def told(finding: Finding, bug: str | None = None) -> str:
    """The shortest story of a finding, and how to keep it as a test for ever."""
    if bug is not None:
        with PLANTED[bug]():
            return told(finding)
    schedule = shrink(draw(finding.seed), finding.invariant)
    steps = "\n".join(f"  {step.act}, till {step.till + 1}, after {step.wait} s" for step in schedule.steps)
    return f"seed {finding.seed}, {len(schedule.steps)} steps:\n{steps}\n{story(schedule)}"
