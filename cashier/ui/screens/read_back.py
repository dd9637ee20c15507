"""The read-back page: a payout in large type, its last digits typed again from the receiver's voice, then one press."""

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from cashier.domain.money import format_amount
from cashier.domain.phone import operator_hint, show_phone
from cashier.ui import theme
from cashier.ui.guard import PressGuard
from cashier.ui.screens.charge_form import is_press
from cashier.ui.screens.payout_form import Draft
from cashier.ui.widgets.base import Panel, empty_margins, follow, label
from cashier.ui.widgets.buttons import PlainButton, PrimaryButton
from cashier.ui.widgets.field import Field
from cashier.ui.widgets.keypad import Figures
from cashier.ui.widgets.money_label import MoneyLabel
from cashier.ui.widgets.notices import Notice
from cashier.ui.widgets.operator_chip import OperatorChip

SPOKEN = 3  # how many digits are asked for again
TRIES = 3
_WIDTH = 680
_NAMES, _NAMES_COMPACT = 158, 140
_DIGITS = 150
_PAD, _PAD_COMPACT = 260, 210
_BESIDE, _BESIDE_COMPACT = 32, 16


class ReadBack(QWidget):
    """`send` comes after a press that counts with the right digits; `back` carries why, empty for a person's wish."""

    send = Signal()
    back = Signal(str)

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._guard = PressGuard(clock)
        self._phone = ""
        self._wrong = 0
        self.panel = Panel(padding=32, spacing=8)
        self.to = label("", "subject")
        self._operator = OperatorChip()
        self._amount = MoneyLabel(44, 20)
        self._fee = label(self.tr("and the withdrawal fee"), "hint")
        self._stranger = label(self.tr("It looks like neither MTN nor Airtel."), "hint")
        self._reason = label("", wrap=True)
        self.balance = label("", wrap=True)
        self.digits = Field("", show_name=False, kind="phone")
        self.digits.edit.setMaxLength(SPOKEN)
        self.digits.frame.setFixedWidth(_DIGITS)
        self.pad = Figures()
        self.notice = Notice()
        self.back_button = PlainButton(self.tr("Back"), size="large")
        self.send_button = PrimaryButton(self.tr("Send"), size="large")
        self._lay_out()
        self._connect()
        follow(self._adapt)

    def show_draft(self, draft: Draft) -> None:
        """A payout to read aloud. The pad stands beside it where it was begun with mouse or finger."""
        self._phone = draft.phone
        self._wrong = 0
        self.to.setText(f"{show_phone(draft.phone)[:-SPOKEN]}{'•' * SPOKEN}")
        operator = operator_hint(draft.phone)
        self._operator.show_operator(operator, known=True)
        self._rows[1].setVisible(operator is None)
        self._amount.show_amount(draft.amount)
        self._rows[3].setVisible(draft.fee)
        self._reason.setText(draft.reason)
        self.show_balance(self.tr("reading …"))
        self.notice.hide()
        self.digits.clear()
        self.pad.setVisible(draft.by_hand)
        self.panel.setMaximumWidth(_WIDTH + (_PAD + _BESIDE if draft.by_hand else 0))
        self.send_button.setText(self.tr("Send %1").replace("%1", format_amount(draft.amount)))
        self.show_busy(False)

    def show_balance(self, text: str, *, wrong: bool = False) -> None:
        """The balance before, with its time, or why it is not known. It never stops the payout."""
        self.balance.setText(text)
        self.balance.show_kind("word" if wrong else "")

    def show_busy(self, busy: bool) -> None:
        """While the payout is being written."""
        self.send_button.setEnabled(not busy)
        self.back_button.setEnabled(not busy)

    def show_refusal(self, sentence: str) -> None:
        """Why nothing was sent."""
        self.show_busy(False)
        self.notice.show_notice("failed", self.tr("Nothing was sent."), sentence)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._go_back()
            return
        super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter on Send sends, if it is a press of its own; every key leaves its time."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        rested = self._guard.key(event.timestamp())
        if watched is not self.send_button or not is_press(event):
            return super().eventFilter(watched, event)
        if rested and not event.isAutoRepeat():
            self._press()
        return True

    def _lay_out(self) -> None:
        left = self._left = QVBoxLayout()
        empty_margins(left)
        left.addWidget(label(self.tr("Read it back before it leaves"), "title"))
        left.addWidget(label(self.tr("Money sent cannot be called back."), "hint"))
        self._rows = [
            _Row(self.tr("To"), self.to, self._operator),
            _Row("", self._stranger),
            _Row(self.tr("Amount"), self._amount),
            _Row("", self._fee),
            _Row(self.tr("Reason"), self._reason, grow=True),
            _Row(self.tr("Balance before"), self.balance, grow=True),
            _Row(self.tr("Last three digits, as the receiver says them"), self.digits, grow=True, of=self.digits.edit),
        ]
        for row in self._rows:
            left.addWidget(row)
        left.addWidget(self.notice)
        buttons = QHBoxLayout()
        empty_margins(buttons, 12)
        buttons.addStretch(1)
        buttons.addWidget(self.back_button)
        buttons.addWidget(self.send_button)
        left.addLayout(buttons)
        both = self._both = QHBoxLayout()
        empty_margins(both)
        both.addLayout(left, 1)
        both.addWidget(self.pad)
        self.panel.body.addLayout(both)
        column = QVBoxLayout(self)
        empty_margins(column)
        middle = QHBoxLayout()
        empty_margins(middle)
        middle.addStretch(1)
        middle.addWidget(self.panel, 1000)
        middle.addStretch(1)
        column.addStretch(1)
        column.addLayout(middle)
        column.addStretch(1)
        for first, second in ((self.digits.edit, self.back_button), (self.back_button, self.send_button)):
            QWidget.setTabOrder(first, second)

    def _adapt(self) -> None:
        sizes = theme.metrics()
        edge = 16 if sizes.compact else 32
        self.panel.body.setContentsMargins(edge, edge - 4, edge, edge - 4)
        self._left.setSpacing(4 if sizes.compact else 12)
        self._both.setSpacing(_BESIDE_COMPACT if sizes.compact else _BESIDE)
        self.pad.setFixedWidth(_PAD_COMPACT if sizes.compact else _PAD)
        for row in self._rows:
            row.title.setFixedWidth(_NAMES_COMPACT if sizes.compact else _NAMES)
        self._amount.set_sizes(30 if sizes.compact else 44, 20)

    def _connect(self) -> None:
        self.digits.edited.connect(self._keep_figures)
        self.digits.entered.connect(self._entered)
        self.back_button.clicked.connect(self._go_back)
        self.send_button.clicked.connect(self._press)
        self.pad.typed.connect(self._typed)
        for part in (self.digits.edit, self.back_button, self.send_button):
            part.installEventFilter(self)

    def _keep_figures(self) -> None:
        """Only ASCII figures count."""
        text = self.digits.text()
        if not text.isascii() or not (text.isdigit() or not text):
            self.digits.show_error(self.tr("Type the last three figures only."))

    def _typed(self, key: str) -> None:
        """A key of the pad while the field has not the keyboard."""
        self.digits.setFocus()
        if key == "backspace":
            self.digits.backspace()
        else:
            self.digits.type_text(key)

    def _entered(self) -> None:
        if self._fits():
            self._guard.focused()
            self.send_button.setFocus(Qt.FocusReason.TabFocusReason)

    def _fits(self) -> bool:
        """Whether the digits are the phone's; else says so, and gives up after TRIES wrong ones."""
        typed = self.digits.text()
        if typed == self._phone[-SPOKEN:]:
            return True
        if len(typed) < SPOKEN or not typed.isascii() or not typed.isdigit():
            self.digits.show_error(self.tr("Ask the receiver for the last three digits and type them."))
        else:
            self._wrong += 1
            if self._wrong >= TRIES:
                self.back.emit(self.tr("The last digits did not fit. Check the number with the receiver."))
                return False
            self.digits.show_error(self.tr("Not the last digits of this number. Ask the receiver again."))
        self.digits.setFocus()
        self.digits.edit.selectAll()
        return False

    def _press(self) -> None:
        if self.send_button.isEnabled() and self._fits():
            self.show_busy(True)
            self.send.emit()

    def _go_back(self) -> None:
        if self.back_button.isEnabled():
            self.back.emit("")


class _Row(QWidget):
    """A name on the left, `parts` beside it; `of` is what the name is of."""

    def __init__(self, name: str, *parts: QWidget, grow: bool = False, of: QWidget | None = None) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        empty_margins(row, 12)
        self.title = label(name, "hint", wrap=True)
        self.title.setBuddy(of or parts[0])
        if of is not None:
            of.setAccessibleName(name)
        row.addWidget(self.title)
        for part in parts:
            row.addWidget(part, 1 if grow else 0)
        if not grow:
            row.addStretch(1)
