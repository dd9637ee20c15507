"""The amount field: big figures from the right, which add, and the optional reference."""

import re

from PySide6.QtCore import QCoreApplication, Signal

from cashier.domain.errors import BadInputError
from cashier.domain.money import group_digits, parse_amount
from cashier.domain.signs import shown
from cashier.ui.early import align_right, number_keys
from cashier.ui.widgets.base import label
from cashier.ui.widgets.field import Field

SPACE = "\u00a0"
_TYPED = r"[0-9+ \u00a0\u202f\u2009]*"
_SPACES = " \u00a0\u202f\u2009"


def group_amount(text: str, cursor: int) -> tuple[str, int]:
    """`1500+300` as `1 500+300`, the cursor behind the same figure; what is no amount stays as it is."""
    if not re.fullmatch(_TYPED, text):
        return text, cursor
    before = sum(char not in _SPACES for char in text[:cursor])
    terms = ["".join(char for char in term if char not in _SPACES) for term in text.split("+")]
    grouped = "+".join(_grouped(term) for term in terms)
    for place, char in enumerate(grouped):
        if before == 0:
            return grouped, place
        before -= char != SPACE
    return grouped, len(grouped)


def _grouped(term: str) -> str:
    first = len(term) % 3
    groups = [term[:first]] if first else []
    groups += [term[place : place + 3] for place in range(first, len(term), 3)]
    return SPACE.join(groups)


class AmountField(Field):
    """Takes `1500`, `1 500`, `1500+300` and shows the sum. `accepted` carries whole RWF, on Enter."""

    # object, since Signal(int) has 32 bits
    accepted = Signal(object)

    def __init__(self, name: str | None = None) -> None:
        super().__init__(name or QCoreApplication.translate("AmountField", "Amount"), note="beside", kind="amount")
        self._sum = label("", "suffix")
        self._sum.hide()
        self.before.addWidget(self._sum)
        self.after.addWidget(label("RWF", "suffix"))
        align_right(self.edit)
        number_keys(self.edit)
        self.edit.setMaxLength(48)
        self.edited.connect(self._follow_typing)

    def amount(self) -> int | None:
        """The amount in whole RWF, or None while the text is none."""
        try:
            return parse_amount(self.text())
        except BadInputError:
            return None

    def set_amount(self, amount: int) -> None:
        """Fills the field with whole RWF."""
        self.set_text(group_digits(amount))
        self._show_sum()

    def sum_text(self) -> str:
        """What stands beside an addition, as `= 1 800`; empty for a single number."""
        return self._sum.text()

    def add(self) -> None:
        """The `+` of the keypad: at the end, never two in a row, never first."""
        if self.text() and not self.text().rstrip(_SPACES).endswith("+"):
            self.edit.end(False)
            self.type_text("+")

    def clear(self) -> None:
        super().clear()
        self._show_sum()

    def _follow_typing(self) -> None:
        text, cursor = group_amount(self.edit.text(), self.edit.cursorPosition())
        if text != self.edit.text():
            self.edit.setText(text)
            self.edit.setCursorPosition(cursor)
        if "," in text or "." in text:
            self._refuse()
        self._show_sum()

    def _show_sum(self) -> None:
        amount = self.amount() if "+" in self.text() else None
        self._sum.setText(f"= {group_digits(amount)}" if amount is not None else "")
        self._sum.setVisible(amount is not None)

    def _entered(self) -> None:
        amount = self.amount()
        if amount is None:
            self._refuse()
            return
        super()._entered()
        self.accepted.emit(amount)

    def _refuse(self) -> None:
        try:
            parse_amount(self.text())
        except BadInputError as why:
            self.show_error(why.sentence)


class ReferenceField(Field):
    """One optional line; `accepted` carries it without outer spaces, on Enter."""

    accepted = Signal(str)

    def __init__(self, placeholder: str | None = None) -> None:
        words = placeholder or QCoreApplication.translate("AmountField", "Reference, optional (receipt, table, order)")
        super().__init__(words, show_name=False, note="none", kind="reference")
        self.edit.setPlaceholderText(shown(words))
        self.edit.setMaxLength(80)
        self.edit.editingFinished.connect(self._show_start)

    def set_text(self, text: str) -> None:
        super().set_text(text)
        self._show_start()

    def _show_start(self) -> None:
        """A long one that nobody writes in is read from its beginning."""
        if not self.edit.hasFocus():
            self.edit.home(False)

    def _entered(self) -> None:
        super()._entered()
        self.accepted.emit(self.text().strip())
