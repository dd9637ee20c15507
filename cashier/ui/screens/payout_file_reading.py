"""One file of payouts while a worker reads it: how far it is, and the way to stop it."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from cashier.domain.states import Kind

if TYPE_CHECKING:
    from cashier.domain.payout_run import Progress
    from cashier.till.payout_rows import PayoutList
    from cashier.till.payout_run import PayoutRuns
    from cashier.till.till import Till


class FileReading:
    """`moved` is called on the worker with whole percents, each once."""

    def __init__(self, path: Path, sheet: str | None, moved: "Callable[[FileReading, int], None]") -> None:
        self.path = path
        self.sheet = sheet
        self._moved = moved
        self._percent = 0
        self.same: Progress | None = None  # once it was read: the list that was approved from this same file
        self._stop = threading.Event()

    def stop(self) -> None:
        """Ends the reading at its next piece; its result is None. From any thread."""
        self._stop.set()

    def read(self, till: "Till", runs: "PayoutRuns") -> "PayoutList | None":
        """On a worker: what the file holds, and which of its rows went out before. None where it was stopped.

        Raises WrongInput, LedgerError.
        """
        from cashier.till.payout_file import Stopped, read
        from cashier.till.payout_rows import check

        try:
            table = read(self.path, self.sheet, self._watch)
        except Stopped:
            return None
        open_payouts = {row.phone: row.number for row in till.ledger.reader.open_rows() if row.kind is Kind.PAYOUT}
        found = check(table, till.options.limits, open_payouts).marked(runs.paid_before())
        self.same = runs.of_file(found)
        return found

    def _watch(self, done: int, whole: int) -> None:
        from cashier.till.payout_file import Stopped

        if self._stop.is_set():
            raise Stopped
        percent = min(100, done * 100 // max(1, whole))
        if percent != self._percent:
            self._percent = percent
            self._moved(self, percent)
