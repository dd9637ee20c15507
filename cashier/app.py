"""The window's wiring: every part around the counter, started and stopped in order. Imported for windows only.

What the first paint does not need is imported after it: docs/decisions/first-paint.md.
"""

import gc
import logging
import sys
import threading
import time
from collections.abc import Callable
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from cashier.app_closed import ClosedPart
from cashier.app_history import HistoryPart
from cashier.app_money import MoneyPart, new_action
from cashier.app_settings import SettingsPart, stripe_word
from cashier.ui import icons, theme
from cashier.ui.bridge import Bridge
from cashier.ui.screens.charge import ChargeScreen
from cashier.ui.sounds import SwitchedPlayer
from cashier.ui.window import MainWindow

if TYPE_CHECKING:
    from types import TracebackType

    from cashier.counter import Counter, Opened
    from cashier.credentials import Known
    from cashier.settings import Settings
    from cashier.ui.alarms import Alarms
    from cashier.ui.closing import Closing
    from cashier.ui.collecting import Collector
    from cashier.ui.ending import StopSignals
    from cashier.ui.interrupted import Interrupted
    from cashier.ui.screens.history import HistoryScreen
    from cashier.ui.screens.settings import SettingsScreen
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
        gc.disable()  # until the collector of this thread begins: cashier/ui/collecting.py
        self._app = app
        self._make_counter = make_counter
        self._counter_made: Counter | None = None
        self._player = SwitchedPlayer(player)
        self._clock = clock
        self._interrupted: Interrupted | None = None
        self._painted_at = 0.0
        self._collector: Collector | None = None
        self.alarms: Alarms | None = None
        self.bridge = Bridge()
        self.main = MainWindow()
        self._settings = SettingsPart(
            app, self.main, self.bridge, self._player, lambda: self._counter, self._opened, self._stopped
        )
        self.charge = ChargeScreen(self.bridge, self._player, new_action, clock=clock)
        self.main.add_screen("charge", lambda: self.charge, "charge", self.tr("Charge"), "F1")
        self._closed = ClosedPart(self.main, self.bridge, self.charge, lambda: self._counter)
        self.money = MoneyPart(self.main, self.bridge, new_action, clock)
        self._history = HistoryPart(self.main, self.bridge, self.money.start_refund)
        self.main.add_screen("history", self._history.make_screen, "history", self.tr("History"), "F4")
        self.main.add_screen(
            "settings", self._settings.make_screen, "settings", self.tr("Settings"), "F10", bottom=True
        )
        self._settings.dressed.connect(self.money.dress)
        self._warm: Callable[[], None] | None = None
        self.charge.form.edited.connect(self._warm_up)
        self.charge.trouble.connect(self.main.show_sale_trouble)
        self.charge.in_order.connect(self.main.sale_trouble_is_over)
        self.bridge.health.connect(self.main.show_health)
        self.bridge.crashed.connect(self.show_crash)
        self.main.ask_before_close = self._may_close

    @property
    def settings(self) -> "SettingsScreen":
        """The screen of settings, made now if it is not there yet."""
        return self._settings.screen

    @property
    def history(self) -> "HistoryScreen":
        """The screen of history, made now if it is not there yet."""
        return self._history.screen

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
        """Stops everything behind the window and joins its threads. A second call does nothing."""
        self._history.stop()
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
        self.bridge.run(self._prepare, self._prepared, self._stopped)

    def _prepare(self) -> "tuple[Settings | None, Known]":
        """On a worker."""
        from cashier.settings import Settings

        settings = self._counter.prepare()
        return settings, self._counter.known(settings or Settings("practice"))

    def _practise_after_paint(self) -> None:
        self._go_on()
        self.bridge.run(lambda: self._counter.prepare(), lambda _none: self._settings.practise(), self._stopped)

    def _go_on(self) -> None:
        """What the first paint did without."""
        self._painted_at = time.time()
        theme.apply(self._app, theme.look().choice)
        self.bridge.start()
        self.bridge.run(icons.read_all)

    def _prepared(self, found: "tuple[Settings | None, Known]") -> None:
        from cashier.zones import zone_named

        settings, known = found
        # The log is open now: how long a start took on this computer can be told from it.
        log.info("painted at %.3f", self._painted_at)
        if settings is None:
            self._settings.first_start(known)
        else:
            self._settings.dress(settings)
            self._settings.fill(settings, known)
            self.main.take_zone(zone_named(settings.time_zone))
            self.bridge.run(lambda: self._counter.open(settings), self._opened, self._stopped)
        if self._counter.notice:
            self._settings.say(False, self._counter.notice)

    def _opened(self, opened: "Opened") -> None:
        from cashier.ui.alarms import Alarms
        from cashier.ui.interrupted import Interrupted
        from cashier.ui.widgets.notice_bar import Note

        if self.alarms is None:
            self.alarms = Alarms(self.bridge, self._player, self.main.place_alarm)
        self._closed.over()
        self.main.take_zone(opened.zone)
        self._history.take_zone(opened.zone)
        self.bridge.attach(opened.running.till, opened.rows)
        self.money.opened(opened)
        self._settings.welcome_is_over()
        self.main.show_environment(stripe_word(opened), opened.host)
        if self._interrupted is None:
            self._interrupted = Interrupted(lambda: self.main.banner)
            self.bridge.changed.connect(self._interrupted.note)
        notice = opened.running.health.health.ledger_notice
        if notice:
            self.main.banner.put(Note("ledger", "review", self.tr("The ledger needs a look."), notice))
        self._interrupted.show(opened.interrupted, opened.rows)
        self._warm = opened.running.warm
        self.charge.prepare()
        self.bridge.run(self._history.warm)
        self._collect()

    def _collect(self) -> None:
        """From now on garbage is collected, on this thread alone."""
        from cashier.ui.collecting import Collector

        if self._collector is None:
            self._collector = Collector(self)
        self._collector.start()

    def _warm_up(self) -> None:
        """The first figure of the first sale: what its way to the gateway needs is loaded while the cashier types."""
        if self._warm is not None:
            warm, self._warm = self._warm, None
            # What was loaded stays as well: a collection that looked at it would hold up a frame.
            self.bridge.run(warm, lambda _none: gc.freeze())
            self.charge.warm()

    def _stopped(self, trouble: Exception) -> None:
        from cashier.errors import NoPassword

        self._collect()
        if self.bridge.till is not None:
            self.main.banner.show_notice("failed", self.tr("Nothing was changed."), str(trouble))
            return
        self._closed.show(trouble)
        if isinstance(trouble, NoPassword):
            self._settings.ask_password(str(trouble))

    def _may_close(self) -> bool:
        if self._app.isSavingSession():  # the person logs out: nobody is asked, what is open is kept
            return True
        payments = self.charge.list.open_count()
        payouts = self.money.open_payouts.count()
        left = self.money.unfinished.left
        return not (payments + payouts or left) or self._closing.may_close(payments, payouts, left)

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


