"""The callbacks page of Settings: the public address, the port behind it, and a round trip to try it."""

from dataclasses import replace

from PySide6.QtCore import Qt, Signal

from cashier.domain.errors import BadInputError
from cashier.settings import Settings
from cashier.ui.widgets.base import Panel, label
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
        self.body.addWidget(label(told, "hint", wrap=True))
        self.url = TextRow(self.tr("Public address"), self.tr("empty: callbacks are off"))
        self.port = TextRow(self.tr("Port on this computer"), note=True)
        self.button = PlainButton(self.tr("Test the callbacks"), size="medium")
        self.body.addWidget(self.url)
        self.body.addWidget(self.port)
        self.body.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addStretch(1)
        self.button.clicked.connect(self.test)

    def fill(self, settings: Settings) -> None:
        self.url.set_text(settings.callback_url)
        self.port.set_text(str(settings.callback_port))

    def read(self, settings: Settings) -> Settings:
        """Raises BadInputError, shown beside the port too."""
        text = self.port.text().strip()
        if not (text.isascii() and text.isdigit() and len(text) <= 5 and int(text) <= 65535):
            sentence = self.tr("The port must be a number from 0 to 65535.")
            self.port.field.show_error(sentence)
            raise BadInputError(sentence)
        self.port.field.show_note("")
        return replace(settings, callback_url=self.url.text().strip(), callback_port=int(text))
