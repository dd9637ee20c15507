"""A manager at History, on the real till, and a ledger with more rows than the table keeps in memory."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from cashier.domain.transaction import Transaction
from tests.ui.counter_window import Cashier, cashier_at
from tests.ui.seeing import cut_off

MANY = 5_000


class Manager:
    """The cashier's window on History."""

    def __init__(self, cashier: Cashier) -> None:
        self.cashier = cashier
        cashier.window.main.show_screen("history")
        self.screen = cashier.window.history
        self.model, self.table, self.bar = self.screen.model, self.screen.table, self.screen.bar
        self.until(self.known)

    def until(self, ready: Callable[[], bool]) -> None:
        self.cashier.until(ready)

    def known(self) -> bool:
        return self.screen.count() is not None

    def listed(self) -> list[Transaction]:
        """All rows of a short list, once they are read."""
        self.until(lambda: all(self.model.transaction(place) is not None for place in range(self.model.rowCount())))
        return [row for place in range(self.model.rowCount()) if (row := self.model.transaction(place)) is not None]

    def nothing_cut(self) -> None:
        """Once the window is laid out."""
        self.until(lambda: cut_off(self.screen) == [])

    def search(self, text: str) -> None:
        self.bar.search.edit.setFocus()
        self.bar.search.edit.selectAll()
        if text:
            QTest.keyClicks(self.bar.search.edit, text)
        else:
            QTest.keyClick(self.bar.search.edit, Qt.Key.Key_Delete)
        self.until(lambda: self.known() and self.screen.feed.query.text == text)


@contextmanager
def manager_at(qtbot: QtBot, folder: Path, *, sales: tuple[tuple[str, str], ...] = ()) -> Iterator[Manager]:
    with cashier_at(qtbot, folder) as cashier:
        for phone, amount in sales:
            cashier.sell(phone, amount)
        yield Manager(cashier)
