"""The demo: sales typed into the real window, with a picture of each step."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from cashier.domain.events import Change
from cashier.domain.states import State
from cashier.domain.transaction import Transaction
from cashier.files import written
from cashier.ui.bridge import Bridge
from cashier.ui.screens.charge import ChargeScreen

_PATIENCE = 60_000
_LOOK = 20
_HAND = 700


@dataclass(frozen=True)
class Sale:
    """A sale of the demo and how it must end."""

    name: str
    phone: str
    amount: int
    end: State
    code: str | None


SALES = (
    Sale("paid", "0788123456", 1500, State.SUCCESSFUL, "01"),
    Sale("refused", "0788000002", 2500, State.FAILED, "1002"),
    Sale("callback-lost", "0788000006", 3500, State.SUCCESSFUL, "01"),
)


class DemoPlayer:
    """Types as a cashier does, and waits for what the window hears."""

    def __init__(self, window: QWidget, bridge: Bridge, charge: ChargeScreen, pictures: Path) -> None:
        self._window = window
        self._bridge = bridge
        self._charge = charge
        self._pictures = pictures
        self._ends: dict[str, Transaction] = {}
        bridge.changed.connect(self._note)

    def play(self, tell: Callable[[Transaction], None]) -> bool:
        """The whole demo: `tell` hears of each final transaction. Returns whether each ended as it should."""
        if not self._wait(lambda: self._bridge.till is not None):
            return False
        self._save("charge-empty")
        good = True
        for sale in SALES:
            good &= self._sell(sale, tell)
        return good

    def _sell(self, sale: Sale, tell: Callable[[Transaction], None]) -> bool:
        form = self._charge.form
        before = set(self._ends)
        QTest.keyClicks(form.phone.edit, sale.phone)
        QTest.keyClick(form.phone.edit, Qt.Key.Key_Return)
        QTest.keyClicks(form.amount.edit, str(sale.amount))
        QTest.keyClick(form.amount.edit, Qt.Key.Key_Return)
        self._save(f"{sale.name}-typed")
        self._wait(lambda: False, _HAND)  # the button takes no press that follows another too closely
        form.keypad.charge.emit()
        self._wait(form.is_empty)
        self._save(f"{sale.name}-open")
        self._wait(lambda: bool(set(self._ends) - before))
        end = next((self._ends[id] for id in set(self._ends) - before), None)
        if end is None:
            return False
        self._save(f"{sale.name}-end")
        self._charge.results.dismiss()
        tell(end)
        return (end.state, end.response_code) == (sale.end, sale.code)

    def _note(self, change: Change) -> None:
        if change.became_final:
            self._ends[change.transaction.id] = change.transaction

    def _wait(self, ready: Callable[[], bool], patience_ms: int = _PATIENCE) -> bool:
        """Lets the window live until it is so, or patience ends."""
        loop = QEventLoop()
        look, patience = QTimer(), QTimer()
        look.timeout.connect(lambda: loop.quit() if ready() else None)
        patience.setSingleShot(True)
        patience.timeout.connect(loop.quit)
        look.start(_LOOK)
        patience.start(patience_ms)
        if not ready():
            loop.exec()
        return ready()

    def _save(self, name: str) -> None:
        with written(self._pictures / f"{name}.png", replace=True) as part:
            self._window.grab().save(str(part), "PNG")
