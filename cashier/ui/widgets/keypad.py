"""The keypad on screen, in the order of a phone, with the button that charges."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from cashier.ui import theme
from cashier.ui.early import no_focus
from cashier.ui.widgets.base import empty_margins, follow
from cashier.ui.widgets.buttons import Button, PlainButton, PrimaryButton
from cashier.ui.widgets.field import Field

KEYS = (("1", "2", "3"), ("4", "5", "6"), ("7", "8", "9"), ("000", "0", "backspace"))
SIDE = 190


class Figures(QWidget):
    """The keys with figures. They type into the Field that has the keyboard, which keeps it.

    `typed` carries what a key typed when no Field has the keyboard, so that a screen can send it somewhere.
    """

    typed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.keys: dict[str, Button] = {}
        self._grid = QGridLayout(self)
        empty_margins(self._grid)
        self._grid.setHorizontalSpacing(12)
        for row, names in enumerate(KEYS):
            self._grid.setRowStretch(row, 1)
            for column, name in enumerate(names):
                self._grid.setColumnStretch(column, 1)
                self._grid.addWidget(self._key(name), row, column)
        follow(self.adapt)

    def adapt(self) -> None:
        """Takes the sizes of the density; keys grow with the room there is."""
        sizes = theme.metrics()
        self._grid.setVerticalSpacing(8 if sizes.compact else 12)
        for button in self.keys.values():
            _grow(button, sizes.key)

    def _key(self, name: str) -> Button:
        if name == "backspace":
            button = Button("", icon="backspace", kind="key", size="large")
            button.setAccessibleName(self.tr("Delete the last figure"))
        else:
            button = Button(name, kind="key", size="large")
        no_focus(button)
        button.setAutoRepeat(name == "backspace")
        button.clicked.connect(lambda: self._press(name))
        self.keys[name] = button
        return button

    def _press(self, name: str) -> None:
        field = _focused_field()
        if field is None:
            self.typed.emit(name)
        elif name == "backspace":
            field.backspace()
        else:
            field.type_text(name)


class Keypad(QWidget):
    """Figures with buttons beside them. Charge takes the keyboard, since Enter lands there.

    `typed` is the figures'; `add`, `cleared` and `charge` are the other buttons.
    """

    typed = Signal(str)
    add = Signal()
    cleared = Signal()
    charge = Signal()

    def __init__(self, action: str | None = None) -> None:
        super().__init__()
        self._figures = Figures()
        self._figures.typed.connect(self.typed)
        self.keys = self._figures.keys
        self.add_button = PlainButton(self.tr("Add"), icon="plus", size="wide")
        self.clear_button = PlainButton(self.tr("Clear"), size="wide")
        self.charge_button = PrimaryButton(action or self.tr("Charge"), size="large")
        self.charge_button.setMaximumHeight(16777215)
        for button in (self.add_button, self.clear_button):
            no_focus(button)
        self._side = QVBoxLayout()
        self._side.addWidget(self.add_button, 1)
        self._side.addWidget(self.clear_button, 1)
        self._side.addWidget(self.charge_button, 2)
        row_layout = QHBoxLayout(self)
        empty_margins(row_layout, 16)
        row_layout.addWidget(self._figures, 1)
        row_layout.addLayout(self._side)
        self.add_button.clicked.connect(self.add)
        self.clear_button.clicked.connect(self.cleared)
        self.charge_button.clicked.connect(self.charge)
        follow(self.adapt)

    def adapt(self) -> None:
        """Takes the sizes of the density; keys grow with the room there is."""
        sizes = theme.metrics()
        self._side.setSpacing(8 if sizes.compact else 12)
        for button in (self.add_button, self.clear_button, self.charge_button):
            _grow(button, sizes.key)
            button.setFixedWidth(SIDE)


def _grow(button: Button, least: int) -> None:
    button.setMinimumHeight(least)
    button.setMaximumHeight(16777215)
    button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)


def _focused_field() -> Field | None:
    widget: QWidget | None = QApplication.focusWidget()
    while widget is not None and not isinstance(widget, Field):
        widget = widget.parentWidget()
    return widget
