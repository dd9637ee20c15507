"""The striped frame around the whole window where no real money moves, with the word that says so."""

from functools import cache

from PySide6 import QtCore
from PySide6.QtCore import QPointF, QRect, QRectF
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QPixmap, QPolygonF
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cashier.ui import theme
from cashier.ui.painting import smooth, write
from cashier.ui.widgets.base import empty_margins

BORDER = 8
TAB = 14
STRIPE = 12


class StripedFrame(QWidget):
    """Holds the window's page. `show_word` with a word paints the frame and its tab; an empty one takes both away.

    The tab ends above the first text of a page, also where spacing is saved.
    """

    def __init__(self, page: QWidget) -> None:
        super().__init__()
        self.setObjectName("page")
        self._word = ""
        self._column = QVBoxLayout(self)
        empty_margins(self._column)
        self._column.addWidget(page)
        self._over: _Tab | None = None

    def show_word(self, word: str) -> None:
        """`PRACTICE`, `TEST` or nothing."""
        self._word = word
        edge = BORDER if word else 0
        self._column.setContentsMargins(edge, edge, edge, edge)
        if self._over is None:
            self._over = _Tab(self)
        self._over.show_word(word)
        self._place()
        self.update()

    def word(self) -> str:
        return self._word

    def resizeEvent(self, event: object) -> None:
        self._place()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._word:
            return
        inner = self.rect().adjusted(BORDER, BORDER, -BORDER, -BORDER)
        painter = QPainter(self)
        painter.fillRect(inner & event.rect(), theme.current().color("bg"))
        tile = _stripes(theme.current().name, self.devicePixelRatioF())
        width, height = self.width(), self.height()
        for edge in (
            QRect(0, 0, width, BORDER),
            QRect(0, height - BORDER, width, BORDER),
            QRect(0, BORDER, BORDER, height - 2 * BORDER),
            QRect(width - BORDER, BORDER, BORDER, height - 2 * BORDER),
        ):
            if edge.intersects(event.rect()):
                painter.drawTiledPixmap(edge, tile, edge.topLeft())
        painter.end()

    def _place(self) -> None:
        if self._over is None:
            return
        width = self._over.needed_width() + 36
        self._over.setGeometry(QRect((self.width() - width) // 2, 0, width, BORDER + TAB))
        self._over.raise_()


@cache
def _stripes(name: theme.Name, ratio: float) -> QPixmap:
    """One period of the stripes each way, drawn once: hundreds of polygons a frame would take longer than all else."""
    colors = theme.Theme(name)
    tile = QPixmap(round(2 * STRIPE * ratio), round(2 * STRIPE * ratio))
    tile.setDevicePixelRatio(ratio)
    tile.fill(colors.color("stripe"))
    painter = QPainter(tile)
    smooth(painter)
    painter.setPen(QtCore.Qt.PenStyle.NoPen)
    painter.setBrush(colors.color("stripedark"))
    for left in (-2 * STRIPE, 0, 2 * STRIPE):
        corners = [(left, 2 * STRIPE), (left + STRIPE, 2 * STRIPE), (left + 3 * STRIPE, 0), (left + 2 * STRIPE, 0)]
        painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in corners]))
    painter.end()
    return tile


class _Tab(QWidget):
    """The word, hanging from the frame's upper edge over the page."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._word = ""
        self.setAttribute(QtCore.Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_word(self, word: str) -> None:
        self._word = word
        self.setAccessibleName(word)
        self.setVisible(bool(word))

    def needed_width(self) -> int:
        return QFontMetrics(_bold()).horizontalAdvance(self._word)

    def paintEvent(self, event: object) -> None:
        look = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QtCore.Qt.PenStyle.NoPen)
        painter.setBrush(look.color("text"))
        painter.drawRoundedRect(QRectF(0, -10, self.width(), self.height() + 10), 10, 10)
        painter.setPen(look.color("surface"))
        painter.setFont(_bold())
        write(painter, self.rect(), QtCore.Qt.AlignmentFlag.AlignCenter, self._word)
        painter.end()


def _bold() -> QFont:
    made = theme.font(13, QFont.Weight.Bold)
    made.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, 1)
    return made
