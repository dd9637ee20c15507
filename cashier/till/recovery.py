"""The start after any end: what was in flight becomes `unknown` and is asked about."""

import logging
from collections.abc import Callable
from datetime import timedelta

from cashier.domain.states import State
from cashier.domain.transaction import Transaction
from cashier.till.ports import Clock, Scheduler
from cashier.till.settle import INTERRUPTED, Door
from cashier.till.till import Till

log = logging.getLogger(__name__)

_BEAT = 5.0
_SLEPT = timedelta(seconds=20)


def recover(till: Till, door: Door, clock: Clock) -> list[Transaction]:
    """Makes every `created` row `unknown` and asks about every row worth asking. Returns the open ones, newest first.

    Nothing is sent again (docs/decisions/sent-exactly-once.md). Raises LedgerError.
    """
    for row in till.ledger.reader.open_rows():
        if row.state is State.CREATED:
            door.settle(row.id, INTERRUPTED)
    till.watch_from_start(till.ledger.reader.to_ask(clock.now()))
    return till.ledger.reader.open_rows()


class SleepWatch:
    """Notices that the computer slept: the wall clock went on, the monotonic one did not. Then all rows are asked."""

    def __init__(self, clock: Clock, scheduler: Scheduler, woke: Callable[[], None]) -> None:
        self._clock = clock
        self._scheduler = scheduler
        self._woke = woke

    def start(self) -> None:
        self._expect()

    def _expect(self) -> None:
        wall, monotonic = self._clock.now(), self._clock.monotonic()

        def beat() -> None:
            passed = timedelta(seconds=self._clock.monotonic() - monotonic)
            late = passed > timedelta(seconds=_BEAT) + _SLEPT
            if late or self._clock.now() - wall - passed > _SLEPT:
                log.info("the computer slept or its clock was set forward")
                self._woke()
            self._expect()

        self._scheduler.call_at(monotonic + _BEAT, beat)
