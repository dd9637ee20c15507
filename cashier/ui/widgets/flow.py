"""Buttons beside each other that go on in the next line where there is no room."""

from PySide6.QtCore import QEvent, QObject, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

GAP = 8


class Flow(QWidget):
    """Lines of widgets, each as wide as it wants; hidden ones take no room."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[QWidget] = []
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def add(self, part: QWidget) -> None:
        """One more, after the others."""
        part.setParent(self)
        part.installEventFilter(self)
        self._parts.append(part)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._place(width, move=False)

    def sizeHint(self) -> QSize:
        return QSize(200, self._place(max(self.width(), 200), move=False))

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self._place(self.width(), move=False))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._place(self.width(), move=True)
        self.updateGeometry()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A part that comes, goes or gets another text moves the others."""
        kinds = (QEvent.Type.ShowToParent, QEvent.Type.HideToParent, QEvent.Type.LayoutRequest)
        if event.type() in kinds:
            self._place(self.width(), move=True)
            self.updateGeometry()
        return super().eventFilter(watched, event)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self._place(self.width(), move=True)
            self.updateGeometry()
        return super().event(event)

    def _place(self, width: int, *, move: bool) -> int:
        """Puts the parts in their places; returns the height that they take."""
        left = top = height = 0
        for part in self._parts:
            if part.isHidden():
                continue
            wanted = part.sizeHint()
            if left and left + wanted.width() > width:
                left, top = 0, top + height + GAP
            if move:
                part.setGeometry(left, top, min(wanted.width(), width), wanted.height())
            left, height = left + wanted.width() + GAP, wanted.height()
        return top + height
