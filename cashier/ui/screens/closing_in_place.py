"""Closing by hand in the place of what a screen shows, which keeps what is in it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QBoxLayout, QWidget

from cashier.domain.transaction import Transaction
from cashier.ui.bridge import Bridge

if TYPE_CHECKING:
    from cashier.ui.widgets.close_by_hand import CloseByHand


class ClosingInPlace(QObject):
    """`ended` comes when what stood there does so again. `panel` is what stands there now, or None."""

    ended = Signal()

    def __init__(self, bridge: Bridge, part: QWidget, layout: QBoxLayout, keyboard: QWidget) -> None:
        """`part` of `layout` gives way; `keyboard` gets the keyboard after it."""
        super().__init__(part)
        self._bridge = bridge
        self._part = part
        self._layout = layout
        self._keyboard = keyboard
        self.panel: CloseByHand | None = None

    def open(self, row: Transaction) -> None:
        """Begins closing `row`; one that was begun before gives way, unless it is just being written."""
        from cashier.ui.widgets.close_by_hand import CloseByHand

        if self.panel is not None and self.panel.is_busy():
            return
        self._take_away()
        self.panel = CloseByHand(self._bridge, row)
        self.panel.done.connect(self._done)
        self._part.hide()
        self._layout.insertWidget(self._layout.indexOf(self._part), self.panel, 1)
        self.panel.begin()

    def _done(self, _row: Transaction | None) -> None:
        self._take_away()
        self._part.show()
        self._keyboard.setFocus()
        self.ended.emit()

    def _take_away(self) -> None:
        if self.panel is not None:
            self._layout.removeWidget(self.panel)
            self.panel.hide()
            self.panel.deleteLater()
            self.panel = None
