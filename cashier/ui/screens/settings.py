"""Settings: the account, callbacks, limits, sound and look. Saved as one; nothing here waits."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from cashier.credentials import Known
from cashier.domain.errors import BadInputError
from cashier.errors import CashierError
from cashier.settings import Settings
from cashier.ui import theme
from cashier.ui.bridge import Bridge, Purpose
from cashier.ui.screens.settings_account import AccountPage
from cashier.ui.screens.settings_callbacks import CallbacksPage
from cashier.ui.screens.settings_limits import LimitsPage, LookPage
from cashier.ui.widgets.base import empty_margins, follow
from cashier.ui.widgets.buttons import PrimaryButton
from cashier.ui.widgets.notices import Notice, QuestionPanel
from cashier.ui.widgets.sections import Sections


@dataclass(frozen=True)
class Explained:
    """What a test came to, in words: `tone` paid for good, failed for bad."""

    good: bool
    sentence: str
    advice: str = ""


@dataclass(frozen=True)
class SettingsDoors:
    """What the screen asks of the program; each but `too_short` is called off the GUI thread.

    `test` makes a balance call with these settings and password. `self_test` asks the public callback address for a
    round trip. `save` stores settings, partner password and the password of callbacks (empty ones stay as stored),
    opens the account and returns what secrets are known then. `left_open` counts the open rows of the account that is
    open now, 0 where these settings are of the same. `too_short` gives a sentence for a password that is too short.
    """

    test: Callable[[Settings, str], Explained]
    self_test: Callable[[Settings], Explained]
    save: Callable[[Settings, str, str], Known]
    left_open: Callable[[Settings], int]
    too_short: Callable[[str], str | None]


class SettingsScreen(QWidget):
    """`saved` carries the new Settings and the Known secrets, once they are stored and their account is open."""

    saved = Signal(object, object)
    themed = Signal(str)

    def __init__(self, bridge: Bridge, doors: SettingsDoors) -> None:
        super().__init__()
        self._bridge = bridge
        self._doors = doors
        self._known = Known()
        self._drafts: dict[str, list[str]] = {}
        self._finding: tuple[str, Explained] | None = None
        self.question: QuestionPanel | None = None
        self._settings = Settings("practice")
        self.account = AccountPage(doors.too_short)
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

    def fill(self, settings: Settings, known: Known) -> None:
        """Shows these settings; a stored password is never shown."""
        self._settings, self._known = settings, known
        self._drafts.clear()
        self._show_settings()

    def _show_settings(self) -> None:
        self.account.fill(self._settings, self._known)
        self.callbacks.fill(self._settings, self._known)
        for page in (self.limits, self.look):
            page.fill(self._settings)

    def say(self, explained: Explained, place: str = "save") -> None:
        """Shows what a test, or the start, came to: beside the button of the section `place`, or beside Save."""
        self._finding = (place, explained)
        self._place_notice()

    def _withdraw(self) -> None:
        """What was found holds no more: something else is typed."""
        self._finding = None
        self.notice.hide()

    def show_page(self, name: str) -> None:
        self.sections.choose(name)
        self.pages.setCurrentIndex(self._names.index(name))
        self._place_notice()

    def _place_notice(self) -> None:
        """A finding of a section beside that section's button, and nowhere else; any other beside Save."""
        if self._finding is None:
            return
        place, explained = self._finding
        name = self._names[self.pages.currentIndex()]
        tests = {"account": self.account.answer, "callbacks": self.callbacks.answer}
        if place in tests:
            if place != name:
                self.notice.hide()
                return
            tests[place].addWidget(self.notice, 1)
        else:
            self._bottom.insertWidget(0, self.notice, 1)
        tone = "idle" if explained.good else "failed"
        self.notice.show_notice(tone, explained.sentence, explained.advice)

    def _switch(self, environment: str) -> None:
        """Another environment is looked at: its own account, as it is kept or as far as it was typed."""
        self._withdraw()
        rows = (*self.account.rows, *self.callbacks.rows, *self.limits.rows)
        self._drafts[self._settings.environment] = [row.text() for row in rows]
        self._settings = self._settings.switched(environment)
        look = self.look.read(self._settings)
        self._show_settings()
        self.look.fill(look)
        for row, text in zip(rows, self._drafts.get(environment, []), strict=False):
            row.set_text(text)
        self.account.show_needed()

    def _lay_out(self) -> None:
        self._right = right = QVBoxLayout()
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
        self._place_notice()

    def _connect(self) -> None:
        self.sections.chosen.connect(self.show_page)
        self.account.test.connect(self._test)
        self.callbacks.test.connect(self._self_test)
        self.look.themed.connect(self.themed)
        self.save_button.clicked.connect(self._save)
        self.account.environment.chosen.connect(self._switch)
        for row in (*self.account.rows, *self.callbacks.rows, *self.limits.rows):
            row.field.edited.connect(self._withdraw)
        for secret in (self.account.password, self.callbacks.basic_password):
            secret.field.entered.connect(self._save)

    def _read(self) -> Settings | None:
        """All pages together, or None with the page that is wrong in front and the reason beside Save."""
        settings, wrong = self.account.read(self._settings), "account"
        pages: dict[str, CallbacksPage | LimitsPage | LookPage] = {
            "callbacks": self.callbacks,
            "limits": self.limits,
            "look": self.look,
        }
        try:
            for wrong, page in pages.items():  # noqa: B007  # kept for the sentence
                settings = page.read(settings)
            return settings.checked()
        except BadInputError as why:
            self.show_page(wrong)
            self.say(Explained(False, str(why)))
        except CashierError as why:
            self.say(Explained(False, str(why)))
        return None

    def _test(self) -> None:
        """With the account as it stands; what stands on other pages is not part of it."""
        try:
            settings = replace(self.account.read(self._settings), callback_url="").checked()
        except CashierError as why:
            self.say(Explained(False, str(why)), "account")
            return
        password = self.account.password.text()
        self.account.show_busy(True)
        self._bridge.run(
            lambda: self._doors.test(settings, password),
            partial(self._ended, "account"),
            partial(self._failed, "account"),
            Purpose.CALL,
        )

    def _ended(self, place: str, explained: Explained) -> None:
        self.account.show_busy(False)
        self.say(explained, place)

    def _self_test(self) -> None:
        try:
            settings = self.callbacks.read(self._settings)
        except BadInputError as why:
            self.say(Explained(False, str(why)), "callbacks")
            return
        if self.callbacks.basic_password.text():
            sentence = self.tr("This password is not in use yet. Save first, then test.")
            self.say(Explained(False, sentence), "callbacks")
            return
        self._bridge.run(
            lambda: self._doors.self_test(settings),
            lambda found: self.say(found, "callbacks"),
            partial(self._failed, "callbacks"),
            Purpose.CALL,
        )

    def _save(self) -> None:
        settings = self._read()
        if settings is None or not self.save_button.isEnabled():
            return
        self.save_button.setEnabled(False)
        self._bridge.run(
            lambda: self._doors.left_open(settings), partial(self._save_or_ask, settings), partial(self._failed, "save")
        )

    def _save_or_ask(self, settings: Settings, left_open: int) -> None:
        if not left_open:
            self._store(settings)
            return
        if left_open == 1:
            question = self.tr("1 transaction of the account that is open now is not settled yet.")
        else:
            question = self.tr("%1 transactions of the account that is open now are not settled yet.")
        detail = self.tr(
            "They are kept, and asked about only while that account is open. Settle them first if you can."
        )
        answers = [self.tr("Stay with this account"), self.tr("Change the account")]
        panel = QuestionPanel(question.replace("%1", str(left_open)), detail, answers)
        panel.answered.connect(partial(self._answered, settings))
        self.pages.hide()
        self._right.insertWidget(0, panel, 1)
        self.question = panel
        panel.ask()

    def _answered(self, settings: Settings, answer: int) -> None:
        if self.question is not None:
            self._right.removeWidget(self.question)
            self.question.hide()
            self.question.deleteLater()
            self.question = None
        self.pages.show()
        if answer:
            self._store(settings)
        else:
            self.save_button.setEnabled(True)
            self.save_button.setFocus()

    def _store(self, settings: Settings) -> None:
        password, callback_password = self.account.password.text(), self.callbacks.basic_password.text()
        self._bridge.run(
            lambda: self._doors.save(settings, password, callback_password),
            partial(self._saved, settings),
            partial(self._failed, "save"),
            Purpose.COMMIT,
        )

    def _saved(self, settings: Settings, known: Known) -> None:
        self.save_button.setEnabled(True)
        oddity = self.account.oddity()
        self.fill(settings, known)
        self.say(Explained(True, self.tr("Saved."), oddity))
        self.saved.emit(settings, known)

    def _failed(self, place: str, trouble: Exception) -> None:
        self.account.show_busy(False)
        self.save_button.setEnabled(True)
        self.say(Explained(False, str(trouble)), place)
