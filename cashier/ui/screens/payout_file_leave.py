"""The question at the foot of a list that has not ended: whether somebody wants to leave it so."""

from PySide6.QtWidgets import QHBoxLayout, QWidget

from cashier.ui.widgets.base import empty_margins, label
from cashier.ui.widgets.buttons import PlainButton, PrimaryButton


class LeaveQuestion(QWidget):
    """Two answers: `stay`, the safe one, gets the keyboard; `leave`."""

    def __init__(self) -> None:
        super().__init__()
        self.words = label("", "word", wrap=True)
        self.stay = PrimaryButton(self.tr("Stay with this list"), size="medium")
        self.leave = PlainButton(self.tr("Leave it unfinished"), size="medium")
        row = QHBoxLayout(self)
        empty_margins(row, 12)
        row.addWidget(self.words, 1)
        row.addWidget(self.leave)
        row.addWidget(self.stay)
        self.hide()

    def ask(self, waiting: int) -> None:
        """`waiting` is how many rows were not begun."""
        words = self.tr("This list is not finished: %1 of its rows were not sent. It is kept, and can go on later.")
        self.words.setText(words.replace("%1", str(waiting)))
        self.setAccessibleName(self.words.text())
        self.stay.setFocus()
