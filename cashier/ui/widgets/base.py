"""What all widgets share: labels of a type, labels that elide, panels, and following the look."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QFrame, QLabel, QLayout, QSizePolicy, QVBoxLayout, QWidget

from cashier.ui import theme

ELIDES = "elides"  # property of a widget that shortens its text on purpose


def follow(adapt: Callable[[], None]) -> None:
    """Calls a widget's method now and whenever theme or density change; the connection ends with the widget."""
    theme.look().changed.connect(adapt)
    adapt()


def label(text: str = "", kind: str = "", *, wrap: bool = False) -> QLabel:
    """A plain text in one of the types of the style sheet (`title`, `label`, `hint`, `small`, `error`, …)."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    if kind:
        made.setProperty("type", kind)
    if wrap:
        made.setWordWrap(True)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        made.setSizePolicy(policy)
    return made


class ElidedLabel(QLabel):
    """One line that ends in … where there is no room; the whole text is in the tooltip and for screen readers."""

    def __init__(self, text: str = "", kind: str = "") -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty(ELIDES, True)
        if kind:
            self.setProperty("type", kind)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setText(text)

    def setText(self, text: str) -> None:
        super().setText(text)
        self.setAccessibleName(text)

    def minimumSizeHint(self) -> QSize:
        return QSize(24, super().minimumSizeHint().height())

    def paintEvent(self, event: object) -> None:
        shown = QFontMetrics(self.font()).elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        self.setToolTip(self.text() if shown != self.text() else "")
        painter = QPainter(self)
        painter.setPen(self.palette().windowText().color())
        painter.drawText(self.contentsRect(), self.alignment() | Qt.AlignmentFlag.AlignVCenter, shown)
        painter.end()


class Panel(QFrame):
    """A quiet surface with a line around it. `body` is its column."""

    def __init__(self, name: str = "panel", padding: int = 20, spacing: int = 12) -> None:
        super().__init__()
        self.setObjectName(name)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(padding, padding, padding, padding)
        self.body.setSpacing(spacing)


def empty_margins(layout: QLayout, spacing: int = 0) -> None:
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(spacing)


def say(widget: QWidget, name: str, description: str = "") -> None:
    """What a screen reader says of a widget."""
    widget.setAccessibleName(name)
    if description:
        widget.setAccessibleDescription(description)
