"""The buttons: one with the accent, plain ones, keys, choices; each may carry an icon and the key that presses it.

They paint themselves: a sheet's rules for sixteen keys would take longer than the rest of the first paint.
"""

from typing import Literal, NamedTuple

from PySide6 import QtCore
from PySide6.QtCore import QEvent, QRectF, QSize
from PySide6.QtGui import QEnterEvent, QFont, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import QPushButton, QSizePolicy

from cashier.domain.signs import shown
from cashier.ui import icons, theme
from cashier.ui.painting import CENTER, LEFT, draw_round, fill_round, ink, smooth, write
from cashier.ui.widgets.base import follow, wear

Size = Literal["small", "medium", "wide", "large"]
Kind = Literal["plain", "primary", "key", "choice"]
HEIGHTS: dict[Size, int] = {"small": 34, "medium": 44, "wide": 40, "large": 60}
PADDINGS: dict[Size, int] = {"small": 12, "medium": 20, "wide": 16, "large": 20}
ICONS: dict[Size, int] = {"small": 16, "medium": 20, "wide": 20, "large": 24}
FONTS: dict[Size, int] = {"small": 13, "medium": 15, "wide": 15, "large": 20}
RADII: dict[Size, int] = {"small": 10, "medium": 12, "wide": 12, "large": 14}
GAP = 8


class Dress(NamedTuple):
    """Tokens of one kind's ground, text and line in one condition."""

    ground: str
    text: str
    line: str


DRESSES: dict[tuple[Kind, str], Dress] = {
    ("plain", ""): Dress("surface", "text", "line"),
    ("plain", "hover"): Dress("sunken", "text", "line"),
    ("plain", "down"): Dress("sunkenhover", "text", "line"),
    ("plain", "off"): Dress("surface", "muted", "line"),
    ("primary", ""): Dress("accent", "onaccent", "accent"),
    ("primary", "hover"): Dress("accenthover", "onaccent", "accenthover"),
    ("primary", "down"): Dress("accent", "onaccent", "accent"),
    ("primary", "off"): Dress("sunken", "muted", "line"),
    ("key", ""): Dress("sunken", "text", "sunken"),
    ("key", "hover"): Dress("sunkenhover", "text", "sunkenhover"),
    ("key", "down"): Dress("line", "text", "line"),
    ("key", "off"): Dress("sunken", "muted", "sunken"),
    ("choice", ""): Dress("sunken", "muted", "sunken"),
    ("choice", "hover"): Dress("sunkenhover", "text", "sunkenhover"),
    ("choice", "down"): Dress("sunkenhover", "text", "sunkenhover"),
    ("choice", "off"): Dress("sunken", "muted", "sunken"),
    ("choice", "checked"): Dress("waitbg", "wait", "waitbg"),
}


