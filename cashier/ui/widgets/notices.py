"""Texts that need eyes: a notice in a state's colour, a question in its place, the band of a result."""

import time
from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
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

KEY_GUARD = 0.6
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
        self._reason = label("", "label", wrap=True)
        self._button = PlainButton(self.tr("Seen"))
        self._button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._button.clicked.connect(lambda: self.seen.emit(self._id))
        first = QHBoxLayout()
        empty_margins(first, 12)
        first.addWidget(self._word)
        first.addWidget(self._line, 1)
        texts = QVBoxLayout()
        empty_margins(texts)
        texts.addLayout(first)
        texts.addWidget(self._reason)
        row.addWidget(self._icon)
        row.addLayout(texts, 1)
        row.addWidget(self._button)
        self.hide()

    def show_result(self, transaction: Transaction, waiting: int = 0) -> None:
        """The result, and how many more wait behind it."""
        words = words_for(transaction)
        self._id = transaction.id
        theme.mark(self, "tone", words.tone)
        self._icon.show_icon(words.icon, "text" if words.tone == "idle" else words.tone)
        self._word.setText(words.word)
        self._line.setText(f"{format_amount(transaction.amount)} · {show_phone(transaction.phone)}")
        self._reason.setText(words.line)
        self._reason.setVisible(bool(words.line))
        more = self.tr("Seen, %1 more").replace("%1", str(waiting))
        self._button.setText(more if waiting else self.tr("Seen"))
        self.setAccessibleName(f"{words.word}, {self._line.text()}")
        self.setAccessibleDescription(words.line)
        self.show()

    def transaction_id(self) -> str:
        return self._id


class QuestionPanel(Panel):
    """A question in its place on the page, with two or three answers; `answered` carries the number of the button.

    The first answer is the safe one and gets the keyboard; Esc gives `back`. Keys within KEY_GUARD seconds do nothing.
    """

    answered = Signal(int)

    def __init__(
        self,
        question: str,
        detail: str,
        answers: Sequence[str],
        *,
        subject: str = "",
        back: int = 0,
        icon: str = "question",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`subject` is what it is about, in large type."""
        super().__init__(padding=20, spacing=8)
        self._back = back
        self._clock = clock
        self._asked_at = float("-inf")
        self.setAccessibleName(question)
        self.setAccessibleDescription(f"{subject} {detail}".strip())
        head = QHBoxLayout()
        empty_margins(head, 12)
        head.addWidget(IconView(icon, 24, "accent"), 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(label(question, "title", wrap=True), 1)
        self.body.addStretch(1)
        self.body.addLayout(head)
        if subject:
            self.body.addWidget(label(subject, "subject", wrap=True))
        self.body.addWidget(label(detail, wrap=True))
        row = QHBoxLayout()
        empty_margins(row, 12)
        self.buttons: list[Button] = []
        for number, answer in enumerate(answers):
            kind = PrimaryButton if number == 0 else PlainButton
            button = kind(answer, size="medium")
            button.clicked.connect(lambda _checked=False, chosen=number: self.answered.emit(chosen))
            button.installEventFilter(self)
            self.buttons.append(button)
            row.addWidget(button)
        row.addStretch(1)
        self.body.addSpacing(8)
        self.body.addLayout(row)
        self.body.addStretch(2)

    def ask(self) -> None:
        """Shows it and gives the safe answer the keyboard."""
        self._asked_at = self._clock()
        self.show()
        self.buttons[0].setFocus(Qt.FocusReason.TabFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A key that was on its way when the question came is no answer."""
        if event.type() == QEvent.Type.KeyPress and self._clock() - self._asked_at < KEY_GUARD:
            return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.answered.emit(self._back)
            return
        super().keyPressEvent(event)