def _counter(data_dir: Path | None) -> "Counter":
    from cashier.counter import Counter

    return Counter(data_dir)


def run(data_dir: Path | None, begin: Callable[[Window], None] = Window.begin) -> int:
    """`cashier`: the window until it is closed. `begin` shows it."""
    return open_window(partial(_counter, data_dir), begin)


def catch_crashes(window: Window) -> None:
    """From now on what nobody caught, on any thread, is logged without secrets and shown in `window`."""

    def crashed(kind: type[BaseException], trouble: BaseException | None, trace: "TracebackType | None") -> None:
        from cashier.logs import report

        report(kind, trouble, trace)
        window.bridge.crashed.emit(trouble or kind())

    sys.excepthook = crashed
    threading.excepthook = lambda told: crashed(told.exc_type, told.exc_value, told.exc_traceback)


def open_window(make_counter: "Callable[[], Counter]", begin: Callable[[Window], None]) -> int:
    """Makes the application and its window, shows it with `begin` and stays until it is closed."""
    app = theme.application()
    app.setApplicationName("Cashier")
    theme.begin(app, "system")
    window = Window(app, make_counter)

    catch_crashes(window)
    window.main.showMaximized()
    begin(window)
    return _live(app, window)


def _live(app: QApplication, window: Window) -> int:
    """The window's life until a person, a signal or the session ends it; what is open is kept."""
    signals: list[StopSignals] = []

    def listen() -> None:
        from cashier.ui.ending import StopSignals

        signals.append(StopSignals(app))

    window.main.painted.connect(listen)
    # Where the session ends the process at once (Windows), nothing behind `exec` is reached.
    app.aboutToQuit.connect(window.end)
    code = app.exec()
    window.end()
    for one in signals:
        one.stop()
    return code
