"""The account page of Settings: which gateway, as whom, and a test of it."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout

from cashier.credentials import Known
from cashier.domain.signs import shown
from cashier.settings import Settings
from cashier.ui.widgets.base import Panel, empty_margins, label
from cashier.ui.widgets.buttons import PlainButton
from cashier.ui.widgets.form import LabeledRow, SegmentedChoice, TextRow


class AccountPage(Panel):
    """`test` asks for a balance call with what stands here."""

    test = Signal()

    def __init__(self, too_short: Callable[[str], str | None]) -> None:
        """`too_short` gives a sentence where a password is too short to be one."""
        super().__init__()
        self._too_short = too_short
        self.body.addWidget(label(self.tr("Account"), "title"))
        self.where = label("", "hint", wrap=True)
        self.body.addWidget(self.where)
        environments = [
            ("practice", self.tr("Practice")),
            ("sandbox", self.tr("Sandbox")),
            ("live", self.tr("Live")),
        ]
        self.environment = SegmentedChoice(self.tr("Environment"), environments)
        self.base_url = TextRow(self.tr("Address"))
        self.username = TextRow(self.tr("User name"))
        self.accountno = TextRow(self.tr("Account number"))
        self.password = TextRow(
            self.tr("Partner password"), self.tr("the guide says API secret"), secret=True, note=True
        )
        encodings = [("form", self.tr("Form")), ("json", self.tr("JSON"))]
        self.encoding = SegmentedChoice(self.tr("Encoding"), encodings)
        self.button = PlainButton(self.tr("Test the connection"), size="medium")
        self.body.addWidget(LabeledRow(self.tr("Environment"), self.environment, grow=False))
        self.rows = (self.base_url, self.username, self.accountno, self.password)
        for row in self.rows:
            self.body.addWidget(row)
        self.body.addWidget(LabeledRow(self.tr("Encoding"), self.encoding, grow=False))
        self.answer = QHBoxLayout()
        empty_margins(self.answer, 12)
        self.answer.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(self.answer)
        self.body.addStretch(1)
        self._stored = ""
        self.password.field.edit.textChanged.connect(self._look_at_password)
        self.button.clicked.connect(self.test)
        self._show_practice(True)

    def fill(self, settings: Settings, known: Known) -> None:
        """Shows these settings, and what is known of the secrets."""
        if known.keeps:
            self.where.setText(self.tr("From IntouchPay. The password stays in this computer's keyring."))
        else:
            self.where.setText(
                self.tr("From IntouchPay. This computer has no keyring: the password is asked for at each start.")
            )
        self.environment.choose(settings.environment)
        self.base_url.set_text(settings.base_url)
        self.username.set_text(settings.username)
        self.accountno.set_text(settings.accountno)
        self.password.set_text("")
        words = self.tr("stored; type to replace it") if known.keeps else self.tr("known until Cashier ends")
        self._stored = words if settings.environment in known.passwords else ""
        self.encoding.choose(settings.encoding)
        self._show_practice(settings.environment == "practice")

    def read(self, settings: Settings) -> Settings:
        """These settings with what stands here."""
        practice = self.environment.value() == "practice"
        return replace(
            settings,
            environment=self.environment.value(),
            base_url=self.base_url.text().strip(),
            username="" if practice and not self.base_url.text().strip() else self.username.text().strip(),
            accountno="" if practice and not self.base_url.text().strip() else self.accountno.text().strip(),
            encoding=self.encoding.value(),
        )

    def show_busy(self, busy: bool) -> None:
        """While a test runs."""
        self.button.setEnabled(not busy)
        self.button.setText(self.tr("Asking…") if busy else self.tr("Test the connection"))

    def oddity(self) -> str:
        """What is odd about the password as typed, its ends or its length: a sentence, or nothing."""
        password = self.password.text()
        # A line of text keeps a line break that was pasted, as it is or as Qt's separators.
        if password.endswith(("\n", "\r", "\u2028", "\u2029")):
            return self.tr("The password ends with a line break.")
        if password != password.rstrip():
            return self.tr("The password ends with a blank.")
        if password != password.lstrip():
            return self.tr("The password begins with a blank.")
        return (self._too_short(password) or "") if password else ""

    def _look_at_password(self) -> None:
        self.password.field.show_note(self.oddity())

    def show_needed(self) -> None:
        """Which fields are needed, for the environment that is chosen."""
        self._show_practice(self.environment.value() == "practice")

    def _show_practice(self, practice: bool) -> None:
        """Practice brings its own gateway, which needs no account; an address of one's own may still be typed."""
        own = self.tr("the practice gateway of this program") if practice else ""
        self.base_url.field.edit.setPlaceholderText(shown(own))
        needed = not practice or bool(self.base_url.text())
        for row in (self.username, self.accountno, self.password):
            row.setEnabled(needed)
            stored = self._stored if row is self.password else ""
            row.field.edit.setPlaceholderText(shown(stored) if needed else self.tr("not needed to practise"))
