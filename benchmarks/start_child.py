"""One start: an empty QMainWindow, or the counter. Prints when it was painted, and the peak memory when idle."""

import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QMainWindow

if TYPE_CHECKING:
    from cashier.counter import Counter


class Painted(QObject):
    """Notes the first paint of a window, once its event was handled."""

    def __init__(self, window: QMainWindow, settle_ms: int) -> None:
        super().__init__(window)
        self._settle_ms = settle_ms
        self.at: float | None = None
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and self.at is None:
            QTimer.singleShot(0, self._note)
            self.at = 0.0
        return super().eventFilter(watched, event)

    def _note(self) -> None:
        self.at = time.monotonic()
        print(self.at, flush=True)
        QTimer.singleShot(self._settle_ms, QApplication.quit)


def _counter(folder: Path) -> "Counter":
    from cashier.counter import Counter
    from cashier.credentials import MemoryStore

    return Counter(folder, store=MemoryStore())


def main() -> None:
    kind, settle_ms = sys.argv[1], int(sys.argv[2])
    app = QApplication(sys.argv[:1])
    if kind == "empty":
        window = QMainWindow()
        window.resize(1366, 768)
        painted = Painted(window, settle_ms)
        window.show()
        app.exec()
    else:
        from cashier.app import Window
        from cashier.settings import Settings, save
        from cashier.ui import theme

        with tempfile.TemporaryDirectory() as folder:
            save(Path(folder) / "settings.json", Settings("practice"))
            theme.apply(app, "light")
            counter = Window(app, lambda: _counter(Path(folder)))
            counter.main.resize(1366, 768)
            painted = Painted(counter.main, settle_ms)
            counter.begin()
            app.exec()
            counter.end()
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, painted.at is not None, flush=True)


if __name__ == "__main__":
    main()
