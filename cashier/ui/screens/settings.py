"""Settings: the account, callbacks, limits, sound and look. Saved as one; nothing here waits."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from cashier.domain.errors import BadInputError
from cashier.domain.money import group_digits, parse_amount
from cashier.errors import CashierError
from cashier.settings import Settings
from cashier.ui import theme
from cashier.ui.bridge import Bridge, Purpose
from cashier.ui.screens.settings_account import AccountPage
from cashier.ui.screens.settings_callbacks import CallbacksPage
from cashier.ui.widgets.base import Panel, empty_margins, follow, label
from cashier.ui.widgets.buttons import PrimaryButton
from cashier.ui.widgets.form import LabeledRow, SegmentedChoice, TextRow
from cashier.ui.widgets.notices import Notice
from cashier.ui.widgets.sections import Sections

LONGEST_SERVICE_ID = 20


@dataclass(frozen=True)
class Explained:
    """What a test came to, in words: `tone` paid for good, failed for bad."""

    good: bool
    sentence: str
    advice: str = ""


@dataclass(frozen=True)
class SettingsDoors:
    """What the screen asks of the program; each is called off the GUI thread.

    `test` makes a balance call with these settings and password. `self_test` asks the public callback address for a
    round trip. `save` stores both and opens the account.
    """

    test: Callable[[Settings, str], Explained]
    self_test: Callable[[Settings], Explained]
    save: Callable[[Settings, str], None]


class LimitsPage(Panel):
    """The limits of one transaction, when the balance is too low, and what the gateway wants to know of payouts."""

    def __init__(self) -> None:
        super().__init__()
        self.body.addWidget(label(self.tr("Limits"), "title"))
        self.body.addWidget(label(self.tr("What one payment or payout may be, in RWF."), "hint"))
        self.minimum = TextRow(self.tr("Smallest amount"), note=True)
        self.maximum = TextRow(self.tr("Largest amount"), note=True)
        self.body.addWidget(self.minimum)
        self.body.addWidget(self.maximum)
        hint = self.tr("empty: never")
        self.balance_warning = TextRow(self.tr("Warn when the balance is under"), hint, note=True)
        self.body.addWidget(self.balance_warning)
        self.body.addWidget(label(self.tr("Payouts"), "title"))
        self.service_id = TextRow(self.tr("Service id"), self.tr("only if IntouchPay gave you one"), note=True)
        self.service_id.field.edit.setMaxLength(LONGEST_SERVICE_ID)
        self.body.addWidget(self.service_id)
        self.body.addStretch(1)

    def fill(self, settings: Settings) -> None:
        self.minimum.set_text(group_digits(settings.minimum))
        self.maximum.set_text(group_digits(settings.maximum))
        self.balance_warning.set_text(group_digits(settings.balance_warning) if settings.balance_warning else "")
        self.service_id.set_text(settings.service_id)

    def read(self, settings: Settings) -> Settings:
        """Raises BadInputError, shown beside the field too."""
        found = []
        for row in (self.minimum, self.maximum, self.balance_warning):
            try:
                nothing = row is self.balance_warning and row.text().strip() in ("", "0")
                found.append(0 if nothing else parse_amount(row.text()))
                row.field.show_note("")
            except BadInputError as why:
                row.field.show_error(why.sentence)
                raise
        service_id = self.service_id.text().strip()
        if service_id and not (service_id.isascii() and service_id.isalnum()):
            sentence = self.tr("The service id has letters and digits only. Leave it empty if you have none.")
            self.service_id.field.show_error(sentence)
            raise BadInputError(sentence)
        minimum, maximum, warning = found
        return replace(settings, minimum=minimum, maximum=maximum, balance_warning=warning, service_id=service_id)


class LookPage(Panel):
    """Sounds and theme."""

    themed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.body.addWidget(label(self.tr("Sound and look"), "title"))
        sounds = [("on", self.tr("On")), ("off", self.tr("Off"))]
        themes = [("system", self.tr("As the system")), ("light", self.tr("Light")), ("dark", self.tr("Dark"))]
        self.sounds = SegmentedChoice(self.tr("Sounds"), sounds)
        self.theme = SegmentedChoice(self.tr("Theme"), themes)
        self.theme.chosen.connect(self.themed)
        self.body.addWidget(LabeledRow(self.tr("Sounds"), self.sounds, grow=False))
        self.body.addWidget(LabeledRow(self.tr("Theme"), self.theme, grow=False))
        self.body.addStretch(1)

    def fill(self, settings: Settings) -> None:
        self.sounds.choose("on" if settings.sounds else "off")
        self.theme.choose(settings.theme)

    def read(self, settings: Settings) -> Settings:
        return replace(settings, sounds=self.sounds.value() == "on", theme=self.theme.value())


class SettingsScreen(QWidget):
    """`saved` carries the new Settings once they are stored and their account is open."""

    saved = Signal(object)
    themed = Signal(str)

    def __init__(self, bridge: Bridge, doors: SettingsDoors) -> None:
        super().__init__()
        self._bridge = bridge
        self._doors = doors
        self._settings = Settings("practice")
        self.account = AccountPage()
        self.callbacks = CallbacksPage()
        self.limits = LimitsPage()
        self.look = LookPage()
        self.sections = Sections(self.tr("Settings"))
        self.pages = QStackedWidget()
        for name, text, page in (
            ("account", self.tr("Account"), self.account),
            ("callbacks", self.tr("Callbacks"), self.callbacks),
            ("limits", self.tr("Limits"), self.limits),
            ("look", self.tr("Sound and look"), self.look),
        ):
            self.sections.add(name, text)
            self.pages.addWidget(page)
        self._names = ["account", "callbacks", "limits", "look"]
        self.notice = Notice()
        self.save_button = PrimaryButton(self.tr("Save"), size="medium")
        self._lay_out()
        self._connect()
        self.setFocusProxy(self.account.environment)

    def fill(self, settings: Settings, *, has_password: bool) -> None:
        """Shows these settings; a stored password is never shown."""
        self._settings = settings
        self.account.fill(settings, has_password=has_password)
        for page in (self.callbacks, self.limits, self.look):
            page.fill(settings)

    def say(self, explained: Explained) -> None:
        """Shows what a test, or the start, came to."""
        self.notice.show_notice("idle" if explained.good else "failed", explained.sentence, explained.advice)

    def show_page(self, name: str) -> None:
        self.sections.choose(name)
        self.pages.setCurrentIndex(self._names.index(name))
        self._place_notice(name)

    def _place_notice(self, name: str) -> None:
        """Beside the button that asked, where the page has one and room for it; else beside Save."""
        tests = {"account": self.account.answer, "callbacks": self.callbacks.answer}
        if name in tests and not theme.metrics().compact:
            tests[name].addWidget(self.notice, 1)
        else:
            self._bottom.insertWidget(0, self.notice, 1)

    def _lay_out(self) -> None:
        right = QVBoxLayout()
        empty_margins(right, 12)
        right.addWidget(self.pages, 1)
        self._bottom = QHBoxLayout()
        empty_margins(self._bottom, 12)
        self._bottom.addStretch()
        self._bottom.addWidget(self.save_button, 0, Qt.AlignmentFlag.AlignBottom)
        right.addLayout(self._bottom)
        self._row = QHBoxLayout(self)
        self.sections.setFixedWidth(220)
        self._row.addWidget(self.sections)
        self._row.addLayout(right, 1)
        follow(self._adapt)

    def _adapt(self) -> None:
        gap = theme.metrics().gap
        self._row.setContentsMargins(gap, gap, gap, gap)
        self._row.setSpacing(gap)
        self._place_notice(self._names[self.pages.currentIndex()])

    def _connect(self) -> None:
        self.sections.chosen.connect(self.show_page)
        self.account.test.connect(self._test)
        self.callbacks.test.connect(self._self_test)
        self.look.themed.connect(self.themed)
        self.save_button.clicked.connect(self._save)

    def _read(self) -> Settings | None:
        """All pages together, or None with the reason on screen."""
        try:
            settings = self.account.read(self._settings)
            for page in (self.callbacks, self.limits, self.look):
                settings = page.read(settings)
            return settings.checked()
        except (BadInputError, CashierError) as why:
            self.say(Explained(False, str(why)))
            return None

    def _test(self) -> None:
        settings = self._read()
        if settings is None:
            return
        password = self.account.password.text()
        self.account.show_busy(True)
        self._bridge.run(lambda: self._doors.test(settings, password), self._tested, self._failed, Purpose.CALL)

    def _tested(self, explained: Explained) -> None:
        self.account.show_busy(False)
        self.say(explained)

    def _self_test(self) -> None:
        settings = self._read()
        if settings is not None:
            self._bridge.run(lambda: self._doors.self_test(settings), self.say, self._failed, Purpose.CALL)

    def _save(self) -> None:
        settings = self._read()
        if settings is None:
            return
        password = self.account.password.text()
        self.save_button.setEnabled(False)
        self._bridge.run(
            lambda: self._doors.save(settings, password),
            lambda _none: self._saved(settings),
            self._failed,
            Purpose.COMMIT,
        )

    def _saved(self, settings: Settings) -> None:
        self.save_button.setEnabled(True)
        self.fill(settings, has_password=True)
        self.say(Explained(True, self.tr("Saved.")))
        self.saved.emit(settings)

    def _failed(self, trouble: Exception) -> None:
        self.account.show_busy(False)
        self.save_button.setEnabled(True)
        self.say(Explained(False, str(trouble)))
