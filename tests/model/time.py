"""True time of the model, and the one thread on which everything takes turns.

Work that waits (a call to the gateway in a lane) is a greenlet: it gives the turn away and gets it back when its
moment has come, so calls overlap in any order and still nothing happens by chance.
"""

import heapq
import itertools
import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from greenlet import getcurrent, greenlet

from tests.model.faults import Crash

START = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


class Entry:
    """A call that waits for its time. `host` is the computer it belongs to, None for the world outside."""

    __slots__ = ("host", "work")

    def __init__(self, work: Callable[[], None], host: "Host | None") -> None:
        self.work: Callable[[], None] | None = work
        self.host = host

    def cancel(self) -> None:
        self.work = None


class Time:
    """The true time in seconds since the start, the same for the gateway and every computer."""

    def __init__(self, bug: Callable[[BaseException], None]) -> None:
        self.elapsed = 0.0
        self._heap: list[tuple[float, int, Entry]] = []
        self._order = itertools.count()
        self._hub = getcurrent()
        self._bug = bug

    def truth(self) -> datetime:
        """What a right clock shows, UTC."""
        return START + timedelta(seconds=self.elapsed)

    def at(self, when: float, work: Callable[[], None], host: "Host | None" = None) -> Entry:
        """Calls `work` at the true time `when`, unless `host` has died by then."""
        entry = Entry(work, host)
        heapq.heappush(self._heap, (when, next(self._order), entry))
        return entry

    def run(self, seconds: float = 0.0) -> None:
        """Lets `seconds` pass and does everything that falls due on the way."""
        until = self.elapsed + seconds
        heap = self._heap
        while heap and heap[0][0] <= until:
            when, _, entry = heapq.heappop(heap)
            if when > self.elapsed:
                self.elapsed = when
            if entry.work is not None and (entry.host is None or entry.host.alive):
                self.guard(entry.work)
        self.elapsed = until

    def guard(self, work: Callable[[], None]) -> None:
        """Does `work`; a crash ends it, another exception is a bug of the program."""
        try:
            work()
        except Crash:
            pass
        except Exception as trouble:  # noqa: BLE001  # whatever escapes from the till is a finding of the run
            self._bug(trouble)

    def hold(self, host: "Host", seconds: float, *, counted: bool) -> None:
        """`host` does nothing for `seconds`. Its monotonic clock goes on meanwhile if `counted`, else it stands."""
        wake = host.woke = self.elapsed + seconds
        for index, (when, order, entry) in enumerate(self._heap):
            if entry.host is host:
                self._heap[index] = (max(when, wake) if counted else when + seconds, order, entry)
        heapq.heapify(self._heap)
        if not counted:
            host.slept += seconds

    def give_turn(self) -> None:
        """Called in a greenlet: whoever holds it must have arranged for its `switch`."""
        self._hub.switch()

    @property
    def world_busy(self) -> bool:
        """Whether something is under way outside the computers: a request in flight, a customer thinking."""
        return any(entry.host is None and entry.work is not None for _, _, entry in self._heap)

    def forget_hosts(self) -> None:
        """Drops everything, at the end of a run."""
        self._heap.clear()


class Host:
    """One run of the program on one computer: its clocks, its scheduler and its lanes."""

    def __init__(self, time: Time, offset: timedelta, slept: float) -> None:
        self.time = time
        self.offset = offset
        self.slept = slept
        self.alive = True
        self.woke = 0.0
        self._tasks: dict[greenlet, None] = {}

    def now(self) -> datetime:
        return START + timedelta(seconds=self.time.elapsed) + self.offset

    def monotonic(self) -> float:
        return self.time.elapsed - self.slept

    def call_at(self, when: float, work: Callable[[], None]) -> Entry:
        if not self.alive:
            return Entry(work, self)
        due = when + self.slept
        while due - self.slept < when:  # rounding must not ring the bell a moment before its time
            due = math.nextafter(due, math.inf)
        return self.time.at(max(due, self.time.elapsed), work, self)

    def submit(self, work: Callable[[], None]) -> None:
        if self.alive:
            self.time.at(self.time.elapsed, lambda: self.task(work), self)

    def task(self, work: Callable[[], None]) -> None:
        """Runs `work` as a task of its own until it first waits."""

        def run() -> None:
            try:
                self.time.guard(work)
            finally:
                self._tasks.pop(one, None)

        one = greenlet(run)
        self._tasks[one] = None
        one.switch()

    def die(self) -> None:
        """The power is gone: nothing that was scheduled happens, and what waits is unwound without an effect."""
        self.alive = False
        me = getcurrent()
        for one in list(self._tasks):
            if one is not me and not one.dead:
                one.parent = me  # it comes back here when it has unwound
                one.throw(Crash)
        self._tasks.clear()
