"""The window's wiring of Settings: filling it, its doors, the first start, practice one key away."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Signal

from cashier.ui import theme

if TYPE_CHECKING:
    from PySide6.QtGui import QShortcut
    from PySide6.QtWidgets import QApplication

    from cashier.counter import Counter, Opened
    from cashier.credentials import Known
    from cashier.settings import Settings
    from cashier.ui.bridge import Bridge
    from cashier.ui.screens.settings import Explained, SettingsScreen
    from cashier.ui.sounds import SwitchedPlayer
    from cashier.ui.window import MainWindow


class SettingsPart(QObject):
    """Stands between the screen of settings and the counter. `opened` is called with each account that is open.

    `dressed` carries the Settings that hold from now on.
    """

    dressed = Signal(object)

    def __init__(
        self,
        app: "QApplication",
        main: "MainWindow",
        bridge: "Bridge",
        player: "SwitchedPlayer",
        counter: "Callable[[], Counter]",
        opened: "Callable[[Opened], None]",
        stopped: Callable[[Exception], None],
    ) -> None:
        super().__init__()
        self._app = app
        self._main = main
        self._bridge = bridge
        self._player = player
        self._counter = counter
        self._opened = opened
        self._stopped = stopped
        self._filled: tuple[Settings, Known] | None = None
        self._practice_key: QShortcut | None = None

    @property
    def screen(self) -> "SettingsScreen":
        """The screen of settings, made now if it is not there yet."""
        return cast("SettingsScreen", self._main.screen_named("settings"))

    def first_start(self, known: "Known") -> None:
        """Nothing is set yet: opens Settings, with practice one key away."""
        from cashier.settings import Settings

        self.fill(Settings("practice"), known)
        self._main.show_screen("settings")
        from PySide6.QtGui import QKeySequence, QShortcut

        self._practice_key = QShortcut(QKeySequence("Ctrl+P"), self._main)
        self._practice_key.activated.connect(self.practise)
        words = self.tr("Press Ctrl+P to practise at once, or fill in your own account.")
        self.say(True, self.tr("Welcome. Nothing is set yet."), words)

    def welcome_is_over(self) -> None:
        """An account is open: the key of the first start does nothing any more."""
        if self._practice_key is not None:
            self._practice_key.setEnabled(False)

    def practise(self) -> None:
        """Opens the practice gateway on this computer and goes to Charge."""
        from cashier.settings import Settings

        now = self._filled[0] if self._filled else Settings("practice")
        settings = now.switched("practice")
        self._bridge.run(partial(self._save, settings), partial(self._practising, settings), self._stopped)

    def _practising(self, settings: "Settings", known: "Known") -> None:
        self.dress(settings)
        self.fill(settings, known)
        if self._main.in_front() == "settings":
            self._main.show_screen("charge")

    def make_screen(self) -> "SettingsScreen":
        """The screen, filled with what is known."""
        from cashier.credentials import Known
        from cashier.hiding import too_short
        from cashier.settings import Settings
        from cashier.ui.screens.settings import SettingsDoors, SettingsScreen

        doors = SettingsDoors(
            self._test, self._self_test, self._save, lambda new: self._counter().left_open(new), too_short
        )
        made = SettingsScreen(self._bridge, doors)
        made.fill(*(self._filled or (Settings("practice"), Known())))
        made.saved.connect(self._saved)
        made.themed.connect(partial(theme.apply, self._app))
        return made

    def fill(self, settings: "Settings", known: "Known") -> None:
        """What Settings shows, once it is made."""
        self._filled = settings, known
        if self._main.has_screen("settings"):
            self.screen.fill(settings, known)

    def say(self, good: bool, sentence: str, advice: str = "") -> None:
        """A sentence under the settings."""
        from cashier.ui.screens.settings import Explained

        self.screen.say(Explained(good, sentence, advice))

    def ask_password(self, why: str) -> None:
        """The password is not known: brings its field to the front."""
        self._main.show_screen("settings")
        self.screen.show_page("account")
        self.say(False, why)
        self.screen.account.password.field.setFocus()

    def _saved(self, settings: "Settings", known: "Known") -> None:
        self._filled = settings, known
        self.dress(settings)

    def dress(self, settings: "Settings") -> None:
        """Sounds and theme as these settings say."""
        self._player.on = settings.sounds
        theme.apply(self._app, settings.theme)  # type: ignore[arg-type]  # checked when it was read
        self.dressed.emit(settings)

    def _test(self, settings: "Settings", password: str) -> "Explained":
        from cashier.ui.screens.settings import Explained

        found = self._counter().test(settings, password)
        advice = f"{found.advice} {self.tr('Code %1').replace('%1', found.code)}" if found.code else found.advice
        return Explained(found.good, found.sentence, advice.strip())

    def _self_test(self, settings: "Settings") -> "Explained":
        from cashier.ui.screens.settings import Explained

        found = self._counter().self_test(settings)
        return Explained(found.good, found.sentence, found.advice)

    def _save(self, settings: "Settings", password: str = "", callback_password: str = "") -> "Known":
        """On a worker: stores, closes the account that is open, opens this one; the screens hear of it later.

        Where it cannot be opened the screens hear of the one that is open instead.
        """
        counter = self._counter()
        try:
            opened = counter.save(settings, password, callback_password)
        except Exception as trouble:
            now = counter.current
            if now is None and self._bridge.till is not None:
                self._bridge.call(partial(self._lost, trouble))
            elif now is not None and now.running.till is not self._bridge.till:
                self._bridge.call(partial(self._opened, now))
            raise
        self._bridge.call(partial(self._opened, opened))
        return counter.known(settings)

    def _lost(self, trouble: Exception) -> None:
        """Neither the new account nor the one of before could be opened."""
        self._bridge.detach()
        self._main.show_environment("", "")
        self._stopped(trouble)


def stripe_word(opened: "Opened") -> str:
    """The word on the stripes: no real money on this computer, on the sandbox's host, or where the settings say so."""
    from cashier.addresses import environment_of

    by_host = environment_of(opened.url)
    if "practice" in (by_host, opened.environment):
        return "PRACTICE"
    return "TEST" if "sandbox" in (by_host, opened.environment) else ""