class Button(QPushButton):
    """A button of ours. `key` is shown as a key cap (`Enter`); pressing that key is the screen's business."""

    def __init__(self, text: str, *, icon: str = "", key: str = "", size: Size = "small", kind: Kind = "plain") -> None:
        super().__init__(shown(text))
        self._icon = icon
        self._key = key
        self._size: Size = size
        self._kind: Kind = kind
        self._width: int | None = None
        if kind == "primary":
            follow(self._wear)
        self.setFixedHeight(HEIGHTS[size])
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAutoDefault(False)
        self.setAccessibleName(text)
        if key:
            self.setAccessibleDescription(key)

    def _wear(self) -> None:
        wear(self, "onaccent")

    def setText(self, text: str) -> None:
        super().setText(shown(text))
        self._width = None
        self.setAccessibleName(text)
        self.updateGeometry()

    def show_icon(self, name: str) -> None:
        self._icon = name
        self._width = None
        self.updateGeometry()
        self.update()

    def needed_width(self) -> int:
        """What text, icon and key cap take, in pixels, without the paddings."""
        if self._width is None:
            self._width = self._measured_width()
        return self._width

    def _measured_width(self) -> int:
        width = QFontMetrics(self._font()).horizontalAdvance(self.text())
        if self._icon:
            width += ICONS[self._size] + (GAP if self.text() else 0)
        if self._key:
            width += _cap_width(self._key) + GAP
        return width

    def sizeHint(self) -> QSize:
        return QSize(self.needed_width() + 2 * PADDINGS[self._size] + 2, HEIGHTS[self._size])

    def minimumSizeHint(self) -> QSize:
        return QSize(self.needed_width() + 12, min(self.minimumHeight(), HEIGHTS[self._size]))

    def enterEvent(self, event: QEnterEvent) -> None:
        self.setCursor(QtCore.Qt.CursorShape.PointingHandCursor)
        self.update()
        super().enterEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses it, as Space does; a key held down is one press."""
        if event.key() in (QtCore.Qt.Key.Key_Return, QtCore.Qt.Key.Key_Enter):
            if not event.isAutoRepeat():
                self.click()
            return
        super().keyPressEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self.update()
        super().leaveEvent(event)

    def dress(self) -> Dress:
        """What it wears now."""
        condition = ""
        if not self.isEnabled():
            condition = "off"
        elif self._kind == "choice" and self.isChecked():
            condition = "checked"
        elif self.isDown():
            condition = "down"
        elif self.underMouse():
            condition = "hover"
        return DRESSES[self._kind, condition]

    def paintEvent(self, event: object) -> None:
        dress, look, box = self.dress(), theme.current(), QRectF(self.rect())
        radius = min(RADII[self._size] if self._kind != "choice" else self.height(), self.height() / 2)
        painter = QPainter(self)
        smooth(painter)
        fill_round(painter, box, radius, look.color(dress.ground))
        if self.hasFocus():
            primary = self._kind == "primary"
            draw_round(painter, box, radius, look.color("text" if primary else "accent"), 3 if primary else 2)
        elif dress.line != dress.ground:
            draw_round(painter, box, radius, look.color(dress.line))
        self._draw_content(painter, dress.text)
        painter.end()

    def _draw_content(self, painter: QPainter, tone: str) -> None:
        left = (self.width() - self.needed_width()) / 2
        color = theme.current().color(tone)
        if self._icon:
            size = ICONS[self._size]
            drawn = icons.pixmap(self._icon, size, color, self.devicePixelRatioF())
            painter.drawPixmap(round(left), (self.height() - size) // 2, drawn)
            left += size + (GAP if self.text() else 0)
        font = self._font()
        ink(painter, color)
        painter.setFont(font)
        width = QFontMetrics(font).horizontalAdvance(self.text())
        write(painter, QRectF(left, 0, width + 1, self.height()), LEFT, self.text())
        if self._key:
            cap = QRectF(left + width + GAP, (self.height() - 20) / 2, _cap_width(self._key), 20)
            draw_round(painter, cap, 4, color)
            painter.setFont(_cap_font())
            write(painter, cap, CENTER, self._key)

    def _font(self) -> QFont:
        return theme.font(FONTS[self._size], QFont.Weight.Bold if self._kind == "key" else QFont.Weight.DemiBold)


class PrimaryButton(Button):
    """The one button that goes on: it has the accent."""

    def __init__(self, text: str, *, icon: str = "", key: str = "", size: Size = "small") -> None:
        super().__init__(text, icon=icon, key=key, size=size, kind="primary")


class PlainButton(Button):
    """Every other button."""

    def __init__(self, text: str, *, icon: str = "", key: str = "", size: Size = "small") -> None:
        super().__init__(text, icon=icon, key=key, size=size, kind="plain")


def _cap_font() -> QFont:
    return theme.font(12, QFont.Weight.DemiBold)


def _cap_width(key: str) -> int:
    return QFontMetrics(_cap_font()).horizontalAdvance(key) + 12
