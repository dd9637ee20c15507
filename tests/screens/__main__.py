"""Writes build/screens/<screen>-<state>-<theme>-<width>-<lang>.png from the real window on the practice gateway."""

import os
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from cashier.app import Window
from cashier.counter import Counter
from cashier.credentials import MemoryStore, Name
from cashier.domain.states import Kind, State
from cashier.domain.transaction import NewTransaction
from cashier.ledger.ledger import Account, Ledger
from cashier.settings import Settings
from cashier.simulator import Fault, Simulator
from cashier.ui import theme
from cashier.ui.sounds import SilentPlayer
from tests.screens.history_states import history_empty, history_states, long_history

SIZES = ((1366, 768), (1024, 600))
THEMES: tuple[theme.Choice, ...] = ("light", "dark")
PATIENCE = 20_000


class Studio:
    """One window in one theme and size, and what it takes to bring it into each state."""

    def __init__(self, app: QApplication, folder: Path, gateway: Simulator, look: theme.Choice, size: tuple[int, int]):
        self.gateway = gateway
        self._app = app
        self._look = look
        self._size = size
        self._hand = 1000.0
        counter = Counter(folder, store=MemoryStore(), practice=gateway)
        self.window = Window(app, lambda: counter, SilentPlayer(), lambda: self._hand)
        self.window.main.resize(*size)
        self.window.begin_practice()
        self.until(lambda: self.window.bridge.till is not None)
        theme.apply(app, look)
        self.form = self.window.charge.form

    def until(self, ready: Callable[[], bool]) -> None:
        loop = QEventLoop()
        look, patience = QTimer(), QTimer()
        look.timeout.connect(lambda: loop.quit() if ready() else None)
        patience.setSingleShot(True)
        patience.timeout.connect(loop.quit)
        look.start(10)
        patience.start(PATIENCE)
        loop.exec()
        if not ready():
            raise TimeoutError("the window never came to this state")

    def shoot(self, screen: str, state: str) -> None:
        self._app.processEvents()
        self.window.main.grab().save(f"build/screens/{screen}-{state}-{self._look}-{self._size[0]}-en.png")

    def type(self, phone: str, amount: str) -> None:
        self.form.phone.setFocus()
        QTest.keyClicks(self.form.phone.edit, phone)
        QTest.keyClick(self.form.phone.edit, Qt.Key.Key_Return)
        QTest.keyClicks(self.form.amount.edit, amount)

    def sell(self, phone: str, amount: str) -> None:
        self._hand += 1.0
        self.type(phone, amount)
        self.form.keypad.charge.emit()
        self.until(self.form.is_empty)

    def clear(self) -> None:
        """Everything was seen; open payments are brought to their end and seen too."""
        for row in list(self.window.charge._rows.values()):
            if row.is_open:
                self.gateway.settle_now(row.id)
                self.window.charge._check(row.id)
        self.until(lambda: not any(row.is_open for row in self.window.charge._rows.values()))
        self.form.clear()
        while self.window.charge.results.waiting():
            self.window.charge.results.dismiss()

    def state(self, wanted: State) -> Callable[[], bool]:
        return lambda: any(row.state is wanted for row in self.window.charge._rows.values())

    def end(self) -> None:
        self.window.main.ask_before_close = None
        self.window.main.close()
        self.window.end()


