"""Closing by hand on the Charge screen: in the place of the form, which keeps what is in it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QVBoxLayout

from cashier.domain.transaction import Transaction
from cashier.ui.bridge import Bridge
from cashier.ui.screens.charge_form import ChargeForm

if TYPE_CHECKING:
    from cashier.ui.widgets.close_by_hand import CloseByHand


class ClosingInPlace(QObject):
    """`ended` comes when the form stands there again. `panel` is what stands there now, or None."""

    ended = Signal()

    def __init__(self, bridge: Bridge, form: ChargeForm, column: QVBoxLayout) -> None:
        super().__init__(form)
        self._bridge = bridge
        self._form = form
        self._column = column
        self.panel: CloseByHand | None = None

    def open(self, row: Transaction) -> None:
        """Begins closing `row`; one that was begun before gives way, unless it is just being written."""
        from cashier.ui.widgets.close_by_hand import CloseByHand

        if self.panel is not None and self.panel.is_busy():
            return
        self._take_away()
        self.panel = CloseByHand(self._bridge, row)
        self.panel.done.connect(self._done)
        self._form.hide()
        self._column.insertWidget(self._column.indexOf(self._form), self.panel, 1)
        self.panel.begin()

    def _done(self, _row: Transaction | None) -> None:
        self._take_away()
        self._form.show()
        self._form.phone.setFocus()
        self.ended.emit()

    def _take_away(self) -> None:
        if self.panel is not None:
            self._column.removeWidget(self.panel)
            self.panel.hide()
            self.panel.deleteLater()
            self.panel = None
