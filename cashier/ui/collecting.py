"""Python's collector of garbage, on the GUI thread alone.

Whatever thread happens to allocate runs the collector, and a widget that a worker's collection finds is destroyed on
that worker: Qt then breaks down. So collecting by itself stays off, and a timer of the GUI thread does it.
"""

import gc

from PySide6.QtCore import QObject, QTimer

_LOOK_MS = 1000
# Objects made since the last collection, as gc.get_count() counts them: young ones soon, all of them now and then.
_YOUNG = 2_000
_EVERY = 20


class Collector(QObject):
    """Looks each second whether there is something worth collecting."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._rounds = 0
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)

    def start(self) -> None:
        """What stands now stays: later collections need not look at it."""
        gc.disable()
        gc.freeze()
        self._timer.start(_LOOK_MS)

    def look(self) -> None:
        """Collects what is worth it. On the GUI thread."""
        if gc.get_count()[0] < _YOUNG:
            return
        self._rounds += 1
        gc.collect(2 if self._rounds % _EVERY == 0 else 1)
