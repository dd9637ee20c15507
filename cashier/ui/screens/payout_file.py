"""Payouts from a file: choose it, see every row, approve, and watch it go out. Nothing here waits."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from cashier.domain.events import Change
from cashier.domain.payout_run import Progress, RunLine, RunState
from cashier.domain.reading import Reading
from cashier.domain.states import Kind
from cashier.ui import theme
from cashier.ui.bridge import Bridge, Purpose
from cashier.ui.screens.payout_file_approval import Approval, approve
from cashier.ui.screens.payout_file_approve import ApprovePage
from cashier.ui.screens.payout_file_choose import ChoosePage
from cashier.ui.screens.payout_file_preview import PreviewPage
from cashier.ui.screens.payout_file_reading import FileReading
from cashier.ui.screens.payout_file_run import RunPage
from cashier.ui.widgets.base import empty_margins, follow

if TYPE_CHECKING:
    from cashier.till.payout_rows import PayoutList
    from cashier.till.payout_run import PayoutRuns


class PayoutFileScreen(QWidget):
    """One page after another; a list that has not ended goes before everything else."""

    _progressed = Signal(object)

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._bridge = bridge
        self._runs: PayoutRuns | None = None
        self._read: PayoutList | None = None
        self._reading: FileReading | None = None
        self._is_left = False  # a person has left the page of a list that has not ended
        self._change_told: PayoutList | None = None
        self.choose = ChoosePage()
        self.preview = PreviewPage()
        self.approval = ApprovePage()
        self.run = RunPage()
        self._page: QWidget = self.choose
        self._pages = QStackedWidget()
        for page in (self.choose, self.preview, self.approval, self.run):
            self._pages.addWidget(page)
        self._column = QVBoxLayout(self)
        empty_margins(self._column)
        self._column.addWidget(self._pages)
        follow(self._adapt)
        self._connect()
        self._show(self.choose)

    def show_runs(self, runs: "PayoutRuns") -> None:
        """The lists of the account that is open; one that has not ended is shown."""
        self._runs = runs
        runs.progress.subscribe(partial(self._note, runs))
        self._read, self._is_left = None, False
        self._show(self.choose)
        self._bridge.run(runs.load, self._loaded, self._not_chosen)

    def open_file(self, path: Path, sheet: str | None = None) -> None:
        """Reads and checks a file on a worker, of several sheets the one that was chosen."""
        till, runs = self._bridge.till, self._runs
        if till is None or runs is None:
            words = self.tr("The ledger is not open yet. Choose the file again in a moment.")
            words = self._bridge.why_closed or words
            self.choose.notice.show_notice("wait", self.tr("Nothing was read."), words)
            return
        if self._reading is not None:
            return
        self._reading = reading = FileReading(path, sheet, self._on_its_way)
        self.choose.show_busy(path.name)
        self._bridge.run(
            partial(reading.read, till, runs), partial(self._was_read, reading), partial(self._was_not_read, reading)
        )

    def show_unfinished(self) -> None:
        """The page of the list that has not ended, where there is one."""
        if self._runs is not None:
            self._bridge.run(self._runs.now, self._loaded, self._not_chosen)

    def page(self) -> QWidget:
        """The page in front."""
        return self._page

    def _connect(self) -> None:
        shortcut = QShortcut(QKeySequence("Ctrl+O"), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self._ask_for_file)
        self.choose.chosen.connect(self.open_file)
        self.choose.sheet_chosen.connect(self.open_file)
        self.choose.stop.connect(self._stop_reading)
        self.preview.other.connect(lambda: self._show(self.choose))
        self.preview.approve.connect(self._ask_approval)
        self.approval.back.connect(lambda: self._show(self.preview))
        self.approval.approved.connect(self._approve)
        self.run.go_on.connect(self._go_on)
        self.run.pause.connect(self._pause)
        self.run.end.connect(self._end)
        self.run.save.connect(self._save)
        self.run.another.connect(self._leave)
        self.run.again.connect(self._take_in_again)
        self.run.lines_wanted.connect(self._load_lines)
        self._progressed.connect(self._show_progress)
        self._bridge.changed.connect(self._changed)

    def _adapt(self) -> None:
        gap = theme.metrics().gap
        self._column.setContentsMargins(gap, gap, gap, gap)

    def _show(self, page: QWidget) -> None:
        self._page = page
        self._pages.setCurrentWidget(page)
        self.setFocusProxy(page)
        if self.isVisible():
            page.setFocus()

    def _ask_for_file(self) -> None:
        if self.page() is self.choose and self.choose.button.isEnabled():
            self.choose.ask()

    def _on_its_way(self, reading: FileReading, percent: int) -> None:
        """On the worker."""
        self._bridge.call(partial(self._show_percent, reading, percent))

    def _show_percent(self, reading: FileReading, percent: int) -> None:
        if reading is self._reading:
            self.choose.show_percent(percent)

    def _stop_reading(self) -> None:
        """At once: what the worker still brings is not heard."""
        if self._reading is not None:
            self._reading.stop()
            self._reading = None
            self.choose.show_busy("")
            self.choose.notice.show_notice("idle", self.tr("The reading was stopped. Nothing was sent."))
            self.choose.setFocus()

    def _was_read(self, reading: FileReading, read: "PayoutList | None") -> None:
        if reading is not self._reading or read is None:
            return
        if reading.same is None:
            self._show_read(read)
            return
        # The same file once more: its list, not a second one.
        self._reading, self._read, self._is_left = None, read, False
        self.choose.show_busy("")
        self.run.show_same(reading.same)
        self._show(self.run)

    def _take_in_again(self) -> None:
        if self._read is not None:
            self._show_read(self._read)

    def _was_not_read(self, reading: FileReading, trouble: Exception) -> None:
        if reading is not self._reading:
            return
        names = getattr(trouble, "names", ())
        if not names:
            self._not_chosen(trouble)
            return
        self._reading = None
        self.choose.show_busy("")
        self.choose.ask_sheet(reading.path, names, getattr(trouble, "hidden", frozenset()))

    def _show_read(self, read: "PayoutList") -> None:
        self._reading = None
        self._read = read
        self.choose.show_busy("")
        self.preview.show_list(read)
        self.preview.show_balance(None)
        self._show(self.preview)
        if self._bridge.till is not None:
            self._bridge.run(
                partial(self._bridge.till.read_balance, "check"),
                self._show_balance,
                self._balance_not_kept,
                Purpose.CALL,
            )

    def _not_chosen(self, trouble: Exception) -> None:
        self._reading = None
        self.choose.show_busy("")
        self.choose.notice.show_notice("failed", self.tr("This list cannot be used."), str(trouble))
        if self.isVisible():
            self.choose.setFocus()

    def _show_balance(self, found: object) -> None:
        if isinstance(found, Reading):
            self.preview.show_balance(found)
        else:
            self.preview.show_balance(None, getattr(found, "sentence", ""))
        self.approval.show_balance(self.preview.balance_line())

    def _balance_not_kept(self, trouble: Exception) -> None:
        self.preview.show_balance(None, str(trouble))

    def _ask_approval(self, again: bool) -> None:
        if self._read is not None:
            self.approval.show_list(self._read, self.preview.balance_line(), again=again)
            self._show(self.approval)

    def _approve(self, name: str, again: bool) -> None:
        runs, read, till = self._runs, self._read, self._bridge.till
        if runs is None or read is None or till is None:
            return
        page = self.approval
        wishes = Approval(name, again, page.pays_hidden(), page.repeated(), page.fee.isChecked())
        self._bridge.run(
            partial(approve, runs, till, read, wishes, read is self._change_told),
            partial(self._say_change, read),
            lambda why: self.approval.say(str(why)),
            Purpose.COMMIT,
        )

    def _say_change(self, read: "PayoutList", change: str) -> None:
        """What was shown is what is paid: the change is said once, the next press sends."""
        if change:
            self._change_told = read
            words = self.tr("%1 The rows shown here would be sent as they are. Press once more to send them.")
            self.approval.say(words.replace("%1", change))

    def _go_on(self) -> None:
        if self._runs is not None:
            self._bridge.run(self._runs.go_on, None, self._did_not_work, Purpose.COMMIT)

    def _pause(self) -> None:
        if self._runs is not None:
            self._bridge.run(self._runs.pause, None, self._did_not_work, Purpose.COMMIT)

    def _end(self, name: str) -> None:
        if self._runs is not None:
            self._bridge.run(partial(self._runs.end, name), None, self._did_not_work, Purpose.COMMIT)

    def _save(self, path: Path) -> None:
        if self._runs is not None:
            self._bridge.run(partial(self._runs.save_results, path), None, self._did_not_work)

    def _did_not_work(self, trouble: Exception) -> None:
        self.run.say(str(trouble))

    def _loaded(self, progress: Progress | None) -> None:
        if progress is not None and progress.state is not RunState.DONE:
            self._is_left = False
            self._show_progress(progress)

    def _leave(self) -> None:
        """Another file; a list that has not ended stays where it is, and comes back when it goes on."""
        self._is_left = True
        self._show(self.choose)

    def _load_lines(self) -> None:
        if self._runs is not None:
            self._bridge.run(self._runs.lines, self._show_lines, self._did_not_work)

    def _show_lines(self, lines: list[RunLine]) -> None:
        self.run.show_lines(lines)

    def _note(self, runs: "PayoutRuns", progress: Progress) -> None:
        """On any thread."""
        if runs is self._runs:
            self._progressed.emit(progress)

    def _show_progress(self, progress: Progress) -> None:
        self.run.show_progress(progress)
        if progress.is_sending:
            self._is_left = False
        if self.page() is not self.run and progress.state is not RunState.DONE and not self._is_left:
            self._read = None
            self._show(self.run)

    def _changed(self, change: Change) -> None:
        if change.transaction.kind is Kind.PAYOUT:
            self.run.show_change(change)
