"""An orderly end on SIGTERM and Ctrl+C."""

import signal
import threading
from types import FrameType


class StopSignal:
    """Set by SIGTERM or SIGINT. Waiting happens on `changed`, which other news may notify as well."""

    def __init__(self) -> None:
        self.changed = threading.Condition()
        self._set = False

    def install(self) -> "StopSignal":
        """From now on the two signals set this instead of ending the program. Main thread only."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._handle)
        return self

    @property
    def is_set(self) -> bool:
        return self._set

    def wait(self) -> None:
        """Returns once a signal came."""
        with self.changed:
            while not self._set:
                self.changed.wait()

    def _handle(self, _number: int, _frame: FrameType | None) -> None:
        self._set = True
        # The handler runs on the main thread, which may hold the (reentrant) lock: that is no obstacle.
        with self.changed:
            self.changed.notify_all()
