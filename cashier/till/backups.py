"""The daily backup while a till runs: a checked copy of the ledger, on a lane of its own."""

import logging
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from cashier.ledger.backup import Backup, BackupStopped
from cashier.ledger.errors import LedgerError
from cashier.till.health import HealthBoard
from cashier.till.ports import Clock, Lane, Scheduler

log = logging.getLogger(__name__)

# Once the sales of the opening hour's first minute are through; then a look each hour, which also tries again.
_FIRST = 60.0
_EVERY = 3600.0
# Between two pieces of a copy: the till's own threads go first.
_REST = 0.002

MakeBackup = Callable[[datetime, Callable[[], bool]], Backup | None]


class DailyBackups:
    """Has `make` (ledger.backup.daily) run once a day; a failure is said by the health and tried again."""

    def __init__(
        self, make: MakeBackup, health: HealthBoard, *, clock: Clock, scheduler: Scheduler, lane: Lane
    ) -> None:
        self._make = make
        self._health = health
        self._clock = clock
        self._scheduler = scheduler
        self._lane = lane
        self._stopping = threading.Event()

    def start(self) -> None:
        self._look_in(_FIRST)

    def stop(self) -> None:
        """A copy on its way is given up; the lane then ends."""
        self._stopping.set()

    def _look_in(self, seconds: float) -> None:
        self._scheduler.call_at(self._clock.monotonic() + seconds, self._look)

    def _look(self) -> None:
        self._look_in(_EVERY)
        self._lane.submit(self._back_up)

    def _back_up(self) -> None:
        try:
            made = self._make(self._clock.now(), lambda: not self._stopping.wait(_REST))
        except BackupStopped:
            return
        except (LedgerError, OSError) as trouble:
            log.warning("daily backup: %s", trouble)
            words = f"Today's backup failed. {trouble}"
            self._health.update(lambda now: replace(now, backup_trouble=words))
            return
        if made is not None:
            log.info("daily backup: %s, %s", made.file.name, made.found.sentence)
        self._health.update(lambda now: replace(now, backup_trouble=None))
