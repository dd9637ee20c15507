"""How far something is, as a quiet bar."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from cashier.ui import theme
from cashier.ui.painting import fill_round, smooth

HEIGHT = 12


class ProgressBar(QWidget):
    """`show_progress` takes done and all; a screen reader hears both."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self._share = 0.0
        self.setFixedHeight(HEIGHT)
        self.setAccessibleName(name)

    def show_progress(self, done: int, whole: int) -> None:
        self._share = done / whole if whole else 0.0
        self.setAccessibleDescription(f"{done} / {whole}")
        self.update()

    def share(self) -> float:
        """From 0 to 1."""
        return self._share

    def paintEvent(self, event: object) -> None:
        look = theme.current()
        painter = QPainter(self)
        smooth(painter)
        fill_round(painter, self.rect(), HEIGHT / 2, look.color("sunken"))
        if self._share > 0:
            width = max(float(HEIGHT), self.width() * self._share)
            fill_round(painter, QRectF(0, 0, width, HEIGHT), HEIGHT / 2, look.color("accent"))
        painter.end()
