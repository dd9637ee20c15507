"""Between the till's threads and the GUI thread: news come as signals, work goes to workers, nothing waits."""

import logging
import time
from collections.abc import Callable, Sequence
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from cashier.domain.transaction import Transaction
    from cashier.till.lanes import WorkerLane
    from cashier.till.till import Till

log = logging.getLogger(__name__)


def _is_expected(trouble: Exception) -> bool:
    """Whether a person can do something about it. Anything else is a bug of ours."""
    from cashier.domain.errors import BadInputError
    from cashier.errors import CashierError
    from cashier.ledger.errors import LedgerError

    return isinstance(trouble, BadInputError | LedgerError | CashierError)


class Purpose(Enum):
    """What work of the window is for. Each has its own workers: a commit never waits behind a call or a long read."""

    READ = "reads"
    COMMIT = "commits"
    CALL = "calls"


# At the start a worker each for what a sale needs; calls to the gateway get theirs when there is one.
_WORKERS = {Purpose.READ: (1, 6), Purpose.COMMIT: (1, 6), Purpose.CALL: (0, 6)}


class Bridge(QObject):
    """`changed` carries a domain Change, `health` a till Health, both on the GUI thread, after the commit.

    `read` carries a Reading of the balance that was just kept.
    `why_closed` says why no till can be attached now, None while one is or will be.
    `opened` carries the rows that were open when a till was attached, `crashed` an exception that nobody expected.
    """

    opened = Signal(object)
    changed = Signal(object)
    health = Signal(object)
    read = Signal(object)
    crashed = Signal(object)
    _finished = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._lanes: dict[Purpose, WorkerLane] = {}
        self._ends: list[Callable[[], None]] = []
        self.till: Till | None = None
        self.why_closed: str | None = None
        self._finished.connect(self._call)

    def start(self) -> None:
        """Starts the workers; before it, `run` does nothing."""
        from cashier.till.lanes import WorkerLane

        self._lanes = {
            purpose: WorkerLane(f"screen-{purpose.value}", workers=workers, most=most)
            for purpose, (workers, most) in _WORKERS.items()
        }
        for lane in self._lanes.values():
            lane.start()

    def stop(self, timeout: float = 5.0) -> None:
        """Hears nothing more and joins the workers."""
        self.detach()
        deadline = time.monotonic() + timeout
        for lane in self._lanes.values():
            lane.stop(max(0.0, deadline - time.monotonic()))

    def attach(self, till: "Till", open_rows: "Sequence[Transaction]" = ()) -> None:
        """Brings this till's news from now on, beginning with what is open."""
        self.detach()
        self.till = till
        self.why_closed = None
        self._ends.append(till.subscribe(partial(self._forward, till, self.changed)))
        self._ends.append(till.readings.subscribe(partial(self._forward, till, self.read)))
        self._ends.append(till.health.news.subscribe(partial(self._forward, till, self.health)))
        self.opened.emit(list(open_rows))
        self.health.emit(till.health.health)

    def _forward(self, till: "Till", news: Any, what: object) -> None:
        """On whatever thread brings it. What is still on its way from a till that was closed since is dropped."""

        def tell() -> None:
            if self.till is till:
                news.emit(what)

        self._finished.emit(tell)

    def detach(self) -> None:
        """There is no till any more; nothing of it is heard."""
        for end in self._ends:
            end()
        self._ends.clear()
        self.till = None

    def run(
        self,
        work: Callable[[], Any],
        done: Callable[[Any], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
        purpose: Purpose = Purpose.READ,
    ) -> None:
        """Runs `work` on a worker, then `done` with its result or `failed` with an expected error on the GUI thread.

        `purpose` decides which workers: what writes the ledger is a COMMIT, what waits for the gateway a CALL.
        """
        lane = self._lanes.get(purpose)
        if lane is not None:
            lane.submit(partial(self._work, work, done, failed))

    def call(self, work: Callable[[], None]) -> None:
        """Has `work` done on the GUI thread; from any thread."""
        self._finished.emit(work)

    def _work(
        self, work: Callable[[], Any], done: Callable[[Any], None] | None, failed: Callable[[Exception], None] | None
    ) -> None:
        try:
            result = work()
        except Exception as trouble:  # the window must say so, and the worker must live on
            if _is_expected(trouble):
                self._finished.emit(partial(failed or self._unheard, trouble))
                return
            log.exception("work for a screen failed")
            self.crashed.emit(trouble)
        else:
            if done is not None:
                self._finished.emit(partial(done, result))

    def _unheard(self, trouble: Exception) -> None:
        log.warning("nobody was told: %s", trouble)

    def _call(self, work: Callable[[], None]) -> None:
        work()
