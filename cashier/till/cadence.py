"""When to ask the gateway about a row again. Pure; every time in seconds."""

from datetime import datetime, timedelta

from cashier.domain.transaction import Transaction
from cashier.till.rules import NEVER_ARRIVED

# (until this age, one call every so many seconds), after the two early calls.
_STEPS = ((90.0, 3.0), (300.0, 10.0), (1800.0, 30.0), (21600.0, 300.0))
_EARLY = (2.0, 4.0)
_HOUR = 3600.0
_DAY = 86400.0
JITTER = 0.1

_REVIEWED = timedelta(days=30)
_OLD = timedelta(days=3)
_NEVER_ARRIVED_HOURLY = timedelta(days=1)
_NEVER_ARRIVED = timedelta(days=8)


def pause(age: float) -> float:
    """How long after `age` (seconds since sending) an open row is asked about again, without jitter."""
    for early in _EARLY:
        if age < early:
            return early - age
    for until, every in _STEPS:
        if age < until:
            return every
    return _HOUR


def is_over(row: Transaction) -> bool:
    """Whether nothing that the gateway could still say matters: settled, and not by "does not exist"."""
    return row.is_final and row.response_code != NEVER_ARRIVED


def pause_for(row: Transaction, age: float, now: datetime, held: float | None = None) -> float | None:
    """How long until the next call about `row`, or None when it is not asked about any more.

    `age` and `held` are seconds by the clock of this run: since the row was sent, since its mark or its closing came.
    Open rows follow `pause`; old ones under review and those closed by hand are asked daily for 30 days from then, a
    payment that failed because it never arrived hourly for a day and daily for a week.
    """
    if row.is_final:
        decided = row.decided_at or row.created_at
        if row.response_code != NEVER_ARRIVED or row.review is not None or now - decided > _NEVER_ARRIVED:
            return None
        return _HOUR if now - decided < _NEVER_ARRIVED_HOURLY else _DAY
    if row.is_closed or (row.review is not None and now - row.created_at > _OLD):
        # By this run's own clock too: one that was set forward must not end the asking.
        passed = min(now - (row.review_at or row.created_at), timedelta(seconds=age if held is None else held))
        return _DAY if passed < _REVIEWED else None
    return pause(age)
