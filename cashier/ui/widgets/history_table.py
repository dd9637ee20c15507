"""The table of the history: rows of one height, walked by the keyboard, columns as wide as they need."""

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent, QPainter, QPalette, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView

from cashier.domain.transaction import Transaction
from cashier.ui import theme
from cashier.ui.models.history import AnyIndex, Column, HistoryModel
from cashier.ui.painting import LEFT, RIGHT, write
from cashier.ui.widgets.base import follow
from cashier.ui.widgets.history_delegate import HistoryDelegate, chip_width, column_width, padding, row_height

_HEADER = 34
_SHORTEST_CHIP = "Waiting"


class _Header(QHeaderView):
    """Small bold words over a line."""

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setMinimumSectionSize(20)
        self.setFixedHeight(_HEADER)
        self.setSectionsClickable(False)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        look = theme.current()
        painter.save()
        painter.fillRect(rect, look.color("surface"))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), look.color("line"))
        painter.setFont(theme.font(12, QFont.Weight.DemiBold))
        painter.setPen(look.color("muted"))
        inner = rect.adjusted(padding(), 0, -padding(), 0)
        text = str(self.model().headerData(logicalIndex, Qt.Orientation.Horizontal) or "")
        write(painter, inner, RIGHT if logicalIndex == Column.AMOUNT else LEFT, text)
        painter.restore()


class HistoryTable(QTableView):
    """`chosen` carries the chosen Transaction, or None; `typed` text that is meant for the search."""

    chosen = Signal(object)
    typed = Signal(str)
    entered = Signal()

    def __init__(self, model: HistoryModel) -> None:
        super().__init__()
        self._model = model
        self._chosen_position: int | None = None
        self._told: Transaction | None = None
        self.setObjectName("history")
        self.setModel(model)
        self.setItemDelegate(HistoryDelegate(model, self))
        self.setHorizontalHeader(_Header())
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWordWrap(False)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setMinimumSectionSize(20)
        self.setAccessibleName(self.tr("Transactions, newest first"))
        model.rowsAboutToBeInserted.connect(self._hold)
        model.rowsInserted.connect(self._release)
        model.dataChanged.connect(self._tell)
        model.modelAboutToBeReset.connect(self._before_reset)
        model.modelReset.connect(self._after_reset)
        self._first_shown = 0
        self._top: int | None = None
        follow(self._adapt)

    def choose(self, place: int) -> None:
        """Chooses the row at `place` and brings it into sight."""
        if 0 <= place < self._model.rowCount():
            self.selectRow(place)
            self.scrollTo(self._model.index(place, 0))

    def chosen_row(self) -> Transaction | None:
        """The chosen transaction, None where none is or it is not read yet."""
        index = self.currentIndex()
        return self._model.transaction(index.row()) if index.isValid() else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Figures and letters are meant for the search; Enter goes to what can be done with the row."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.entered.emit()
            return
        if event.key() == Qt.Key.Key_Home or event.key() == Qt.Key.Key_End:
            self.choose(0 if event.key() == Qt.Key.Key_Home else self._model.rowCount() - 1)
            return
        plain = event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier)
        if event.text().isprintable() and event.text() and not plain:
            self.typed.emit(event.text())
            return
        super().keyPressEvent(event)

    def currentChanged(self, current: AnyIndex, previous: AnyIndex) -> None:
        super().currentChanged(current, previous)
        if current.isValid():
            self._chosen_position = self._model.position(current.row())
        self._tell()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._adapt()

    def _adapt(self) -> None:
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Base, theme.current().color("surface"))
        self.setPalette(palette)
        self.verticalHeader().setDefaultSectionSize(row_height())
        self._fit()

    def _fit(self) -> None:
        """The state takes what is left; where that is too little, the number gives way: it stands in the story too."""
        widths = {column: column_width(column, self._model) for column in Column if column is not Column.STATE}
        # Not `viewport()`: to know what that is, PySide makes Python's side of every widget there is, for 40 ms.
        bar = self.verticalScrollBar()
        room = self.maximumViewportSize().width() - (0 if bar.isHidden() else bar.sizeHint().width())
        shortest = chip_width(_SHORTEST_CHIP) + 2 * padding()
        crowded = room - sum(widths.values()) < shortest
        self.setColumnHidden(Column.NUMBER, crowded)
        if crowded:
            del widths[Column.NUMBER]
        for column, width in widths.items():
            self.setColumnWidth(column, width)
        self.setColumnWidth(Column.STATE, max(shortest, room - sum(widths.values())))

    def _tell(self) -> None:
        row = self.chosen_row()
        if row != self._told:
            self._told = row
            self.chosen.emit(row)

    def _hold(self, _parent: QModelIndex, first: int, last: int) -> None:
        """Rows that come on top push the others down, unless the eye is on the top itself."""
        self._first_shown = self.verticalScrollBar().value()
        self._pushed = last - first + 1 if first == 0 and self._first_shown > 0 else 0

    def _release(self) -> None:
        if self._pushed:
            self.updateGeometries()
            self.verticalScrollBar().setValue(self._first_shown + self._pushed)

    def _before_reset(self) -> None:
        top = self.verticalScrollBar().value()
        self._top = self._model.position(top) if 0 < top < self._model.rowCount() else None

    def _after_reset(self) -> None:
        """The chosen row stays chosen where the new list holds it; the place in the list too."""
        self.updateGeometries()
        top = None if self._top is None else self._model.place(self._top)
        self.verticalScrollBar().setValue(top or 0)
        place = None if self._chosen_position is None else self._model.place(self._chosen_position)
        if place is not None:
            chosen = self._model.index(place, 0)
            flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
            self.selectionModel().setCurrentIndex(chosen, flags)
        self._tell()
