"""A field: its label, a framed line to type in with something beside it, and a line beneath for a note or an error."""

from typing import Literal

from PySide6 import QtCore
from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent, QFont, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from cashier.domain.signs import shown
from cashier.ui import theme
from cashier.ui.painting import LEFT, draw_round, elided, fill_round, ink, smooth, write
from cashier.ui.widgets.base import ElidedLabel, empty_margins, follow, label

Note = Literal["beneath", "beside", "none"]
RADIUS = 12


class FieldFrame(QWidget):
    """The box around the line: red while it is wrong, with the accent while it has the keyboard."""

    pressed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._wrong = False
        self._focused = False

    def show_wrong(self, wrong: bool) -> None:
        self._wrong = wrong
        self.update()

    def show_focused(self, focused: bool) -> None:
        self._focused = focused
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.pressed.emit()
        super().mousePressEvent(event)

    def line(self) -> tuple[str, int]:
        """The token and the width, in pixels, of the line around it."""
        if self._focused:
            return "accent", 2
        return ("failed", 2) if self._wrong else ("line", 1)

    def paintEvent(self, event: object) -> None:
        look = theme.current()
        token, width = self.line()
        painter = QPainter(self)
        smooth(painter)
        fill_round(painter, self.rect(), RADIUS, look.color("surface"))
        draw_round(painter, self.rect(), RADIUS, look.color(token), width)
        painter.end()


class LineEdit(QLineEdit):
    """The line itself. Enter is reported once per press: a key held down repeats, and that is no press."""

    entered = Signal()
    focused = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.setFrame(False)
        clear = self.palette()
        clear.setColor(QPalette.ColorRole.Base, theme.NOTHING)
        self.setPalette(clear)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A text with signs that nobody sees is drawn with their names, which Qt's own line would obey."""
        text = self.text()
        if text.isprintable() or self.displayText() != text or shown(text) == text:
            super().paintEvent(event)
            return
        painter = QPainter(self)
        ink(painter, self.palette().color(QPalette.ColorRole.Text))
        write(painter, self.contentsRect(), LEFT, elided(text, self.fontMetrics(), self.width()))
        painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (QtCore.Qt.Key.Key_Return, QtCore.Qt.Key.Key_Enter):
            event.accept()
            if not event.isAutoRepeat():
                self.entered.emit()
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focused.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.focused.emit(False)


class Field(QWidget):
    """`edited` comes with each change by a person, `entered` with Enter.

    Parts stand left and right of the line: `before` and `after` are rows. The note stands beneath the line, or beside
    the name, where it takes no room of its own.
    """

    edited = Signal()
    entered = Signal()

    def __init__(self, name: str, *, show_name: bool = True, note: Note = "beneath", kind: str = "") -> None:
        super().__init__()
        self._kind = kind
        self.edit = self.make_line()
        self.edit.setAccessibleName(name)
        self.frame = FieldFrame()
        self.frame.pressed.connect(self._pressed)
        row = QHBoxLayout(self.frame)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(12)
        self.before = QHBoxLayout()
        self.after = QHBoxLayout()
        row.addLayout(self.before)
        row.addWidget(self.edit, 1)
        row.addLayout(self.after)
        column = QVBoxLayout(self)
        empty_margins(column, 4)
        self._note = ElidedLabel("", "label", right=note == "beside")
        self._wrong = False
        head = QHBoxLayout()
        empty_margins(head, 12)
        if show_name:
            title = label(name, "label")
            title.setBuddy(self.edit)
            head.addWidget(title)
        column.addLayout(head)
        column.addWidget(self.frame)
        if note == "beside":
            head.addWidget(self._note, 1)
        elif note == "beneath":
            column.addWidget(self._note)
        self.setFocusProxy(self.edit)
        self.edit.focused.connect(self._focused)
        self.edit.entered.connect(self._entered)
        self.edit.textEdited.connect(self._edited)
        follow(self.adapt)

    def make_line(self) -> LineEdit:
        """The line to type in; a field of its own kind may make another."""
        return LineEdit()

    def adapt(self) -> None:
        """Takes the sizes of the density."""
        sizes = theme.metrics()
        heights = {"phone": sizes.field, "amount": sizes.amount_field}
        self.frame.setFixedHeight(heights.get(self._kind, sizes.line))
        fonts = {"phone": 30, "amount": sizes.amount_font}
        size = fonts.get(self._kind, 15)
        self.edit.setFont(theme.font(size, QFont.Weight.Bold if size > 15 else QFont.Weight.Normal))

    def text(self) -> str:
        return self.edit.text()

    def set_text(self, text: str) -> None:
        self.edit.setText(text)

    def clear(self) -> None:
        """Empties the field, its note and its error."""
        self.edit.clear()
        self.show_note("")

    def show_note(self, text: str) -> None:
        """A quiet line beneath; takes an error away."""
        self._show(text, wrong=False)

    def show_error(self, sentence: str) -> None:
        """What is wrong and what to do, beneath the field, which gets a red line."""
        self._show(sentence, wrong=True)

    def note(self) -> str:
        return self._note.text()

    def is_wrong(self) -> bool:
        return self._wrong

    def type_text(self, text: str) -> None:
        """Puts `text` at the cursor as if it were typed (the keypad does)."""
        self.edit.insert(text)
        self.edit.textEdited.emit(self.edit.text())

    def backspace(self) -> None:
        """Removes the figure before the cursor."""
        self.edit.backspace()
        self.edit.textEdited.emit(self.edit.text())

    def _pressed(self) -> None:
        """A press anywhere in the frame is meant for the line."""
        self.edit.setFocus(QtCore.Qt.FocusReason.MouseFocusReason)

    def _show(self, text: str, *, wrong: bool) -> None:
        self._wrong = wrong
        self._note.setText(text)
        self._note.show_kind("error" if wrong else "label")
        self.frame.show_wrong(wrong)
        self.edit.setAccessibleDescription(text)

    def _focused(self, has_focus: bool) -> None:
        self.frame.show_focused(has_focus)

    def _entered(self) -> None:
        self.entered.emit()

    def _edited(self) -> None:
        if self._wrong:
            self.show_note("")
        self.edited.emit()
