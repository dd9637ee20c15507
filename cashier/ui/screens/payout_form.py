"""The form of a payout: phone, amount, reason, fee, keypad. A refund fills it and holds its phone."""

import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from cashier.domain.errors import BadInputError
from cashier.domain.money import Limits, check_limits, format_amount
from cashier.domain.refund import refund_limits
from cashier.domain.transaction import Transaction
from cashier.domain.typed import checked_reason
from cashier.ui import theme
from cashier.ui.guard import PressGuard
from cashier.ui.screens.charge_form import is_press
from cashier.ui.widgets.amount_field import AmountField
from cashier.ui.widgets.base import ElidedLabel, Panel, empty_margins, follow, label
from cashier.ui.widgets.check_box import CheckBox
from cashier.ui.widgets.field import Field
from cashier.ui.widgets.keypad import Keypad
from cashier.ui.widgets.phone_field import PhoneField

_ROOM_FOR_TITLE = 580
_ROOM_FOR_TITLE_COMPACT = 490
_LONGEST_REASON = 80


@dataclass(frozen=True)
class Draft:
    """A payout that is not begun yet. `payment` is the one that it gives back, `by_hand` a press of mouse or finger."""

    phone: str
    amount: int
    reason: str
    fee: bool = False
    payment: Transaction | None = None
    by_hand: bool = False


