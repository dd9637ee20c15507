"""A real window on a real till, offscreen, driven from within its own event loop, with a pulse that feels stalls."""

import socket
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtTest import QTest

from cashier.app import Window
from cashier.counter import Counter
from cashier.credentials import MemoryStore, Name
from cashier.paths import account_folder_name
from cashier.settings import Settings, save
from cashier.ui import theme
from cashier.ui.sounds import SilentPlayer

ACCOUNT = "250160000099"
# What a scenario yields until it is true.
Until = Callable[[], bool]
Scenario = Generator[Until, None, None]
_PULSE_MS = 1
_PATIENCE = 60.0
_REST = 0.05


class Hand:
    """The clock of the guards: the hand of the bench rests without time passing."""

    def __init__(self) -> None:
        self.time = 0.0

    def __call__(self) -> float:
        return self.time


class Till:
    """The window, ready for the first customer, and the scenario that plays on it."""

    def __init__(self, window: Window, hand: Hand) -> None:
        self.window = window
        self.hand = hand
        self.stall = 0.0
        self._beat = 0.0

    def type_sale(self, phone: str, amount: int) -> None:
        """Fills the form; the keyboard is on Charge and the hand has rested."""
        form = self.window.charge.form
        QTest.keyClicks(form.phone.edit, phone)
        QTest.keyClick(form.phone.edit, Qt.Key.Key_Return)
        QTest.keyClicks(form.amount.edit, str(amount))
        QTest.keyClick(form.amount.edit, Qt.Key.Key_Return)
        self.hand.time += 1.0

    def rested(self) -> Until:
        """True once the window has stood still for a moment: nobody presses Charge in the frame of the last figure."""
        until = time.monotonic() + _REST
        return lambda: time.monotonic() >= until

    def press(self) -> float:
        """Enter on Charge. Returns the time just before it."""
        at = time.monotonic()
        QTest.keyClick(self.window.charge.form.keypad.charge_button, Qt.Key.Key_Return)
        return at

    def put_away(self) -> None:
        """The result was seen."""
        self.hand.time += 1.0
        self.window.charge.results.dismiss()

    def play(self, scenario: Scenario, patience: float = _PATIENCE) -> None:
        """Runs the scenario to its end; `stall` is then the longest pause of the event loop in seconds.

        Raises TimeoutError when one step takes longer than `patience` seconds.
        """
        loop, timer = QEventLoop(), QTimer()
        timer.setTimerType(Qt.TimerType.PreciseTimer)
        until, since = next(scenario), time.monotonic()
        self.stall = 0.0
        self._beat = time.monotonic()
        failed: list[Exception] = []

        def pulse() -> None:
            nonlocal until, since
            now = time.monotonic()
            self.stall = max(self.stall, now - self._beat - _PULSE_MS / 1000)
            try:
                while until():
                    until, since = next(scenario), time.monotonic()
                if now - since > patience:
                    raise TimeoutError("the bench waits in vain")
            except StopIteration:
                loop.quit()
            except Exception as trouble:  # noqa: BLE001  # told by whoever started the loop
                failed.append(trouble)
                loop.quit()
            self._beat = now

        timer.timeout.connect(pulse)
        timer.start(_PULSE_MS)
        loop.exec()
        timer.stop()
        if failed:
            raise failed[0]


@contextmanager
def till_at(folder: Path, gateway_url: str) -> Iterator[Till]:
    """A window whose account is at `gateway_url` on this computer, with callbacks on."""
    port = free_port()
    callbacks = f"http://127.0.0.1:{port}"
    save(
        folder / "settings.json",
        Settings("practice", gateway_url, "shop", ACCOUNT, callback_url=callbacks, callback_port=port),
    )
    store = MemoryStore()
    store.set(Name.PARTNER_PASSWORD, account_folder_name("practice", ACCOUNT), "not a real one")
    app = theme.application()
    theme.apply(app, "light")
    hand = Hand()
    window = Window(app, lambda: Counter(folder, store=store), SilentPlayer(), hand)
    window.main.resize(1366, 768)
    try:
        window.begin()
        till = Till(window, hand)
        till.play(_opened(window))
        yield till
    finally:
        window.main.ask_before_close = None
        window.main.close()
        window.end()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _opened(window: Window) -> Scenario:
    yield lambda: window.bridge.till is not None
