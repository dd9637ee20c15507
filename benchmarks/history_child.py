"""One process of the history's benchmark: `look` at the screen, `write` a file, `start` the till. Prints JSON.

Times in milliseconds but those of the export and the start, which are seconds; growth in MB above what the window took
before; stalls are the longest pause of the event loop. The export runs under the screen, as a person would start it.
"""

import csv
import json
import os
import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from benchmarks.counter import Scenario, Till, Until, till_at
from benchmarks.lines import percentile
from cashier.ui.models.history import ROW
from cashier.ui.screens.history import HistoryScreen

NOWHERE = "http://127.0.0.1:9/"  # nobody answers there, and nothing is asked about what is settled
TYPED = ("0788 12", "15000", "T1-0004", "order 88", "kitchen 4", "01M7", "733", "88", "room", "2500", "inv 99", "q")
_REST = 0.4


class Painted(QObject):
    """When a widget was painted last."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.at = 0.0
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self.at = time.monotonic()
        return False


class Measured:
    """What is told at the end; memory above a level that `begin` sets."""

    def __init__(self) -> None:
        self.found: dict[str, float] = {}
        self._level = 0.0

    def begin(self) -> None:
        """Forgets earlier peaks."""
        Path("/proc/self/clear_refs").write_text("5")
        self._level = _memory("VmRSS")

    def growth(self, name: str) -> None:
        # A part of a page more than nothing, since a line cannot be 0.
        self.found[f"{name} growth"] = max(0.001, _memory("VmHWM") - self._level)


def _memory(name: str) -> float:
    """MB, from Linux's own book about this process."""
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith(name)) / 1024


def _rested(seconds: float = _REST) -> Until:
    until = time.monotonic() + seconds
    return lambda: time.monotonic() >= until


def look(till: Till, measured: Measured) -> None:
    """Opens the screen, goes to the end, types searches."""
    # What it costs to look at a viewport from here (HistoryTable says why) is the bench's, not the screen's.
    QAbstractScrollArea().viewport()
    main = till.window.main
    measured.begin()

    def opening() -> Scenario:
        yield _rested()
        begun = time.monotonic()
        main.show_screen("history")
        screen = till.window.history
        painted = Painted(screen.table.viewport())
        yield lambda: painted.at > begun and _shows(screen, 0)
        measured.found["open"] = (time.monotonic() - begun) * 1000
        yield _rested()

    def ending() -> Scenario:
        screen = till.window.history
        screen.table.setFocus()
        last = screen.model.rowCount() - 1
        painted = Painted(screen.table.viewport())
        begun = time.monotonic()
        QTest.keyClick(screen.table, Qt.Key.Key_End)
        yield lambda: _shows(screen, last) and painted.at > begun
        measured.found["end"] = (time.monotonic() - begun) * 1000
        yield _rested()

    def searching() -> Scenario:
        screen = till.window.history
        edit = screen.bar.search.edit
        edit.setFocus()
        waits = []
        found: list[float] = []
        screen.feed.found.connect(lambda: found.append(time.monotonic()))
        for text in TYPED:
            for figure in text:
                found.clear()
                begun = time.monotonic()
                QTest.keyClicks(edit, figure)
                yield lambda: bool(found)
                waits.append((found[0] - begun) * 1000)
                yield _rested(0.15)
            # The next keystroke comes when everything stands again: a hand does not type within the frame of its Esc.
            QTest.keyClick(edit, Qt.Key.Key_Escape)
            yield lambda: screen.count() is not None
            yield _rested(0.15)
        measured.found["search"] = percentile(waits, 0.95)

    for name, scenario in (("open", opening), ("end", ending), ("search", searching)):
        till.play(scenario())
        measured.found[f"{name} stall"] = max(0.001, till.stall * 1000)
        measured.growth(name)


def _shows(screen: HistoryScreen, place: int) -> bool:
    index = screen.model.index(place, 0)
    visible = screen.table.visualRect(index).intersects(screen.table.viewport().rect())
    return index.isValid() and visible and index.data(ROW) is not None


def write(till: Till, measured: Measured, ledger: Path) -> None:
    """Exports everything from the screen, beside csv.writer over a bare cursor."""
    with tempfile.TemporaryDirectory(prefix="bench-", dir=ledger) as out:
        # Once before, so that both find the file in the system's memory.
        measured.found["bare"] = min(_bare(ledger, Path(out)), _bare(ledger, Path(out)))

        def exporting() -> Scenario:
            till.window.main.show_screen("history")
            screen = till.window.history
            yield lambda: screen.count() is not None
            yield _rested()
            measured.begin()
            screen.exporting.choose_file = lambda _parent, _name: str(Path(out) / "ours.csv")
            begun = time.monotonic()
            screen.export()
            yield lambda: not screen.exporting.is_running()
            measured.found["export"] = time.monotonic() - begun

        till.play(exporting(), patience=600.0)
        measured.found["export stall"] = max(0.001, till.stall * 1000)
        measured.growth("export")


def _bare(ledger: Path, out: Path) -> float:
    begun = time.monotonic()
    with closing(sqlite3.connect(ledger / "ledger.db")) as connection, open(out / "bare.csv", "w", newline="") as text:
        csv.writer(text).writerows(connection.execute("SELECT * FROM transactions ORDER BY position DESC"))
        text.flush()
        os.fsync(text.fileno())
    return time.monotonic() - begun


def start(ledger: Path, measured: Measured) -> None:
    """From a closed ledger to a till that runs and asks about its open rows, without the window."""
    from cashier.assembly import RunningTill
    from cashier.gateway.profile import Profile, Secret
    from cashier.ledger.ledger import Account
    from cashier.till.options import TillOptions

    account = Account("practice", "250160000099")
    profile = Profile(NOWHERE, "shop", account.accountno, Secret("not a real one"))
    begun = time.monotonic()
    with closing(sqlite3.connect(ledger / "ledger.db")) as connection:
        connection.execute("PRAGMA quick_check(1)").fetchone()
    measured.found["check"] = time.monotonic() - begun
    begun = time.monotonic()
    running = RunningTill(ledger, account, profile, options=TillOptions(), callbacks=None, till_number=1)
    running.start(None)
    measured.found["start"] = time.monotonic() - begun
    running.stop()


def main() -> None:
    what, ledger = sys.argv[1], Path(sys.argv[2])
    measured = Measured()
    if what == "start":
        start(ledger, measured)
    else:
        # Moved, not linked: the program follows no link.
        with tempfile.TemporaryDirectory(prefix="bench-", dir=ledger.parent) as folder:
            data = Path(folder)
            moved = ledger.rename(data / "practice-250160000099")
            try:
                with till_at(data, NOWHERE) as till:
                    if what == "write":
                        write(till, measured, moved)
                    else:
                        look(till, measured)
            finally:
                moved.rename(ledger)
    print(json.dumps(measured.found))


if __name__ == "__main__":
    main()
