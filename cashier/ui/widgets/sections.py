"""The sections of a page with several, on its left: one is chosen, the arrows walk."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from cashier.ui import theme
from cashier.ui.painting import write
from cashier.ui.widgets.base import empty_margins

HEIGHT = 44


class _Section(QAbstractButton):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.setText(text)
        self.setAccessibleName(text)
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def needed_width(self) -> int:
        return QFontMetrics(theme.font(15, QFont.Weight.DemiBold)).horizontalAdvance(self.text()) + 32

    def sizeHint(self) -> QSize:
        return QSize(self.needed_width(), HEIGHT)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            event.ignore()  # the column walks
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: object) -> None:
        look = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if self.isChecked() or self.underMouse():
            painter.setBrush(look.color("waitbg" if self.isChecked() else "sunken"))
            painter.drawRoundedRect(QRectF(self.rect()), 12, 12)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(look.color("accent"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 11, 11)
        painter.setPen(look.color("wait" if self.isChecked() else "text"))
        painter.setFont(theme.font(15, QFont.Weight.DemiBold if self.isChecked() else QFont.Weight.Normal))
        box = QRect(16, 0, self.width() - 32, HEIGHT)
        write(painter, box, Qt.AlignmentFlag.AlignVCenter, self.text())
        painter.end()


class Sections(QWidget):
    """`add` names them; `chosen` carries the name of the pressed one."""

    chosen = Signal(str)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._entries: dict[str, _Section] = {}
        self._column = QVBoxLayout(self)
        empty_margins(self._column, 4)
        self._column.addStretch(1)

    def add(self, name: str, text: str) -> None:
        """One more under the others; the first one is chosen."""
        entry = _Section(text)
        entry.clicked.connect(lambda: self.chosen.emit(name))
        self._column.insertWidget(len(self._entries), entry)
        self._entries[name] = entry
        if len(self._entries) == 1:
            entry.setChecked(True)

    def choose(self, name: str) -> None:
        """Marks one without telling."""
        self._entries[name].setChecked(True)

    def value(self) -> str:
        return next(name for name, entry in self._entries.items() if entry.isChecked())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        names = list(self._entries)
        to = names[max(0, min(len(names) - 1, names.index(self.value()) + step))]
        self._entries[to].setFocus(Qt.FocusReason.TabFocusReason)
        self._entries[to].click()
