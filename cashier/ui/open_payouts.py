"""How many payouts are open, for the status line and the closing notice, whether or not their screen was made."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from cashier.domain.states import Kind, State
from cashier.ui.bridge import Bridge

if TYPE_CHECKING:
    from cashier.domain.events import Change
    from cashier.domain.transaction import Transaction


class OpenPayouts(QObject):
    """Hears of each payout; `changed` carries how many are open and whether one of them needs eyes."""

    changed = Signal(int, bool)

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._rows: dict[str, Transaction] = {}
        bridge.opened.connect(self._opened)
        bridge.changed.connect(self._note)

    def count(self) -> int:
        return len(self._rows)

    def _opened(self, rows: "list[Transaction]") -> None:
        self._rows = {row.id: row for row in rows if row.kind is Kind.PAYOUT}
        self._tell()

    def _note(self, change: "Change") -> None:
        row = change.transaction
        if row.kind is not Kind.PAYOUT:
            return
        if row.is_open:
            self._rows[row.id] = row
        else:
            self._rows.pop(row.id, None)
        self._tell()

    def _tell(self) -> None:
        eyes = any(row.state is State.UNKNOWN or row.review is not None for row in self._rows.values())
        self.changed.emit(len(self._rows), eyes)
