"""Rows of a settings page: a label on the left, what it names on the right; a choice of chips; sections to choose."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from cashier.ui import theme
from cashier.ui.widgets.base import empty_margins, follow, label
from cashier.ui.widgets.buttons import Button
from cashier.ui.widgets.field import Field

LABEL = 208
LABEL_COMPACT = 176


class LabeledRow(QWidget):
    """`name`, perhaps with a smaller `hint` under it, and `part` to its right."""

    def __init__(self, name: str, part: QWidget, hint: str = "", *, grow: bool = True, note: bool = False) -> None:
        """With `note`, `part` keeps a line of its own beneath its box: the name stands beside the box alone."""
        super().__init__()
        self.part = part
        self._note = note
        row = QHBoxLayout(self)
        empty_margins(row, 12)
        self._side = QWidget()
        texts = QVBoxLayout(self._side)
        empty_margins(texts, 4)
        title = label(name, "hint", wrap=True)
        title.setBuddy(part)
        texts.addWidget(title)
        if hint:
            texts.addWidget(label(hint, "small", wrap=True))
        row.addWidget(self._side, 0, Qt.AlignmentFlag.AlignTop if note else Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(part, 1 if grow else 0)
        if not grow:
            row.addStretch(1)
        if not part.accessibleName():
            part.setAccessibleName(name)
        follow(self.adapt)

    def adapt(self) -> None:
        """Takes the sizes of the density."""
        sizes = theme.metrics()
        self._side.setFixedWidth(LABEL_COMPACT if sizes.compact else LABEL)
        if self._note:
            self._side.setMinimumHeight(sizes.line)


class TextRow(LabeledRow):
    """A labelled line of text; `field` is its Field, with an error line only when `note` is wanted."""

    def __init__(self, name: str, hint: str = "", *, secret: bool = False, note: bool = False) -> None:
        self.field = Field(name, show_name=False, note="beneath" if note else "none")
        if secret:
            self.field.edit.setEchoMode(QLineEdit.EchoMode.Password)
        super().__init__(name, self.field, hint, note=note)

    def text(self) -> str:
        return self.field.text()

    def set_text(self, text: str) -> None:
        self.field.set_text(text)


class SegmentedChoice(QWidget):
    """One of a few, as chips in a row: the arrows walk, `chosen` carries the name of the new one."""

    chosen = Signal(str)

    def __init__(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        """`choices` are pairs of a name and the text shown for it; the first is chosen."""
        super().__init__()
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        empty_margins(row, 12)
        self._buttons: dict[str, Button] = {}
        for key, text in choices:
            button = Choice(text)
            button.setAccessibleDescription(name)
            button.clicked.connect(lambda _checked=False, chosen=key: self._press(chosen))
            self._buttons[key] = button
            row.addWidget(button)
        self._value = choices[0][0]
        self.setFocusProxy(self._buttons[self._value])
        self.choose(self._value)

    def value(self) -> str:
        return self._value

    def choose(self, value: str) -> None:
        """Marks one without telling."""
        had_keyboard = self._buttons[self._value].hasFocus()
        self._value = value
        for key, button in self._buttons.items():
            button.setChecked(key == value)
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus if key == value else Qt.FocusPolicy.ClickFocus)
        self.setFocusProxy(self._buttons[value])
        if had_keyboard:
            self._buttons[value].setFocus(Qt.FocusReason.TabFocusReason)

    def button(self, value: str) -> Button:
        return self._buttons[value]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        names = list(self._buttons)
        to = names[max(0, min(len(names) - 1, names.index(self._value) + step))]
        self._press(to)
        self._buttons[to].setFocus(Qt.FocusReason.TabFocusReason)

    def _press(self, value: str) -> None:
        changed = value != self._value
        self.choose(value)
        if changed:
            self.chosen.emit(value)


class Choice(Button):
    """One chip of a choice."""

    def __init__(self, text: str) -> None:
        super().__init__(text, kind="choice")
        self.setCheckable(True)
        self.setFixedHeight(28)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            event.ignore()  # the row walks
            return
        super().keyPressEvent(event)
