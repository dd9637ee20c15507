"""An amount in large figures with a smaller RWF on the same line of writing."""

from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from cashier.domain.money import format_amount, group_digits
from cashier.ui import theme
from cashier.ui.painting import write_at

GAP = 12
UNIT = "RWF"


class MoneyLabel(QWidget):
    """`size` and `unit_size` are pixels of the type scale; `unit_tone` the token of RWF's colour."""

    def __init__(self, size: int, unit_size: int, unit_tone: str = "muted") -> None:
        super().__init__()
        self._figures = ""
        self._unit_tone = unit_tone
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_sizes(size, unit_size)

    def set_sizes(self, size: int, unit_size: int) -> None:
        self._size = size
        self._unit_size = unit_size
        self.updateGeometry()
        self.update()

    def set_unit_tone(self, tone: str) -> None:
        self._unit_tone = tone
        self.update()

    def show_amount(self, amount: int) -> None:
        """Whole RWF."""
        self._figures = group_digits(amount)
        self.setAccessibleName(format_amount(amount))
        self.updateGeometry()
        self.update()

    def text(self) -> str:
        return self._figures

    def needed_width(self) -> int:
        return self._figures_width() + GAP + QFontMetrics(self._unit_font()).horizontalAdvance(UNIT)

    def sizeHint(self) -> QSize:
        return QSize(self.needed_width(), QFontMetrics(self._font()).height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: object) -> None:
        look = theme.current()
        painter = QPainter(self)
        base = QFontMetrics(self._font()).ascent()
        painter.setFont(self._font())
        painter.setPen(look.color("text"))
        write_at(painter, QPointF(0, base), self._figures)
        painter.setFont(self._unit_font())
        painter.setPen(look.color(self._unit_tone))
        write_at(painter, QPointF(self._figures_width() + GAP, base), UNIT)
        painter.end()

    def _figures_width(self) -> int:
        return QFontMetrics(self._font()).horizontalAdvance(self._figures)

    def _font(self) -> QFont:
        return theme.font(self._size, QFont.Weight.Bold)

    def _unit_font(self) -> QFont:
        weight = QFont.Weight.DemiBold if self._unit_size > 15 else QFont.Weight.Normal
        return theme.font(self._unit_size, weight)