class PayoutForm(Panel):
    """`read_back` carries a Draft in order, after a press that counts; `edited` comes with a change by a person."""

    read_back = Signal(object)
    edited = Signal()

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._guard = PressGuard(clock)
        self._limits = Limits()
        self._payment: Transaction | None = None
        self._left = 0
        self.phone = PhoneField(self.tr("Receiver's phone"))
        self.amount = AmountField()
        self.reason = Field(self.tr("Reason"), show_name=False, note="none")
        self.reason.edit.setMaxLength(_LONGEST_REASON)
        self.reason.edit.setPlaceholderText(self.tr("Reason: supplier, salary …"))
        self._no_reason = label(self.tr("Write what the payout is for."), "error", wrap=True)
        self._no_reason.hide()
        self.fee = CheckBox(self.tr("Include the withdrawal fee"))
        self.keypad = Keypad(self.tr("Read it back"))
        self._title = label("", "title")
        self.head = QWidget()
        head = QHBoxLayout(self.head)
        empty_margins(head, 12)
        head.addWidget(self._title)
        head.addWidget(ElidedLabel(self.tr("Enter goes on, Esc clears"), "hint", right=True), 1)
        last = QHBoxLayout()
        empty_margins(last, 16)
        last.addWidget(self.reason, 1)
        last.addWidget(self._no_reason)
        last.addWidget(self.fee)
        self.body.addWidget(self.head)
        self.body.addWidget(self.phone)
        self.body.addWidget(self.amount)
        self.body.addLayout(last)
        self.body.addWidget(self.keypad, 1)
        self._connect()
        follow(self._adapt)
        for first, second in itertools.pairwise(self.stops()):
            QWidget.setTabOrder(first, second)
        self._show_payment()

    def stops(self) -> list[QWidget]:
        """What can have the keyboard, in order."""
        return [self.phone.edit, self.amount.edit, self.reason.edit, self.fee, self.keypad.charge_button]

    def set_limits(self, limits: Limits) -> None:
        """The smallest and the largest amount, in RWF."""
        self._limits = limits

    def is_empty(self) -> bool:
        return self._payment is None and not (self.phone.text() or self.amount.text() or self.reason.text())

    def clear(self) -> None:
        """Ready for the next payout; a refund is forgotten."""
        self._payment = None
        for field in (self.phone, self.amount, self.reason):
            field.clear()
        self._no_reason.hide()
        self.fee.setChecked(False)
        self._show_payment()
        self.phone.setFocus()

    def fill(self, row: Transaction) -> None:
        """Puts an earlier payout back, to be looked at; nothing is sent."""
        self.clear()
        self.phone.set_phone(row.phone)
        self.amount.set_amount(row.amount)
        self.reason.set_text(row.reason or "")
        self.fee.setChecked(row.fee)
        self.amount.setFocus()

    def fill_refund(self, payment: Transaction, left: int, reason: str = "") -> None:
        """A refund of `payment`, of which `left` RWF may go back: its phone is fixed, the amount may be made less."""
        self.clear()
        self._payment, self._left = payment, left
        self.phone.set_phone(payment.phone)
        self.amount.set_amount(left)
        self.reason.set_text(reason or self.tr("Refund of %1").replace("%1", payment.number))
        self._show_payment()
        self.amount.setFocus()
        self.amount.edit.selectAll()

    def refund(self) -> Transaction | None:
        """The payment that is being given back."""
        return self._payment

    def _adapt(self) -> None:
        sizes = theme.metrics()
        self.body.setContentsMargins(sizes.inset, sizes.inset, sizes.inset, sizes.inset)
        self.body.setSpacing(sizes.row)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room the keys need it more than the title, which a refund cannot do without."""
        room = _ROOM_FOR_TITLE_COMPACT if theme.metrics().compact else _ROOM_FOR_TITLE
        self._small = event.size().height() < room
        self.head.setVisible(not self._small or self._payment is not None)
        super().resizeEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter on the button goes on, if it is a press of its own; every key leaves its time."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        rested = self._guard.key(event.timestamp())
        if event.key() == Qt.Key.Key_Escape:
            self.clear()
            self.edited.emit()
            return True
        if watched is not self.keypad.charge_button or not is_press(event):
            return super().eventFilter(watched, event)
        if rested and not event.isAutoRepeat():
            self._press(by_hand=False)
        return True

    def _connect(self) -> None:
        self._small = False
        self.phone.accepted.connect(lambda _phone: self.amount.setFocus())
        self.amount.accepted.connect(lambda amount: self.reason.setFocus() if self._fits(amount) else None)
        self.reason.entered.connect(lambda: self._to_button() if self._has_reason() else None)
        self.fee.entered.connect(self._to_button)
        self.fee.toggled.connect(lambda _on: self.edited.emit())
        for field in (self.phone, self.amount, self.reason):
            field.edited.connect(self.edited)
        self.reason.edited.connect(self._reason_edited)
        for part in self.stops():
            part.installEventFilter(self)
        self.keypad.charge.connect(lambda: self._press(by_hand=True))
        self.keypad.typed.connect(self._typed)
        self.keypad.add.connect(self.amount.add)
        self.keypad.cleared.connect(self._clear_pressed)

    def _show_payment(self) -> None:
        payment = self._payment
        self.phone.setEnabled(payment is None)
        self.fee.setVisible(payment is None and not self._no_reason.isVisibleTo(self))
        self.head.setVisible(not self._small or payment is not None)
        if payment is None:
            self._title.setText(self.tr("Pay out"))
            return
        self._title.setText(self.tr("Refund of %1").replace("%1", payment.number))
        note = self.tr("%1 paid, %2 left to refund").replace("%1", format_amount(payment.amount))
        self.amount.show_note(note.replace("%2", format_amount(self._left)))

    def _typed(self, key: str) -> None:
        """A key of the pad while no field has the keyboard: meant for the first one that is not in order."""
        field = self.phone if self.phone.phone() is None else self.amount
        field.setFocus()
        if key == "backspace":
            field.backspace()
        else:
            field.type_text(key)

    def _clear_pressed(self) -> None:
        """Clear empties the field with the keyboard; on an empty one, the whole form."""
        for field in (self.amount, self.reason):
            if field.edit.hasFocus() and field.text():
                field.clear()
                self.edited.emit()
                return
        self.clear()
        self.edited.emit()

    def _fits(self, amount: int) -> bool:
        try:
            if self._payment is not None and amount > self._left:
                raise BadInputError(self.tr("Only %1 is left to refund.").replace("%1", format_amount(self._left)))
            check_limits(amount, self._limits if self._payment is None else refund_limits(self._limits))
        except BadInputError as why:
            self.amount.show_error(why.sentence)
            return False
        return True

    def _has_reason(self) -> bool:
        words = self.tr("Write what the payout is for.")
        try:
            given = bool(self.reason.text().strip() and checked_reason(self.reason.text()))
        except BadInputError as why:
            given, words = False, why.sentence
        self._no_reason.setText(words)
        if not given:
            self.reason.show_error(words)
        self._no_reason.setVisible(not given)
        self.fee.setVisible(given and self._payment is None)
        return given

    def _reason_edited(self) -> None:
        if self._no_reason.isVisibleTo(self):
            self._no_reason.hide()
            self.fee.setVisible(self._payment is None)

    def _to_button(self) -> None:
        self._guard.focused()
        self.keypad.charge_button.setFocus(Qt.FocusReason.TabFocusReason)

    def _press(self, *, by_hand: bool) -> None:
        if not self._guard.may_press():
            return
        phone, amount = self.phone.phone(), self.amount.amount()
        if phone is None:
            self.phone.edit.entered.emit()
            self.phone.setFocus()
        elif amount is None:
            self.amount.edit.entered.emit()
            self.amount.setFocus()
        elif not self._fits(amount):
            self.amount.setFocus()
        elif not self._has_reason():
            self.reason.setFocus()
        else:
            self._guard.pressed()
            fee = self.fee.isChecked() and self._payment is None
            self.read_back.emit(Draft(phone, amount, self.reason.text().strip(), fee, self._payment, by_hand))
