"""A filter as a chip: shows what is chosen, opens the choices, wears the accent while it leaves something out."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QActionGroup, QKeyEvent
from PySide6.QtWidgets import QMenu, QSizePolicy

from cashier.domain.signs import shown
from cashier.ui.widgets.buttons import Button


class FilterChip(Button):
    """`chosen` carries the name of what a person chose, also the same again. The first choice leaves nothing out."""

    chosen = Signal(str)

    def __init__(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        """`choices` are pairs of a name and the text shown for it."""
        super().__init__(choices[0][1], kind="choice")
        self._name = name
        self._choices = dict(choices)
        self._value = self._first = choices[0][0]
        self.setCheckable(True)
        self.setFixedHeight(28)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleDescription(name)
        self.menu_of_choices = QMenu(self)
        group = QActionGroup(self.menu_of_choices)
        for key, text in choices:
            action = self.menu_of_choices.addAction(shown(text))
            action.setCheckable(True)
            action.setData(key)
            action.setActionGroup(group)
        self.menu_of_choices.triggered.connect(lambda action: self._pick(str(action.data())))
        self.clicked.connect(self._open)
        self._show()

    def value(self) -> str:
        """The name of the choice."""
        return self._value

    def choose(self, value: str, text: str = "") -> None:
        """Shows a choice, perhaps in other words than the menu's; tells nobody."""
        self._value = value
        self._show(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down:
            self._open()
            return
        super().keyPressEvent(event)

    def _open(self) -> None:
        self._show(self.text())
        for action in self.menu_of_choices.actions():
            action.setChecked(action.data() == self._value)
        self.menu_of_choices.popup(self.mapToGlobal(QPoint(0, self.height() + 4)))

    def _pick(self, value: str) -> None:
        self.choose(value)
        self.chosen.emit(value)

    def _show(self, text: str = "") -> None:
        self.setText(text or self._choices[self._value])
        self.setAccessibleName(f"{self._name}: {self.text()}")
        self.setChecked(self._value != self._first)
