"""The schedules reach refunds, lists of payouts, backups and restores, and a bug in one of them is found."""

import contextlib
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any
from unittest import mock

import pytest

from cashier.domain.transaction import Transaction
from cashier.ledger import pen
from cashier.till.payout_run import PayoutRuns
from tests.model import disk
from tests.model.plan import draw
from tests.model.run import run
from tests.model.search import MOST_TO_FIND, search, seeds

_SEED = 11
_WORDS = ("presses: refund", "approves list", "list: go on", "has a backup", "restores the backup", "signs")
_patch = mock.patch.object


def test_the_schedules_reach_what_a_manager_does() -> None:
    reached: Counter[str] = Counter()
    for seed in seeds(_SEED, 240):
        reached.update(word for line in run(draw(seed), tells=True).story for word in _WORDS if word in line)
        if len(reached) == len(_WORDS):
            return
    raise AssertionError(f"never reached: {set(_WORDS) - set(reached)}")


def _a_list_that_does_not_wait() -> contextlib.AbstractContextManager[Any]:
    def look(self: PayoutRuns, row: Transaction) -> None:
        if row.id == self._current:
            self._current = None
            self._next()

    return _patch(PayoutRuns, "_look", look)


@contextlib.contextmanager
def _refunds_above_what_is_left() -> Iterator[None]:
    """In the pen and in the database, which both look."""
    with (
        _patch(pen, "left_to_refund", lambda payment, _refunds: 2 * payment.amount),
        _patch(disk, "DROPPED", ("refund_fits",)),
    ):
        yield


def _no_lock_after_a_restore() -> contextlib.AbstractContextManager[Any]:
    return _patch(pen, "unsigned_restores", lambda _connection: [])


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("switch", "invariant"),
    [
        (_a_list_that_does_not_wait, "list"),
        (_refunds_above_what_is_left, "refund"),
        (_no_lock_after_a_restore, "restore"),
    ],
)
def test_a_bug_in_it_is_found(switch: Callable[[], contextlib.AbstractContextManager[Any]], invariant: str) -> None:
    with switch():
        for seed in seeds(_SEED, MOST_TO_FIND):
            found = search([seed])
            if found:
                assert found[0].invariant == invariant
                return
    raise AssertionError("not found")
