"""The line at the bottom: what works and what does not, in words; the right side and the time."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from cashier.ui import theme
from cashier.ui.painting import fill_round, smooth
from cashier.ui.widgets.base import ElidedLabel, empty_margins, label

HEIGHT = 36
DOT = 9
# What stops sales stands first, then what stops payouts, what is open, how it works; any other behind.
ORDER = ("sales", "gateway", "ledger", "lock", "list", "payouts", "callbacks")


class _Dot(QWidget):
    """Neutral while all is well; amber and square when something is wrong, so that colour is not all."""

    def __init__(self) -> None:
        super().__init__()
        self._wrong = False
        self.setFixedSize(QSize(DOT, DOT))

    def show_wrong(self, wrong: bool) -> None:
        self._wrong = wrong
        self.update()

    def paintEvent(self, event: object) -> None:
        painter = QPainter(self)
        smooth(painter)
        color = theme.current().color("unknown" if self._wrong else "dot")
        fill_round(painter, self.rect(), 2 if self._wrong else DOT / 2, color)
        painter.end()


class _Item(QWidget):
    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        empty_margins(row, 8)
        self.dot = _Dot()
        self.text = ElidedLabel("", "status")
        row.addWidget(self.dot)
        row.addWidget(self.text, 1)


class StatusLine(QWidget):
    """`show_item` sets one of the left items by name, `show_right` a text at the right, `show_time` the clock."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(HEIGHT)
        self.setAccessibleName(self.tr("Status"))
        self._items: dict[str, _Item] = {}
        self._right: dict[str, QLabel] = {}
        self._left_row = QHBoxLayout()
        empty_margins(self._left_row, 24)
        self._right_row = QHBoxLayout()
        empty_margins(self._right_row, 24)
        self._clock = label("", "clock")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(20, 0, 20, 0)
        self._row.setSpacing(24)
        self._row.addLayout(self._left_row)
        self._row.addStretch(1)
        self._row.addLayout(self._right_row)
        self._row.addWidget(self._clock)

    def paintEvent(self, event: object) -> None:
        look = theme.current()
        painter = QPainter(self)
        fill_round(painter, self.rect(), 0, look.color("surface"))
        fill_round(painter, self.rect().adjusted(0, 0, 0, 1 - self.height()), 0, look.color("line"))
        painter.end()

    def show_item(self, name: str, text: str, *, wrong: bool = False) -> None:
        """An item of the left side, made at its first call: `gateway`, `Gateway, 0.4 s`. An empty text hides it."""
        if name not in self._items:
            self._left_row.insertWidget(sum(_rank(one) <= _rank(name) for one in self._items), item := _Item())
            self._items[name] = item
        item = self._items[name]
        item.text.setText(text)
        item.setVisible(bool(text))
        item.dot.show_wrong(wrong)
        item.text.show_kind("status-wrong" if wrong else "status")

    def show_right(self, name: str, text: str) -> None:
        """A text of the right side; empty takes it away."""
        if name not in self._right:
            if not text:
                return
            self._right[name] = ElidedLabel("", "status")
            self._right_row.addWidget(self._right[name])
        self._right[name].setText(text)
        self._right[name].setVisible(bool(text))

    def show_time(self, text: str) -> None:
        """`14:32`."""
        self._clock.setText(text)
        self._clock.setAccessibleName(text)

    def has_item(self, name: str) -> bool:
        return name in self._items

    def item_text(self, name: str) -> str:
        return self._items[name].text.text()


def _rank(name: str) -> int:
    return ORDER.index(name) if name in ORDER else len(ORDER)
