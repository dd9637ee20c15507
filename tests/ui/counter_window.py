"""The real window on a real till and the practice gateway, driven by keys as a cashier would."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from cashier.app import Window
from cashier.counter import Counter
from cashier.credentials import MemoryStore
from cashier.domain.events import Change
from cashier.domain.transaction import Transaction
from cashier.simulator import Simulator
from cashier.ui import theme
from cashier.ui.sounds import Sound

LONG = 20_000


class Ear:
    """A player that only remembers."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def play(self, sound: Sound) -> None:
        self.heard.append(sound)


class Hand:
    """The clock of the guards: a person's hand, which rests as long as a test says."""

    def __init__(self) -> None:
        self.time = 1000.0

    def __call__(self) -> float:
        return self.time

    def rest(self, seconds: float) -> None:
        self.time += seconds


class Cashier:
    """A person at the window, with only a keyboard."""

    def __init__(self, qtbot: QtBot, window: Window, gateway: Simulator, hand: Hand) -> None:
        self.qtbot = qtbot
        self.rest = hand.rest
        self.window = window
        self.gateway = gateway
        self.charge = window.charge
        self.form = window.charge.form
        self.changes: list[Change] = []
        window.bridge.changed.connect(self.changes.append)

    def focused(self) -> QWidget:
        found = QApplication.focusWidget()
        assert found is not None
        return found

    def type(self, text: str) -> None:
        for figure in text:
            QTest.keyClicks(self.focused(), figure)

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.focused(), key, modifiers)

    def enter(self) -> None:
        self.press(Qt.Key.Key_Return)

    def fill(self, phone: str, amount: str) -> None:
        """Phone, Enter, amount, Enter: the button has the keyboard now."""
        self.type(phone)
        self.enter()
        self.type(amount)
        self.enter()

    def sell(self, phone: str, amount: str) -> None:
        """Fills the form, rests as a hand does, presses Enter and sees the form free."""
        self.fill(phone, amount)
        self.rest(0.7)
        self.enter()
        self.until(self.form.is_empty)

    def until(self, ready: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(ready, timeout=LONG)

    def asked(self) -> bool:
        """Whether a question stands in the place of the form."""
        return self.charge.charging.question is not None

    def rows(self) -> list[Transaction]:
        return [card.transaction for card in self.charge.list.cards()]

    def sent(self) -> int:
        return sum(one["function"] == "requestpayment" for one in self.gateway.book()["requests"])


@contextmanager
def cashier_at(qtbot: QtBot, folder: Path, *, speed: float = 20.0, ear: Ear | None = None) -> Iterator[Cashier]:
    """A window in practice, ready for the first customer."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme.apply(app, "light")
    with Simulator(speed=speed) as gateway:
        counter = Counter(folder, store=MemoryStore(), practice=gateway)
        hand = Hand()
        window = Window(app, lambda: counter, ear or Ear(), hand)
        qtbot.addWidget(window.main)
        window.main.resize(1366, 768)
        try:
            window.begin_practice()
            with qtbot.waitActive(window.main):
                window.main.activateWindow()
            qtbot.waitUntil(lambda: window.bridge.till is not None, timeout=LONG)
            yield Cashier(qtbot, window, gateway, hand)
        finally:
            window.main.ask_before_close = None
            window.main.close()
            window.end()