def charge_states(studio: Studio) -> None:
    charge = studio.window.charge
    studio.shoot("charge", "empty")
    studio.type("0788123456", "12500")
    studio.shoot("charge", "typed")
    studio.form.clear()
    studio.sell("0788000004", "27000")
    studio.sell("0733555201", "4800")
    studio.gateway.script(Fault(function="gettransactionstatus", times=60, take=False))
    studio.gateway.script(Fault(function="requestpayment", cut=True))
    studio.sell("0791004777", "1500")
    studio.until(studio.state(State.UNKNOWN))
    charge.list.choose(next(row.id for row in charge._rows.values() if row.state is State.UNKNOWN))
    studio.type("0788123456", "12500")
    studio.shoot("charge", "open")
    studio.form.clear()
    studio.shoot("charge", "unknown")
    studio.gateway.clear_script()
    studio.clear()
    studio.sell("0788123456", "12500")
    studio.gateway.settle_now(next(iter(charge._rows)))
    studio.until(charge.results.covers)
    studio.shoot("charge", "paid")
    studio.clear()
    studio.sell("0788000002", "12500")
    studio.until(charge.results.covers)
    studio.shoot("charge", "notpaid")
    studio.type("0788123456", "12500")
    studio.shoot("charge", "band")
    studio.clear()
    studio.sell("0788000008", "5000")
    late = next(iter(charge._rows))
    charge.list.hide_it.emit(late)
    studio.until(lambda: late not in charge._rows)
    studio.gateway.settle_now(late)
    studio.until(charge.results.covers)
    studio.shoot("charge", "late")
    studio.clear()
    for number in range(12):
        studio.sell(f"07880001{number:02d}", f"{1000 + number * 700}")
    studio.shoot("charge", "twelve")
    studio.clear()
    studio.gateway.script(Fault(function="requestpayment", times=3, stall=30.0))
    studio.sell("0788000004", "700")
    studio.type("0788000004", "900")
    studio._hand += 1.0
    studio.form.keypad.charge.emit()
    studio.until(lambda: charge.charging.question is not None)
    studio.shoot("charge", "question")
    panel = charge.charging.question
    if panel is not None:
        panel.answered.emit(0)
    studio.form.clear()
    studio.gateway.script(Fault(function="gettransactionstatus", fields={"amount": 9900}))
    studio.sell("0788000008", "990")
    studio.until(charge.results.covers)
    studio.shoot("charge", "review")


def settings_states(studio: Studio) -> None:
    main, screen = studio.window.main, studio.window.settings
    main.show_screen("settings")
    for page in ("account", "callbacks", "limits", "look"):
        screen.show_page(page)
        studio.shoot("settings", page)
    screen.show_page("account")
    slow = timedelta(hours=3, minutes=2)
    with Simulator(now=lambda: datetime.now(UTC) + slow, username="kimironko12", accountno="SBX00000045") as ahead:
        shown = Settings("sandbox", ahead.url, "kimironko12", "SBX00000045")
        screen.fill(shown, has_password=True)
        studio.window._counter._secrets.set(Name.PARTNER_PASSWORD, "sandbox-SBX00000045", "x")
        screen.account.test.emit()
        studio.until(screen.notice.isVisible)
        studio.until(lambda: screen.account.button.isEnabled())
    studio.shoot("settings", "refused")


def interrupted(folder: Path, accountno: str) -> None:
    """What a power cut leaves: a row that was being sent."""
    ledger = Ledger(folder / f"practice-{accountno}", Account("practice", accountno), now=lambda: datetime.now(UTC))
    ledger.open()
    new = NewTransaction("01INTERRUPTED", Kind.PAYMENT, "250788123456", 12_500)
    ledger.create(new, not_while_open=False, not_same_since=None)
    ledger.close()


def main() -> int:
    Path("build/screens").mkdir(parents=True, exist_ok=True)
    app = QApplication(sys.argv[:1])
    for look in THEMES:
        for size in SIZES:
            theme.apply(app, look)
            with tempfile.TemporaryDirectory() as folder, Simulator(speed=1.0) as gateway:
                studio = Studio(app, Path(folder) / "a", gateway, look, size)
                charge_states(studio)
                settings_states(studio)
                studio.end()
                (Path(folder) / "b").mkdir()
                interrupted(Path(folder) / "b", gateway.accountno)
                studio = Studio(app, Path(folder) / "b", gateway, look, size)
                studio.shoot("charge", "interrupted")
                studio.end()
                (Path(folder) / "c").mkdir()
                studio = Studio(app, Path(folder) / "c", gateway, look, size)
                history_empty(studio)
                studio.end()
                with long_history(gateway.accountno) as data:
                    studio = Studio(app, data, gateway, look, size)
                    history_states(studio)
                    studio.end()
    return 0


if __name__ == "__main__":
    sys.exit(main())
