"""Earlier customers: suggested while a phone is typed, and how often this one paid here."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from cashier.ui.bridge import Bridge
from cashier.ui.widgets.phone_field import PhoneField

if TYPE_CHECKING:
    from cashier.ledger.reader import Customer


class Customers(QObject):
    """Asks the ledger off the GUI thread; an answer that comes too late is dropped."""

    def __init__(self, bridge: Bridge, field: PhoneField) -> None:
        super().__init__(field)
        self._bridge = bridge
        self._field = field
        field.suggest.connect(self._suggest)
        field.edited.connect(self._known)

    def _suggest(self, typed: str) -> None:
        prefix, till = _prefix(typed), self._bridge.till
        if prefix is not None and till is not None:
            work = partial(till.ledger.reader.customers, prefix)
            self._bridge.run(work, partial(self._found, self._field.text()))

    def _found(self, typed: str, found: "list[Customer]") -> None:
        if self._field.text() == typed and self._field.phone() is None:
            from cashier.ui.widgets.suggestions import Suggestion

            self._field.show_suggestions([Suggestion(one.phone, self._times(one)) for one in found])

    def _known(self) -> None:
        phone, till = self._field.phone(), self._bridge.till
        if phone is not None and till is not None:
            self._bridge.run(partial(till.ledger.reader.customers, phone, 1), partial(self._tell, phone))

    def _tell(self, phone: str, found: "list[Customer]") -> None:
        if self._field.phone() == phone and not self._field.is_wrong():
            self._field.show_note(self._times(found[0]) if found else "")

    def _times(self, one: "Customer") -> str:
        from PySide6.QtCore import QDate, QLocale

        from cashier.ui.shop_zone import here

        last = here(one.last)
        day = QLocale().toString(QDate(last.year, last.month, last.day), "d MMMM")
        if one.paid == 1:
            return self.tr("Paid here once, on %1").replace("%1", day)
        return self.tr("Paid here %1 times, last on %2").replace("%1", str(one.paid)).replace("%2", day)


def _prefix(typed: str) -> str | None:
    """`0788 12`, `788 12`, `250 788 12` as the beginning of a stored phone."""
    figures = typed.removeprefix("250").removeprefix("0")
    return "250" + figures if figures.startswith("7") else None
