"""After a crash: what was in flight, by number, and how each has ended as that becomes known."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QCoreApplication

from cashier.domain.events import Change
from cashier.domain.money import format_amount
from cashier.domain.phone import show_phone
from cashier.domain.transaction import Transaction
from cashier.ui.widgets.notice_bar import Note, NoticeBar
from cashier.ui.words import words_for

MOST = 4  # rows told by name: a notice leaves room for the keypad


class Interrupted:
    """Writes into the window's banner. Nothing is shown where nothing was in flight."""

    def __init__(self, banner: Callable[[], NoticeBar]) -> None:
        self._banner = banner
        self._rows: dict[str, Transaction] = {}

    def show(self, interrupted: Sequence[Transaction], now: Sequence[Transaction]) -> None:
        """`interrupted` as they were found at the start, `now` the rows as they stand since."""
        self._rows = {row.id: row for row in interrupted}
        self._rows |= {row.id: row for row in now if row.id in self._rows}
        self._write()

    def note(self, change: Change) -> None:
        """One of them may have ended."""
        if change.transaction.id in self._rows:
            self._rows[change.transaction.id] = change.transaction
            self._write()

    def _write(self) -> None:
        rows = list(self._rows.values())
        if not rows:
            return
        told = [f"{format_amount(row.amount)}, {show_phone(row.phone)}: {words_for(row).word}" for row in rows[:MOST]]
        if len(rows) > MOST:
            more = QCoreApplication.translate("Interrupted", "%1 more stand in History (F4)")
            told.append(more.replace("%1", str(len(rows) - MOST)))
        tone = "idle" if all(row.is_final for row in rows) else "unknown"
        title = QCoreApplication.translate("Interrupted", "The program was interrupted while it was sending.")
        self._banner().put(Note("interrupted", tone, title, " · ".join(told)))
