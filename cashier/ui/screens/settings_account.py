"""The account page of Settings: which gateway, as whom, and a test of it."""

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout

from cashier.addresses import BASE_URLS
from cashier.domain.signs import shown
from cashier.settings import Settings
from cashier.ui.widgets.base import Panel, empty_margins, label
from cashier.ui.widgets.buttons import PlainButton
from cashier.ui.widgets.form import LabeledRow, SegmentedChoice, TextRow


class AccountPage(Panel):
    """`test` asks for a balance call with what stands here."""

    test = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.body.addWidget(label(self.tr("Account"), "title"))
        self.body.addWidget(label(self.tr("From IntouchPay. The password stays in this computer's keyring."), "hint"))
        environments = [
            ("practice", self.tr("Practice")),
            ("sandbox", self.tr("Sandbox")),
            ("live", self.tr("Live")),
        ]
        self.environment = SegmentedChoice(self.tr("Environment"), environments)
        self.base_url = TextRow(self.tr("Address"))
        self.username = TextRow(self.tr("User name"))
        self.accountno = TextRow(self.tr("Account number"))
        self.password = TextRow(self.tr("Partner password"), self.tr("the guide says API secret"), secret=True)
        encodings = [("form", self.tr("Form")), ("json", self.tr("JSON"))]
        self.encoding = SegmentedChoice(self.tr("Encoding"), encodings)
        self.button = PlainButton(self.tr("Test the connection"), size="medium")
        self.body.addWidget(LabeledRow(self.tr("Environment"), self.environment, grow=False))
        for row in (self.base_url, self.username, self.accountno, self.password):
            self.body.addWidget(row)
        self.body.addWidget(LabeledRow(self.tr("Encoding"), self.encoding, grow=False))
        self.answer = QHBoxLayout()
        empty_margins(self.answer, 12)
        self.answer.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(self.answer)
        self.body.addStretch(1)
        self._stored = ""
        self.environment.chosen.connect(self._prefill)
        self.button.clicked.connect(self.test)
        self._show_practice(True)

    def fill(self, settings: Settings, *, has_password: bool) -> None:
        """Shows these settings."""
        self.environment.choose(settings.environment)
        self.base_url.set_text(settings.base_url)
        self.username.set_text(settings.username)
        self.accountno.set_text(settings.accountno)
        self.password.set_text("")
        self._stored = self.tr("stored; type to replace it") if has_password else ""
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

    def _prefill(self, environment: str) -> None:
        self.base_url.set_text(BASE_URLS.get(environment, ""))
        self._show_practice(environment == "practice")

    def _show_practice(self, practice: bool) -> None:
        """Practice brings its own gateway, which needs no account; an address of one's own may still be typed."""
        own = self.tr("the practice gateway of this program") if practice else ""
        self.base_url.field.edit.setPlaceholderText(shown(own))
        needed = not practice or bool(self.base_url.text())
        for row in (self.username, self.accountno, self.password):
            row.setEnabled(needed)
            stored = self._stored if row is self.password else ""
            row.field.edit.setPlaceholderText(shown(stored) if needed else self.tr("not needed to practise"))
