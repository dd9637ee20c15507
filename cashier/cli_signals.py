"""An orderly end on SIGTERM, Ctrl+C and the end of the terminal."""

import signal
import threading
from types import FrameType


class StopSignal:
    """Set by SIGTERM, SIGINT or SIGHUP. Waiting happens on `changed`, which other news may notify as well."""

    def __init__(self) -> None:
        self.changed = threading.Condition()
        self._set = False

    def install(self) -> "StopSignal":
        """From now on the signals set this instead of ending the program. Main thread only."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._handle)
        hang_up = getattr(signal, "SIGHUP", None)  # not on Windows
        if hang_up is not None and signal.getsignal(hang_up) is not signal.SIG_IGN:  # as nohup wants it
            signal.signal(hang_up, self._handle)
        return self

    def end(self) -> None:
        """As a signal would."""
        self._handle(0, None)

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
