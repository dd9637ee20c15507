"""The numbers that stand in for Qt's constants mean what their names say."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QScrollArea

from cashier.ui import early, painting


def test_each_number_is_its_constant(qapp: QApplication) -> None:
    button, text, edit, area = QPushButton(), QLabel(), QLineEdit(), QScrollArea()
    early.no_focus(button)
    early.shortcut(button, "F10")
    early.plain_text(text)
    early.align_right(edit)
    early.phone_keys(edit)
    assert edit.inputMethodHints() == Qt.InputMethodHint.ImhDialableCharactersOnly
    early.number_keys(edit)
    early.never_sideways(area)
    assert button.focusPolicy() == Qt.FocusPolicy.NoFocus
    (key,) = button.findChildren(QShortcut)
    assert key.key().toString() == "F10"
    assert button.shortcut().isEmpty()  # the animation of a button's own takes the next keys
    assert text.textFormat() == Qt.TextFormat.PlainText
    assert edit.alignment() == Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
    assert edit.inputMethodHints() == Qt.InputMethodHint.ImhPreferNumbers
    assert area.horizontalScrollBarPolicy() == Qt.ScrollBarPolicy.ScrollBarAlwaysOff


def test_flags_of_painting() -> None:
    middle = Qt.AlignmentFlag.AlignVCenter
    assert (middle | Qt.AlignmentFlag.AlignLeft).value == painting.LEFT
    assert (middle | Qt.AlignmentFlag.AlignRight).value == painting.RIGHT
    assert Qt.AlignmentFlag.AlignCenter.value == painting.CENTER
