"""The window's wiring: every part around the counter, started and stopped in order. Imported for windows only."""

import logging
import os
import sys
import tempfile
import time
import traceback
import uuid
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication

from cashier.addresses import environment_of
from cashier.domain.transaction import Transaction
from cashier.errors import NoPassword
from cashier.settings import Settings
from cashier.ui import theme
from cashier.ui.bridge import Bridge
from cashier.ui.interrupted import Interrupted
from cashier.ui.screens.charge import ChargeScreen
from cashier.ui.screens.settings import Explained, SettingsDoors, SettingsScreen
from cashier.ui.sounds import Player, QtPlayer, SilentPlayer
from cashier.ui.widgets.crash_dialog import CrashDialog
from cashier.ui.window import MainWindow

if TYPE_CHECKING:
    from cashier.counter import Counter, Opened
    from cashier.till.health import Health

log = logging.getLogger(__name__)

_CLOSE_AGAIN = 10.0
_PICTURE = (1366, 768)


class Window(QObject):
    """The counter on a screen. `begin` shows it; the ledger is opened behind it, after the first paint."""

    def __init__(
        self,
        app: QApplication,
        make_counter: Callable[[], "Counter"],
        player: Player | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__()
        self._app = app
        self._make_counter = make_counter
        self._counter_made: Counter | None = None
        self._player = player
        self._clock = clock
        self._asked_to_close = float("-inf")
        self.bridge = Bridge()
        self.main = MainWindow()
        self.charge = ChargeScreen(self.bridge, _Sounds(self._wanted_player), lambda: uuid.uuid4().hex, clock=clock)
        doors = SettingsDoors(self._test, self._self_test, self._save)
        self.settings = SettingsScreen(self.bridge, doors)
        self.main.add_screen("charge", self.charge, "charge", self.tr("Charge"), "F1")
        self.main.add_screen("settings", self.settings, "settings", self.tr("Settings"), "F10", bottom=True)
        self._practice_key = QShortcut(QKeySequence("Ctrl+P"), self.main)
        self._practice_key.activated.connect(self._practise)
        self._practice_key.setEnabled(False)
        self._sounds_on = True
        self._interrupted = Interrupted(self.main.banner)
        self._connect()

    def begin(self) -> None:
        """Shows the window; everything slow comes after its first paint."""
        self.main.show()
        self.charge.setFocus()
        QTimer.singleShot(0, self._after_paint)

    def begin_practice(self) -> None:
        """As `begin`, with the practice gateway opened at once: the demo."""
        self.main.show()
        self.charge.setFocus()
        self.bridge.start()
        self.bridge.run(lambda: self._counter.prepare(), lambda _none: self._practise(), self._stopped)

    def end(self) -> None:
        """Stops everything behind the window and joins its threads."""
        self.bridge.stop()
        if self._counter_made is not None:
            self._counter_made.stop()

    @property
    def _counter(self) -> "Counter":
        """Made by the first worker that needs it: its imports cost more than the first paint may take."""
        if self._counter_made is None:
            self._counter_made = self._make_counter()
        return self._counter_made

    def _connect(self) -> None:
        self.bridge.health.connect(self._health)
        self.bridge.changed.connect(self._interrupted.note)
        self.bridge.crashed.connect(self.show_crash)
        self.settings.saved.connect(self._dress)
        self.settings.themed.connect(partial(theme.apply, self._app))
        self.main.ask_before_close = self._may_close

    def _after_paint(self) -> None:
        self.bridge.start()
        self.bridge.run(lambda: self._counter.prepare(), self._prepared, self._stopped)

    def _prepared(self, settings: Settings | None) -> None:
        if self._counter.notice:
            self.settings.say(Explained(False, self._counter.notice))
        if settings is None:
            self._first_start()
            return
        self._dress(settings)
        self.settings.fill(settings, has_password=True)
        self.bridge.run(lambda: self._counter.open(settings), self._opened, self._stopped)

    def _first_start(self) -> None:
        self.settings.fill(Settings("practice"), has_password=False)
        self.main.show_screen("settings")
        self._practice_key.setEnabled(True)
        if not self._counter.notice:
            words = self.tr("Press Ctrl+P to practise at once, or fill in your own account.")
            self.settings.say(Explained(True, self.tr("Welcome. Nothing is set yet."), words))

    def _practise(self) -> None:
        settings = Settings("practice")
        self.bridge.run(partial(self._save, settings, ""), lambda _none: self._practising(settings), self._stopped)

    def _practising(self, settings: Settings) -> None:
        self._dress(settings)
        self.settings.fill(settings, has_password=True)
        self.main.show_screen("charge")

    def _opened(self, opened: "Opened") -> None:
        self.bridge.attach(opened.running.till, opened.rows)
        self._practice_key.setEnabled(False)
        self.main.show_environment(_word(opened), opened.host)
        self._interrupted.show(opened.interrupted, opened.rows)

    def _stopped(self, trouble: Exception) -> None:
        if isinstance(trouble, NoPassword):
            self.main.show_screen("settings")
            self.settings.say(Explained(False, str(trouble)))
            self.settings.account.password.field.setFocus()
            return
        self.main.banner.show_notice("failed", self.tr("No sales yet."), str(trouble))

    def _dress(self, settings: Settings) -> None:
        self._sounds_on = settings.sounds
        theme.apply(self._app, settings.theme)  # type: ignore[arg-type]  # checked when it was read

    def _health(self, health: "Health") -> None:
        self.main.show_health(health)

    def _wanted_player(self) -> Player:
        if not self._sounds_on:
            return SilentPlayer()
        if self._player is None:
            self._player = QtPlayer()
        return self._player

    def _test(self, settings: Settings, password: str) -> Explained:
        found = self._counter.test(settings, password)
        advice = f"{found.advice} {self.tr('Code %1').replace('%1', found.code)}" if found.code else found.advice
        return Explained(found.good, found.sentence, advice.strip())

    def _self_test(self, settings: Settings) -> Explained:
        found = self._counter.self_test(settings)
        return Explained(found.good, found.sentence, found.advice)

    def _save(self, settings: Settings, password: str) -> None:
        """On a worker: stores, closes the account that is open, opens this one; the screens hear of it later."""
        opened = self._counter.save(settings, password)
        self.bridge.call(partial(self._opened, opened))

    def _may_close(self) -> bool:
        """With open payments the first try says that they are kept, the second closes."""
        rows = self._open_rows()
        now = self._clock()
        if not rows or now - self._asked_to_close < _CLOSE_AGAIN:
            return True
        self._asked_to_close = now
        words = self.tr("They are kept and asked about at the next start. Close again to end.")
        title = self.tr("%1 open payments.").replace("%1", str(len(rows)))
        self.main.banner.show_notice("unknown", title, words)
        return False

    def _open_rows(self) -> list[Transaction]:
        return [card.transaction for card in self.charge.list.cards() if card.transaction.is_open]

    def show_crash(self, trouble: BaseException) -> None:
        """Our own fault: says so, with what to send us."""
        from cashier.logs import redact

        CrashDialog(redact("".join(traceback.format_exception(trouble))), self.main).show()


def _word(opened: "Opened") -> str:
    """The word on the stripes: no real money on this computer, on the sandbox's host, or where the settings say so."""
    by_host = environment_of(opened.url)
    if "practice" in (by_host, opened.environment):
        return "PRACTICE"
    return "TEST" if "sandbox" in (by_host, opened.environment) else ""


class _Sounds:
    """Asks for the player at each sound, so that a change of the settings holds at once."""

    def __init__(self, wanted: Callable[[], Player]) -> None:
        self._wanted = wanted

    def play(self, sound: str) -> None:
        self._wanted().play(sound)  # type: ignore[arg-type]  # the screen's own three words


def _counter(data_dir: Path | None) -> "Counter":
    from cashier.counter import Counter

    return Counter(data_dir)


def _demo_counter(folder: Path) -> "Counter":
    from cashier.counter import Counter
    from cashier.credentials import MemoryStore

    return Counter(folder, store=MemoryStore())


def run(data_dir: Path | None) -> int:
    """`cashier`: the window until it is closed."""
    return _run(partial(_counter, data_dir), Window.begin)


def run_demo() -> int:
    """`cashier demo`: the window on the practice gateway, with data in a fresh folder and no keyring."""
    with tempfile.TemporaryDirectory(prefix="cashier-demo-") as folder:
        return _run(partial(_demo_counter, Path(folder)), Window.begin_practice)


def _run(make_counter: Callable[[], "Counter"], begin: Callable[[Window], None]) -> int:
    app = QApplication(sys.argv[:1])
    app.setApplicationName("Cashier")
    theme.apply(app, "system")
    window = Window(app, make_counter)

    def crashed(kind: type[BaseException], trouble: BaseException, trace: TracebackType | None) -> None:
        log.critical("a bug of ours", exc_info=(kind, trouble, trace))
        window.show_crash(trouble)

    sys.excepthook = crashed
    window.main.showMaximized()
    begin(window)
    code = app.exec()
    window.end()
    return code


def play(pictures: Path, tell: Callable[[Transaction], None]) -> bool:
    """`cashier demo --play`: types sales into the window offscreen, saves a PNG of each step into `pictures`.

    `tell` hears of each final transaction. Returns whether each ended as it should.
    """
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from cashier.ui.demo_player import DemoPlayer

    pictures.mkdir(parents=True, exist_ok=True)
    running = QApplication.instance()
    app = running if isinstance(running, QApplication) else QApplication(sys.argv[:1])
    theme.apply(app, "light")
    with tempfile.TemporaryDirectory(prefix="cashier-demo-") as folder:
        window = Window(app, partial(_demo_counter, Path(folder)), SilentPlayer())
        window.main.resize(*_PICTURE)
        window.begin_practice()
        try:
            return DemoPlayer(window.main, window.bridge, window.charge, pictures).play(tell)
        finally:
            window.main.ask_before_close = None
            window.main.close()
            window.end()
