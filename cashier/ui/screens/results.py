"""What became of payments or payouts, until it was seen: over an empty form in its column, else a band above it."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRect, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from cashier.domain.states import State
from cashier.domain.transaction import Transaction
from cashier.ui.screens.cover import Cover
from cashier.ui.widgets.notices import ResultBand
from cashier.ui.widgets.outcome import OutcomeView

if TYPE_CHECKING:
    from datetime import datetime

# A press sooner than this after a result came was not meant for it.
KEY_GUARD = 0.6


@dataclass(frozen=True)
class _Result:
    row: Transaction
    advice: str
    seconds: int | None
    note: str = ""


def _always(_row: Transaction) -> bool:
    return True


class Results(QObject):
    """The results that wait to be seen, the newest sale's first; the page gives its `band` a place.

    `seen` carries an id that was seen, `try_again` the transaction to refill the form with. While a result fills the
    form's column, keys, mouse and focus are its own; afterwards the keyboard is in the page's first field.
    """

    seen = Signal(str)
    try_again = Signal(object)

    def __init__(
        self,
        page: QWidget,
        form_is_empty: Callable[[], bool],
        clock: Callable[[], float] = time.monotonic,
        *,
        field: QWidget,
        place: QWidget,
        column: Callable[[], QRect],
        may_fill: Callable[[Transaction], bool] = _always,
    ) -> None:
        """`field` has the keyboard when nothing fills; `column` is where a result may stand, and `place` moves with it.

        `may_fill` says whether nothing newer than this transaction is on its way.
        """
        super().__init__(page)
        self._page = page
        self.band = ResultBand()
        self._form_is_empty = form_is_empty
        self._may_fill = may_fill
        self._clock = clock
        self._queue: list[_Result] = []
        self._shown: str | None = None
        self._shown_at = float("-inf")
        self.view = OutcomeView()
        self.cover = Cover(page, self.view, field, place, column, self._rested)
        self.cover.key.connect(self._key)
        self.cover.press.connect(self._press)
        self.cover.came.connect(self._begin_guard)
        self.cover.left.connect(self._left)
        self.view.new_sale.connect(self.dismiss)
        self.view.try_again.connect(self._again)
        self.band.seen.connect(self._seen)

    def add(self, row: Transaction, advice: str = "", seconds: int | None = None) -> None:
        """A new result; one about the same transaction takes the place of the older."""
        note = next((one.note for one in self._queue if one.row.id == row.id), "")
        others = [one for one in self._queue if one.row.id != row.id]
        self._queue = sorted([*others, _Result(row, advice, seconds, note)], key=_age, reverse=True)
        if self._queue[0].row.id == row.id:
            self._begin_guard()
        self.show_first()

    def add_note(self, id: str, note: str) -> None:
        """What became known about a result that was not seen yet, such as the balance after it."""
        if self.has(id):
            self._queue = [replace(one, note=note) if one.row.id == id else one for one in self._queue]
            self.show_first()

    def waiting(self) -> list[Transaction]:
        """What was not seen yet, the newest sale first."""
        return [one.row for one in self._queue]

    def has(self, id: str) -> bool:
        """Whether this transaction's result waits to be seen."""
        return any(one.row.id == id for one in self._queue)

    def covers(self) -> bool:
        """Whether a result fills the form's column now."""
        return self.cover.is_up()

    def show_first(self) -> None:
        """Shows the first where it may be shown: never over a form with something in it, or one behind a newer sale."""
        if not self._queue:
            self._shown = None
            self.band.hide()
            self.cover.take_down()
            return
        first, behind = self._queue[0], len(self._queue) - 1
        if self._shown != first.row.id:
            self._shown = first.row.id
            self._begin_guard()
        if self._form_is_empty() and self._may_fill(first.row):
            self.band.hide()
            self.view.show_outcome(
                first.row, advice=first.advice, seconds=first.seconds, note=first.note, waiting=behind
            )
            if not self.covers():
                self._begin_guard()
            self.cover.put_up()
        else:
            self.band.show_result(first.row, behind)
            self.cover.take_down()

    def form_edited(self) -> None:
        """Somebody types: a result that filled the column was typed over, and counts as seen."""
        if self.covers() and not self._form_is_empty():
            self.dismiss()
        else:
            self.show_first()

    def dismiss(self) -> None:
        """The first one was seen."""
        if self._queue:
            self._seen(self._queue[0].row.id)

    def put_aside(self, id: str) -> None:
        """One was seen elsewhere, on its card."""
        self._seen(id)

    def _left(self) -> None:
        shown = self._queue[0].row.id
        QTimer.singleShot(0, self, lambda: self._seen(shown))  # after the key's own turn, which may show another page

    def _begin_guard(self) -> None:
        self._shown_at = self._clock()

    def _rested(self) -> bool:
        return self._clock() - self._shown_at >= KEY_GUARD

    def _key(self, event: QKeyEvent) -> None:
        """Any key ends the result; one that types goes on into the field."""
        cover = self.cover
        if cover.types(event):
            typed, over = event.clone(), self._queue[0].row.id
            cover.take_down()
            QApplication.sendEvent(cover.field, typed)
            self._seen(over)  # last: with the form empty, the next result would take the key
        elif cover.is_alone(event) or event.isAutoRepeat():
            return
        elif cover.is_again(event):
            if self._rested() and not self._again():
                self.dismiss()
        elif self._rested() or not cover.is_guarded(event):
            self.dismiss()

    def _press(self) -> None:
        if self._rested():
            self.dismiss()

    def _again(self) -> bool:
        first = self._queue[0] if self._queue else None
        if first is None or first.row.state is not State.FAILED or first.row.review is not None:
            return False
        self._queue.pop(0)
        self.cover.take_down()
        self.try_again.emit(first.row)
        self.seen.emit(first.row.id)
        self.show_first()
        return True

    def _seen(self, id: str) -> None:
        if not self.has(id):
            return
        self._queue = [one for one in self._queue if one.row.id != id]
        self.seen.emit(id)
        self.show_first()


def _age(result: _Result) -> "tuple[datetime, str]":
    return result.row.created_at, result.row.id
