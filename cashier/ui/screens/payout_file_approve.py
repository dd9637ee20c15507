"""The third page of payouts from a file: the list read back, approved by name before any money leaves."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from cashier.till.payout_rows import PayoutList
from cashier.ui import theme
from cashier.ui.widgets.base import ElidedLabel, Panel, empty_margins, follow, label
from cashier.ui.widgets.buttons import PlainButton, PrimaryButton
from cashier.ui.widgets.check_box import CheckBox
from cashier.ui.widgets.form import LabeledRow, TextRow
from cashier.ui.widgets.money_label import MoneyLabel
from cashier.ui.widgets.notices import Notice

WIDTH = 680


class ApprovePage(QWidget):
    """`approved` carries the name and whether rows that went out before are paid again; `back` goes to the rows."""

    approved = Signal(str, bool)
    back = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._found: PayoutList | None = None
        self._wants_again = False
        self._repeated = self._hidden = 0
        self.file = ElidedLabel("", "hint")
        self.count = label("", "code")
        self.left_out = label("", "label", wrap=True)
        self.total = MoneyLabel(44, 20)
        self.balance = label("", wrap=True)
        self.seen = Notice()
        self.name = TextRow(self.tr("Your name"), note=True)
        self.again = TextRow(self.tr("How many rows are paid again"), note=True)
        self.hidden = TextRow(self.tr("How many hidden rows are paid"), note=True)
        self.fee = CheckBox(self.tr("Include the withdrawal fee, on top of the total"))
        self.notice = Notice()
        self.back_button = PlainButton(self.tr("Back"), size="medium")
        self.send_button = PrimaryButton("", icon="send", size="medium")
        self._lay_out()
        self.back_button.clicked.connect(self.back)
        self.send_button.clicked.connect(self._approve)
        self.name.field.entered.connect(self._next)
        self.again.field.entered.connect(self._after_again)
        self.hidden.field.entered.connect(self.send_button.setFocus)
        self.hidden.field.edit.textChanged.connect(lambda _text: self._show_rows())
        self.fee.entered.connect(self.send_button.setFocus)
        self.setFocusProxy(self.name.field)

    def show_list(self, found: PayoutList, balance: str, *, again: bool) -> None:
        """Reads the list back. With `again` the rows that went out before are in it; `balance` is about the account."""
        self._found, self._wants_again = found, again
        self._hidden = sum(again or row.earlier is None for row in found.hidden)
        words = self.tr("From %1. Money sent cannot be called back.").replace("%1", found.path.name)
        self.file.setText(words)
        self.balance.setText(balance)
        for row in (self.name, self.again, self.hidden):
            row.field.clear()
        self.fee.setChecked(False)
        self.hidden.setVisible(self._hidden > 0)
        self.notice.hide()
        self._show_rows()
        self.show_busy(False)

    def pays_hidden(self) -> bool:
        """Whether the count of hidden rows was typed: then they are paid too."""
        return self._hidden > 0 and self.hidden.text().strip() == str(self._hidden)

    def repeated(self) -> int:
        """How many of the rows to pay went out before, or may have."""
        return self._repeated

    def _show_rows(self) -> None:
        """What would be sent now: typing the count of hidden rows takes them in."""
        found, again = self._found, self._wants_again
        if found is None:
            return
        rows = found.to_pay(again=again, hidden=self.pays_hidden())
        good, left = len(rows), len(found.rows) - len(found.good)
        before = len(found.repeated)
        self._repeated = sum(row.earlier is not None for row in rows)
        self.count.setText(str(good))
        words = self.tr("%1 rows with errors are left out").replace("%1", str(left))
        lines = [self.tr("1 row with errors is left out") if left == 1 else words] if left else []
        if before and not again:
            words = self.tr("%1 rows that went out before are left out").replace("%1", str(before))
            lines.append(self.tr("1 row that went out before is left out") if before == 1 else words)
        if self._hidden and not self.pays_hidden():
            words = self.tr("%1 hidden rows are left out").replace("%1", str(self._hidden))
            lines.append(self.tr("1 hidden row is left out") if self._hidden == 1 else words)
        self.left_out.show_lines(lines)
        self.left_out.setVisible(bool(lines))
        self.total.show_amount(sum(row.amount for row in rows))
        self.again.setVisible(self._repeated > 0)
        self.seen.setVisible(self._repeated > 0)
        if self._repeated:
            words = self.tr("%1 of these rows went out before, or may have.").replace("%1", str(self._repeated))
            title = self.tr("1 of these rows went out before, or may have.") if self._repeated == 1 else words
            self.seen.show_notice("idle", title, self.tr("Sending them again pays these people twice."))
        words = self.tr("Approve and send %1 payouts").replace("%1", str(good))
        self.send_button.setText(self.tr("Approve and send 1 payout") if good == 1 else words)

    def show_balance(self, line: str) -> None:
        """A line about the account, where it comes later than the list."""
        self.balance.setText(line)

    def show_busy(self, busy: bool) -> None:
        """From the press to the commit nothing can be pressed again."""
        self.send_button.setEnabled(not busy)
        self.back_button.setEnabled(not busy)

    def say(self, sentence: str) -> None:
        """Why it was not approved."""
        self.show_busy(False)
        self.notice.show_notice("failed", self.tr("Nothing was sent."), sentence)
        self.name.field.setFocus()

    def _next(self) -> None:
        if self._repeated:
            self.again.field.setFocus()
        else:
            self._after_again()

    def _after_again(self) -> None:
        (self.hidden.field if self._hidden else self.send_button).setFocus()

    def _approve(self) -> None:
        name = self.name.text().strip()
        if not name:
            self.name.field.show_error(self.tr("Type your name."))
            self.name.field.setFocus()
            return
        if self._repeated and self.again.text().strip() != str(self._repeated):
            words = self.tr("Type %1, the count of rows that are paid again, or go back.")
            self.again.field.show_error(words.replace("%1", str(self._repeated)))
            self.again.field.setFocus()
            return
        nothing = self._found is None or not self._found.to_pay(again=self._wants_again)
        if self._hidden and not self.pays_hidden() and (nothing or self.hidden.text().strip()):
            words = self.tr("Type %1, the count of hidden rows, or leave it empty: then they are left out.")
            if nothing:
                words = self.tr("Type %1, the count of hidden rows: the others are not paid.")
            self.hidden.field.show_error(words.replace("%1", str(self._hidden)))
            self.hidden.field.setFocus()
            return
        self.show_busy(True)
        self.approved.emit(name, self._wants_again)

    def _lay_out(self) -> None:
        self._panel = Panel(padding=24, spacing=8)
        body = self._panel.body
        body.addWidget(label(self.tr("Read it back before it leaves"), "title"))
        body.addWidget(self.file)
        count = QWidget()
        row = QHBoxLayout(count)
        empty_margins(row, 12)
        row.addWidget(self.count)
        row.addWidget(self.left_out, 1)
        body.addWidget(LabeledRow(self.tr("Payouts"), count))
        body.addWidget(LabeledRow(self.tr("Total"), self.total, grow=False))
        body.addWidget(LabeledRow(self.tr("Balance"), self.balance))
        body.addWidget(self.seen)
        body.addWidget(self.name)
        body.addWidget(self.again)
        body.addWidget(self.hidden)
        body.addWidget(self.fee)
        body.addWidget(self.notice)
        buttons = QHBoxLayout()
        empty_margins(buttons, 12)
        buttons.addStretch(1)
        buttons.addWidget(self.back_button)
        buttons.addWidget(self.send_button)
        body.addLayout(buttons)
        column = QVBoxLayout(self)
        empty_margins(column)
        column.addStretch(1)
        middle = QHBoxLayout()
        empty_margins(middle)
        middle.addStretch(1)
        middle.addWidget(self._panel)
        middle.addStretch(1)
        column.addLayout(middle)
        column.addStretch(1)
        follow(self._adapt)

    def _adapt(self) -> None:
        sizes = theme.metrics()
        padding = 16 if sizes.compact else 24
        self._panel.setFixedWidth(WIDTH)
        self._panel.body.setContentsMargins(padding, padding, padding, padding)
        self._panel.body.setSpacing(sizes.row)
        self.total.set_sizes(30 if sizes.compact else 44, 20)
