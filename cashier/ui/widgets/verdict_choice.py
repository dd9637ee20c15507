"""Whether the money was received: two chips, none chosen until a person chooses."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from cashier.ui.widgets.base import empty_margins, label
from cashier.ui.widgets.buttons import Button


class _Chip(Button):
    def __init__(self, text: str) -> None:
        super().__init__(text, size="wide", kind="choice")
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            event.ignore()  # the row walks
            return
        super().keyPressEvent(event)


class VerdictChoice(QWidget):
    """`chosen` comes with each choice. Enter or Space chooses, the arrows walk."""

    chosen = Signal()

    def __init__(self, question: str, yes: str, no: str) -> None:
        super().__init__()
        self.setAccessibleName(question)
        self._received: bool | None = None
        self._chips = {True: _Chip(yes), False: _Chip(no)}
        row = QHBoxLayout()
        empty_margins(row, 12)
        for verdict, chip in self._chips.items():
            chip.setAccessibleDescription(question)
            chip.clicked.connect(lambda _checked=False, chosen=verdict: self._choose(chosen))
            row.addWidget(chip)
        self._error = label("", "error")
        row.addWidget(self._error)
        row.addStretch(1)
        column = QVBoxLayout(self)
        empty_margins(column, 4)
        column.addWidget(label(question, "label"))
        column.addLayout(row)
        self.setFocusProxy(self._chips[True])

    def received(self) -> bool | None:
        """What was chosen, None before."""
        return self._received

    def chip(self, received: bool) -> Button:
        return self._chips[received]

    def show_error(self, sentence: str) -> None:
        """What is missing, beside the chips."""
        self._error.setText(sentence)
        self.setAccessibleDescription(sentence)

    def error(self) -> str:
        return self._error.text()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        to = {Qt.Key.Key_Left: True, Qt.Key.Key_Right: False}.get(Qt.Key(event.key()))
        if to is None:
            super().keyPressEvent(event)
            return
        self._chips[to].setFocus(Qt.FocusReason.TabFocusReason)

    def _choose(self, received: bool) -> None:
        self._received = received
        for verdict, chip in self._chips.items():
            chip.setChecked(verdict is received)
        self.show_error("")
        self.chosen.emit()
