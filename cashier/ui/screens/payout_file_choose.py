"""The first page of payouts from a file: what the file must hold, and choosing it."""

from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from cashier.ui.widgets.base import Panel, empty_margins, label
from cashier.ui.widgets.buttons import PrimaryButton
from cashier.ui.widgets.notices import Notice

WIDTH = 640


class ChoosePage(QWidget):
    """`chosen` carries the path of a file, from the dialog or dropped on the page."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setAcceptDrops(True)
        self.button = PrimaryButton(self.tr("Choose a file"), icon="file", key="Ctrl+O", size="medium")
        self.button.clicked.connect(self.ask)
        self.notice = Notice()
        panel = Panel(padding=24, spacing=12)
        panel.setFixedWidth(WIDTH)
        panel.body.addWidget(label(self.tr("Payouts from a file"), "title"))
        words = self.tr("A CSV or Excel file, one payout a row. The first row names the columns, in any order:")
        panel.body.addWidget(label(words, "hint", wrap=True))
        panel.body.addLayout(_example((self.tr("Phone"), "0788 123 456"), (self.tr("Amount"), "45000"), self._reason()))
        words = self.tr("Every row is checked first. Nothing is sent before you have seen them all and approved.")
        panel.body.addWidget(label(words, wrap=True))
        row = QHBoxLayout()
        empty_margins(row, 12)
        row.addWidget(self.button)
        row.addWidget(label(self.tr("or drop it here"), "hint"))
        row.addStretch(1)
        panel.body.addLayout(row)
        panel.body.addWidget(self.notice)
        middle = QHBoxLayout()
        empty_margins(middle)
        middle.addStretch(1)
        middle.addWidget(panel)
        middle.addStretch(1)
        column = QVBoxLayout(self)
        empty_margins(column)
        column.addStretch(1)
        column.addLayout(middle)
        column.addStretch(2)
        self.setFocusProxy(self.button)

    def _reason(self) -> tuple[str, str]:
        return self.tr("Reason"), self.tr("Salary, November")

    def ask(self) -> None:
        """Opens the dialog of the system; the window goes on meanwhile."""
        dialog = QFileDialog(self, self.tr("Payouts from a file"))
        dialog.setNameFilters([self.tr("Lists (*.csv *.txt *.xlsx)"), self.tr("All files (*)")])
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda name: self.chosen.emit(Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def show_busy(self, name: str) -> None:
        """While the file `name` is read; an empty one ends it."""
        self.button.setEnabled(not name)
        self.button.setText(self.tr("Reading %1…").replace("%1", name) if name else self.tr("Choose a file"))
        if name:
            self.notice.hide()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _dropped(event.mimeData().urls()) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        path = _dropped(event.mimeData().urls())
        if path is not None:
            event.acceptProposedAction()
            self.chosen.emit(path)


def _dropped(urls: list[QUrl]) -> Path | None:
    """The one local file that was dropped."""
    return Path(urls[0].toLocalFile()) if len(urls) == 1 and urls[0].isLocalFile() else None


def _example(*columns: tuple[str, str]) -> QHBoxLayout:
    row = QHBoxLayout()
    empty_margins(row, 24)
    for name, value in columns:
        column = QVBoxLayout()
        empty_margins(column, 4)
        column.addWidget(label(name, "chip"), 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(label(value))
        row.addLayout(column)
    row.addStretch(1)
    return row
