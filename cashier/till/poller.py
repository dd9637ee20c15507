"""Asks the gateway about rows: on the cadence, on a callback's hint, on a person's word; never more than it may."""

import logging
import threading
from collections import OrderedDict, deque
from collections.abc import Iterable
from functools import partial
from random import Random

from cashier.domain.evidence import Source
from cashier.domain.transaction import Transaction
from cashier.gateway.meaning import evidence
from cashier.gateway.outcomes import Function, NotSent
from cashier.till.cadence import JITTER
from cashier.till.health import HealthBoard
from cashier.till.ports import Clock, Gateway, Lane, Scheduler, Timer
from cashier.till.settle import Door
from cashier.till.watched import POLL, Done, Watched

log = logging.getLogger(__name__)

AT_ONCE = 8
PER_SECOND = 5
HINT_GAP = 2.0
_FRESH = 300.0
HINT, CHECK, START = "callback", "check", "start"


class Poller:
    """Keeps the rows worth asking about and has the status calls made: 8 at once, 5 a second, one per row at a time."""

    def __init__(
        self,
        gateway: Gateway,
        door: Door,
        health: HealthBoard,
        *,
        clock: Clock,
        scheduler: Scheduler,
        lane: Lane,
        random: Random,
    ) -> None:
        self._gateway = gateway
        self._door = door
        self._health = health
        self._clock = clock
        self._scheduler = scheduler
        self._lane = lane
        self._random = random
        self._lock = threading.Lock()
        self._watched: dict[str, Watched] = {}
        self._urgent: OrderedDict[str, str] = OrderedDict()
        self._started: deque[float] = deque(maxlen=PER_SECOND)
        self._in_flight = 0
        self._held_until = float("-inf")
        self._timer: Timer | None = None
        self._timer_at = float("inf")

    def watch(self, row: Transaction, *, age: float = 0.0, on_word: bool = False) -> None:
        """Asks about `row` from now on; `age` is how many seconds ago it was sent.

        With `on_word` a row that is past its time is kept too, and asked about only on a hint or a person's word.
        """
        self.watch_all([(row, age)], on_word=on_word)

    def watch_all(self, rows: Iterable[tuple[Transaction, float]], *, on_word: bool = False) -> None:
        """As `watch` for each row and its age, planned once: planning looks at every row there is."""
        now, today = self._clock.monotonic(), self._clock.now()
        with self._lock:
            for row, age in rows:
                fresh = Watched.since_then(row, age, now, today, on_word=on_word)
                wait = fresh.wait(now, today)
                if wait is None:
                    continue
                there = self._watched.get(row.id)
                if there is None:
                    fresh.due = now + self._jittered(wait)
                    self._watched[row.id] = fresh
                else:  # two hints at once: a second entry would ask beside the call in flight
                    there.take(row, now)
                    there.due = min(there.due, now + wait)
                    there.on_word = there.on_word or on_word
        self._plan()

    def ask(self, id: str, trigger: str, done: Done | None = None) -> bool:
        """Asks about a watched row as soon as it may. False for a row that is not watched.

        `done` is called once after an answer to a call begun after this one was asked for has been settled.
        """
        now = self._clock.monotonic()
        with self._lock:
            watched = self._watched.get(id)
            if watched is None:
                return False
            if done is not None:
                watched.done.append(done)
            if trigger == HINT and now < watched.last_hint + HINT_GAP:
                # A stream of callbacks causes one call each two seconds, however many they are.
                if watched.last_hint <= now:
                    watched.last_hint += HINT_GAP
                    watched.due = min(watched.due, watched.last_hint)
                    watched.why = HINT
                trigger = POLL
            elif trigger == HINT:
                watched.last_hint = now
            if watched.asking and trigger != POLL:
                watched.again = trigger
            elif trigger != POLL:
                self._urgent[id] = trigger
        self._plan()
        return True

    def ask_all(self, trigger: str = START) -> None:
        """Asks about every watched row at once, newest first: at start, after sleep, at shift close."""
        with self._lock:
            timed = [id for id, one in self._watched.items() if one.due < float("inf")]
            ids = sorted(timed, key=lambda id: self._watched[id].row.created_at, reverse=True)
            now = self._clock.monotonic()
            for position, id in enumerate(ids):
                self._watched[id].due = now + position * 1e-6
        log.info("asking about %d rows: %s", len(ids), trigger)
        self._plan()

    def watched(self) -> list[str]:
        """The ids asked about."""
        with self._lock:
            return list(self._watched)

    def _jittered(self, wait: float) -> float:
        return wait * (1 + self._random.uniform(0, JITTER))

    def _plan(self) -> None:
        """Starts what may start now and sets the timer for the next moment worth looking."""
        while True:
            with self._lock:
                picked = self._pick()
                if picked is None:
                    self._set_timer()
                    return
                watched, trigger = picked
                watched.asking = True
                watched.why = POLL
                waiting, watched.done = watched.done, []
                self._in_flight += 1
                self._started.append(self._clock.monotonic())
            self._lane.submit(partial(self._call, watched, trigger, waiting))

    def _pick(self) -> tuple[Watched, str] | None:
        now = self._clock.monotonic()
        if self._in_flight >= AT_ONCE or self._next_token() > now:
            return None
        while self._urgent:
            id, trigger = self._urgent.popitem(last=False)
            if id in self._watched and not self._watched[id].asking:
                return self._watched[id], trigger
        if self._held() > now:
            return None
        due = [one for one in self._watched.values() if one.due <= now and not one.asking]
        if not due:
            return None
        # A customer at the counter goes before thousands of old rows.
        first = min(due, key=lambda one: (now - one.since > _FRESH, one.due))
        return first, first.why

    def _held(self) -> float:
        """Until when the poller holds back: nothing once any call was answered again."""
        return self._held_until if self._health.hold_back() else float("-inf")

    def _next_token(self) -> float:
        if len(self._started) < PER_SECOND:
            return float("-inf")
        return self._started[0] + 1.0

    def _set_timer(self) -> None:
        now = self._clock.monotonic()
        if self._in_flight >= AT_ONCE:
            return  # the next one to end plans again
        waiting = [one.due for one in self._watched.values() if not one.asking]
        when = max(min(waiting), self._held()) if waiting else float("inf")
        if self._urgent:
            when = now
        when = max(when, self._next_token())
        if when == float("inf") or (self._timer is not None and now < self._timer_at <= when):
            return
        if self._timer is not None:
            self._timer.cancel()
        self._timer_at = when
        self._timer = self._scheduler.call_at(when, self._tick)

    def _tick(self) -> None:
        with self._lock:
            self._timer = None
            self._timer_at = float("inf")
        self._plan()

    def _call(self, watched: Watched, trigger: str, done: list[Done]) -> None:
        row = watched.row
        after: Transaction | None = None
        try:
            outcome = self._gateway.status(id=row.id, kind=row.kind, gateway_transaction_id=row.gateway_transaction_id)
            self._health.heard(outcome)
            found = evidence(Function.STATUS, row.kind, Source.STATUS, outcome)
            # A call that never left says nothing about the row and would fill the book while the line is down.
            after = row if isinstance(outcome, NotSent) else self._door.settle(row.id, found, trigger)
            if after is not None and after.is_final and not row.is_final:
                self._health.result(by_callback=trigger == HINT)
        finally:
            self._ended(watched, after)
            for tell in done:
                tell()

    def _ended(self, watched: Watched, after: Transaction | None) -> None:
        now = self._clock.monotonic()
        with self._lock:
            self._in_flight -= 1
            watched.asking = False
            if after is not None:
                watched.take(after, now)  # a person may have closed it meanwhile
            wait = watched.wait(now, self._clock.now())
            if wait is None:
                if self._watched.get(watched.row.id) is watched:
                    del self._watched[watched.row.id]
                self._urgent.pop(watched.row.id, None)
                leftover, watched.done = watched.done, []
            else:
                leftover = []
                watched.due = now + self._jittered(wait)
                if watched.again is not None:
                    self._urgent[watched.row.id] = watched.again
                    watched.again = None
            self._held_until = now + self._health.hold_back()
        for tell in leftover:
            tell()
        self._plan()

    def refresh(self, row: Transaction) -> None:
        """Takes note of a row that changed elsewhere: a direct answer, a person's act."""
        now = self._clock.monotonic()
        with self._lock:
            watched = self._watched.get(row.id)
            if watched is None or watched.row.version >= row.version:
                return
            closed = row.is_closed and not watched.row.is_closed
            watched.take(row, now)
            if watched.asking:
                return  # what follows is planned when the answer is there
            wait = watched.wait(now, self._clock.now())
            if wait is not None and closed:
                watched.due = now + self._jittered(wait)
            if wait is None:
                del self._watched[row.id]
                self._urgent.pop(row.id, None)
                leftover, watched.done = watched.done, []
            else:
                leftover = []
        for tell in leftover:
            tell()
        self._plan()
