"""Where the keyboard goes when a button that has it is disabled, hidden or removed: to its screen's first field."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QWidget
from shiboken6 import isValid


class FocusRule(QObject):
    """Qt gives the keyboard to whatever comes next, where an Enter that was on its way would press another button.

    Whoever sets the focus by itself, as a question does, is left alone; so is a field that Qt has chosen.
    """

    def __init__(self, parent: QObject, home: Callable[[], QWidget | None]) -> None:
        """`home` gives the screen in front, which leads on to its first field."""
        super().__init__(parent)
        self._home = home
        self._left: QWidget | None = None
        self._chosen: QWidget | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._look)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._moved)

    def _moved(self, left: QWidget | None, chosen: QWidget | None) -> None:
        if isinstance(left, QAbstractButton):
            self._left, self._chosen = left, chosen
            self._timer.start()

    def _look(self) -> None:
        left, chosen, self._left, self._chosen = self._left, self._chosen, None, None
        now = QApplication.focusWidget()
        by_itself = now is not chosen or isinstance(now, QLineEdit)
        gone = left is None or not isValid(left) or not (left.isEnabled() and left.isVisible())
        home = self._home()
        if gone and not by_itself and home is not None and home.isVisible():
            home.setFocus()
