"""`make model SCHEDULES=20000 SEED=1`: the schedules, then each planted bug, then one line that says how it went."""

import argparse
import multiprocessing
import sys
import time
from collections.abc import Iterator

from tests.model.planted import PLANTED
from tests.model.redirect import finds_followed_redirect
from tests.model.search import Finding, hunt, search, seeds, told
from tests.powercut.planted import finds_synchronous_normal

_PART = 50
_STORIES = 3


def _parts(these: range) -> Iterator[range]:
    for start in range(these.start, these.stop, _PART):
        yield range(start, min(start + _PART, these.stop))


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def main(schedules: int, seed: int) -> int:
    """0 when no invariant broke and every planted bug was found, else 1."""
    findings: list[Finding] = []
    planted = 0
    began, done = time.monotonic(), 0
    with multiprocessing.get_context("spawn").Pool() as pool:
        these = list(_parts(seeds(seed, schedules)))
        for number, found in enumerate(pool.imap_unordered(search, these), 1):
            findings += found
            done += _PART
            if number % max(1, len(these) // 10) == 0:
                _say(f"{min(done, schedules)} schedules, {len(findings)} violations, {time.monotonic() - began:.0f} s")
        for finding in sorted(findings, key=lambda one: one.seed)[:_STORIES]:
            _say(f"{finding.invariant}: {finding.words}\n{told(finding)}")
        for bug, first in pool.imap_unordered(hunt, [(bug, seed) for bug in PLANTED]):
            planted += first is not None
            if first is None:
                _say(f"planted: {bug}: NOT FOUND")
            else:
                _say(f"planted: {bug}: found by schedule {first.seed - seeds(seed, 1).start + 1}, {first.words}")
    for bug, good in (
        ("a redirect followed", finds_followed_redirect()),
        ("synchronous=NORMAL", finds_synchronous_normal(seed)),
    ):
        planted += good
        _say(f"planted: {bug}: {'found' if good else 'NOT FOUND'}")
    _say(f"{schedules} schedules, {len(findings)} violations, {planted} of {len(PLANTED) + 2} planted bugs found")
    return 1 if findings or planted != len(PLANTED) + 2 else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.model")
    parser.add_argument("--schedules", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    sys.exit(main(asked.schedules, asked.seed))
