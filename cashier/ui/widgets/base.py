"""What all widgets share: labels of a type, labels that elide, panels, and following the look."""

from collections.abc import Callable, Iterable

from PySide6.QtCore import QSize
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QLabel, QLayout, QSizePolicy, QVBoxLayout, QWidget

from cashier.domain.signs import shown
from cashier.ui import theme
from cashier.ui.early import plain_text
from cashier.ui.painting import LEFT, RIGHT, as_tip, draw_round, elided, fill_round, smooth, tip, write

_CORNER = 14
ELIDES = "elides"  # property of a widget that shortens its text on purpose


def follow(adapt: Callable[[], None]) -> None:
    """Calls a widget's method now and whenever theme or density change; the connection ends with the widget."""
    theme.look().changed.connect(adapt)
    adapt()


# Size of the type scale, whether bold, token of the colour.
KINDS: dict[str, tuple[int, bool, str]] = {
    "": (15, False, "text"),
    "title": (20, True, "text"),
    "label": (13, False, "muted"),
    "error": (13, False, "failed"),
    "hint": (15, False, "muted"),
    "small": (12, False, "muted"),
    "suffix": (20, False, "muted"),
    "figure": (20, False, "text"),
    "code": (20, True, "text"),
    "subject": (30, True, "text"),
    "word": (15, True, "text"),
    "reason": (20, False, "text"),
    "count": (13, True, "wait"),
    "chip": (13, True, "muted"),
    "status": (13, False, "muted"),
    "status-wrong": (13, False, "text"),
    "clock": (13, True, "text"),
}


class Text(QLabel):
    """A plain text of one of the KINDS. The style sheet may give it another colour where it stands on a state's."""

    def __init__(self, text: str = "", kind: str = "") -> None:
        super().__init__()
        self._kind = kind
        plain_text(self)
        self.setProperty("type", kind)
        self.setText(text)
        self._take_font()
        follow(self._take_color)

    def setText(self, text: str) -> None:
        """One line, or one that wraps: whatever would break or turn it is shown by its name."""
        super().setText(shown(text))

    def show_lines(self, lines: Iterable[str]) -> None:
        """Each of `lines` on a line of its own."""
        super().setText("\n".join(shown(line) for line in lines))

    def kind(self) -> str:
        return self._kind

    def show_kind(self, kind: str) -> None:
        """Another kind, as when a note becomes an error."""
        if kind != self._kind:
            self._kind = kind
            self._take_font()
            self._take_color()

    def _take_font(self) -> None:
        size, bold, _ = KINDS[self._kind]
        self.setFont(theme.font(size, QFont.Weight.Bold if bold else QFont.Weight.Normal))

    def _take_color(self) -> None:
        wear(self, KINDS[self._kind][2])


def label(text: str = "", kind: str = "", *, wrap: bool = False) -> Text:
    """A text in one of the KINDS."""
    made = Text(text, kind)
    if wrap:
        made.setWordWrap(True)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        made.setSizePolicy(policy)
    return made


class ElidedLabel(Text):
    """One line that ends in … where there is no room; the whole text is in the tooltip and for screen readers."""

    def __init__(self, text: str = "", kind: str = "", *, right: bool = False) -> None:
        super().__init__("", kind)
        self._to_the_right = right
        self.setProperty(ELIDES, True)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setText(text)

    def setText(self, text: str) -> None:
        super().setText(text)
        self.setAccessibleName(shown(text))

    def minimumSizeHint(self) -> QSize:
        return QSize(24, super().minimumSizeHint().height())

    def paintEvent(self, event: object) -> None:
        text = self.text()
        if not text:
            return
        short = elided(text, QFontMetrics(self.font()), self.width())
        whole = as_tip("" if short == text else text)
        if whole != self.toolTip():
            tip(self, text if whole else "")
        painter = QPainter(self)
        write(painter, self.contentsRect(), (RIGHT if self._to_the_right else LEFT), short)
        painter.end()


class Panel(QWidget):
    """A quiet surface with a line around it, or the ground of a state's `tone`. `body` is its column."""

    def __init__(self, tone: str = "", padding: int = 20, spacing: int = 12) -> None:
        super().__init__()
        self._tone = tone
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(padding, padding, padding, padding)
        self.body.setSpacing(spacing)

    def dress(self) -> tuple[str, str, int]:
        """The tokens of its ground and of its line, and the line's width in pixels."""
        return (f"{self._tone}bg", f"{self._tone}bg", 1) if self._tone else ("surface", "line", 1)

    def paintEvent(self, event: object) -> None:
        ground, line, width = self.dress()
        look = theme.current()
        painter = QPainter(self)
        smooth(painter)
        fill_round(painter, self.rect(), _CORNER, look.color(ground))
        draw_round(painter, self.rect(), _CORNER, look.color(line), width)
        painter.end()


def wear(widget: QWidget, token: str) -> None:
    """Texts that the widget paints have this colour from the beginning, without `ink`."""
    palette = widget.palette()
    palette.setColor(widget.foregroundRole(), theme.current().color(token))
    widget.setPalette(palette)


def empty_margins(layout: QLayout, spacing: int = 0) -> None:
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(spacing)


def say(widget: QWidget, name: str, description: str = "") -> None:
    """What a screen reader says of a widget."""
    widget.setAccessibleName(name)
    if description:
        widget.setAccessibleDescription(description)
