"""Between the history's table and the ledger: searches that replace each other, pages, news. Nothing waits."""

import time
from array import array
from collections.abc import Sequence
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from cashier.domain.events import Change
from cashier.domain.transaction import Transaction
from cashier.ledger.history import History
from cashier.ledger.query import Query
from cashier.ui.bridge import Bridge
from cashier.ui.frame import NextFrame
from cashier.ui.models.history import PAGE, HistoryModel

if TYPE_CHECKING:
    from collections.abc import Iterator

_SOON = 4
_TOLD_EVERY = 0.25  # s: each addition to the list paints the table again
_LOOK_AGAIN = 500  # ms after a change that may bring another row into a filtered list


class HistoryFeed(QObject):
    """`counted` carries how many rows fit, None while that is not known; `found` comes with each new list.

    `trouble` carries a LedgerError. A search that is no longer wanted ends in the middle of its statement.
    """

    counted = Signal(object)
    found = Signal()
    trouble = Signal(object)

    def __init__(self, bridge: Bridge, model: HistoryModel) -> None:
        super().__init__()
        self._bridge = bridge
        self._model = model
        self._query = Query()
        self._generation = 0
        self._complete = False
        self._history: History | None = None
        self._frame = NextFrame(self)
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(_LOOK_AGAIN)
        self._again.timeout.connect(lambda: self.search(self._query))
        model.wanted.connect(self._read)
        bridge.changed.connect(self._changed)

    @property
    def query(self) -> Query:
        """What the list shows."""
        return self._query

    @property
    def history(self) -> History | None:
        """The ledger that is open, None before one is."""
        return self._history

    def open(self) -> None:
        """Another account's ledger, or the first one."""
        till = self._bridge.till
        self._history = None if till is None else History(till.ledger.reader)
        self._model.show(range(0), {})  # nothing of the ledger before stands there until this one was read
        self.search(self._query)

    def close(self) -> None:
        """Nothing found from now on is wanted."""
        self._generation += 1
        self._again.stop()

    def search(self, query: Query) -> None:
        """Looks for `query` from now on and for nothing else."""
        self._again.stop()
        self._generation += 1
        self._query = query
        self._complete = False
        if self._history is not None:
            self.counted.emit(None)
            self._bridge.run(partial(self._search, self._history, query, self._generation), None, self._failed)

    def _search(self, history: History, query: Query, mine: int) -> None:
        """On a worker: the first page with its rows, then the rest of the list."""

        def stale() -> bool:
            return self._generation != mine

        pieces = history.find(query, stale)
        first, rest = _first_page(pieces)
        rows = history.rows(first[:PAGE])
        if stale():
            return
        self._bridge.call(partial(self._show, mine, first, rows))
        more, told_at = array("q"), time.monotonic()
        for piece in rest:
            if stale():
                return
            more.extend(piece)
            if time.monotonic() - told_at > _TOLD_EVERY:
                self._bridge.call(partial(self._more, mine, more))
                more, told_at = array("q"), time.monotonic()
        self._bridge.call(partial(self._ended, mine, more))

    def _show(self, mine: int, positions: Sequence[int], rows: "dict[int, Transaction]") -> None:
        if mine == self._generation:
            self._model.show(positions, rows)
            self.found.emit()

    def _more(self, mine: int, positions: Sequence[int]) -> None:
        if mine == self._generation:
            self._model.append(positions)

    def _ended(self, mine: int, positions: Sequence[int]) -> None:
        if mine == self._generation:
            self._model.append(positions)
            self._complete = True
            self.counted.emit(self._model.rowCount())
            self._look_for_news()

    def _read(self, positions: list[int]) -> None:
        history = self._history
        if history is not None:
            read = partial(history.rows, positions)
            self._bridge.run(read, partial(self._take, history), partial(self._not_read, history))

    def _take(self, history: History, rows: "dict[int, Transaction]") -> None:
        """What the list asked for; nothing of a ledger that another one took the place of since."""
        if history is self._history:
            self._model.take(rows)

    def _not_read(self, history: History, why: Exception) -> None:
        """Those rows stay empty; others may be asked for."""
        self._take(history, {})
        self._failed(why)

    def _changed(self, change: Change) -> None:
        if change.before is None:
            self._frame.add(self._look_for_news)
        elif not self._model.update(change.transaction) and not self._query.is_everything:
            self._again.start()

    def _look_for_news(self) -> None:
        """Rows that came after the newest that is listed."""
        if self._complete and self._history is not None:
            work = partial(self._news, self._history, self._query, self._generation, self._model.newest())
            self._bridge.run(work, None, self._failed)

    def _news(self, history: History, query: Query, mine: int, above: int) -> None:
        pieces = history.find(query, lambda: self._generation != mine, above)
        positions = list(chain.from_iterable(pieces))
        if positions:
            self._bridge.call(partial(self._prepend, mine, positions, history.rows(positions[:PAGE])))

    def _prepend(self, mine: int, positions: list[int], rows: "dict[int, Transaction]") -> None:
        if mine == self._generation:
            self._model.prepend(positions, rows)
            self.counted.emit(self._model.rowCount())

    def _failed(self, why: Exception) -> None:
        self.trouble.emit(why)


def _first_page(pieces: "Iterator[Sequence[int]]") -> "tuple[Sequence[int], Iterator[Sequence[int]]]":
    """Enough of the pieces for a page, or what _SOON of them hold, and the rest of them."""
    first: Sequence[int] = ()
    for number, piece in enumerate(pieces, start=1):
        if not first:
            first = piece
        elif piece:
            first = [*first, *piece]
        if len(first) >= PAGE or number == _SOON:
            break
    return first, pieces
