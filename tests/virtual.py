"""Virtual time: the whole till on one thread, where an hour passes in no time and nothing happens by chance."""

import heapq
import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class VirtualTimer:
    def __init__(self, work: Callable[[], None]) -> None:
        self.work: Callable[[], None] | None = work

    def cancel(self) -> None:
        self.work = None


class VirtualTime:
    """Clock, scheduler and lane in one. Work handed to the lane runs when time next moves, in the order it came."""

    def __init__(self, start: datetime = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)) -> None:
        self._start = start
        self._elapsed = 0.0
        self._offset = timedelta()
        self._heap: list[tuple[float, int, VirtualTimer]] = []
        self._order = itertools.count()

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self._elapsed) + self._offset

    def monotonic(self) -> float:
        return self._elapsed

    def step_wall_clock(self, by: timedelta) -> None:
        """What a person or a time server does to the clock; the monotonic one goes on."""
        self._offset += by

    def call_at(self, when: float, work: Callable[[], None]) -> VirtualTimer:
        timer = VirtualTimer(work)
        heapq.heappush(self._heap, (when, next(self._order), timer))
        return timer

    def submit(self, work: Callable[[], None]) -> None:
        self.call_at(self._elapsed, work)

    def forget(self) -> None:
        """Everything scheduled is gone, as after a power cut."""
        self._heap.clear()

    def run(self, seconds: float = 0.0) -> None:
        """Lets `seconds` pass and does everything that falls due on the way."""
        until = self._elapsed + seconds
        while self._heap and self._heap[0][0] <= until:
            when, _, timer = heapq.heappop(self._heap)
            self._elapsed = max(self._elapsed, when)
            if timer.work is not None:
                timer.work()
        self._elapsed = until
