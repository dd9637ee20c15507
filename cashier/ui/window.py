"""The main window: rail, screens, status line, the striped frame where no real money moves."""

import time
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from cashier.ui import theme
from cashier.ui.focus_rule import FocusRule
from cashier.ui.widgets.base import empty_margins
from cashier.ui.widgets.rail import Rail
from cashier.ui.widgets.status_line import StatusLine
from cashier.ui.widgets.striped_frame import StripedFrame

if TYPE_CHECKING:
    from datetime import tzinfo

    from cashier.till.health import Health
    from cashier.ui.widgets.alarm_bar import AlarmBar
    from cashier.ui.widgets.notice_bar import NoticeBar

_CLOCK = 5_000
_KIGALI = 2 * 3600
SMALLEST = (900, 500)  # 1366×768 at 150 % leaves 911×512


class MainWindow(QMainWindow):
    """Screens are added by name and made when they are first needed.

    `closing` comes once, when the person has decided to end the program; `painted` once, after the first paint.
    """

    closing = Signal()
    painted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle("Cashier")
        self.setMinimumSize(*SMALLEST)
        self.rail = Rail()
        self.status = StatusLine()
        self.ask_before_close: Callable[[], bool] | None = None
        self._was_painted = False
        self._time = _usual
        self._backup_trouble: str | None = None
        self._room = 0  # what an alarm takes of the height
        self._makers: dict[str, Callable[[], QWidget]] = {}
        self._screens: dict[str, QWidget] = {}
        self._under: dict[str, str] = {}
        self._stack = QStackedWidget()
        page = QWidget()
        column = QVBoxLayout(page)
        empty_margins(column)
        middle = QHBoxLayout()
        empty_margins(middle)
        self._right = QVBoxLayout()
        empty_margins(self._right)
        self._right.addWidget(self._stack, 1)
        self._right.addWidget(self.status)
        middle.addWidget(self.rail)
        middle.addLayout(self._right, 1)
        column.addLayout(middle, 1)
        self.frame = StripedFrame(page)
        self.setCentralWidget(self.frame)
        self.rail.chosen.connect(self.show_screen)
        timer = QTimer(self)
        timer.timeout.connect(self._tick)
        timer.start(_CLOCK)
        self._tick()
        self._focus_rule = FocusRule(self, self._stack.currentWidget)

    @cached_property
    def banner(self) -> "NoticeBar":
        """Across the window, under the screen: the tab of the striped frame hangs over its top."""
        from cashier.ui.widgets.notice_bar import NoticeBar

        made = NoticeBar()
        self._right.insertWidget(1, made)
        return made

    def show_sale_trouble(self, tone: str, word: str, line: str) -> None:
        """Why nothing was sent or written: the answer to a press, shown before any other notice."""
        from cashier.ui.widgets.notice_bar import Note

        self.banner.put(Note("charge", tone, word, line), at_once=True)

    def sale_trouble_is_over(self) -> None:
        """The next sale was committed."""
        if "banner" in self.__dict__:
            self.banner.take_away("charge")

    def place_alarm(self, bar: "AlarmBar") -> None:
        """Right above the status line, whatever screen is shown."""
        self._right.insertWidget(self._right.indexOf(self.status), bar)
        bar.room.connect(self._give_room)

    def add_screen(
        self, name: str, make: Callable[[], QWidget], icon: str, text: str, key: str = "", *, bottom: bool = False
    ) -> None:
        """One more screen with its entry in the rail. The first is made and shown at once."""
        self._makers[name] = make
        self.rail.add(name, icon, text, key, bottom=bottom)
        if len(self._makers) == 1:
            self._stack.setCurrentWidget(self.screen_named(name))
            self.rail.choose(name)

    def add_page(self, name: str, make: Callable[[], QWidget], *, under: str) -> None:
        """One more screen without an entry of its own; the rail marks the screen `under` which it stands."""
        self._makers[name] = make
        self._under[name] = under

    def screen_named(self, name: str) -> QWidget:
        """The screen of this name, made now if it is not there yet."""
        if name not in self._screens:
            made = self._makers[name]()
            self._screens[name] = made
            self._stack.addWidget(made)
        return self._screens[name]

    def screen_names(self) -> list[str]:
        """Every screen there is, made or not."""
        return list(self._makers)

    def has_screen(self, name: str) -> bool:
        """Whether it was made already."""
        return name in self._screens

    def in_front(self) -> str:
        """The name of the screen that is shown."""
        return next(name for name, screen in self._screens.items() if screen is self._stack.currentWidget())

    def show_screen(self, name: str) -> None:
        """Brings a screen to the front and gives it the keyboard."""
        screen = self.screen_named(name)
        self._stack.setCurrentWidget(screen)
        self.rail.choose(self._under.get(name, name))
        screen.setFocus()

    def take_zone(self, zone: "tzinfo") -> None:
        """The shop's zone, on the status line's clock at once."""
        from cashier.ui import shop_zone

        shop_zone.take(zone)
        self._time = shop_zone.now
        self._tick()

    def show_environment(self, word: str, host: str) -> None:
        """`word` (PRACTICE, TEST) stripes the frame; without one the gateway's host stands in the status line."""
        self.frame.show_word(word)
        self.status.show_right("host", "" if word else host)

    def show_health(self, health: "Health") -> None:
        """What works and what does not, in words."""
        if health.gateway_down_since is not None:
            from cashier.ui import shop_zone

            since = shop_zone.clock(health.gateway_down_since)
            self.status.show_item("gateway", self.tr("Gateway down since %1").replace("%1", since), wrong=True)
        elif health.gateway_refusal is not None:
            self.status.show_item("gateway", health.gateway_refusal, wrong=True)
        elif health.unanswered_since is not None:
            from cashier.ui import shop_zone

            since = shop_zone.clock(health.unanswered_since)
            self.status.show_item(
                "gateway", self.tr("No answer from the gateway since %1").replace("%1", since), wrong=True
            )
        elif health.took is None:
            self.status.show_item("gateway", self.tr("Gateway not asked yet"))
        else:
            took = QLocale().toString(max(0.1, health.took), "f", 1)  # 0.0 would be no time at all
            self.status.show_item("gateway", self.tr("Gateway, %1 s").replace("%1", took))
        if health.listener_trouble:
            self.status.show_item("callbacks", self.tr("Callbacks off, polling"), wrong=True)
        elif health.listening is None:
            self.status.show_item("callbacks", self.tr("Callbacks off, polling"))
        elif health.results:
            text = self.tr("%1 of the last %2 results by callback").replace("%1", str(health.by_callback))
            self.status.show_item("callbacks", text.replace("%2", str(health.results)))
        else:
            self.status.show_item("callbacks", self.tr("Callbacks on"))
        if health.payouts_locked or self.status.has_item("lock"):
            words = self.tr("Payouts locked until signed") if health.payouts_locked else ""
            self.status.show_item("lock", words, wrong=health.payouts_locked)
        self.status.show_right("ledger", health.ledger_trouble or health.backup_trouble or "")
        if health.backup_trouble != self._backup_trouble:
            self._backup_trouble = health.backup_trouble
            if health.backup_trouble:
                from cashier.ui.widgets.notice_bar import Note

                self.banner.put(Note("backup", "review", self.tr("The ledger needs a look."), health.backup_trouble))

    def show_payouts(self, count: int, need_eyes: bool) -> None:
        """How many payouts are open, seen from every screen; amber while one of them is not known."""
        from cashier.ui.closing import open_payouts

        if count or self.status.has_item("payouts"):
            self.status.show_item("payouts", open_payouts(count), wrong=need_eyes)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._was_painted:
            self._was_painted = True
            theme.look().set_height(self.height() - self._room)
            # Now it is the turn of what the window holds; the signal waits for all of it.
            QTimer.singleShot(0, self.painted.emit)

    def resizeEvent(self, event: QResizeEvent) -> None:
        # Before it is shown, a window that will fill the screen has a size that nobody sees.
        if self.isVisible() or not self.isMaximized():
            theme.look().set_height(event.size().height() - self._room)
        super().resizeEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.ask_before_close is not None and not self.ask_before_close():
            event.ignore()
            return
        self.closing.emit()
        event.accept()

    def _give_room(self, height: int) -> None:
        if height != self._room:
            self._room = height
            theme.look().set_height(self.height() - height)

    def _tick(self) -> None:
        self.status.show_time(self._time())


def _usual() -> str:
    """Kigali's clock, which knows no summer time, until the settings are read. The first paint loads nothing for it."""
    return time.strftime("%H:%M", time.gmtime(time.time() + _KIGALI))
