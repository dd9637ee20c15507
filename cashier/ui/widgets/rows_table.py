"""A table of payouts: narrow columns for row, phone and amount, the rest for reason and state; drawn row by row."""

from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from cashier.ui import theme
from cashier.ui.widgets.base import follow

ROW_HEIGHT = 40
WIDTHS = (56, 124, 104, 220)
WIDTHS_COMPACT = (48, 112, 92, 164)


class RowsTable(QTableView):
    """Rows of one height, so that ten thousand cost no more than a page."""

    def __init__(self, model: QAbstractItemModel, name: str) -> None:
        super().__init__()
        self.setObjectName("rows")
        self.setAccessibleName(name)
        self.setModel(model)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setShowGrid(False)
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
