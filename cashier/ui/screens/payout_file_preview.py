"""The second page of payouts from a file: every row with what is wrong, the total beside the balance."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from cashier.domain.money import format_amount
from cashier.domain.reading import Reading
from cashier.till.payout_rows import PayoutList
from cashier.ui.models.payout_rows import FileRowsModel
from cashier.ui.widgets.base import ElidedLabel, Panel, empty_margins, label
from cashier.ui.widgets.buttons import Button, PlainButton, PrimaryButton
from cashier.ui.widgets.figures import Figures
from cashier.ui.widgets.form import SegmentedChoice
from cashier.ui.widgets.rows_table import RowsTable

TITLE = 320


class PreviewPage(QWidget):
    """`other` asks for another file; `approve` for the page that reads it back, with the rows paid before or not."""

    other = Signal()
    approve = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self._list: PayoutList | None = None
        self.model = FileRowsModel()
        self.table = RowsTable(self.model, self.tr("Rows of the file"))
        self.title = ElidedLabel("", "title")
        self.figures = Figures()
        self.figures.add("rows", self.tr("Can be sent"))
        self.figures.add("again", self.tr("Went out before"))
        self.figures.add("bad", self.tr("Cannot be sent"))
        self.figures.add("total", self.tr("Total"))
        self.figures.add("balance", self.tr("Balance"))
        self.shown = SegmentedChoice(
            self.tr("Rows shown"), [("all", self.tr("All rows")), ("bad", self.tr("Only with errors"))]
        )
        self.shown.chosen.connect(lambda value: self.model.show_only_bad(value == "bad"))
        self.advice = label("", wrap=True)
        self.other_button = PlainButton(self.tr("Another file"), size="medium")
        self.other_button.clicked.connect(self.other)
        # Two buttons: leaving rows out is a choice of its own, never the one that Enter falls on.
        self.approve_button = PrimaryButton(self.tr("Go on"), icon="arrow-right", size="medium")
        self.good_only_button = PlainButton("", size="medium")
        # What went out before is left out, unless somebody asks for it and types how many rows that are.
        self.new_only_button = PrimaryButton("", icon="arrow-right", size="medium")
        self.again_button = PlainButton(self.tr("Pay them again"), size="medium")
        for button in (self.approve_button, self.good_only_button, self.new_only_button):
            button.clicked.connect(lambda: self.approve.emit(False))
        self.again_button.clicked.connect(lambda: self.approve.emit(True))
        self._lay_out()

    def show_list(self, found: PayoutList) -> None:
        """A file that was read."""
        self._list = found
        bad, again = len(found.rows) - len(found.good), len(found.repeated)
        hidden = len([row for row in found.hidden if row.earlier is None])
        new = sum(1 for row in found.rows if row.is_new)
        self.title.setText(found.path.name)
        self.shown.choose("all")
        self.model.show_only_bad(False)
        self.model.show_rows(found.rows)
        self.table.scrollToTop()
        self.figures.show_figure("rows", f"{new}", self.tr("of %1 rows").replace("%1", str(len(found.rows))))
        self.figures.show_figure("again", f"{again}", self.tr("in the last 45 days, or may have"))
        wrong = self.tr("see what is wrong") if bad else self.tr("every row is in order")
        self.figures.show_figure("bad", f"{bad}", wrong)
        self.figures.show_figure("total", format_amount(found.total), self.tr("of the rows that can be sent"))
        self.shown.setVisible(bad > 0 or hidden > 0)
        payable = new > 0 or hidden > 0
        self.good_only_button.setVisible(bad > 0 and payable and again == 0)
        self.good_only_button.setText(self.tr("Go on without them: %1 rows").replace("%1", str(new)))
        self.new_only_button.setVisible(again > 0 and payable)
        words = self.tr("Only the new rows: %1").replace("%1", str(new))
        self.new_only_button.setText(words)
        self.again_button.setVisible(again > 0)
        self.approve_button.setVisible(bad == 0 and again == 0 and payable)
        self.advice.setText(self._advice(found, bad, again, new))
        self.setFocusProxy(self.main_button())

    def _advice(self, found: PayoutList, bad: int, again: int, new: int) -> str:
        said = list(found.notes)
        if found.hidden:
            words = self.tr("%1 hidden rows are left out unless their count is typed.")
            one = self.tr("1 hidden row is left out unless its count is typed.")
            said.append(one if len(found.hidden) == 1 else words.replace("%1", str(len(found.hidden))))
        if again and not new and again == len(found.good):
            said.append(self.tr("Every row that can be sent went out before, or may have. Nothing is sent."))
        elif again:
            said.append(self.tr("Rows that went out before, or may have, are left out."))
        elif bad and not new:
            said.append(self.tr("No row can be sent. Correct the file and choose it again."))
        elif bad:
            said.append(self.tr("Correct the rows in the file and choose it again, or go on without them."))
        return " ".join(said)

    def main_button(self) -> Button:
        """The safe way on."""
        for button in (self.approve_button, self.new_only_button):
            if button.isVisibleTo(self):
                return button
        return self.other_button

    def show_balance(self, reading: Reading | None, why: str = "") -> None:
        """The balance read for this list, or why there is none."""
        total = self._list.total if self._list is not None else 0
        if reading is None:
            self.figures.show_figure("balance", "…" if not why else self.tr("Not known"), why)
            return
        left = reading.balance - total
        words = self.tr("%1 left after it") if left >= 0 else self.tr("%1 too little for it")
        line = words.replace("%1", format_amount(abs(left)))
        self.figures.show_figure("balance", format_amount(reading.balance), line)

    def balance_line(self) -> str:
        """The balance beside the total, as one line."""
        return self.figures.text("balance", ", ")

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        empty_margins(head, 12)
        # The middle is the place of the tab that says PRACTICE.
        self.title.setMaximumWidth(TITLE)
        head.addWidget(self.title, 1)
        head.addStretch(1)
        head.addWidget(self.shown)
        rows = Panel(padding=8)
        rows.body.addWidget(self.table)
        bottom = QHBoxLayout()
        empty_margins(bottom, 12)
        bottom.addWidget(self.advice, 1)
        bottom.addWidget(self.other_button)
        bottom.addWidget(self.again_button)
        bottom.addWidget(self.good_only_button)
        bottom.addWidget(self.new_only_button)
        bottom.addWidget(self.approve_button)
        column = QVBoxLayout(self)
        empty_margins(column, 12)
        column.addLayout(head)
        column.addWidget(self.figures)
        column.addWidget(rows, 1)
        column.addLayout(bottom)
