"""How the gateway, the callbacks and the ledger are doing, for the status bar and `doctor`."""

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from cashier.gateway.codes import AUTHENTICATION
from cashier.gateway.outcomes import Answered, NotSent, Outcome, Unclear
from cashier.till.announcer import Announcer
from cashier.till.ports import Clock

_DOWN_AFTER = 2
_RECENT = 20
TOO_MANY_REQUESTS = 429


@dataclass(frozen=True)
class Health:
    """A snapshot. Times are UTC, `took` in seconds.

    `took` is that of the newest call, None before the first and after one without an answer, since when
    `unanswered_since` stands. `gateway_down_since` is set after two such in a row, with `gateway_trouble` in words.
    `gateway_refusal` says why the gateway does not let us in (a wrong password, a wrong clock), until it does.
    `listening` is the port, or None with `listener_trouble` in words where it should listen and cannot.
    `backup_trouble` says that today's backup failed, `ledger_notice` what else a person must know of the ledger.
    `payouts_locked`: it was restored, and nobody has signed for that yet.
    `by_callback` of the last `results` results came by callback.
    """

    last_answer_at: datetime | None = None
    took: float | None = None
    unanswered_since: datetime | None = None
    gateway_down_since: datetime | None = None
    gateway_trouble: str | None = None
    gateway_refusal: str | None = None
    listening: int | None = None
    listener_trouble: str | None = None
    ledger_trouble: str | None = None
    backup_trouble: str | None = None
    ledger_notice: str | None = None
    payouts_locked: bool = False
    callback_url_suspect: bool = False
    by_callback: int = 0
    results: int = 0


class HealthBoard:
    """Keeps the snapshot and announces each new one, in order and outside its lock: a subscriber may call back in.

    It also says how long to hold back while the gateway is down.
    """

    def __init__(self, clock: Clock) -> None:
        self.news: Announcer[Health] = Announcer()
        self._clock = clock
        self._lock = threading.Lock()
        self._health = Health()
        self._failures = 0
        self._down_from = 0.0
        self._first_failure: datetime | None = None
        self._recent: deque[bool] = deque(maxlen=_RECENT)
        self._untold: deque[Health] = deque()
        self._telling = False

    @property
    def health(self) -> Health:
        return self._health

    def heard(self, outcome: Outcome) -> None:
        """Notes the end of one call."""
        self.update(lambda health: self._after(health, outcome))

    def _after(self, health: Health, outcome: Outcome) -> Health:
        slow_down = isinstance(outcome, Answered) and outcome.http_status == TOO_MANY_REQUESTS
        if isinstance(outcome, Answered) and not slow_down:
            self._failures = 0
            refused = AUTHENTICATION.get(outcome.answer.code or "")
            return replace(
                health,
                last_answer_at=self._clock.now(),
                took=outcome.elapsed,
                unanswered_since=None,
                gateway_down_since=None,
                gateway_trouble=None,
                gateway_refusal=None if refused is None else refused.sentence,
            )
        if self._failures == 0:
            self._down_from = self._clock.monotonic()
            self._first_failure = self._clock.now()
        self._failures += _DOWN_AFTER if slow_down else 1
        health = replace(health, took=None, unanswered_since=self._first_failure)
        if self._failures < _DOWN_AFTER:
            return health
        trouble = outcome.sentence if isinstance(outcome, NotSent | Unclear) else "The gateway asks us to slow down."
        return replace(health, gateway_down_since=self._first_failure, gateway_trouble=trouble)

    def hold_back(self) -> float:
        """Seconds to wait before the next call of the poller: none while the gateway answers, then a growing pause."""
        with self._lock:
            if self._failures < _DOWN_AFTER:
                return 0.0
            return min(max(3.0, (self._clock.monotonic() - self._down_from) / 4), 60.0)

    def result(self, *, by_callback: bool) -> None:
        """Notes that a transaction became final, and whether a callback made us ask."""

        def count(health: Health) -> Health:
            self._recent.append(by_callback)
            return replace(health, by_callback=sum(self._recent), results=len(self._recent))

        self.update(count)

    def update(self, change: Callable[[Health], Health]) -> None:
        """Replaces the snapshot by what `change` makes of it; when it differs it is announced.

        On this thread, or on one that is announcing just now: two threads could pass each other on the way.
        """
        with self._lock:
            fresh = change(self._health)
            if fresh == self._health:
                return
            self._health = fresh
            self._untold.append(fresh)
            if self._telling:
                return
            self._telling = True
        self._tell()

    def _tell(self) -> None:
        while True:
            with self._lock:
                if not self._untold:
                    self._telling = False
                    return
                news = self._untold.popleft()
            self.news.announce(news)
