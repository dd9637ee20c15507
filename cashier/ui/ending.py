"""The end from outside: SIGTERM, Ctrl+C, a terminal that closes. Nobody is asked, and what is open is kept."""

import contextlib
import signal
import socket
from types import FrameType

from PySide6.QtCore import QCoreApplication, QObject, QSocketNotifier

_NAMES = ("SIGTERM", "SIGINT", "SIGHUP", "SIGBREAK")


class StopSignals(QObject):
    """Ends the event loop when a signal comes, whatever stands open. Main thread only.

    Python runs its handlers only between its own steps, and Qt's loop takes none while it waits: the signal's number
    comes through a socket that wakes the loop.
    """

    def __init__(self, app: QCoreApplication) -> None:
        super().__init__()
        self._app = app
        self._here, self._there = socket.socketpair()
        for one in (self._here, self._there):
            one.setblocking(False)
        self._notifier = QSocketNotifier(self._here.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._came)
        self._woken = signal.set_wakeup_fd(self._there.fileno(), warn_on_full_buffer=False)
        numbers = [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]
        self._before = [(number, signal.signal(number, _taken)) for number in numbers]

    def stop(self) -> None:
        """Signals do again what they did before."""
        for number, handler in self._before:
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._woken)
        self._notifier.setEnabled(False)
        self._here.close()
        self._there.close()

    def _came(self) -> None:
        with contextlib.suppress(BlockingIOError):
            self._here.recv(64)
        # Not quit(): that closes the windows first, and a window may say no.
        self._app.exit(0)


def _taken(_number: int, _frame: FrameType | None) -> None:
    """Only so that the signal does not end the process: the socket tells of it."""
