"""A box that is ticked or not, with its words beside it."""

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from cashier.ui import icons, theme
from cashier.ui.painting import LEFT, draw_round, fill_round, smooth, write
from cashier.ui.widgets.base import follow

BOX = 24
GAP = 12


class CheckBox(QAbstractButton):
    """Space and the mouse tick it; Enter goes on, as in a field: `entered`."""

    entered = Signal()

    def __init__(self, text: str) -> None:
        super().__init__()
        self.setText(text)
        self.setAccessibleName(text)
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        follow(self.updateGeometry)

    def needed_width(self) -> int:
        return BOX + GAP + QFontMetrics(_font()).horizontalAdvance(self.text())

    def sizeHint(self) -> QSize:
        return QSize(self.needed_width() + 4, theme.metrics().line)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not event.isAutoRepeat():
                self.entered.emit()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: object) -> None:
        look = theme.current()
        box = QRect(1, (self.height() - BOX) // 2, BOX, BOX)
        painter = QPainter(self)
        smooth(painter)
        fill_round(painter, box, 6, look.color("accent" if self.isChecked() else "surface"))
        if self.hasFocus():
            draw_round(painter, box, 6, look.color("text" if self.isChecked() else "accent"), 2)
        elif not self.isChecked():
            draw_round(painter, box, 6, look.color("muted"))
        if self.isChecked():
            drawn = icons.pixmap("check", 16, look.color("onaccent"), self.devicePixelRatioF(), 3.0)
            painter.drawPixmap(box.x() + 4, box.y() + 4, drawn)
        painter.setPen(look.color("text"))
        painter.setFont(_font())
        write(painter, QRect(1 + BOX + GAP, 0, self.width(), self.height()), LEFT, self.text())
        painter.end()


def _font() -> QFont:
    return theme.font(13 if theme.metrics().compact else 15)
