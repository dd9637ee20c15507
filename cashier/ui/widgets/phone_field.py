"""The phone field: large, grouped as it is typed, with the operator as a hint."""

from typing import TYPE_CHECKING

from PySide6 import QtCore
from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtGui import QKeyEvent

from cashier.domain.errors import BadInputError
from cashier.domain.phone import operator_hint, parse_phone, show_phone
from cashier.ui.early import phone_keys
from cashier.ui.icons import IconView
from cashier.ui.widgets.field import Field, LineEdit
from cashier.ui.widgets.operator_chip import OperatorChip
from cashier.ui.widgets.phone_text import digits, group_phone

if TYPE_CHECKING:
    from cashier.ui.widgets.suggestions import Suggestion, Suggestions

SUGGEST_FROM = 6  # the queue can see the screen


class PhoneLine(LineEdit):
    """Reports a paste and the arrows down and up instead of doing them."""

    pasted = Signal(str)
    moved = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        from PySide6.QtGui import QGuiApplication, QKeySequence

        if event.matches(QKeySequence.StandardKey.Paste):
            self.pasted.emit(QGuiApplication.clipboard().text())
            return
        keys = QtCore.Qt.Key
        if event.key() in (keys.Key_Down, keys.Key_Up):
            self.moved.emit(1 if event.key() == keys.Key_Down else -1)
            return
        super().keyPressEvent(event)


class PhoneField(Field):
    """Takes `0788123456`, `+250 788-123-456`, … and pasted text that holds exactly one number.

    `accepted` carries `2507` and eight digits, on Enter. `suggest` carries six or more typed digits, as they come, for
    `show_suggestions`; `chosen` the phone of a suggestion that was taken.
    """

    accepted = Signal(str)
    suggest = Signal(str)
    chosen = Signal(str)

    def __init__(self, name: str | None = None) -> None:
        translated = QCoreApplication.translate("PhoneField", "Customer's phone")
        super().__init__(name or translated, kind="phone")
        self.before.addWidget(IconView("phone", 24))
        self._operator = OperatorChip()
        self.after.addWidget(self._operator)
        self._suggestions: Suggestions | None = None
        phone_keys(self.edit)
        self.edit.setMaxLength(64)
        self.edit.focused.connect(self._left)
        self.edited.connect(self._follow_typing)

    def make_line(self) -> LineEdit:
        line = PhoneLine()
        line.pasted.connect(self.paste)
        line.moved.connect(self._move)
        return line

    def phone(self) -> str | None:
        """`2507` and eight digits, or None while the text is no phone."""
        try:
            return parse_phone(self.text())
        except BadInputError:
            return None

    def operator_text(self) -> str:
        """What the chip at the right says; empty while there is no number."""
        return self._operator.text()

    def set_phone(self, phone: str) -> None:
        """Fills the field with `2507` and eight digits, shown as `0788 123 456`."""
        self.set_text(show_phone(phone))
        self._operator.show_operator(operator_hint(phone), known=True)
        self._hide_suggestions()

    def clear(self) -> None:
        super().clear()
        self._operator.show_operator(None)
        self._hide_suggestions()

    def paste(self, text: str) -> None:
        """Pasted text: one number in it fills the field, a few figures are inserted, anything else is refused."""
        try:
            self.set_phone(parse_phone(text))
        except BadInputError as why:
            if text.strip().isascii() and text.strip().isdigit() and len(text.strip()) < 9:
                self.type_text(text.strip())
            else:
                self.show_error(why.sentence)
            return
        self.show_note("")
        self.edited.emit()

    def show_suggestions(self, found: "list[Suggestion]") -> None:
        """Earlier customers under the field; an empty list hides them. Only while the field has the keyboard."""
        if self._suggestions is None:
            from cashier.ui.widgets.suggestions import Suggestions

            self._suggestions = Suggestions(self.frame)
            self._suggestions.taken.connect(self._use)
        self._suggestions.show_all(found if self.edit.hasFocus() else [])

    def suggestions(self) -> "Suggestions | None":
        """The list under the field, once there was something to suggest."""
        return self._suggestions

    def _follow_typing(self) -> None:
        text, cursor = group_phone(self.edit.text(), self.edit.cursorPosition())
        if text != self.edit.text():
            self.edit.setText(text)
            self.edit.setCursorPosition(cursor)
        phone = self.phone()
        self._operator.show_operator(operator_hint(phone) if phone else None, known=phone is not None)
        typed = digits(text)
        if len(typed) >= SUGGEST_FROM and phone is None:
            self.suggest.emit(typed)
        else:
            self._hide_suggestions()

    def _entered(self) -> None:
        selected = self._suggestions.selected() if self._suggestions is not None else None
        if selected is not None:
            self._use(selected)
            return
        try:
            phone = parse_phone(self.text())
        except BadInputError as why:
            self.show_error(why.sentence)
            return
        self.set_phone(phone)
        super()._entered()
        self.accepted.emit(phone)

    def _move(self, step: int) -> None:
        if self._suggestions is not None:
            self._suggestions.move_by(step)

    def _use(self, phone: str) -> None:
        self.set_phone(phone)
        self.show_note("")
        self.edited.emit()
        self.chosen.emit(phone)

    def _left(self, has_focus: bool) -> None:
        if not has_focus:
            self._hide_suggestions()

    def _hide_suggestions(self) -> None:
        if self._suggestions is not None:
            self._suggestions.hide()
