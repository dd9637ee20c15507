"""The form of Charge: phone, amount, reference, keypad, and the guards around the button that charges."""

import itertools
import time
from collections.abc import Callable

from PySide6 import QtCore
from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from cashier.domain.errors import BadInputError
from cashier.domain.money import Limits, check_limits
from cashier.ui import theme
from cashier.ui.guard import PressGuard
from cashier.ui.widgets.amount_field import AmountField, ReferenceField
from cashier.ui.widgets.base import ElidedLabel, Panel, empty_margins, follow, label
from cashier.ui.widgets.keypad import Keypad
from cashier.ui.widgets.phone_field import PhoneField

_ROOM_FOR_TITLE = 490
# Phone, amount in RWF, reference.
Asked = tuple[str, int, str | None]


def is_press(event: QKeyEvent) -> bool:
    """Whether this key presses a button that has the keyboard."""
    keys = QtCore.Qt.Key
    return event.key() in (keys.Key_Return, keys.Key_Enter, keys.Key_Space)


class ChargeForm(Panel):
    """`charge` carries (phone, amount, reference) of a form in order, after a press that counts; `edited` a change."""

    charge = Signal(object)
    edited = Signal()

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._guard = PressGuard(clock)
        self._limits = Limits()
        self.phone = PhoneField()
        self.amount = AmountField()
        self.reference = ReferenceField()
        self.keypad = Keypad()
        self.head = QWidget()
        head = QHBoxLayout(self.head)
        empty_margins(head, 12)
        head.addWidget(label(self.tr("Charge a customer"), "title"))
        hint = ElidedLabel(self.tr("Enter goes on, Esc clears"), "hint", right=True)
        head.addWidget(hint, 1)
        self.body.addWidget(self.head)
        for part in (self.phone, self.amount, self.reference):
            self.body.addWidget(part)
        self.body.addWidget(self.keypad, 1)
        self._connect()
        follow(self._adapt)
        order: list[QWidget] = [self.phone.edit, self.amount.edit, self.reference.edit, self.keypad.charge_button]
        for first, second in itertools.pairwise(order):
            QWidget.setTabOrder(first, second)

    def set_limits(self, limits: Limits) -> None:
        """The smallest and the largest amount, in RWF."""
        self._limits = limits

    def is_empty(self) -> bool:
        return not (self.phone.text() or self.amount.text() or self.reference.text())

    def clear(self) -> None:
        """Ready for the next customer."""
        for field in (self.phone, self.amount, self.reference):
            field.clear()
        self.phone.setFocus()

    def fill(self, phone: str, amount: int, reference: str | None) -> None:
        """Puts an earlier one back, to be looked at; the button has the keyboard, nothing is sent."""
        self.phone.set_phone(phone)
        self.amount.set_amount(amount)
        self.reference.set_text(reference or "")
        self.amount.setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room, as under a band on a small screen, the keys need it more than the title."""
        self.head.setVisible(event.size().height() >= _ROOM_FOR_TITLE)
        super().resizeEvent(event)

    def _adapt(self) -> None:
        sizes = theme.metrics()
        self.body.setContentsMargins(sizes.inset, sizes.inset, sizes.inset, sizes.inset)
        self.body.setSpacing(sizes.row)

    def _connect(self) -> None:
        self.phone.accepted.connect(lambda _phone: self.amount.setFocus())
        self.phone.chosen.connect(lambda _phone: self.amount.setFocus())
        self.amount.accepted.connect(self._amount_entered)
        self.reference.accepted.connect(lambda _text: self._to_button())
        for field in (self.phone, self.amount, self.reference):
            field.edited.connect(self.edited)
            field.edit.installEventFilter(self)
        self.keypad.charge_button.installEventFilter(self)
        self.keypad.charge.connect(self._clicked)
        self.keypad.typed.connect(self._typed)
        self.keypad.add.connect(self.amount.add)
        self.keypad.cleared.connect(self._clear_pressed)

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
        for field in (self.amount, self.reference):
            if field.edit.hasFocus() and field.text():
                field.clear()
                self.edited.emit()
                return
        self.clear()
        self.edited.emit()

    def _amount_entered(self, amount: int) -> None:
        if self._fits(amount):
            self._to_button()

    def _fits(self, amount: int) -> bool:
        try:
            check_limits(amount, self._limits)
        except BadInputError as why:
            self.amount.show_error(why.sentence)
            return False
        return True

    def _to_button(self) -> None:
        self._guard.focused()
        self.keypad.charge_button.setFocus(QtCore.Qt.FocusReason.TabFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter on the button charges, if it is a press of its own; every key leaves its time."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        rested = self._guard.key(event.timestamp())
        if event.key() == QtCore.Qt.Key.Key_Escape:
            self.clear()
            self.edited.emit()
            return True
        if watched is not self.keypad.charge_button or not is_press(event):
            return super().eventFilter(watched, event)
        if rested and not event.isAutoRepeat():
            self._press()  # the hand rested: however soon after the sale before, it is a press of its own
        return True

    def _clicked(self) -> None:
        if self._guard.may_press():
            self._press()

    def _press(self) -> None:
        phone, amount = self.phone.phone(), self.amount.amount()
        if phone is None:
            self.phone.edit.entered.emit()
            self.phone.setFocus()
        elif amount is None:
            self.amount.edit.entered.emit()
            self.amount.setFocus()
        elif not self._fits(amount):
            self.amount.setFocus()
        else:
            self._guard.pressed()
            self.charge.emit((phone, amount, self.reference.text().strip() or None))
