"""The callbacks page of Settings: the public address, the port behind it, and a round trip to try it."""

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout

from cashier.credentials import Known
from cashier.domain.errors import BadInputError
from cashier.domain.signs import shown
from cashier.settings import Settings
from cashier.ui.widgets.base import Panel, empty_margins, label
from cashier.ui.widgets.buttons import PlainButton
from cashier.ui.widgets.form import TextRow


class CallbacksPage(Panel):
    """`test` asks for a round trip through the public address."""

    test = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.body.addWidget(label(self.tr("Callbacks"), "title"))
        told = self.tr(
            "The gateway can call this computer when a payment ends. Without it, payments are checked by asking, which "
            "takes some seconds longer. A tunnel or reverse proxy must forward a public https address to the port."
        )
        self.told = label(told, "hint", wrap=True)
        self.body.addWidget(self.told)
        self.practice = label(
            self.tr("While you practise, callbacks are on by themselves and need nothing here."), "word"
        )
        self.practice.setWordWrap(True)
        self.practice.hide()
        self.body.addWidget(self.practice)
        self.url = TextRow(self.tr("Public address"), self.tr("empty: callbacks are off"))
        self.port = TextRow(self.tr("Port on this computer"), note=True)
        self.button = PlainButton(self.tr("Test the callbacks"), size="medium")
        self.body.addWidget(self.url)
        self.body.addWidget(self.port)
        hint = self.tr("only if you gave IntouchPay one")
        self.basic_user = TextRow(self.tr("User name of callbacks"), hint, note=True)
        self.basic_password = TextRow(self.tr("Password of callbacks"), secret=True, note=True)
        self.body.addWidget(self.basic_user)
        self.body.addWidget(self.basic_password)
        self.rows = (self.url, self.port, self.basic_user, self.basic_password)
        self.answer = QHBoxLayout()
        empty_margins(self.answer, 12)
        self.answer.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(self.answer)
        self.body.addStretch(1)
        self.button.clicked.connect(self.test)
        self._stored = False

    def fill(self, settings: Settings, known: Known) -> None:
        """Shows these settings; a stored password is never shown."""
        practises = settings.environment == "practice" and not settings.base_url
        self.practice.setVisible(practises)
        self.told.setHidden(practises)  # on a small screen there is room for one of them
        self.url.set_text(settings.callback_url)
        self.port.set_text(str(settings.callback_port))
        self.basic_user.set_text(settings.callback_basic_user)
        self.basic_password.set_text("")
        self._stored = settings.environment in known.callback_passwords
        words = self.tr("stored; type to replace it") if known.keeps else self.tr("known until Cashier ends")
        self.basic_password.field.edit.setPlaceholderText(shown(words) if self._stored else "")
        for row in (self.basic_user, self.basic_password):
            row.field.show_note("")

    def read(self, settings: Settings) -> Settings:
        """Raises BadInputError, shown beside the field too."""
        text = self.port.text().strip()
        if not (text.isascii() and text.isdigit() and len(text) <= 5 and int(text) <= 65535):
            sentence = self.tr("The port must be a number from 0 to 65535.")
            self.port.field.show_error(sentence)
            raise BadInputError(sentence)
        self.port.field.show_note("")
        return replace(
            settings,
            callback_url=self.url.text().strip(),
            callback_port=int(text),
            callback_basic_user=self._basic_user(),
        )

    def _basic_user(self) -> str:
        """The user name, checked together with the password. Raises BadInputError, shown beside the field too."""
        user, password = self.basic_user.text().strip(), self.basic_password.text()
        row, sentence = self.basic_user, ""
        if ":" in user:
            sentence = self.tr("The user name of callbacks must not hold a colon.")
        elif password and not user:
            sentence = self.tr("Write the user name that goes with the password of callbacks.")
        elif user and not password and not self._stored:
            row, sentence = (
                self.basic_password,
                self.tr("Write the password that goes with the user name of callbacks."),
            )
        if sentence:
            row.field.show_error(sentence)
            raise BadInputError(sentence)
        for one in (self.basic_user, self.basic_password):
            one.field.show_note("")
        return user
