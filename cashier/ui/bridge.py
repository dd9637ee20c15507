"""Between the till's threads and the GUI thread: news come as signals, work goes to workers, nothing waits."""

import logging
from collections.abc import Callable, Sequence
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


class Bridge(QObject):
    """`changed` carries a domain Change, `health` a till Health, both on the GUI thread, after the commit.

    `read` carries a Reading of the balance that was just kept.
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
        self._lane: WorkerLane | None = None
        self._ends: list[Callable[[], None]] = []
        self.till: Till | None = None
        self._finished.connect(self._call)

    def start(self) -> None:
        """Starts the workers; before it, `run` does nothing."""
        from cashier.till.lanes import WorkerLane

        self._lane = WorkerLane("screen", workers=2, most=6)
        self._lane.start()

    def stop(self, timeout: float = 5.0) -> None:
        """Hears nothing more and joins the workers."""
        self.detach()
        if self._lane is not None:
            self._lane.stop(timeout)

    def attach(self, till: "Till", open_rows: "Sequence[Transaction]" = ()) -> None:
        """Brings this till's news from now on, beginning with what is open."""
        self.detach()
        self.till = till
        self._ends.append(till.subscribe(self.changed.emit))
        self._ends.append(till.readings.subscribe(self.read.emit))
        self._ends.append(till.health.news.subscribe(self.health.emit))
        self.opened.emit(list(open_rows))
        self.health.emit(till.health.health)

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
    ) -> None:
        """Runs `work` on a worker, then `done` with its result or `failed` with an expected error on the GUI thread."""
        if self._lane is not None:
            self._lane.submit(partial(self._work, work, done, failed))

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
