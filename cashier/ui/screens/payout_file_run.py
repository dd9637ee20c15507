"""The last page of payouts from a file: a list on its way, line by line, with pause, go on, end and results."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from cashier.domain.events import Change
from cashier.domain.money import format_amount
from cashier.domain.payout_run import Progress, RunLine, RunState
from cashier.ui.models.payout_rows import LinesModel
from cashier.ui.moments import local_text
from cashier.ui.painting import tip
from cashier.ui.screens.payout_file_leave import LeaveQuestion
from cashier.ui.widgets.base import ElidedLabel, Panel, empty_margins, label
from cashier.ui.widgets.buttons import PlainButton, PrimaryButton
from cashier.ui.widgets.figures import Figures
from cashier.ui.widgets.form import TextRow
from cashier.ui.widgets.notices import Notice
from cashier.ui.widgets.progress_bar import ProgressBar
from cashier.ui.widgets.rows_table import RowsTable

TITLE = 320


class RunPage(QWidget):
    """What a person can do with a list; `end` carries a name, `save` a path, `lines_wanted` asks for all lines anew."""

    go_on = Signal()
    pause = Signal()
    end = Signal(str)
    save = Signal(object)
    another = Signal()
    again = Signal()  # take rows of the file in again, though its list has ended
    lines_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._progress: Progress | None = None
        self.model = LinesModel()
        self.table = RowsTable(self.model, self.tr("Rows of the list"))
        self.title = ElidedLabel("", "title")
        self.state = label("", "chip")
        self.bar = ProgressBar(self.tr("Progress"))
        self.count = label("", "label")
        self.figures = Figures()
        self.figures.add("sent", self.tr("Sent"))
        self.figures.add("failed", self.tr("Not sent"))
        self.figures.add("open", self.tr("Not settled"))
        self.figures.add("waiting", self.tr("To go"))
        self.notice = Notice()
        self.trouble = Notice()
        self.go_button = PrimaryButton(self.tr("Go on"), icon="send", size="medium")
        self.pause_button = PrimaryButton(self.tr("Pause"), icon="pause", size="medium")
        self.save_button = PlainButton(self.tr("Save the results"), size="medium")
        self.end_button = PlainButton(self.tr("End the list"), size="medium")
        self.another_button = PrimaryButton(self.tr("Another file"), icon="file", size="medium")
        self.again_button = PlainButton(self.tr("Take rows in again"), size="medium")
        self._same = ""  # the list that was shown because its file was chosen once more
        self.other_button = PlainButton(self.tr("Another file"), size="medium")
        self.leaving = LeaveQuestion()
        self._main_buttons = (self.pause_button, self.go_button, self.another_button)
        self.name = TextRow(self.tr("Your name, to end the list"), note=True)
        self.end_now = PlainButton(self.tr("End it: the rest is never sent"), size="medium")
        self.keep = PrimaryButton(self.tr("Keep it"), size="medium")
        self._lay_out()
        self._connect()

    def show_lines(self, lines: list[RunLine]) -> None:
        """Every line as the ledger has it."""
        self.model.show_lines(lines)
        self._follow()

    def show_change(self, change: Change) -> None:
        """A payout that may be one of the list's."""
        place = self.model.show_transaction(change.transaction)
        if place is not None and not self.table.hasFocus():
            self.table.scrollTo(self.model.index(place, 0))

    def show_progress(self, progress: Progress) -> None:
        """Where the list stands now."""
        before, self._progress = self._progress, progress
        counts, run = progress.counts, progress.run
        done = run.lines - counts.waiting
        self.title.setText(Path(run.source).name)
        self.state.setText(self._word(progress.state))
        self.bar.show_progress(done, run.lines)
        words = self.tr("%1 of %2 rows, approved by %3").replace("%1", str(done)).replace("%2", str(run.lines))
        self.count.setText(words.replace("%3", run.approved_by))
        of = self.tr("of %1, each with the withdrawal fee") if run.fee else self.tr("of %1")
        of = of.replace("%1", format_amount(run.total))
        self.figures.show_figure("sent", str(counts.sent), f"{format_amount(counts.sent_amount)} {of}")
        left_out = self.tr("and %1 left out").replace("%1", str(counts.skipped)) if counts.skipped else ""
        self.figures.show_figure("failed", str(counts.failed), left_out)
        words = self.tr("being checked") if counts.open else ""
        if counts.closed:
            words = self.tr("being checked, %1 closed by hand") if counts.open else self.tr("%1 closed by hand")
        self.figures.show_figure("open", str(counts.open), words.replace("%1", str(counts.closed)))
        self.figures.show_figure("waiting", str(counts.waiting))
        self._show_notice(progress)
        self._show_buttons(progress)
        if before is None or before.run.id != run.id or before.counts.skipped != counts.skipped:
            self.lines_wanted.emit()

    def show_same(self, progress: Progress) -> None:
        """The list of a file that was chosen once more: how to go on with it, or its result. Nothing is sent."""
        self._same = progress.run.id
        self.show_progress(progress)
        self.lines_wanted.emit()
        if progress.state is not RunState.DONE:
            words = self.tr("This file is the list that has not ended.")
            self.trouble.show_notice("idle", words, self.tr("Go on sends the rows that were not sent."))
            return
        words = self.tr("This file was approved by %1 on %2. This is its result, nothing is sent.")
        words = words.replace("%2", local_text(progress.run.at, "d MMMM, HH:mm")).replace(
            "%1", progress.run.approved_by
        )
        self.trouble.show_notice("idle", words)

    def say(self, sentence: str) -> None:
        """What went wrong with a press."""
        self.trouble.show_notice("failed", self.tr("That did not work."), sentence)

    def _word(self, state: RunState) -> str:
        return {
            RunState.RUNNING: self.tr("Sending"),
            RunState.PAUSING: self.tr("Pausing after this row"),
            RunState.PAUSED: self.tr("Paused"),
            RunState.STOPPED: self.tr("Stopped"),
            RunState.DONE: self.tr("Ended"),
        }[state]

    def _show_notice(self, progress: Progress) -> None:
        if progress.state is RunState.STOPPED:
            review = progress.last is not None and progress.last.transaction is not None
            row = progress.last.transaction if progress.last is not None else None
            tone = "review" if review and row is not None and row.review and row.is_open else "unknown"
            self.notice.show_notice(tone, self.tr("The list has stopped. Nothing more is sent."), progress.why)
        elif progress.state is RunState.DONE:
            at = progress.run.ended_at
            when = local_text(at, "HH:mm") if at is not None else ""
            words = self.tr("The list ended at %1.").replace("%1", when)
            if progress.run.ended_by:
                words = self.tr("%1 ended the list at %2.").replace("%1", progress.run.ended_by).replace("%2", when)
            self.notice.show_notice("idle", words, f"{self._results(progress)} {progress.why}".strip())
            tip(self.notice, progress.results)
        else:
            self.notice.hide()

    def _show_buttons(self, progress: Progress) -> None:
        running, done = progress.state is RunState.RUNNING, progress.state is RunState.DONE
        had_keyboard = any(button.hasFocus() for button in self._main_buttons)
        self.pause_button.setVisible(running)
        self.go_button.setVisible(not running and not done)
        self.another_button.setVisible(done)
        self.again_button.setVisible(done and self._same == progress.run.id)
        self.other_button.setVisible(progress.state in (RunState.PAUSED, RunState.STOPPED))
        self.end_button.setVisible(progress.state in (RunState.PAUSED, RunState.STOPPED))
        if running or done:
            self._ask_to_end(False)
            self._ask_to_leave(False)
        now = next(button for button in self._main_buttons if button.isVisibleTo(self))
        self.setFocusProxy(now)
        if had_keyboard and not now.hasFocus():
            # Not to the button that took the place: Enter meant for Pause must not go on.
            self.table.setFocus()

    def _results(self, progress: Progress) -> str:
        if not progress.results:
            return ""
        path = Path(progress.results)
        if path.parent == Path(progress.run.source).parent:
            return self.tr("The results are in %1, beside the file.").replace("%1", path.name)
        return self.tr("The results are in %1.").replace("%1", path.name)

    def _follow(self) -> None:
        """The line that was begun last, in sight."""
        last = self._progress.last if self._progress is not None else None
        if last is not None:
            self.table.scrollTo(self.model.index(last.position - 1, 0))

    def _ask_to_end(self, ask: bool) -> None:
        self._ending.setVisible(ask)
        self._buttons.setVisible(not ask)
        if ask:
            self.name.field.clear()
            self.name.field.setFocus()

    def _ask_to_leave(self, ask: bool) -> None:
        self._buttons.setVisible(not ask and self._ending.isHidden())
        self.leaving.setVisible(ask)
        if ask and self._progress is not None:
            self.leaving.ask(self._progress.counts.waiting)

    def _leave(self) -> None:
        self._ask_to_leave(False)
        self.another.emit()

    def _end(self) -> None:
        name = self.name.text().strip()
        if not name:
            self.name.field.show_error(self.tr("Type your name."))
            self.name.field.setFocus()
            return
        self.end.emit(name)

    def _ask_where(self) -> None:
        dialog = QFileDialog(self, self.tr("Save the results"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("csv")
        dialog.fileSelected.connect(lambda name: self.save.emit(Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _connect(self) -> None:
        for button in (self.go_button, self.pause_button, self.end_now):
            button.clicked.connect(self.trouble.hide)
        self.go_button.clicked.connect(self.go_on)
        self.pause_button.clicked.connect(self.pause)
        self.save_button.clicked.connect(self._ask_where)
        self.another_button.clicked.connect(self.another)
        self.again_button.clicked.connect(self.trouble.hide)
        self.again_button.clicked.connect(self.again)
        self.other_button.clicked.connect(lambda: self._ask_to_leave(True))
        self.leaving.stay.clicked.connect(lambda: self._ask_to_leave(False))
        self.leaving.stay.clicked.connect(self.setFocus)
        self.leaving.leave.clicked.connect(self._leave)
        self.end_button.clicked.connect(lambda: self._ask_to_end(True))
        self.keep.clicked.connect(lambda: self._ask_to_end(False))
        self.end_now.clicked.connect(self._end)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        empty_margins(head, 12)
        # The middle is the place of the tab that says PRACTICE.
        self.title.setMaximumWidth(TITLE)
        head.addWidget(self.title, 1)
        head.addStretch(1)
        head.addWidget(self.count)
        head.addWidget(self.state)
        rows = Panel(padding=8)
        rows.body.addWidget(self.table)
        self._buttons = QWidget()
        bottom = QHBoxLayout(self._buttons)
        empty_margins(bottom, 12)
        bottom.addStretch(1)
        for button in (
            self.other_button,
            self.again_button,
            self.save_button,
            self.end_button,
            self.go_button,
            self.pause_button,
            self.another_button,
        ):
            bottom.addWidget(button)
        self._ending = QWidget()
        ending = QHBoxLayout(self._ending)
        empty_margins(ending, 12)
        ending.addWidget(self.name, 1)
        for button in (self.keep, self.end_now):
            ending.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        self._ending.hide()
        column = QVBoxLayout(self)
        empty_margins(column, 12)
        column.addLayout(head)
        column.addWidget(self.bar)
        column.addWidget(self.figures)
        column.addWidget(self.notice)
        column.addWidget(self.trouble)
        column.addWidget(rows, 1)
        column.addWidget(self._buttons)
        column.addWidget(self._ending)
        column.addWidget(self.leaving)
