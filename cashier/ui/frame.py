"""Work for the next frame: the eye sees no difference, and a request on its way is not held up by paint."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

FRAME_MS = 16


class NextFrame(QObject):
    """Does each piece of work once, in order, at most FRAME_MS after it was first asked for."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._works: list[Callable[[], None]] = []
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(FRAME_MS)
        self._timer.timeout.connect(self._do)

    def add(self, work: Callable[[], None]) -> None:
        """`work` that waits already is not added again."""
        if work not in self._works:
            self._works.append(work)
        if not self._timer.isActive():
            self._timer.start()

    def _do(self) -> None:
        works, self._works = self._works, []
        for work in works:
            work()
