"""A table of payouts: narrow columns for row, phone and amount, the rest for reason and state; drawn row by row."""

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QBrush, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from cashier.ui import theme
from cashier.ui.widgets.base import follow

ROW_HEIGHT = 40
PADDING = 5  # beside what the style itself leaves
WIDTHS = (60, 132, 108, 220)
WIDTHS_COMPACT = (52, 120, 96, 160)


class _Cells(QStyledItemDelegate):
    """The ground of the row to its edges, its texts a little apart, a line beneath."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        look = theme.current()
        ground = index.data(Qt.ItemDataRole.BackgroundRole)
        if option.state & QStyle.StateFlag.State_Selected:
            ground = look.color("waitbg")
        if ground is not None:
            painter.fillRect(option.rect, QBrush(ground))
        line = option.rect.adjusted(0, option.rect.height() - 1, 0, 0)
        painter.fillRect(line, QBrush(look.color("line")))
        inner = QStyleOptionViewItem(option)
        inner.rect = option.rect.adjusted(PADDING, 0, -PADDING, -1)
        inner.state &= ~(QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_HasFocus)
        super().paint(painter, inner, index)


class RowsTable(QTableView):
    """Rows of one height, so that ten thousand cost no more than a page."""

    def __init__(self, model: QAbstractItemModel, name: str) -> None:
        super().__init__()
        self.setObjectName("rows")
        self.setAccessibleName(name)
        self.setModel(model)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setShowGrid(False)
        self.setItemDelegate(_Cells(self))
        self.setWordWrap(True)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(ROW_HEIGHT)
        columns = self.horizontalHeader()
        columns.setObjectName("rows")
        columns.setHighlightSections(False)
        columns.setSectionsClickable(False)
        columns.setStretchLastSection(True)
        follow(self._adapt)

    def _adapt(self) -> None:
        self.setFont(theme.font(13))
        for column, width in enumerate(WIDTHS_COMPACT if theme.metrics().compact else WIDTHS):
            self.setColumnWidth(column, width)
