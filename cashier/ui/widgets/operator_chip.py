"""The operator's name and a count, on a chip."""

from PySide6.QtWidgets import QSizePolicy

from cashier.ui.widgets.base import Text, label


def count_chip(text: str = "") -> Text:
    """How many there are, beside a heading."""
    made = label(text, "count")
    made.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    return made


class OperatorChip(Text):
    """The operator's name on grey; `?` for another 07; hidden while there is no number."""

    def __init__(self) -> None:
        super().__init__("", "chip")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.show_operator(None)

    def show_operator(self, name: str | None, *, known: bool = False) -> None:
        """`MTN`, `Airtel` or None; with `known` there is a number, and None is a question, not a refusal."""
        text = name or (self.tr("Operator?") if known else "")
        self.setText(text)
        self.setAccessibleName(self.tr("Operator: %1").replace("%1", text) if text else "")
        self.setVisible(bool(text))
