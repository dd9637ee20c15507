"""Sent · Accepted · Answered: how far a payment has come, as words joined by lines."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from cashier.domain.states import State
from cashier.domain.transaction import Transaction
from cashier.ui import theme
from cashier.ui.painting import write

HEIGHT = 18
GAP = 6
LINE = 3
SHORTEST = 12


def reached(transaction: Transaction) -> int:
    """0: being sent; 1: sent; 2: the gateway accepted it; 3: answered for good."""
    if transaction.is_final:
        return 3
    if transaction.accepted:
        return 2
    return 0 if transaction.state is State.CREATED else 1


class StepsLine(QWidget):
    """The three steps; the lines before the reached ones are in the accent."""

    def __init__(self) -> None:
        super().__init__()
        self._reached = 0
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_step(0)

    def show_step(self, step: int) -> None:
        """0 to 3, as `reached` gives it."""
        self._reached = step
        names = self._names()
        self.setAccessibleName(names[step - 1] if step else self.tr("Sending"))
        self.update()

    def needed_width(self) -> int:
        fitting = QFontMetrics(theme.font(12))
        words = sum(fitting.horizontalAdvance(name) for name in self._names())
        return words + 4 * GAP + 2 * SHORTEST

    def sizeHint(self) -> QSize:
        return QSize(self.needed_width(), HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: object) -> None:
        look = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font(12))
        fitting = QFontMetrics(painter.font())
        names = self._names()
        widths = [fitting.horizontalAdvance(name) for name in names]
        line = (self.width() - sum(widths) - 4 * GAP) / 2
        left = 0.0
        for step, (name, width) in enumerate(zip(names, widths, strict=True), start=1):
            painter.setPen(look.color("text" if step <= self._reached else "muted"))
            write(painter, QRectF(left, 0, width + 1, HEIGHT), Qt.AlignmentFlag.AlignVCenter, name)
            left += width + GAP
            if step < len(names):
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(look.color("accent" if step < self._reached else "line"))
                bar = QRectF(left, (HEIGHT - LINE) / 2, line, LINE)
                painter.drawRoundedRect(bar, LINE / 2, LINE / 2)
                left += line + GAP
        painter.end()

    def _names(self) -> list[str]:
        return [self.tr("Sent"), self.tr("Accepted"), self.tr("Answered")]
