"""A line of the report, and what makes one of many measured times."""

from collections.abc import Sequence
from typing import NamedTuple


class Line(NamedTuple):
    """`measured` beside `limit`, which was measured in the same run on the same computer; both in the unit of `what`.

    `ratio` is one by the other and `budget` what it may be at most.
    """

    what: str
    measured: float
    limit: float
    ratio: float
    budget: float
    ok: bool


def by_ratio(what: str, measured: float, limit: float, budget: float) -> Line:
    """At most `budget` times the limit."""
    ratio, budget = round(measured / limit, 3), round(budget, 3)
    return Line(what, round(measured, 3), round(limit, 3), ratio, budget, ratio <= budget)


def by_excess(what: str, measured: float, limit: float, more: float) -> Line:
    """At most `more` above the limit."""
    return by_ratio(what, measured, limit, (limit + more) / limit)


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that `share` (0 to 1) of all values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, -(-int(share * len(ordered) * 1000) // 1000) - 1))]


def middle_pair(pairs: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """The pair whose ratio is the median: a slow moment of the computer weighs on both halves of a pair alike."""
    ordered = sorted(pairs, key=lambda pair: pair[0] / pair[1])
    return ordered[len(ordered) // 2]
