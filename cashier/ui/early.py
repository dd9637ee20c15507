"""Qt's constants for what the first paint shows, set through properties, which take numbers.

Touching `QtCore.Qt` makes Python enums of all its constants, a tenth of the start (docs/decisions/first-paint.md). What
runs later says `QtCore.Qt.…` where it is needed; a test keeps the first paint free of it.
"""

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractButton, QAbstractScrollArea, QLabel, QLineEdit, QWidget

_NO_FOCUS = 0x0  # Qt.FocusPolicy.NoFocus
_PLAIN_TEXT = 0  # Qt.TextFormat.PlainText
_ALIGN_RIGHT = 0x82  # Qt.AlignmentFlag.AlignRight | AlignVCenter
_DIALABLE = 0x100000  # Qt.InputMethodHint.ImhDialableCharactersOnly
_PREFER_NUMBERS = 0x8  # Qt.InputMethodHint.ImhPreferNumbers
_ALWAYS_OFF = 1  # Qt.ScrollBarPolicy.ScrollBarAlwaysOff


def no_focus(widget: QWidget) -> None:
    """The keyboard never goes there."""
    widget.setProperty("focusPolicy", _NO_FOCUS)


def plain_text(label: QLabel) -> None:
    """Shows `<b>` as three characters."""
    label.setProperty("textFormat", _PLAIN_TEXT)


def align_right(edit: QLineEdit) -> None:
    edit.setProperty("alignment", _ALIGN_RIGHT)


def phone_keys(edit: QLineEdit) -> None:
    """A keyboard on screen shows the figures of a phone."""
    edit.setProperty("inputMethodHints", _DIALABLE)


def number_keys(edit: QLineEdit) -> None:
    """A keyboard on screen begins with figures."""
    edit.setProperty("inputMethodHints", _PREFER_NUMBERS)


def shortcut(button: QAbstractButton, key: str) -> None:
    """`F1` presses the button from anywhere in the window, at once.

    A button's own shortcut presses it by Qt's animated click, which keeps the next keys for a tenth of a second.
    """
    made = QShortcut(QKeySequence(key), button)
    made.setAutoRepeat(False)
    made.activated.connect(button.click)


def never_sideways(area: QAbstractScrollArea) -> None:
    """No horizontal scroll bar."""
    area.setProperty("horizontalScrollBarPolicy", _ALWAYS_OFF)
