"""The rail on the left: the logo, the screens with their keys, Settings at the bottom."""

from PySide6 import QtCore
from PySide6.QtCore import QRect, QSize, Signal
from PySide6.QtGui import QEnterEvent, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QAbstractButton, QVBoxLayout, QWidget

from cashier.ui import icons, theme
from cashier.ui.early import shortcut
from cashier.ui.painting import CENTER, draw_round, elided, fill_round, ink, smooth, tip, write
from cashier.ui.widgets.base import follow, wear

WIDTH = 88
ENTRY = QSize(72, 66)
ICON = 20
LOGO = 44


class RailEntry(QAbstractButton):
    """An icon over a word. `key` (`F1`) presses it from anywhere in the window."""

    def __init__(self, icon: str, text: str, key: str = "") -> None:
        super().__init__()
        self._icon = icon
        self.setText(text)
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setFixedSize(ENTRY)
        self.setAccessibleName(text)
        self.toggled.connect(self._wear)
        follow(self._wear)
        if key:
            shortcut(self, key)
            self.setAccessibleDescription(key)
            tip(self, f"{text} ({key})")

    def _wear(self) -> None:
        wear(self, self._tone())

    def _tone(self) -> str:
        return "wait" if self.isChecked() else "muted"

    def needed_width(self) -> int:
        return QFontMetrics(_bold()).horizontalAdvance(self.text())

    def enterEvent(self, event: QEnterEvent) -> None:
        self.setCursor(QtCore.Qt.CursorShape.PointingHandCursor)
        super().enterEvent(event)

    def paintEvent(self, event: object) -> None:
        look = theme.current()
        painter = QPainter(self)
        smooth(painter)
        if self.isChecked() or self.underMouse():
            fill_round(painter, self.rect(), 12, look.color("waitbg" if self.isChecked() else "sunken"))
        if self.hasFocus():
            draw_round(painter, self.rect(), 12, look.color("accent"), 2)
        color = look.color(self._tone())
        drawn = icons.pixmap(self._icon, ICON, color, self.devicePixelRatioF())
        painter.drawPixmap((self.width() - ICON) // 2, 13, drawn)
        ink(painter, color)
        painter.setFont(_bold() if self.isChecked() else theme.font(12))
        text = elided(self.text(), QFontMetrics(painter.font()), self.width() - 4)
        write(painter, QRect(0, 36, self.width(), 20), CENTER, text)
        painter.end()


class _Logo(QWidget):
    """The program's letter, in the middle of the rail."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(ENTRY.width(), LOGO)
        follow(self._wear)

    def _wear(self) -> None:
        wear(self, "onaccent")

    def paintEvent(self, event: object) -> None:
        color = theme.current().color("onaccent")
        painter = QPainter(self)
        smooth(painter)
        square = QRect((self.width() - LOGO) // 2, 0, LOGO, LOGO)
        fill_round(painter, square, 12, theme.current().color("accent"))
        ink(painter, color)
        painter.setFont(theme.font(20, QFont.Weight.Bold))
        write(painter, square, CENTER, "C")
        painter.end()


class Rail(QWidget):
    """Entries appear as `add` names them; `chosen` carries the name of the pressed one."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setFixedWidth(WIDTH)
        self.setAccessibleName(self.tr("Screens"))
        self._entries: dict[str, RailEntry] = {}
        logo = _Logo()
        logo.setAccessibleName(self.tr("Cashier"))
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(8, 12, 7, 12)
        self._column.setSpacing(4)
        self._column.addWidget(logo)
        self._column.addSpacing(12)
        self._column.addStretch(1)

    def paintEvent(self, event: object) -> None:
        look = theme.current()
        painter = QPainter(self)
        fill_round(painter, self.rect(), 0, look.color("surface"))
        fill_round(painter, self.rect().adjusted(self.width() - 1, 0, 0, 0), 0, look.color("line"))
        painter.end()

    def add(self, name: str, icon: str, text: str, key: str = "", *, bottom: bool = False) -> RailEntry:
        """One more entry under the others; with `bottom` under the empty space."""
        entry = RailEntry(icon, text, key)
        self._entries[name] = entry
        place = self._column.count() if bottom else self._stretch()
        self._column.insertWidget(place, entry)
        entry.clicked.connect(lambda: self.chosen.emit(name))
        return entry

    def choose(self, name: str) -> None:
        """Marks the entry of the screen that is shown, where it has one; emits nothing."""
        if name in self._entries:
            self._entries[name].setChecked(True)

    def entry(self, name: str) -> RailEntry:
        return self._entries[name]

    def _stretch(self) -> int:
        for place in range(2, self._column.count()):
            item = self._column.itemAt(place)
            if item is not None and self._column.stretch(place):
                return place
        return self._column.count()


def _bold() -> QFont:
    return theme.font(12, QFont.Weight.DemiBold)
