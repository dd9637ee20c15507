"""Exporting what is listed: a name for the file, progress that can be stopped, how it ended."""

import os
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, QStandardPaths, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from cashier.domain.money import group_digits
from cashier.ledger.export import ENDINGS, check_ending, export
from cashier.ledger.history import History
from cashier.ledger.query import Query
from cashier.ui import theme
from cashier.ui.bridge import Bridge
from cashier.ui.moments import Moments
from cashier.ui.painting import fill_round, smooth
from cashier.ui.widgets.base import ElidedLabel, empty_margins, say
from cashier.ui.widgets.buttons import PlainButton

_TOLD_EVERY = 0.1
ChooseFile = Callable[[QWidget, str], str]


class ProgressBar(QWidget):
    """How much is done, 0 to 1; the whole bar in a quiet colour while the whole is not known."""

    def __init__(self) -> None:
        super().__init__()
        self._share: float | None = None
        self.setFixedHeight(8)

    def show_share(self, share: float | None) -> None:
        self._share = share
        self.update()

    def share(self) -> float | None:
        """As shown."""
        return self._share

    def paintEvent(self, event: object) -> None:
        look = theme.current()
        painter = QPainter(self)
        smooth(painter)
        fill_round(painter, self.rect(), 4, look.color("sunken" if self._share is not None else "waitbg"))
        if self._share:
            width = max(8, round(self.width() * min(1.0, self._share)))
            fill_round(painter, self.rect().adjusted(0, 0, width - self.width(), 0), 4, look.color("accent"))
        painter.end()


class ExportStrip(QWidget):
    """Under the bar while a file is being written. `ended` carries whether it is there, and the words to show."""

    ended = Signal(bool, str, str)

    def __init__(self, bridge: Bridge, choose_file: "ChooseFile | None" = None) -> None:
        super().__init__()
        self._bridge = bridge
        self.choose_file: ChooseFile = choose_file or ask_for_file
        self._stop = False
        self._running = False
        self._total: int | None = None
        self._told_at = 0.0
        self.words = ElidedLabel("", "label")
        self.bar = ProgressBar()
        self.stop_button = PlainButton(self.tr("Stop"))
        self.stop_button.clicked.connect(self.stop)
        texts = QVBoxLayout()
        empty_margins(texts, 4)
        texts.addWidget(self.words)
        texts.addWidget(self.bar)
        row = QHBoxLayout(self)
        empty_margins(row, 12)
        row.addLayout(texts, 1)
        row.addWidget(self.stop_button, 0, Qt.AlignmentFlag.AlignVCenter)
        self.hide()

    def is_running(self) -> bool:
        """Whether a file is being written."""
        return self._running

    def begin(self, history: History, query: Query, total: int | None, moments: Moments) -> None:
        """Asks for a name, then writes. `total` is how many rows fit, None while that is not known."""
        if self._running:
            return
        name = f"cashier-{moments.today():%Y-%m-%d}.xlsx"
        chosen = self.choose_file(self, name)
        if not chosen:
            return
        file = Path(chosen)
        self._running, self._stop, self._total = True, False, total
        self._show(0)
        self.stop_button.setText(self.tr("Stop"))
        self.stop_button.setEnabled(True)
        self.show()
        work = partial(self._write, history, query, file, moments)
        self._bridge.run(work, partial(self._written, file), self._failed)

    def stop(self) -> None:
        """Leaves no file behind; the one that stood under this name stays."""
        self._stop = True
        self.stop_button.setText(self.tr("Stopping …"))
        self.stop_button.setEnabled(False)

    def _write(self, history: History, query: Query, file: Path, moments: Moments) -> int | None:
        """On a worker."""
        check_ending(file)
        return export(
            history.reader, query, file, zone=moments.zone, progress=self._progress, stopped=lambda: self._stop
        )

    def _progress(self, count: int) -> None:
        """On a worker, very often: a few times a second are enough for the eye."""
        now = time.monotonic()
        if now - self._told_at >= _TOLD_EVERY:
            self._told_at = now
            self._bridge.call(partial(self._show, count))

    def _show(self, count: int) -> None:
        if self._total is None:
            words = self.tr("Exporting, %1 written").replace("%1", group_digits(count))
        else:
            words = self.tr("Exporting, %1 of %2 written").replace("%1", group_digits(count))
            words = words.replace("%2", group_digits(self._total))
        self.words.setText(words)
        self.bar.show_share(count / self._total if self._total else None)
        say(self.bar, words)

    def _written(self, file: Path, count: int | None) -> None:
        self._end()
        if count is None:
            self.ended.emit(False, self.tr("Export stopped."), self.tr("No file was written."))
            return
        title = self.tr("%1 transactions exported.").replace("%1", group_digits(count))
        words = self.tr("%1. Excel changes phones and codes in a CSV when it opens it; export .xlsx for Excel.")
        self.ended.emit(True, title, words.replace("%1", str(file)) if file.suffix.lower() == ".csv" else str(file))

    def _failed(self, why: Exception) -> None:
        self._end()
        self.ended.emit(False, self.tr("Nothing was exported."), str(why))

    def _end(self) -> None:
        self._running = False
        self.hide()


def ask_for_file(parent: QObject, name: str) -> str:
    """The person's choice of a place and a name, with the ending of the chosen kind where it has none; empty for none.

    Excel stands first: opened in it, a CSV loses the noughts of codes and the last figures of long numbers.
    Whether a file may be replaced is asked by the dialog, which knows only the name that was typed: where the ending
    makes it the name of a file that is there, it asks again about that one.
    """
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    excel = QCoreApplication.translate("Export", "Excel, keeps phones, ids and codes (*.xlsx)")
    csv = QCoreApplication.translate("Export", "CSV, for other programs (*.csv)")
    window = parent if isinstance(parent, QWidget) else None
    place = str(Path(folder) / name)
    while True:
        chosen, kind = QFileDialog.getSaveFileName(window, "", place, f"{excel};;{csv}")
        if not chosen:
            return ""
        path = Path(chosen)
        if path.suffix.lower() in ENDINGS:
            return chosen
        path = path.with_name(path.name + (".csv" if "*.csv" in kind else ".xlsx"))
        if not os.path.lexists(path):
            return str(path)
        place = str(path)
