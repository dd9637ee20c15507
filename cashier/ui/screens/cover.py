"""A result over a column of its page: while it is up, every key and press on the page is its own."""

from collections.abc import Callable
from typing import cast

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

_GUARDED = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space, Qt.Key.Key_Escape)
_ALONE = (
    Qt.Key.Key_Shift,
    Qt.Key.Key_Control,
    Qt.Key.Key_Alt,
    Qt.Key.Key_AltGr,
    Qt.Key.Key_Meta,
    Qt.Key.Key_CapsLock,
    Qt.Key.Key_NumLock,
)
_PRESSES = (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick)
# For so long after a press put the cover away, the second click of a double click meets nothing under it.
_DOUBLE_CLICK = 600


class Cover(QObject):
    """`key` carries a key pressed anywhere on the page, `press` says that the mouse or a finger was.

    Neither reaches what they were aimed at, except the cover's own buttons. `came` says that the page was brought to
    the front with the cover up, `left` that an F key did what it does.
    """

    key = Signal(object)
    press = Signal()
    came = Signal()
    left = Signal()

    def __init__(
        self,
        page: QWidget,
        view: QWidget,
        field: QWidget,
        place: QWidget,
        column: Callable[[], QRect],
        rested: Callable[[], bool],
    ) -> None:
        """`rested` says whether a press now can have been meant for what is shown."""
        super().__init__(page)
        self._page = page
        self._view = view
        self.field = field
        self._column = column
        self._place = place
        self._up = False
        self._rested = rested
        self._application = cast("QObject", QCoreApplication.instance())
        self._after_press = QTimer(self)
        self._after_press.setSingleShot(True)
        self._after_press.setInterval(_DOUBLE_CLICK)
        self._after_press.timeout.connect(self._rest)
        view.setParent(page)
        view.hide()
        for button in view.findChildren(QWidget):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        view.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        place.installEventFilter(self)
        page.installEventFilter(self)

    def is_up(self) -> bool:
        return self._up

    def put_up(self) -> None:
        """Shows it and takes the keyboard, where the page has it."""
        self._view.setGeometry(self._column())
        self._view.show()
        self._view.raise_()
        if self._up:
            return
        self._up = True
        self._page.setFocusProxy(self._view)
        focused = QApplication.focusWidget()
        if focused is None or self._page.isAncestorOf(focused):
            self._view.setFocus()
        self._application.installEventFilter(self)

    def take_down(self) -> None:
        """Gives the keyboard to the field, if it has it."""
        if not self._up:
            return
        self._up = False
        if not self._after_press.isActive():
            self._application.removeEventFilter(self)
        focused = cast("QWidget | None", self._page.window().focusWidget())
        self._page.setFocusProxy(self.field)
        if focused is None or self._page.isAncestorOf(focused):
            self.field.setFocus()
        self._view.hide()

    def types(self, event: QKeyEvent) -> bool:
        """Whether it means the field: a figure, a plus sign, or what was copied."""
        text = event.text()
        return (len(text) == 1 and text in "0123456789+") or event.matches(QKeySequence.StandardKey.Paste)

    def is_alone(self, event: QKeyEvent) -> bool:
        """Whether it is half of a key, as Ctrl before T."""
        return event.key() in _ALONE

    def is_again(self, event: QKeyEvent) -> bool:
        return event.key() == Qt.Key.Key_T and event.modifiers() == Qt.KeyboardModifier.ControlModifier

    def is_guarded(self, event: QKeyEvent) -> bool:
        """Whether it may have been on its way when the result came."""
        return event.key() in _GUARDED

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if watched is self._place and kind in (QEvent.Type.Resize, QEvent.Type.Move):
            self._view.setGeometry(self._column())
        elif watched is self._page and kind == QEvent.Type.Show and self._up:
            self.came.emit()
        if not isinstance(watched, QWidget):
            return False
        if not self._up:
            second = kind == QEvent.Type.MouseButtonDblClick and self._after_press.isActive()
            return second and self._holds(watched)
        if kind == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._holds(watched):
            if Qt.Key.Key_F1 <= event.key() <= Qt.Key.Key_F12:
                self.left.emit()
            return False
        if kind == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and self._holds(watched):
            self.key.emit(event)
            return True
        if kind in _PRESSES and self._holds(watched):
            self._after_press.start()
            if self._view.isAncestorOf(watched) and isinstance(watched, QAbstractButton) and self._rested():
                return False
            self.press.emit()
            return True
        return False

    def _rest(self) -> None:
        if not self._up:
            self._application.removeEventFilter(self)

    def _holds(self, widget: QWidget) -> bool:
        return widget is self._page or self._page.isAncestorOf(widget)
