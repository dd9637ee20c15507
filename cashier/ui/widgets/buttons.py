"""The two buttons: one with the accent, one plain; each may carry an icon and show the key that presses it."""

from typing import Literal

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QIcon, QPainter, QPen
from PySide6.QtWidgets import QPushButton, QSizePolicy, QStyle, QStyleOptionButton, QStylePainter

from cashier.ui import icons, theme

Size = Literal["small", "medium", "wide", "large"]
HEIGHTS: dict[Size, int] = {"small": 34, "medium": 44, "wide": 40, "large": 60}
PADDINGS: dict[Size, int] = {"small": 12, "medium": 20, "wide": 16, "large": 20}
GAP = 8


class Button(QPushButton):
    """A button of ours. `key` is shown as a key cap (`Enter`); pressing that key is the screen's business."""

    def __init__(self, text: str, *, icon: str = "", key: str = "", size: Size = "small", kind: str = "plain") -> None:
        super().__init__(text)
        self._icon = icon
        self._key = key
        self._size: Size = size
        self._kind = kind
        self.setProperty("kind", kind)
        self.setProperty("scale", size)
        self.setFixedHeight(HEIGHTS[size])
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAutoDefault(False)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(text)
        if key:
            self.setAccessibleDescription(key)

    def setText(self, text: str) -> None:
        super().setText(text)
        self.setAccessibleName(text)
        self.updateGeometry()

    def show_icon(self, name: str) -> None:
        self._icon = name
        self.updateGeometry()
        self.update()

    def needed_width(self) -> int:
        """What text, icon and key cap take, in pixels, without the paddings."""
        self.ensurePolished()
        width = QFontMetrics(self.font()).horizontalAdvance(self.text())
        if self._icon:
            width += self._icon_size() + (GAP if self.text() else 0)
        if self._key:
            width += self._cap_width() + GAP
        return width

    def sizeHint(self) -> QSize:
        return QSize(self.needed_width() + 2 * PADDINGS[self._size] + 2, HEIGHTS[self._size])

    def minimumSizeHint(self) -> QSize:
        return QSize(self.needed_width() + 12, min(self.minimumHeight(), HEIGHTS[self._size]))

    def paintEvent(self, event: object) -> None:
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = ""
        option.icon = QIcon()
        painter = QStylePainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.drawControl(QStyle.ControlElement.CE_PushButton, option)
        left = (self.width() - self.needed_width()) / 2
        color = theme.current().color(self._tone())
        if self._icon:
            size = self._icon_size()
            drawn = icons.pixmap(self._icon, size, color, self.devicePixelRatioF())
            painter.drawPixmap(round(left), (self.height() - size) // 2, drawn)
            left += size + (GAP if self.text() else 0)
        painter.setPen(color)
        painter.setFont(self.font())
        width = QFontMetrics(self.font()).horizontalAdvance(self.text())
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(QRectF(left, 0, width + 1, self.height()), flags, self.text())
        if self._key:
            self._draw_cap(painter, left + width + GAP)
        painter.end()

    def _draw_cap(self, painter: QPainter, left: float) -> None:
        cap = QRectF(left, (self.height() - 20) / 2, self._cap_width(), 20).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(theme.current().color(self._tone()), 1))
        painter.drawRoundedRect(cap, 4, 4)
        painter.setFont(self._cap_font())
        painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, self._key)

    def _tone(self) -> str:
        if not self.isEnabled():
            return "muted"
        return "onaccent" if self._kind == "primary" else "text"

    def _icon_size(self) -> int:
        return {"small": 16, "medium": 20, "wide": 20, "large": 24}[self._size]

    def _cap_font(self) -> QFont:
        return theme.font(12, QFont.Weight.DemiBold)

    def _cap_width(self) -> int:
        return QFontMetrics(self._cap_font()).horizontalAdvance(self._key) + 12


class PrimaryButton(Button):
    """The one button that goes on: it has the accent."""

    def __init__(self, text: str, *, icon: str = "", key: str = "", size: Size = "small") -> None:
        super().__init__(text, icon=icon, key=key, size=size, kind="primary")


class PlainButton(Button):
    """Every other button."""

    def __init__(self, text: str, *, icon: str = "", key: str = "", size: Size = "small") -> None:
        super().__init__(text, icon=icon, key=key, size=size, kind="plain")
