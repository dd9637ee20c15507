"""What became of payments or payouts, until it was seen: the whole screen over an empty form, else a band above it."""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from cashier.domain.states import State
from cashier.domain.transaction import Transaction
from cashier.ui.widgets.notices import ResultBand
from cashier.ui.widgets.outcome import OutcomeView

# A key sooner than this after a result came was not meant for it.
KEY_GUARD = 0.6
_DISMISS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space, Qt.Key.Key_Escape)


@dataclass(frozen=True)
class _Result:
    row: Transaction
    advice: str
    seconds: int | None
    note: str = ""


class Results(QObject):
    """The queue of results; the page gives its `band` a place.

    `seen` carries an id that was seen, `try_again` the transaction to refill the form with. The form keeps the keyboard
    all the time: keys that mean something to it go there, and put the result aside.
    """

    seen = Signal(str)
    try_again = Signal(object)

    def __init__(
        self,
        page: QWidget,
        form_is_empty: Callable[[], bool],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(page)
        self._page = page
        self.band = ResultBand()
        self._form_is_empty = form_is_empty
        self._clock = clock
        self._queue: OrderedDict[str, _Result] = OrderedDict()
        self._shown_at = float("-inf")
        self.view = OutcomeView()
        self.view.setParent(page)
        self.view.hide()
        for button in self.view.findChildren(QWidget):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.view.new_sale.connect(self.dismiss)
        self.view.try_again.connect(self._again)
        self.band.seen.connect(self._seen)
        page.installEventFilter(self)

    def add(self, row: Transaction, advice: str = "", seconds: int | None = None) -> None:
        """A new result; one about the same transaction takes the place of the older."""
        before = self._queue.get(row.id)
        self._queue[row.id] = _Result(row, advice, seconds, before.note if before else "")
        if next(iter(self._queue)) == row.id:
            self._shown_at = self._clock()
        self.show_first()

    def add_note(self, id: str, note: str) -> None:
        """What became known about a result that was not seen yet, such as the balance after it."""
        if id in self._queue:
            self._queue[id] = replace(self._queue[id], note=note)
            self.show_first()

    def waiting(self) -> list[Transaction]:
        """What was not seen yet, in the order it came."""
        return [one.row for one in self._queue.values()]

    def has(self, id: str) -> bool:
        """Whether this transaction's result waits to be seen."""
        return id in self._queue

    def covers(self) -> bool:
        """Whether a result fills the screen now."""
        return self.view.isVisibleTo(self._page)

    def show_first(self) -> None:
        """Shows the first of the queue where it may be shown: never over a form with something in it."""
        first = next(iter(self._queue.values()), None)
        if first is None:
            self.view.hide()
            self.band.hide()
            return
        row = first.row
        if self._form_is_empty():
            self.band.hide()
            self.view.show_outcome(row, advice=first.advice, seconds=first.seconds, note=first.note)
            self.view.setGeometry(self._page.rect())
            self.view.show()
            self.view.raise_()
        else:
            self.view.hide()
            self.band.show_result(row, len(self._queue) - 1)

    def dismiss(self) -> None:
        """The first one was seen."""
        if self._queue:
            self._seen(next(iter(self._queue)))

    def put_aside(self, id: str) -> None:
        """One was seen elsewhere, on its card."""
        self._seen(id)

    def key(self, event: QKeyEvent) -> bool:
        """Offered every key of the page first. True when it was taken: it never takes one that types."""
        if not self.covers():
            return False
        control = event.modifiers() == Qt.KeyboardModifier.ControlModifier
        again = control and event.key() == Qt.Key.Key_T
        if not again and event.key() not in _DISMISS:
            return False
        if self._clock() - self._shown_at >= KEY_GUARD and not event.isAutoRepeat():
            if again:
                self._again()
            else:
                self.dismiss()
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._page and event.type() == QEvent.Type.Resize:
            self.view.setGeometry(self._page.rect())
        return super().eventFilter(watched, event)

    def _again(self) -> None:
        first = next(iter(self._queue.values()), None)
        if first is None or first.row.state is not State.FAILED or first.row.review is not None:
            return
        self._seen(first.row.id)
        self.try_again.emit(first.row)

    def _seen(self, id: str) -> None:
        if self._queue.pop(id, None) is None:
            return
        self._shown_at = self._clock()
        self.seen.emit(id)
        self.show_first()
