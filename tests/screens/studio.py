"""One window on the practice gateway, brought into each state and drawn as build/screens/<screen>-<state>-….png."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from cashier.app import Window
from cashier.counter import Counter
from cashier.credentials import MemoryStore
from cashier.domain.states import State
from cashier.simulator import Simulator
from cashier.ui import theme
from cashier.ui.sounds import SilentPlayer
from cashier.ui.widgets.suggestions import Suggestions
from tests.ui.seeing import cut_off

PATIENCE = 20_000
_TO_SETTLE = 2_000


class Studio:
    """One window in one theme and size, and what it takes to bring it into each state."""

    def __init__(
        self,
        app: QApplication,
        folder: Path,
        gateway: Simulator,
        look: theme.Choice,
        size: tuple[int, int],
        *,
        practise: bool = True,
    ) -> None:
        """Without `practise` the window starts as a shop's, and whoever asked for it waits for what comes of it."""
        self.gateway = gateway
        self._app = app
        self._look = look
        self._size = size
        self._hand = 1000.0
        counter = Counter(folder, store=MemoryStore(), practice=gateway)
        self.window = Window(app, lambda: counter, SilentPlayer(), lambda: self._hand)
        self.window.main.resize(*size)
        if practise:
            self.window.begin_practice()
            self.until(lambda: self.window.bridge.till is not None)
        else:
            self.window.begin()
            self.until(lambda: self.window.bridge.why_closed is not None)
        theme.apply(app, look)
        self.form = self.window.charge.form

    def until(self, ready: Callable[[], bool], patience: int = PATIENCE) -> None:
        loop = QEventLoop()
        look, most = QTimer(), QTimer()
        look.timeout.connect(lambda: loop.quit() if ready() else None)
        most.setSingleShot(True)
        most.timeout.connect(loop.quit)
        look.start(10)
        most.start(patience)
        loop.exec()
        if not ready():
            raise TimeoutError("the window never came to this state")

    def shoot(self, screen: str, state: str, of: QWidget | None = None) -> None:
        """A picture of the window (or of `of`), once it is laid out; what is cut off even then ends it all."""
        shown = of or self.window.main
        try:
            self.until(lambda: not cut_off(shown), _TO_SETTLE)
        except TimeoutError as late:
            cut = cut_off(shown)
            raise AssertionError(f"{screen}-{state} at {self._size[0]} wide: {cut}") from late
        for _ in range(3):  # a card that shrank is laid out again level by level
            self._app.processEvents()
        shown.grab().save(f"build/screens/{screen}-{state}-{self._look}-{self._size[0]}-en.png")

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

    def suggested(self) -> QWidget | None:
        """The list of earlier customers, where it is shown."""
        found = self.window.main.findChild(Suggestions)
        return found if found is not None and found.isVisible() else None

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
