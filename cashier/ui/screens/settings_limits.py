"""The pages of Settings on limits, and on sound and look."""

from dataclasses import replace

from PySide6.QtCore import Signal

from cashier.domain.errors import BadInputError
from cashier.domain.money import group_digits, parse_amount
from cashier.settings import Settings
from cashier.ui.widgets.base import Panel, label
from cashier.ui.widgets.form import LabeledRow, SegmentedChoice, TextRow

LONGEST_SERVICE_ID = 20


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
        self.rows = (self.minimum, self.maximum, self.balance_warning, self.service_id)
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
