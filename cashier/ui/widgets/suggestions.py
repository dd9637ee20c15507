"""Earlier customers under the phone field: a list that never takes the keyboard."""

from dataclasses import dataclass

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QWidget

from cashier.domain.phone import show_phone
from cashier.domain.signs import shown

ROW = 40
MOST = 4


@dataclass(frozen=True)
class Suggestion:
    """`phone` is `2507` and eight digits; `detail` stands behind it, as `6 times, last on 21 November`."""

    phone: str
    detail: str = ""


class Suggestions(QListWidget):
    """Lies over the window under `anchor`, at most four rows. `taken` carries the phone of a clicked one."""

    taken = Signal(str)

    def __init__(self, anchor: QWidget) -> None:
        super().__init__(anchor)
        self._anchor = anchor
        self.setObjectName("suggestions")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setAccessibleName(self.tr("Earlier customers"))
        self.itemClicked.connect(lambda item: self.taken.emit(item.data(Qt.ItemDataRole.UserRole)))
        self.hide()

    def show_all(self, found: list[Suggestion]) -> None:
        """Shows these under the anchor; hides for an empty list."""
        self.clear()
        for one in found[:MOST]:
            text = f"{show_phone(one.phone)}   {one.detail}".rstrip()
            item = QListWidgetItem(shown(text))
            item.setData(Qt.ItemDataRole.UserRole, one.phone)
            self.addItem(item)
        self.setVisible(self.count() > 0)
        if self.count():
            window = self._anchor.window()
            self.setParent(window)
            self.move(self._anchor.mapTo(window, QPoint(0, self._anchor.height() + 4)))
            self.resize(self._anchor.width(), self.count() * ROW + 10)
            self.raise_()
            self.show()

    def move_by(self, step: int) -> None:
        """The arrows: from none to the first, never past the ends."""
        if self.isVisible():
            self.setCurrentRow(max(0, min(self.count() - 1, self.currentRow() + step)))

    def selected(self) -> str | None:
        """The phone of the row the arrows stand on, or None."""
        item = self.currentItem()
        return str(item.data(Qt.ItemDataRole.UserRole)) if self.isVisible() and item is not None else None
