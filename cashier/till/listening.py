"""Keeps the callback listener going: when its thread ends by itself it is started again, and people can see it."""

import logging
import threading
from dataclasses import replace
from functools import partial

from cashier.till.health import HealthBoard
from cashier.till.listener import CallbackListener, PortTaken
from cashier.till.ports import Clock, Lane, Scheduler

log = logging.getLogger(__name__)

PAUSES = (0.5, 5.0, 30.0)
_STOOD = 600.0
_AGAIN = "Callbacks have stopped and are being started again. Payments are checked by asking meanwhile."
_GIVEN_UP = "Callbacks have stopped. Payments are checked by asking. Start Cashier again to have them back."


class Listening:
    """A watchdog over `listener`. After three starts that did not stand ten minutes it leaves the work to polling."""

    def __init__(
        self, listener: CallbackListener, *, health: HealthBoard, clock: Clock, scheduler: Scheduler, lane: Lane
    ) -> None:
        self._listener = listener
        self._health = health
        self._clock = clock
        self._scheduler = scheduler
        self._lane = lane
        self._lock = threading.Lock()
        self._stopping = False
        self._tries = 0
        self._stands_since = 0.0
        listener.on_down = self._ended

    def start(self) -> bool:
        """Whether it listens now; if not, the health says why. A port that is taken at the start is not tried again."""
        try:
            self._start()
        except PortTaken as taken:
            log.warning("callbacks off, polling: %s", taken)
            self._say(str(taken))
            return False
        return True

    def stop(self) -> None:
        """Stops the listener for good."""
        with self._lock:
            self._stopping = True
        self._listener.stop()

    def _start(self) -> None:
        with self._lock:
            if self._stopping:
                return
            self._listener.start()
            self._stands_since = self._clock.monotonic()
        self._health.update(lambda now: replace(now, listening=self._listener.port, listener_trouble=None))

    def _ended(self) -> None:
        """On the thread that ends."""
        if self._clock.monotonic() - self._stands_since > _STOOD:
            self._tries = 0
        self._later()

    def _later(self) -> None:
        if self._tries >= len(PAUSES):
            self._say(_GIVEN_UP)
            return
        self._say(_AGAIN)
        pause, self._tries = PAUSES[self._tries], self._tries + 1
        log.warning("the callback listener is started again in %s s", pause)
        # Binding may wait a moment: not on the scheduler.
        self._scheduler.call_at(self._clock.monotonic() + pause, partial(self._lane.submit, self._try_again))

    def _try_again(self) -> None:
        try:
            self._start()
        except PortTaken as taken:
            log.warning("the callback listener cannot start: %s", taken)
            self._later()

    def _say(self, words: str) -> None:
        self._health.update(lambda now: replace(now, listening=None, listener_trouble=words))
