"""The first page of payouts from a file: what the file must hold, and choosing it."""

from collections.abc import Collection, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from cashier.ui.widgets.base import Panel, empty_margins, label
from cashier.ui.widgets.buttons import PlainButton, PrimaryButton
from cashier.ui.widgets.notices import Notice

WIDTH = 640
SHEETS = 108
_MOST_LETTERS = 40


class ChoosePage(QWidget):
    """`chosen` carries the path of a file, from the dialog or dropped on the page, `sheet_chosen` a sheet of it too."""

    chosen = Signal(object)
    sheet_chosen = Signal(object, str)
    stop = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAcceptDrops(True)
        self.button = PrimaryButton(self.tr("Choose a file"), icon="file", key="Ctrl+O", size="medium")
        self.button.clicked.connect(self.ask)
        self.notice = Notice()
        self.stop_button = PlainButton(self.tr("Stop"), size="medium")
        self.stop_button.clicked.connect(self.stop)
        self.stop_button.hide()
        self._file = Path()
        self.sheets = QListWidget()
        self.sheets.setObjectName("sheets")
        self.sheets.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.sheets.setFixedHeight(SHEETS)
        self.sheets.itemActivated.connect(self._choose_sheet)
        self.sheets.setAccessibleName(self.tr("Sheet"))
        self.sheet_button = PlainButton(self.tr("Read this sheet"), size="medium")
        self.sheet_button.clicked.connect(self._choose_sheet)
        self._sheet_row = QWidget()
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
        self._or_drop = label(self.tr("or drop it here"), "hint")
        row.addWidget(self._or_drop)
        row.addWidget(self.stop_button)
        row.addStretch(1)
        panel.body.addLayout(row)
        panel.body.addWidget(self.notice)
        sheet_row = QHBoxLayout(self._sheet_row)
        empty_margins(sheet_row, 12)
        sheet_row.addWidget(self.sheets, 1)
        sheet_row.addWidget(self.sheet_button, 0, Qt.AlignmentFlag.AlignTop)
        self._sheet_row.hide()
        panel.body.addWidget(self._sheet_row)
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
        self._name = ""
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
        had_keyboard = any(one.hasFocus() for one in (self.button, self.sheets, self.sheet_button, self.stop_button))
        self._or_drop.setVisible(not name)
        self.stop_button.setVisible(bool(name))
        if name and had_keyboard:
            self.stop_button.setFocus()
        self.button.setEnabled(not name)
        self.button.setText(self.tr("Reading %1…").replace("%1", _short(name)) if name else self.tr("Choose a file"))
        self._name = name
        self._sheet_row.hide()
        if name:
            self.notice.hide()
        elif had_keyboard:
            self.button.setFocus()

    def show_percent(self, percent: int) -> None:
        """How far the reading is."""
        words = self.tr("Reading %1: %2 %").replace("%2", str(percent))
        self.button.setText(words.replace("%1", _short(self._name)))

    def ask_sheet(self, path: Path, names: Sequence[str], hidden: Collection[str]) -> None:
        """Asks which sheet of the file is read. None is chosen beforehand."""
        self._file = path
        self.sheets.clear()
        for name in names:
            item = QListWidgetItem(self.tr("%1 (hidden)").replace("%1", name) if name in hidden else name)
            item.setData(Qt.ItemDataRole.UserRole, name)
            self.sheets.addItem(item)
        several = self.tr("%1 has several sheets.").replace("%1", path.name)
        one = self.tr("The sheet of %1 is hidden.").replace("%1", path.name)
        self.notice.show_notice("idle", several if len(names) > 1 else one, self.tr("Choose the one to read."))
        self._sheet_row.show()
        if self.isVisible():
            self.sheets.setFocus()

    def _choose_sheet(self) -> None:
        chosen = self.sheets.selectedItems()
        if chosen:
            self.sheet_chosen.emit(self._file, chosen[0].data(Qt.ItemDataRole.UserRole))
        else:
            self.sheets.setFocus()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _dropped(event.mimeData().urls()) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        path = _dropped(event.mimeData().urls())
        if path is not None:
            event.acceptProposedAction()
            self.chosen.emit(path)


def _short(name: str) -> str:
    return name if len(name) <= _MOST_LETTERS else f"{name[: _MOST_LETTERS - 1]}…"


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
