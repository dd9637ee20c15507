"""Figures side by side, each under its name, with a line beneath."""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from cashier.ui import theme
from cashier.ui.widgets.base import Panel, Text, empty_margins, follow, label


class Figures(Panel):
    """`add` makes one, `show_figure` fills it."""

    def __init__(self) -> None:
        super().__init__(padding=16, spacing=0)
        self._row = QHBoxLayout()
        empty_margins(self._row, 16)
        self.body.addLayout(self._row)
        self._parts: dict[str, tuple[Text, Text]] = {}
        follow(self._adapt)

    def add(self, name: str, title: str) -> None:
        """One more column."""
        column = QVBoxLayout()
        empty_margins(column, 4)
        figure, line = label("", "code"), label("", "small", wrap=True)
        column.addWidget(label(title, "label"))
        column.addWidget(figure)
        column.addWidget(line)
        column.addStretch(1)
        self._row.addLayout(column, 1)
        self._parts[name] = (figure, line)

    def show_figure(self, name: str, figure: str, line: str = "") -> None:
        self._parts[name][0].setText(figure)
        self._parts[name][1].setText(line)

    def text(self, name: str, between: str = " ") -> str:
        """Figure and line."""
        return between.join(part.text() for part in self._parts[name] if part.text())

    def _adapt(self) -> None:
        padding = 12 if theme.metrics().compact else 16
        self.body.setContentsMargins(padding + 4, padding, padding + 4, padding)
