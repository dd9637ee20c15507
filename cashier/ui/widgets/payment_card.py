"""One transaction as a card: amount, phone, state with its seconds, steps, one line, the rescue code, two buttons."""

from datetime import datetime

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from cashier.domain.money import format_amount
from cashier.domain.phone import operator_hint, show_phone
from cashier.domain.states import Kind
from cashier.domain.transaction import Transaction
from cashier.ui import theme
from cashier.ui.advice import RESCUE_CODE, RESCUE_LINK, advice_for
from cashier.ui.widgets.base import Panel, empty_margins, follow, label
from cashier.ui.widgets.buttons import PlainButton
from cashier.ui.widgets.money_label import MoneyLabel
from cashier.ui.widgets.operator_chip import OperatorChip
from cashier.ui.widgets.qr_view import QrView
from cashier.ui.widgets.state_chip import StateChip
from cashier.ui.widgets.steps import StepsLine, reached
from cashier.ui.words import words_for

MODULE = 5
MODULE_CHOSEN = 7


class PaymentCard(Panel):
    """`show_transaction` fills it, `tick` moves its seconds on. Chosen, it has buttons; settled, its state's colour.

    `check`, `hide_it` and `close_it` carry the id; hiding asks on the card first. `seen` says that a settled card was
    put away, `picked` that it got the keyboard or the mouse.
    """

    check = Signal(str)
    hide_it = Signal(str)
    close_it = Signal(str)
    seen = Signal(str)
    picked = Signal(str)

    def __init__(self, transaction: Transaction, now: datetime) -> None:
        super().__init__(spacing=8)
        self.setObjectName("card")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.transaction = transaction
        self._now = now
        self._chosen = False
        self._asking = False
        self._amount = MoneyLabel(30, 15)
        self._operator = OperatorChip()
        self._phone = label("", "figure")
        self._chip = StateChip()
        self._steps = StepsLine()
        self._line = label("", "label", wrap=True)
        self._code = label(RESCUE_CODE, "code")
        self._scan = label(self.tr("or points the camera at this"), "label", wrap=True)
        self._qr = QrView(MODULE, self.tr("QR code that dials %1").replace("%1", RESCUE_CODE))
        self._row(self._amount, None, self._operator)
        self._row(self._phone, None, self._chip)
        self.body.addWidget(self._steps)
        words = QVBoxLayout()
        empty_margins(words, 4)
        words.addWidget(self._line)
        words.addWidget(self._code)
        words.addWidget(self._scan)
        words.addStretch(1)
        advice = QHBoxLayout()
        empty_margins(advice, 12)
        advice.addLayout(words, 1)
        advice.addWidget(self._qr, 0, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(advice)
        self._buttons = QWidget()
        row = QHBoxLayout(self._buttons)
        empty_margins(row, 8)
        self._check = PlainButton(self.tr("Check now"))
        self._close = PlainButton(self.tr("Close by hand"))
        self._hide = PlainButton(self.tr("Hide, keep checking"))
        self._sure = PlainButton(self.tr("Hide it"))
        self._keep = PlainButton(self.tr("Leave it here"))
        self._seen = PlainButton(self.tr("Seen"))
        for button in (self._check, self._close, self._hide, self._sure, self._keep, self._seen):
            row.addWidget(button)
        row.addStretch(1)
        self.body.addWidget(self._buttons)
        self._check.clicked.connect(lambda: self.check.emit(self.transaction.id))
        self._close.clicked.connect(lambda: self.close_it.emit(self.transaction.id))
        self._hide.clicked.connect(lambda: self._ask(asking=True))
        self._sure.clicked.connect(self._hidden)
        self._keep.clicked.connect(lambda: self._ask(asking=False))
        self._seen.clicked.connect(lambda: self.seen.emit(self.transaction.id))
        self._fill()
        follow(self.adapt)

    def adapt(self) -> None:
        """Takes the padding of the density."""
        padding = theme.metrics().card
        self.body.setContentsMargins(padding, padding - 4, padding, padding)

    def show_transaction(self, transaction: Transaction, now: datetime) -> None:
        """The row as the ledger holds it. `now` is aware."""
        self.transaction = transaction
        self._now = now
        self._fill()

    def tick(self, now: datetime) -> None:
        """Moves seconds and advice on; does nothing for a settled one."""
        self._now = now
        if not self.transaction.is_final:
            self._show_time()

    def seconds(self) -> int:
        """Since the transaction began, never below 0."""
        return max(0, int((self._now - self.transaction.created_at).total_seconds()))

    def set_chosen(self, chosen: bool) -> None:
        """A chosen card shows its buttons and a larger QR code."""
        self._chosen = chosen
        if not chosen:
            self._asking = False
        self.update()
        self._show_time()
        self._show_buttons()

    def dress(self) -> tuple[str, str, int]:
        """Settled or under review it has its state's colours; chosen, a line with the accent."""
        ground, line = (f"{self._tone}bg", self._tone) if self._tone else ("surface", "line")
        return (ground, "accent", 2) if self._chosen else (ground, line, 1)

    def stops(self) -> list[QWidget]:
        """What Tab visits, as the eye does."""
        return [self, self._check, self._close, self._hide, self._sure, self._keep, self._seen]

    def is_chosen(self) -> bool:
        return self._chosen

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.picked.emit(self.transaction.id)
        super().focusInEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.picked.emit(self.transaction.id)
        super().mousePressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self._fill()
        super().changeEvent(event)

    def _fill(self) -> None:
        row = self.transaction
        words = words_for(row)
        settled = row.is_final or row.review is not None
        self._tone = words.tone if settled else ""
        theme.mark(self, "tone", self._tone)
        self.update()
        self._amount.show_amount(row.amount)
        self._amount.set_unit_tone("text" if settled else "muted")
        self._operator.show_operator(operator_hint(row.phone), known=True)
        self._phone.setText(show_phone(row.phone))
        self._steps.show_step(reached(row))
        self._steps.setVisible(not row.is_final)
        self._show_time()
        self._show_buttons()
        self.setAccessibleName(f"{format_amount(row.amount)}, {show_phone(row.phone)}, {words.word}")

    def _show_time(self) -> None:
        row = self.transaction
        self._chip.show_state(words_for(row), None if row.is_final else self.seconds())
        advice = advice_for(row, self.seconds())
        said = self.tr("The customer can still approve. Ask them to decline it on the phone.")
        line = said if self._asking else advice.line
        self._line.setText(line)
        self._line.setVisible(bool(line))
        self.setAccessibleDescription(line)
        code = advice.code and not self._asking
        self._code.setVisible(code)
        self._scan.setVisible(code)
        self._qr.setVisible(code)
        if code:
            self._qr.show_data(RESCUE_LINK)
            self._qr.set_module(MODULE_CHOSEN if self._chosen and not theme.metrics().compact else MODULE)

    def _show_buttons(self) -> None:
        row = self.transaction
        may_hide = row.kind is Kind.PAYMENT and row.is_open and row.review is None and not row.hidden
        self._check.setVisible(not row.is_final and not self._asking)
        self._hide.setVisible(may_hide and not self._asking)
        self._sure.setVisible(self._asking)
        self._keep.setVisible(self._asking)
        self._close.setVisible(row.can_be_closed)
        self._seen.setVisible(row.is_final and not row.is_under_review)
        self._buttons.setVisible(self._chosen or row.is_final or row.is_under_review)

    def _ask(self, *, asking: bool) -> None:
        self._asking = asking
        self._show_time()
        self._show_buttons()
        (self._sure if asking else self._hide).setFocus()

    def _hidden(self) -> None:
        self._asking = False
        self.hide_it.emit(self.transaction.id)

    def _row(self, *parts: QWidget | None) -> None:
        row = QHBoxLayout()
        empty_margins(row, 12)
        for part in parts:
            if part is None:
                row.addStretch(1)
            else:
                row.addWidget(part)
        self.body.addLayout(row)
