"""The list of open payments: heading with their number, cards that scroll, what needs eyes on top."""

import itertools
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6 import QtCore
from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from cashier.ui.early import never_sideways, no_focus
from cashier.ui.widgets.base import empty_margins, label
from cashier.ui.widgets.operator_chip import count_chip

if TYPE_CHECKING:
    from datetime import datetime

    from cashier.domain.transaction import Transaction
    from cashier.ui.widgets.base import Text
    from cashier.ui.widgets.buttons import PlainButton
    from cashier.ui.widgets.payment_card import PaymentCard

BAR = 8
MOST = 60  # cards: what needs eyes stands on top, and nobody scrolls through thousands


def in_order(rows: "Sequence[Transaction]") -> "list[Transaction]":
    """Settled ones that wait to be seen, then review and unknown, then the rest; each newest first."""

    from cashier.domain.states import State

    def rank(row: "Transaction") -> int:
        if row.is_final:
            return 0
        return 1 if row.review is not None or row.state is State.UNKNOWN else 2

    newest = sorted(rows, key=lambda row: (row.created_at, row.id), reverse=True)
    return sorted(newest, key=rank)


class _Scroll(QScrollArea):
    """Keeps one widget in sight while what it holds grows and shrinks, until a person scrolls."""

    def __init__(self) -> None:
        super().__init__()
        self._kept: QWidget | None = None
        self.verticalScrollBar().rangeChanged.connect(self._keep)
        self.verticalScrollBar().sliderPressed.connect(lambda: self.keep(None))

    def keep(self, widget: QWidget | None) -> None:
        """The widget to keep in sight from now on."""
        self._kept = widget
        self._keep()

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.keep(None)
        super().wheelEvent(event)

    def _keep(self) -> None:
        if self._kept is not None:
            self.ensureWidgetVisible(self._kept, 0, BAR)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leaves the arrows to the list, which walks from card to card."""
        event.ignore()


class CardList(QWidget):
    """`show_transactions` gives all of them; cards are kept by id, so that the chosen one stays chosen.

    Of more than MOST only the first get a card, and a line tells how many there are besides.
    The signals carry an id: `check`, `hide_it` and `close_it` from a card's buttons, `seen` for a settled one
    put away, `chosen` for another chosen card. `bring_back` says that hidden ones are wanted again.
    """

    check = Signal(str)
    hide_it = Signal(str)
    close_it = Signal(str)
    seen = Signal(str)
    chosen = Signal(str)
    bring_back = Signal()

    def __init__(self, title: str | None = None, empty: str | None = None) -> None:
        super().__init__()
        self.setAccessibleName(title or self.tr("Open payments"))
        self._cards: dict[str, PaymentCard] = {}
        self._chosen: str | None = None
        self._order: list[str] = []
        self._around: tuple[QWidget | None, QWidget | None] = (None, None)
        self._wanted: list[Transaction] = []
        self._more: Text | None = None
        self._hidden: PlainButton | None = None
        self._hidden_count = 0
        self._count = count_chip("0")
        self._none = empty or self.tr("None. A payment appears here once it is charged.")
        self._empty = label(self._none, "hint", wrap=True)
        head = QHBoxLayout()
        empty_margins(head, 12)
        head.addWidget(label(title or self.tr("Open payments"), "title"))
        head.addWidget(self._count)
        head.addStretch(1)
        inner = QWidget()
        inner.setObjectName("scrolled")
        self._column = QVBoxLayout(inner)
        empty_margins(self._column, 12)
        self._column.addStretch(1)
        self._scroll = _Scroll()
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        never_sideways(self._scroll)
        no_focus(self._scroll)
        self._scroll.setWidget(inner)
        self._parts = QVBoxLayout(self)
        empty_margins(self._parts, 12)
        self._parts.addLayout(head)
        self._parts.addWidget(self._empty)
        self._parts.addWidget(self._scroll, 1)
        self._show_count()

    def show_transactions(self, rows: "Sequence[Transaction]", now: "datetime") -> None:
        """All that the list holds from now on, in any order. `now` is aware."""
        self._wanted = in_order(rows)
        shown = self._wanted[:MOST] + [row for row in self._wanted[MOST:] if row.id == self._chosen]
        for gone in self._cards.keys() - {row.id for row in shown}:
            self._remove(gone)
        for place, row in enumerate(shown):
            card = self._cards.get(row.id)
            if card is None:
                card = self._add(row, now)
            else:
                card.show_transaction(row, now)
            if self._column.indexOf(card) != place:
                self._column.removeWidget(card)
                self._column.insertWidget(place, card)
        self._order_tab([row.id for row in shown])
        self._show_count()

    def show_unasked(self, count: int, words: str) -> None:
        """How many are open while no account is, with `words` in place of their cards; empty `words` end it."""
        self._empty.setText(words or self._none)
        self._show_count()
        if words:
            self._count.setText(str(count))
            self._count.setVisible(bool(count))

    def show_hidden(self, count: int) -> None:
        """How many open ones were hidden, with a button that wants them back; none for 0."""
        if self._hidden is None and count:
            from cashier.ui.widgets.buttons import PlainButton

            self._hidden = PlainButton("")
            self._hidden.clicked.connect(self.bring_back)
            self._parts.addWidget(self._hidden, 0, QtCore.Qt.AlignmentFlag.AlignLeft)
            self._order_tab(self._order, anew=True)
        if self._hidden is not None:
            self._hidden.setText(self.tr("%1 hidden · Show").replace("%1", str(count)))
            self._hidden.setVisible(bool(count))
        self._hidden_count = count
        self._show_none()

    def _show_none(self) -> None:
        """That there are none is said only where none is hidden either."""
        unasked = self._empty.text() != self._none
        self._empty.setVisible(not self._wanted and (unasked or not self._hidden_count))

    def hidden_text(self) -> str:
        """What the button for hidden ones says, "" where there is none."""
        return "" if self._hidden is None or self._hidden.isHidden() else self._hidden.text()

    def said_of_none(self) -> str:
        """What stands in place of cards."""
        return self._empty.text()

    def stand_between(self, before: QWidget, after: QWidget | None = None) -> None:
        """Tab comes to the cards from `before` and leaves them to `after`."""
        self._around = (before, after)

    def _order_tab(self, order: list[str], *, anew: bool = False) -> None:
        """Tab follows the eye, from card to card, in whatever order they were made."""
        if order == self._order and not anew:
            return
        self._order = order
        before, after = self._around
        cards = [stop for id in order for stop in self._cards[id].stops()]
        stops = [stop for stop in (before, *cards, self._hidden, after) if stop is not None]
        for first, second in itertools.pairwise(stops):
            QWidget.setTabOrder(first, second)

    def open_count(self) -> int:
        """How many of all are open."""
        return sum(row.is_open for row in self._wanted)

    def tick(self, now: "datetime") -> None:
        """Once a second: seconds and advice."""
        for card in self._cards.values():
            card.tick(now)

    def cards(self) -> "list[PaymentCard]":
        """As they stand, from the top."""
        return sorted(self._cards.values(), key=self._column.indexOf)

    def card(self, transaction_id: str) -> "PaymentCard | None":
        return self._cards.get(transaction_id)

    def chosen_id(self) -> str | None:
        return self._chosen

    def choose(self, transaction_id: str | None) -> None:
        """Chooses a card, or none, and scrolls to it."""
        if transaction_id == self._chosen:
            return
        far = next((row for row in self._wanted[MOST:] if row.id == transaction_id), None)
        if far is not None and far.id not in self._cards:
            self._column.insertWidget(len(self._cards), self._add(far, far.created_at))
        before = self._cards.get(self._chosen or "")
        if before is not None:
            before.set_chosen(False)
        card = self._cards.get(transaction_id or "")
        self._chosen = transaction_id if card is not None else None
        if card is not None:
            card.set_chosen(True)
            self._scroll.keep(card)
            self.chosen.emit(transaction_id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up, Down, Home and End walk through the cards."""
        cards = self.cards()
        at = next((place for place, card in enumerate(cards) if card.transaction.id == self._chosen), -1)
        to = {
            QtCore.Qt.Key.Key_Down: at + 1,
            QtCore.Qt.Key.Key_Up: at - 1,
            QtCore.Qt.Key.Key_Home: 0,
            QtCore.Qt.Key.Key_End: len(cards) - 1,
        }.get(QtCore.Qt.Key(event.key()))
        if to is None or not cards:
            super().keyPressEvent(event)
            return
        cards[max(0, min(len(cards) - 1, to))].setFocus(QtCore.Qt.FocusReason.TabFocusReason)

    def _add(self, row: "Transaction", now: "datetime") -> "PaymentCard":
        from cashier.ui.widgets.payment_card import PaymentCard

        card = PaymentCard(row, now)
        card.check.connect(self.check)
        card.hide_it.connect(self.hide_it)
        card.close_it.connect(self.close_it)
        card.seen.connect(self.seen)
        card.picked.connect(self.choose)
        self._cards[row.id] = card
        return card

    def _remove(self, transaction_id: str) -> None:
        card = self._cards.pop(transaction_id)
        if self._chosen == transaction_id:
            self._chosen = None
            self._scroll.keep(None)
        self._column.removeWidget(card)
        card.hide()
        card.deleteLater()

    def _show_count(self) -> None:
        count = self.open_count()
        self._count.setText(str(count))
        self._count.setVisible(bool(count))
        self._show_none()
        more = sum(row.is_open for row in self._wanted if row.id not in self._cards)
        if more > 0 and self._more is None:
            self._more = label("", "hint", wrap=True)
            self._parts.addWidget(self._more)
        if self._more is not None:
            self._more.setText(self.tr("%1 more are open. All of them stand in History (F4).").replace("%1", str(more)))
            self._more.setVisible(more > 0)
