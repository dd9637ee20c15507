"""One thread that calls short functions when their time has come."""

import heapq
import itertools
import logging
import threading
from collections.abc import Callable

from cashier.till.ports import Clock

log = logging.getLogger(__name__)


class _Timer:
    def __init__(self, work: Callable[[], None]) -> None:
        self.work: Callable[[], None] | None = work

    def cancel(self) -> None:
        self.work = None


class ThreadScheduler:
    """A `Scheduler` on a thread of its own. Work is short: whatever waits goes to a lane."""

    def __init__(self, clock: Clock, name: str = "scheduler") -> None:
        self._clock = clock
        self._changed = threading.Condition()
        self._heap: list[tuple[float, int, _Timer]] = []
        self._order = itertools.count()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self, timeout: float = 5.0) -> None:
        """Forgets what has not begun and joins the thread."""
        with self._changed:
            self._stopping = True
            self._heap.clear()
            self._changed.notify_all()
        if self._thread.ident is not None and self._thread is not threading.current_thread():
            self._thread.join(timeout)

    @property
    def alive(self) -> bool:
        return self._thread.is_alive()

    def call_at(self, when: float, work: Callable[[], None]) -> _Timer:
        """Calls `work` at `when` (seconds of the monotonic clock); after `stop` it is never called."""
        timer = _Timer(work)
        with self._changed:
            if not self._stopping:
                heapq.heappush(self._heap, (when, next(self._order), timer))
                if self._heap[0][2] is timer:
                    self._changed.notify_all()
        return timer

    def _run(self) -> None:
        while True:
            timer = self._next()
            if timer is None:
                return
            work = timer.work
            if work is None:
                continue
            try:
                work()
            except BaseException:  # the thread must outlive whatever one call raises: polling depends on it
                log.exception("a scheduled call failed")

    def _next(self) -> _Timer | None:
        with self._changed:
            while not self._stopping:
                if not self._heap:
                    self._changed.wait()
                    continue
                wait = self._heap[0][0] - self._clock.monotonic()
                if wait <= 0:
                    return heapq.heappop(self._heap)[2]
                self._changed.wait(wait)
            return None
