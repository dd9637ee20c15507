"""Texts that need eyes: a notice in a state's colour, a question in its place, the band of a result."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from cashier.domain.money import format_amount
from cashier.domain.phone import show_phone
from cashier.domain.transaction import Transaction
from cashier.ui import theme
from cashier.ui.icons import IconView
from cashier.ui.widgets.base import ElidedLabel, Panel, empty_margins, label
from cashier.ui.widgets.buttons import Button, PlainButton, PrimaryButton
from cashier.ui.words import words_for

ICON_OF = {"paid": "check", "failed": "cross", "unknown": "warning", "review": "shield", "wait": "info", "idle": "info"}


class Notice(QFrame):
    """What happened in bold, what to do beneath, on the colour of `tone`. An optional button reports `pressed`."""

    pressed = Signal()

    def __init__(self, action: str = "") -> None:
        super().__init__()
        self.setObjectName("band")
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 12, 16, 12)
        row.setSpacing(12)
        self._icon = IconView("info", 20)
        self._word = label("", "word", wrap=True)
        self._line = label("", wrap=True)
        texts = QVBoxLayout()
        empty_margins(texts, 4)
        texts.addWidget(self._word)
        texts.addWidget(self._line)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(texts, 1)
        self.button: Button | None = None
        if action:
            self.button = PlainButton(action)
            self.button.clicked.connect(self.pressed)
            row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignVCenter)
        self.hide()

    def show_notice(self, tone: str, word: str, line: str = "") -> None:
        """Shows it; `tone` is one of paid, failed, unknown, review, wait, idle."""
        theme.mark(self, "tone", tone)
        self._icon.show_icon(ICON_OF[tone], "text" if tone == "idle" else tone)
        self._word.setText(word)
        self._line.setText(line)
        self._line.setVisible(bool(line))
        self.setAccessibleName(word)
        self.setAccessibleDescription(line)
        self.show()

    def text(self) -> str:
        return f"{self._word.text()} {self._line.text()}".rstrip()


class Banner(Notice):
    """A notice across the top of a screen, as after a crash or while the gateway is down."""


class ResultBand(QFrame):
    """A result above a form with text in it: icon, word, amount, phone, reason. Takes no key."""

    seen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("band")
        self._id = ""
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 8, 8)
        row.setSpacing(12)
        self._icon = IconView("check", 24)
        self._word = label("", "word")
        self._line = ElidedLabel("")
        self._button = PlainButton(self.tr("Seen"))
        self._button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._button.clicked.connect(lambda: self.seen.emit(self._id))
        row.addWidget(self._icon)
        row.addWidget(self._word)
        row.addWidget(self._line, 1)
        row.addWidget(self._button)
        self.hide()

    def show_result(self, transaction: Transaction, waiting: int = 0) -> None:
        """The result, and how many more wait behind it."""
        words = words_for(transaction)
        self._id = transaction.id
        theme.mark(self, "tone", words.tone)
        self._icon.show_icon(words.icon, "text" if words.tone == "idle" else words.tone)
        self._word.setText(words.word)
        parts = [format_amount(transaction.amount), show_phone(transaction.phone), words.line]
        self._line.setText(" · ".join(part for part in parts if part))
        more = self.tr("Seen, %1 more").replace("%1", str(waiting))
        self._button.setText(more if waiting else self.tr("Seen"))
        self.setAccessibleName(f"{words.word}, {self._line.text()}")
        self.show()

    def transaction_id(self) -> str:
        return self._id


class QuestionPanel(Panel):
    """A question in its place on the page, with two or three answers; `answered` carries the number of the button.

    The first answer is the safe one and gets the keyboard; Esc gives the last.
    """

    answered = Signal(int)

    def __init__(self, question: str, detail: str, answers: Sequence[str], *, tone: str = "unknown") -> None:
        super().__init__(tone, padding=20, spacing=8)
        self.setAccessibleName(question)
        self.setAccessibleDescription(detail)
        head = QHBoxLayout()
        empty_margins(head, 12)
        head.addWidget(IconView("question", 24, tone), 0, Qt.AlignmentFlag.AlignTop)
        title = label(question, "title", wrap=True)
        head.addWidget(title, 1)
        self.body.addLayout(head)
        if detail:
            self.body.addWidget(label(detail, wrap=True))
        row = QHBoxLayout()
        empty_margins(row, 12)
        self.buttons: list[Button] = []
        for number, answer in enumerate(answers):
            kind = PrimaryButton if number == 0 else PlainButton
            button = kind(answer, size="medium")
            button.clicked.connect(lambda _checked=False, chosen=number: self.answered.emit(chosen))
            self.buttons.append(button)
            row.addWidget(button)
        row.addStretch(1)
        self.body.addSpacing(8)
        self.body.addLayout(row)

    def ask(self) -> None:
        """Shows it and gives the safe answer the keyboard."""
        self.show()
        self.buttons[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.answered.emit(len(self.buttons) - 1)
            return
        super().keyPressEvent(event)
