"""The alarm: a bar in the full colour of what needs a manager, over every screen, until somebody has seen it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from cashier.domain.errors import BadInputError
from cashier.domain.money import format_amount
from cashier.domain.phone import show_phone
from cashier.domain.signs import shown
from cashier.domain.transaction import Transaction
from cashier.till.closing import checked_name
from cashier.ui.early import shortcut
from cashier.ui.icons import IconView
from cashier.ui.widgets.base import empty_margins, label
from cashier.ui.widgets.buttons import PlainButton
from cashier.ui.widgets.field import Field

KEY = "F8"
# Pixels of the window's height that it takes, shut and open: the density is chosen for what is left.
ROOM, ROOM_OPEN = 64, 120


class AlarmBar(QFrame):
    """`seen` carries id, name and note. It opens its fields on the button or F8 and hides when nothing rings.

    `room` carries the height that it takes from now on.
    """

    seen = Signal(str, str, str)
    room = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("alarm")
        self._rows: list[Transaction] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        self._word = label("", "word", wrap=True)
        self._line = label("", wrap=True)
        self.open_button = PlainButton(self.tr("Seen"), key=KEY)
        shortcut(self.open_button, KEY)
        texts = QVBoxLayout()
        empty_margins(texts, 4)
        texts.addWidget(self._word)
        texts.addWidget(self._line)
        first = QHBoxLayout()
        empty_margins(first, 12)
        first.addWidget(IconView("bell", 24, "surface"), 0, Qt.AlignmentFlag.AlignTop)
        first.addLayout(texts, 1)
        first.addWidget(self.open_button, 0, Qt.AlignmentFlag.AlignVCenter)
        column.addLayout(first)
        self.fields = QWidget()
        second = QHBoxLayout(self.fields)
        empty_margins(second, 12)
        self.name = _line_for(self.tr("Who has seen it"))
        self.note = _line_for(self.tr("What was done about it, optional"))
        self.seen_button = PlainButton(self.tr("Mark as seen"))
        self.back_button = PlainButton(self.tr("Back"), key="Esc")
        second.addWidget(self.name, 1)
        second.addWidget(self.note, 2)
        second.addWidget(self.seen_button, 0, Qt.AlignmentFlag.AlignVCenter)
        second.addWidget(self.back_button, 0, Qt.AlignmentFlag.AlignVCenter)
        column.addWidget(self.fields)
        self.fields.hide()
        self.open_button.clicked.connect(self._open)
        self.back_button.clicked.connect(self._shut)
        self.name.edited.connect(self._tell)
        self.name.entered.connect(self.note.setFocus)
        self.note.entered.connect(self.seen_button.setFocus)
        self.seen_button.clicked.connect(self._mark)
        self.hide()

    def show_alarms(self, rows: Sequence[Transaction]) -> None:
        """All that ring now, the first of them in words. What is typed stays while that one does."""
        before = self._rows[0].id if self._rows else None
        self._rows = list(rows)
        if not self._rows:
            self._shut()
            self.hide()
            self.room.emit(0)
            return
        row = self._rows[0]
        if row.id != before:
            self._shut()
        about = f"{row.number} · {format_amount(row.amount)} · {show_phone(row.phone)}"
        word = self.tr("Alarm: %1").replace("%1", about)
        if len(self._rows) > 1:
            word += " · " + self.tr("%1 more").replace("%1", str(len(self._rows) - 1))
        self._word.setText(word)
        self._tell()
        self.setAccessibleName(word)
        self.setAccessibleDescription(row.alarm or "")
        self.show()
        self.room.emit(ROOM if self.fields.isHidden() else ROOM_OPEN)

    def text(self) -> str:
        return f"{self._word.text()} {self._line.text()}"

    def show_trouble(self, trouble: Exception) -> None:
        """Why it could not be marked."""
        self._complain(str(trouble))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.fields.isVisibleTo(self):
            self._shut()
            self.open_button.setFocus()
            return
        super().keyPressEvent(event)

    def _open(self) -> None:
        self.fields.show()
        self.open_button.hide()
        self.room.emit(ROOM_OPEN)
        self.name.setFocus(Qt.FocusReason.TabFocusReason)

    def _shut(self) -> None:
        self.fields.hide()
        self.open_button.show()
        self.name.clear()
        self.note.clear()
        self._tell()
        self.room.emit(ROOM)

    def _tell(self) -> None:
        self._line.setText((self._rows[0].alarm or "") if self._rows else "")

    def _complain(self, sentence: str) -> None:
        """Behind the alarm's words, right above the field: red on this ground could not be read."""
        self.name.show_error(sentence)
        self._tell()
        self._line.setText(f"{self._line.text()} {sentence}".strip())
        self.name.setFocus()

    def _mark(self) -> None:
        try:
            checked_name(self.name.text())
        except BadInputError as wrong:
            self._complain(str(wrong))
            return
        self.seen.emit(self._rows[0].id, self.name.text(), self.note.text())


def _line_for(name: str) -> Field:
    field = Field(name, show_name=False, note="none")
    field.edit.setPlaceholderText(shown(name))
    return field
