"""Paints the cells of the history: texts, the state's chip, and bars where a row is not read yet."""

from functools import cache, lru_cache

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView, QWidget

from cashier.ui import icons, theme
from cashier.ui.models.history import Column, HistoryModel
from cashier.ui.painting import LEFT, RIGHT, draw_round, elided, fill_round, smooth, write
from cashier.ui.words import StateWords, words_for

CHIP = 24
ICON = 16
_BAR = 10
_WIDEST = {
    Column.DATE: "30 Nov",
    Column.TIME: "00:00:00",
    Column.AMOUNT: "0 000 000",
    Column.PHONE: "0000 000 000",
    Column.NUMBER: "T00-000000",
}
_MUTED = (Column.DATE, Column.WAY, Column.NUMBER)
_COLUMNS = tuple(Column)
_KEPT_TEXTS = 4096


def padding() -> int:
    """Left and right of a cell's content, in pixels."""
    return 6 if theme.metrics().compact else 10


def row_height() -> int:
    """Of every row, in pixels."""
    return 36 if theme.metrics().compact else 43


def cell_font(column: Column = Column.DATE) -> QFont:
    return _font(13 if theme.metrics().compact else 15, bold=column is Column.AMOUNT)


def column_width(column: Column, model: HistoryModel) -> int:
    """What the widest usual content of a column takes, in pixels."""
    texts = [_WIDEST.get(column, "")]
    if column is Column.WAY:
        texts = [model.tr("In"), model.tr("Out")]
    widest = max(QFontMetrics(cell_font(column)).horizontalAdvance(text) for text in texts)
    return widest + 2 * padding() + 2


@lru_cache(_KEPT_TEXTS)
def chip_width(word: str) -> int:
    """A chip with its icon, in pixels."""
    return 8 + ICON + 6 + QFontMetrics(_chip_font()).horizontalAdvance(word) + 12


class HistoryDelegate(QStyledItemDelegate):
    """Every colour comes from the theme at the time of painting; words and tones from the table of states."""

    def __init__(self, model: HistoryModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model  # asked directly: the way through an index costs as much as painting

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(80, row_height())

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        box: QRect = option.rect
        state: QStyle.StateFlag = option.state
        look = theme.current()
        column = _COLUMNS[index.column()]
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, look.color("waitbg"))
        # The ground of the others is the table's own (HistoryTable gives it the surface's colour).
        painter.fillRect(box.left(), box.bottom(), box.width(), 1, look.color("line"))
        if state & QStyle.StateFlag.State_Selected:
            view: QWidget = option.widget
            if view.hasFocus():
                self._draw_focus(painter, box, column, last=_is_last(view, column))
        edge = padding()
        inner = box.adjusted(edge, 0, -edge, -1)
        row = self._model.transaction(index.row())
        if row is None:
            self._draw_bar(painter, inner, column)
        elif column is Column.STATE:
            self._draw_chip(painter, inner, words_for(row))
        else:
            painter.setFont(cell_font(column))
            painter.setPen(look.color("muted" if column in _MUTED else "text"))
            text = _fitting(self._model.text(row, column), edge, inner.width(), bold=column is Column.AMOUNT)
            write(painter, inner, RIGHT if column is Column.AMOUNT else LEFT, text)

    def _draw_focus(self, painter: QPainter, box: QRect, column: Column, *, last: bool) -> None:
        """The ring around the row that has the keyboard, a side of it in each cell."""
        accent = theme.current().color("accent")
        painter.fillRect(QRect(box.left(), box.top(), box.width(), 2), accent)
        painter.fillRect(QRect(box.left(), box.bottom() - 1, box.width(), 2), accent)
        if column is Column.DATE:
            painter.fillRect(QRect(box.left(), box.top(), 2, box.height()), accent)
        if last:
            painter.fillRect(QRect(box.right() - 1, box.top(), 2, box.height()), accent)

    def _draw_bar(self, painter: QPainter, inner: QRect, column: Column) -> None:
        smooth(painter)
        width = min(inner.width(), 100 if column is Column.STATE else inner.width())
        bar = QRectF(inner.left(), inner.center().y() - _BAR / 2, width, _BAR)
        fill_round(painter, bar, _BAR / 2, theme.current().color("sunken"))

    def _draw_chip(self, painter: QPainter, inner: QRect, words: StateWords) -> None:
        look = theme.current()
        word = words.word if chip_width(words.word) <= inner.width() else words.short
        smooth(painter)
        top = inner.top() + (inner.height() - CHIP) // 2
        chip = QRect(inner.left(), top, min(chip_width(word), inner.width()), CHIP)
        fill_round(painter, chip, CHIP / 2, look.color(f"{words.tone}bg"))
        if words.tone == "wait":  # its ground is that of the chosen row
            draw_round(painter, chip, CHIP / 2, look.color("line"))
        color = look.color(words.tone)
        ratio = painter.device().devicePixelRatioF()
        painter.drawPixmap(chip.left() + 8, top + (CHIP - ICON) // 2, icons.pixmap(words.icon, ICON, color, ratio))
        painter.setFont(_chip_font())
        painter.setPen(color)
        text = chip.adjusted(8 + ICON + 6, 0, -4, 0)
        write(painter, text, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, word)


def _is_last(view: QWidget, column: Column) -> bool:
    number_hidden = isinstance(view, QTableView) and view.isColumnHidden(Column.NUMBER)
    return column is (Column.STATE if number_hidden else Column.NUMBER)


@cache
def _font(size: int, *, bold: bool) -> QFont:
    """Made once: a page of cells would spend more time on making fonts than on texts."""
    return theme.font(size, QFont.Weight.Bold if bold else QFont.Weight.Normal)


@lru_cache(_KEPT_TEXTS)
def _fitting(text: str, edge: int, width: int, *, bold: bool) -> str:
    """As much of `text` as fits. `edge` tells the densities apart, which have fonts of their own."""
    return elided(text, QFontMetrics(cell_font(Column.AMOUNT if bold else Column.DATE)), width)


@cache
def _chip_font() -> QFont:
    return theme.font(13, QFont.Weight.DemiBold)
