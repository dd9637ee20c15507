"""The list of payouts that has not ended: named at the start and in the status line, whatever screen was made."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from cashier.domain.payout_run import Progress
    from cashier.till.payout_run import PayoutRuns
    from cashier.ui.bridge import Bridge
    from cashier.ui.window import MainWindow

KEY = "list"


class Left(NamedTuple):
    """A list that has not ended: how many of its rows are done with, whether rows are on their way by themselves."""

    done: int
    rows: int
    is_sending: bool


class UnfinishedList(QObject):
    """`changed` carries a Left, or None where no list is open. `open_it` shows the list's page."""

    changed = Signal(object)
    _progressed = Signal(object, object)

    def __init__(self, main: "MainWindow", bridge: "Bridge", open_it: Callable[[], None]) -> None:
        super().__init__()
        self.left: Left | None = None  # at every moment, though this thread has yet to hear of it
        self._main = main
        self._bridge = bridge
        self._open_it = open_it
        self._runs: PayoutRuns | None = None
        self._heard = False
        self._is_named = False
        self._progressed.connect(self._take)

    def follow(self, runs: "PayoutRuns", failed: Callable[[Exception], None]) -> None:
        """Another account is open: the list that an earlier run left is looked for on a worker, and named."""
        self._runs, self._heard, self.left = runs, False, None
        self._show(None)
        runs.progress.subscribe(partial(self._note, runs))
        self._bridge.run(runs.load, partial(self._loaded, runs), failed)

    def _loaded(self, runs: "PayoutRuns", now: "Progress | None") -> None:
        if runs is not self._runs or self._heard or now is None:
            return  # what was heard meanwhile is newer
        self.left = left = _left(now)
        self._show(left)
        if left is None:
            return
        from cashier.ui.widgets.notice_bar import Note

        words = self.tr("A list of payouts was interrupted: %1 of %2 rows are done.")
        title = words.replace("%1", str(left.done)).replace("%2", str(left.rows))
        words = self.tr("%1, approved by %2. Nothing more of it is sent until somebody goes on with it.")
        advice = words.replace("%2", now.run.approved_by).replace("%1", Path(now.run.source).name)
        self._is_named = True
        self._main.banner.put(Note(KEY, "review", title, advice, self.tr("Open the list"), self._open_it))

    def _note(self, runs: "PayoutRuns", now: "Progress") -> None:
        """On any thread; the signal brings it to this one, in the order in which it happened."""
        if runs is self._runs:
            self.left, self._heard = _left(now), True
            self._progressed.emit(runs, now)

    def _take(self, runs: "PayoutRuns", now: "Progress") -> None:
        if runs is self._runs:
            self._show(_left(now))

    def _show(self, left: Left | None) -> None:
        if self._is_named and (left is None or left.is_sending):
            self._is_named = False
            self._main.banner.take_away(KEY)
        if left is not None:
            words = self.tr("List being sent: %1 of %2") if left.is_sending else self.tr("List not finished: %1 of %2")
            words = words.replace("%1", str(left.done)).replace("%2", str(left.rows))
            self._main.status.show_item(KEY, words, wrong=not left.is_sending)
        elif self._main.status.has_item(KEY):
            self._main.status.show_item(KEY, "")
        self.changed.emit(left)


def _left(now: "Progress") -> Left | None:
    from cashier.domain.payout_run import RunState

    if now.state is RunState.DONE:
        return None
    return Left(now.run.lines - now.counts.waiting, now.run.lines, now.is_sending)
