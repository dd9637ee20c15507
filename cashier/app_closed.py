"""The window without an account: no password yet, a second window, a ledger that cannot be opened."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

if TYPE_CHECKING:
    from cashier.app_looking import Looked
    from cashier.counter import Counter
    from cashier.ui.bridge import Bridge
    from cashier.ui.screens.charge import ChargeScreen
    from cashier.ui.window import MainWindow


class ClosedPart(QObject):
    """Says what to do, and what is open meanwhile, read beside whoever holds the ledger."""

    def __init__(
        self, main: "MainWindow", bridge: "Bridge", charge: "ChargeScreen", counter: "Callable[[], Counter]"
    ) -> None:
        super().__init__()
        self._main = main
        self._bridge = bridge
        self._charge = charge
        self._counter = counter

    def show(self, trouble: Exception) -> None:
        """No account is open, for this reason."""
        self._main.status.show_item("sales", self.tr("No account is open: no sales"), wrong=True)
        self._bridge.why_closed = str(trouble)
        self._charge.show_closed(self.tr("No sales yet."), self._what_to_do(trouble))
        self._bridge.run(self._look, partial(self._show_open, trouble), lambda _unreadable: None)

    def _look(self) -> "Looked":
        """On a worker."""
        from cashier.app_looking import look

        return look(self._counter().data_dir)

    def over(self) -> None:
        """An account is open."""
        if self._main.status.has_item("sales"):
            self._main.status.show_item("sales", "")

    def _what_to_do(self, trouble: Exception) -> str:
        from cashier.errors import NoPassword

        if isinstance(trouble, NoPassword):
            return self.tr("Open Settings (F10), type the partner password there and save.")
        return str(trouble)

    def _show_open(self, trouble: Exception, looked: "Looked") -> None:
        from cashier.ledger.errors import FolderInUse

        if self._bridge.till is not None:
            return
        if looked.settings is not None:
            from cashier.zones import zone_named

            self._main.take_zone(zone_named(looked.settings.time_zone))
        from cashier.ui.closing import open_payments, open_payouts

        found = [part for part in (open_payments(looked.payments), open_payouts(looked.payouts)) if part]
        if not found:
            return
        if isinstance(trouble, FolderInUse):
            words = self.tr("%1. This window asks about none of them: the other one does.")
        else:
            words = self.tr("%1. Nobody asks about them until the account is open.")
        self._charge.list.show_unasked(looked.payments, words.replace("%1", ", ".join(found)))
