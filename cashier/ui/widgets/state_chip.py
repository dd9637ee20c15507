"""A state as a chip: its icon, word and time."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from cashier.ui import icons, theme
from cashier.ui.painting import write
from cashier.ui.words import StateWords

HEIGHT = 24
PADDING = 12
ICON = 16
GAP = 6


def clock_text(seconds: int) -> str:
    """`0:41`, `2:36`; from an hour on `1 h`, from a day on `3 d`."""
    minutes, rest = divmod(max(0, seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours >= 24:
        return f"{hours // 24} d"
    return f"{hours} h" if hours else f"{minutes}:{rest:02d}"


class StateChip(QWidget):
    """A state's icon and word on its colour, with the time since it began. Takes the short word where it must.

    It stands at the right of its place, or at the `left`.
    """

    def __init__(self, *, left: bool = False) -> None:
        super().__init__()
        self._left = left
        self._words: StateWords | None = None
        self._time = ""
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_state(self, words: StateWords, seconds: int | None = None) -> None:
        """The words of a state; `seconds` since it began, or None where time says nothing."""
        time = "" if seconds is None else clock_text(seconds)
        if words == self._words and time == self._time:
            return
        grown = self._words != words or len(time) != len(self._time)
        self._words, self._time = words, time
        self.setAccessibleName(f"{words.word} {time}".rstrip())
        if grown:
            self.updateGeometry()
        self.update()

    def shown_word(self) -> str:
        """The word as painted at the present width."""
        if self._words is None:
            return ""
        return self._words.word if self._width(self._words.word) <= self.width() else self._words.short

    def needed_width(self) -> int:
        """The least width, in pixels, that cuts nothing off."""
        return self._width(self._words.short) if self._words else 0

    def sizeHint(self) -> QSize:
        return QSize(self._width(self._words.word) if self._words else 0, HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(self.needed_width(), HEIGHT)

    def paintEvent(self, event: object) -> None:
        if self._words is None:
            return
        look = theme.current()
        word = self.shown_word()
        width = min(self._width(word), self.width())
        box = QRect(0 if self._left else self.width() - width, 0, width, HEIGHT)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.color(f"{self._words.tone}bg"))
        painter.drawRoundedRect(QRectF(box), HEIGHT / 2, HEIGHT / 2)
        color = look.color(self._words.tone)
        ratio = self.devicePixelRatioF()
        painter.drawPixmap(box.left() + 8, (HEIGHT - ICON) // 2, icons.pixmap(self._words.icon, ICON, color, ratio))
        left = box.left() + 8 + ICON + GAP
        painter.setPen(color)
        painter.setFont(_bold())
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        write(painter, QRect(left, 0, box.right() - left + 1, HEIGHT), flags, word)
        if self._time:
            left += QFontMetrics(_bold()).horizontalAdvance(word) + GAP
            painter.setFont(_plain())
            write(painter, QRect(left, 0, box.right() - left + 1, HEIGHT), flags, self._time)
        painter.end()

    def _width(self, word: str) -> int:
        width = 8 + ICON + GAP + QFontMetrics(_bold()).horizontalAdvance(word) + PADDING
        if self._time:
            width += GAP + QFontMetrics(_plain()).horizontalAdvance(self._time)
        return width


def _bold() -> QFont:
    return theme.font(13, QFont.Weight.DemiBold)


def _plain() -> QFont:
    return theme.font(13)
