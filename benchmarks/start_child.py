"""One start: an empty QMainWindow, or the program. Prints when it was painted and, once idle, its peak memory in kB.

The program's start is its own, with a hand on the window to see it painted. Its account is a live one, whose password
is in memory here: a computer without a keyring would ask for it.
"""

import gc
import resource
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cashier.app import Window
    from cashier.counter import Counter

ACCOUNT = "250160000099"


def _peak() -> int:
    """In kB. Linux's own figure where there is one: getrusage's begins with the parent's."""
    status = Path("/proc/self/status")
    if status.exists():
        return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _empty(settle_ms: int) -> None:
    from PySide6.QtCore import QTimer
    from PySide6.QtGui import QPaintEvent
    from PySide6.QtWidgets import QApplication, QMainWindow

    class Empty(QMainWindow):
        painted = False

        def paintEvent(self, event: QPaintEvent) -> None:
            super().paintEvent(event)
            if not self.painted:
                self.painted = True
                QTimer.singleShot(0, note)

    def note() -> None:
        print(time.monotonic(), flush=True)
        QTimer.singleShot(settle_ms, QApplication.quit)

    app = QApplication(sys.argv[:1])
    window = Empty()
    window.showMaximized()
    app.exec()
    print(_peak(), flush=True)


def _program(settle_ms: int, folder: Path) -> None:
    from cashier.app import Window, open_window

    def counter() -> "Counter":
        from cashier.counter import Counter
        from cashier.credentials import MemoryStore, Name, open_store

        open_store()  # for its memory
        store = MemoryStore()
        store.set(Name.PARTNER_PASSWORD, f"live-{ACCOUNT}", "not a real one")
        return Counter(folder, store=store)

    def begin(window: Window) -> None:
        window.main.painted.connect(lambda: print(time.monotonic(), flush=True))
        if settle_ms:
            window.bridge.opened.connect(lambda _rows: _settle(window, settle_ms))
        else:
            window.main.painted.connect(window.main.close)
        window.begin()

    open_window(counter, begin)
    print(_peak(), flush=True)


def _settle(window: "Window", settle_ms: int) -> None:
    from PySide6.QtCore import QTimer

    QTimer.singleShot(settle_ms, window.main.close)


def main() -> None:
    kind, settle_ms = sys.argv[1], int(sys.argv[2])
    if kind == "empty":
        _empty(settle_ms)
    else:
        gc.disable()  # as cashier/__main__.py does
        _program(settle_ms, Path(sys.argv[3]))


if __name__ == "__main__":
    main()
