"""A result that fills its place: the state's colour, icon and word, the amount, and why."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from cashier.domain.money import format_amount
from cashier.domain.phone import operator_hint, show_phone
from cashier.domain.states import Kind, State
from cashier.domain.transaction import Transaction
from cashier.ui import theme
from cashier.ui.icons import IconView
from cashier.ui.widgets.base import empty_margins, follow, label
from cashier.ui.widgets.buttons import PlainButton, PrimaryButton
from cashier.ui.widgets.money_label import MoneyLabel
from cashier.ui.words import words_for


class OutcomeView(QWidget):
    """Shows one settled transaction. `new_sale` and `try_again` are its buttons; keys are the screen's business."""

    new_sale = Signal()
    try_again = Signal()

    def __init__(self) -> None:
        super().__init__()
        frame = QFrame()
        frame.setObjectName("outcome")
        self._frame = frame
        around = QVBoxLayout(self)
        empty_margins(around)
        around.addWidget(frame)
        self._icon = IconView("check", 96, stroke=2.5)
        self._word = label("", "word")
        self._amount = MoneyLabel(64, 30, "text")
        self._who = label("", "reason")
        self._reason = label("", "reason", wrap=True)
        self._advice = label("", "hint", wrap=True)
        self._note = label("", "hint", wrap=True)
        self._small = label("", "small")
        self._more = label("", "hint", wrap=True)
        self._again = PlainButton(self.tr("Try again"), key="Ctrl T", size="large")
        self._new = PrimaryButton(self.tr("New sale"), key="Enter", size="large")
        self._again.clicked.connect(self.try_again)
        self._new.clicked.connect(self.new_sale)
        self._body = QVBoxLayout(frame)
        self._body.setContentsMargins(24, 24, 24, 24)
        self._body.addStretch(1)
        middle = Qt.AlignmentFlag.AlignHCenter
        self._body.addWidget(self._icon, 0, middle)
        self._body.addWidget(self._word, 0, middle)
        self._body.addWidget(self._amount, 0, middle)
        for text in (self._who, self._reason, self._advice, self._note, self._small, self._more):
            text.setAlignment(middle)
            self._body.addWidget(text)
        buttons = QHBoxLayout()
        empty_margins(buttons, 12)
        buttons.addStretch(1)
        buttons.addWidget(self._again)
        buttons.addWidget(self._new)
        buttons.addStretch(1)
        self._body.addSpacing(12)
        self._body.addLayout(buttons)
        self._body.addStretch(1)
        follow(self.adapt)

    def adapt(self) -> None:
        """Takes the sizes of the density."""
        sizes = theme.metrics()
        self._icon.set_size(sizes.mark)
        self._amount.set_sizes(sizes.headline, 20 if sizes.compact else 30)
        self._body.setSpacing(4 if sizes.compact else 12)

    def show_outcome(
        self,
        transaction: Transaction,
        *,
        advice: str = "",
        seconds: int | None = None,
        note: str = "",
        waiting: int = 0,
    ) -> None:
        """A settled transaction, or a payout that is not known yet.

        `advice` says what to do now, `seconds` how long the answer took, `note` what else belongs to it,
        `waiting` how many more results have not been seen.
        """
        words = words_for(transaction)
        theme.mark(self._frame, "tone", words.tone)
        self._icon.show_icon(words.icon, "text" if words.tone == "idle" else words.tone)
        self._word.setText(words.word)
        self._amount.show_amount(transaction.amount)
        operator = operator_hint(transaction.phone)
        self._who.setText(" · ".join(part for part in (show_phone(transaction.phone), operator) if part))
        failed = transaction.state is State.FAILED
        told = transaction.review or (words.line if failed or not transaction.is_final else "")
        _fill(self._reason, told)
        _fill(self._advice, advice)
        _fill(self._note, note)
        _fill(self._small, " · ".join(self._details(transaction, seconds)))
        more = self.tr("One more result waits.") if waiting == 1 else self.tr("%1 more results wait.")
        more = more.replace("%1", str(waiting)) if waiting else ""
        _fill(self._more, more)
        self._again.setVisible(failed and transaction.review is None)
        self._new.setText(self._onward(transaction))
        self.setAccessibleName(f"{words.word}, {format_amount(transaction.amount)}, {self._who.text()}")
        self.setAccessibleDescription(" ".join(part for part in (told, advice, note, more) if part))

    def _onward(self, transaction: Transaction) -> str:
        if not transaction.is_final:
            return self.tr("Seen")
        return self.tr("New sale") if transaction.kind is Kind.PAYMENT else self.tr("New payout")

    def _details(self, transaction: Transaction, seconds: int | None) -> list[str]:
        found = []
        if transaction.hidden and transaction.state is State.SUCCESSFUL:
            found.append(self.tr("paid late, after it was hidden"))
        if transaction.kind is Kind.PAYOUT and transaction.reason:
            found.append(transaction.reason)
        if transaction.operator_reference:
            found.append(self.tr("Reference %1").replace("%1", transaction.operator_reference))
        if seconds is not None and transaction.state is State.SUCCESSFUL:
            found.append(self.tr("answered in %1 s").replace("%1", str(seconds)))
        if transaction.state is State.FAILED and transaction.response_code:
            found.append(self.tr("code %1").replace("%1", transaction.response_code))
        return found


def _fill(text: QLabel, value: str) -> None:
    text.setText(value)
    text.setVisible(bool(value))
