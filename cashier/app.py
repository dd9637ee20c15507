"""The window's wiring: every part around the counter, started and stopped in order. Imported for windows only.

What the first paint does not need is imported after it: docs/decisions/first-paint.md.
"""

import gc
import logging
import os
import sys
import time
from collections.abc import Callable
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from cashier.ui import icons, theme
from cashier.ui.bridge import Bridge
from cashier.ui.screens.charge import ChargeScreen
from cashier.ui.sounds import SwitchedPlayer
from cashier.ui.window import MainWindow

if TYPE_CHECKING:
    from types import TracebackType

    from PySide6.QtGui import QShortcut

    from cashier.counter import Counter, Opened
    from cashier.settings import Settings
    from cashier.ui.closing import Closing
    from cashier.ui.interrupted import Interrupted
    from cashier.ui.screens.settings import Explained, SettingsScreen
    from cashier.ui.sounds import Player

log = logging.getLogger(__name__)


class Window(QObject):
    """The counter on a screen. `begin` shows it; the ledger is opened behind it, after the first paint."""

    def __init__(
        self,
        app: QApplication,
        make_counter: "Callable[[], Counter]",
        player: "Player | None" = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__()
        self._app = app
        self._make_counter = make_counter
        self._counter_made: Counter | None = None
        self._player = SwitchedPlayer(player)
        self._clock = clock
        self._interrupted: Interrupted | None = None
        self._filled: tuple[Settings, bool] | None = None
        self.bridge = Bridge()
        self.main = MainWindow()
        self.charge = ChargeScreen(self.bridge, self._player, _new_action, clock=clock)
        self.main.add_screen("charge", lambda: self.charge, "charge", self.tr("Charge"), "F1")
        self.main.add_screen("settings", self._make_settings, "settings", self.tr("Settings"), "F10", bottom=True)
        self._practice_key: QShortcut | None = None
        self._warm: Callable[[], None] | None = None
        self.charge.form.edited.connect(self._warm_up)
        self.bridge.health.connect(self.main.show_health)
        self.bridge.crashed.connect(self.show_crash)
        self.main.ask_before_close = self._may_close

    @property
    def settings(self) -> "SettingsScreen":
        """The screen of settings, made now if it is not there yet."""
        return cast("SettingsScreen", self.main.screen_named("settings"))

    def begin(self) -> None:
        """Shows the window; everything slow comes after its first paint."""
        self.main.painted.connect(self._after_paint)
        self.main.show()
        self.charge.setFocus()

    def begin_practice(self) -> None:
        """As `begin`, with the practice gateway opened at once: the demo."""
        self.main.painted.connect(self._practise_after_paint)
        self.main.show()
        self.charge.setFocus()

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

    def _after_paint(self) -> None:
        self._go_on()
        self.bridge.run(lambda: self._counter.prepare(), self._prepared, self._stopped)

    def _practise_after_paint(self) -> None:
        self._go_on()
        self.bridge.run(lambda: self._counter.prepare(), lambda _none: self._practise(), self._stopped)

    def _go_on(self) -> None:
        """What the first paint did without."""
        theme.apply(self._app, theme.look().choice)
        self.bridge.start()
        self.bridge.run(icons.read_all)

    def _prepared(self, settings: "Settings | None") -> None:
        if settings is None:
            self._first_start()
        else:
            self._dress(settings)
            self._fill(settings, has_password=True)
            self.bridge.run(lambda: self._counter.open(settings), self._opened, self._stopped)
        if self._counter.notice:
            self._say(False, self._counter.notice)

    def _first_start(self) -> None:
        from cashier.settings import Settings

        self._fill(Settings("practice"), has_password=False)
        self.main.show_screen("settings")
        from PySide6.QtGui import QKeySequence, QShortcut

        self._practice_key = QShortcut(QKeySequence("Ctrl+P"), self.main)
        self._practice_key.activated.connect(self._practise)
        words = self.tr("Press Ctrl+P to practise at once, or fill in your own account.")
        self._say(True, self.tr("Welcome. Nothing is set yet."), words)

    def _practise(self) -> None:
        from cashier.settings import Settings

        settings = Settings("practice")
        self.bridge.run(partial(self._save, settings, ""), lambda _none: self._practising(settings), self._stopped)

    def _practising(self, settings: "Settings") -> None:
        self._dress(settings)
        self._fill(settings, has_password=True)
        self.main.show_screen("charge")

    def _opened(self, opened: "Opened") -> None:
        from cashier.ui.interrupted import Interrupted

        self.bridge.attach(opened.running.till, opened.rows)
        if self._practice_key is not None:
            self._practice_key.setEnabled(False)
        self.main.show_environment(_word(opened), opened.host)
        if self._interrupted is None:
            self._interrupted = Interrupted(lambda: self.main.banner)
            self.bridge.changed.connect(self._interrupted.note)
        self._interrupted.show(opened.interrupted, opened.rows)
        self._warm = opened.running.warm
        self.charge.prepare()
        # What stands now stays: later collections need not look at it.
        gc.freeze()
        gc.enable()

    def _warm_up(self) -> None:
        """The first figure of the first sale: what its way to the gateway needs is loaded while the cashier types."""
        if self._warm is not None:
            self.bridge.run(self._warm)
            self._warm = None

    def _stopped(self, trouble: Exception) -> None:
        from cashier.errors import NoPassword

        gc.enable()
        if isinstance(trouble, NoPassword):
            self.main.show_screen("settings")
            self._say(False, str(trouble))
            self.settings.account.password.field.setFocus()
            return
        self.main.banner.show_notice("failed", self.tr("No sales yet."), str(trouble))

    def _make_settings(self) -> "SettingsScreen":
        from cashier.settings import Settings
        from cashier.ui.screens.settings import SettingsDoors, SettingsScreen

        made = SettingsScreen(self.bridge, SettingsDoors(self._test, self._self_test, self._save))
        settings, has_password = self._filled or (Settings("practice"), False)
        made.fill(settings, has_password=has_password)
        made.saved.connect(self._saved)
        made.themed.connect(partial(theme.apply, self._app))
        return made

    def _fill(self, settings: "Settings", *, has_password: bool) -> None:
        """What Settings shows, once it is made."""
        self._filled = settings, has_password
        if self.main.has_screen("settings"):
            self.settings.fill(settings, has_password=has_password)

    def _say(self, good: bool, sentence: str, advice: str = "") -> None:
        from cashier.ui.screens.settings import Explained

        self.settings.say(Explained(good, sentence, advice))

    def _saved(self, settings: "Settings") -> None:
        self._filled = settings, True
        self._dress(settings)

    def _dress(self, settings: "Settings") -> None:
        self._player.on = settings.sounds
        theme.apply(self._app, settings.theme)  # type: ignore[arg-type]  # checked when it was read

    def _test(self, settings: "Settings", password: str) -> "Explained":
        from cashier.ui.screens.settings import Explained

        found = self._counter.test(settings, password)
        advice = f"{found.advice} {self.tr('Code %1').replace('%1', found.code)}" if found.code else found.advice
        return Explained(found.good, found.sentence, advice.strip())

    def _self_test(self, settings: "Settings") -> "Explained":
        from cashier.ui.screens.settings import Explained

        found = self._counter.self_test(settings)
        return Explained(found.good, found.sentence, found.advice)

    def _save(self, settings: "Settings", password: str) -> None:
        """On a worker: stores, closes the account that is open, opens this one; the screens hear of it later."""
        opened = self._counter.save(settings, password)
        self.bridge.call(partial(self._opened, opened))

    def _may_close(self) -> bool:
        rows = [card.transaction for card in self.charge.list.cards() if card.transaction.is_open]
        return not rows or self._closing.may_close(len(rows))

    @cached_property
    def _closing(self) -> "Closing":
        from cashier.ui.closing import Closing

        return Closing(self.main.banner, self._clock)

    def show_crash(self, trouble: BaseException) -> None:
        """Our own fault: says so, with what to send us."""
        import traceback

        from cashier.logs import redact
        from cashier.ui.widgets.crash_dialog import CrashDialog

        CrashDialog(redact("".join(traceback.format_exception(trouble))), self.main).show()


def _new_action() -> str:
    """A name for one press of a button."""
    return os.urandom(16).hex()


def _word(opened: "Opened") -> str:
    """The word on the stripes: no real money on this computer, on the sandbox's host, or where the settings say so."""
    from cashier.addresses import environment_of

    by_host = environment_of(opened.url)
    if "practice" in (by_host, opened.environment):
        return "PRACTICE"
    return "TEST" if "sandbox" in (by_host, opened.environment) else ""


def _counter(data_dir: Path | None) -> "Counter":
    from cashier.counter import Counter

    return Counter(data_dir)


def run(data_dir: Path | None, begin: Callable[[Window], None] = Window.begin) -> int:
    """`cashier`: the window until it is closed. `begin` shows it."""
    return open_window(partial(_counter, data_dir), begin)


def open_window(make_counter: "Callable[[], Counter]", begin: Callable[[Window], None]) -> int:
    """Makes the application and its window, shows it with `begin` and stays until it is closed."""
    app = theme.application()
    app.setApplicationName("Cashier")
    theme.begin(app, "system")
    window = Window(app, make_counter)

    def crashed(kind: type[BaseException], trouble: BaseException, trace: "TracebackType | None") -> None:
        log.critical("a bug of ours", exc_info=(kind, trouble, trace))
        window.show_crash(trouble)

    sys.excepthook = crashed
    window.main.showMaximized()
    begin(window)
    code = app.exec()
    window.end()
    return code
