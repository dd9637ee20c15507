"""From a press of Charge to the commit: the questions before it, the sending, and why nothing was sent."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QVBoxLayout

from cashier.domain.money import format_amount
from cashier.domain.phone import operator_hint, show_phone
from cashier.domain.transaction import Transaction
from cashier.ledger.errors import AlreadyBegun, OpenAlready, SameAgain
from cashier.ui.bridge import Bridge, Purpose
from cashier.ui.frame import NextFrame
from cashier.ui.moments import when_text
from cashier.ui.screens.charge_form import Asked, ChargeForm
from cashier.ui.widgets.notices import QuestionPanel
from cashier.ui.words import words_for

Answer = tuple[str, Callable[[], None]]


class Charging(QObject):
    """`charged` comes after the commit; `refused` carries tone, word and line of a notice, `open_one` its id."""

    charged = Signal()
    refused = Signal(str, str, str)
    open_one = Signal(str)

    def __init__(
        self,
        bridge: Bridge,
        form: ChargeForm,
        column: QVBoxLayout,
        new_action: Callable[[], str],
        clock: Callable[[], float],
    ) -> None:
        """Questions take the form's place in `column`; `new_action` names each press; `clock` counts seconds."""
        super().__init__(form)
        self._bridge = bridge
        self._form = form
        self._column = column
        self._new_action = new_action
        self._clock = clock
        self._busy = False
        self._frame = NextFrame(self)
        self.question: QuestionPanel | None = None

    def is_busy(self) -> bool:
        """Whether a press of Charge is on its way to the commit."""
        return self._busy

    def ask_for(self, asked: Asked) -> None:
        """One press of Charge with a form in order."""
        if operator_hint(asked[0]) is not None:
            self._charge(asked)
            return
        self._ask(
            asked,
            self.tr("Is %1 the right number?").replace("%1", show_phone(asked[0])),
            self.tr("It looks like neither MTN nor Airtel."),
            [
                (self.tr("Change the number"), self._form.phone.setFocus),
                (self.tr("Charge it"), partial(self._charge, asked)),
            ],
        )

    def _charge(self, asked: Asked, *, again: bool = False) -> None:
        phone, amount, reference = asked
        till = self._bridge.till
        if till is None:
            if self._bridge.why_closed is not None:
                self.refused.emit("failed", self.tr("Nothing was sent."), self._bridge.why_closed)
                return
            words = self.tr("The ledger is not open yet. Press Charge again in a moment.")
            self.refused.emit("wait", self.tr("Nothing was sent."), words)
            return
        if self._busy:
            return
        self._busy = True
        work = partial(till.charge, phone, amount, reference, again=again, action_id=self._new_action())
        self._bridge.run(work, self._charged, partial(self._not_charged, asked), Purpose.COMMIT)

    def _charged(self, _row: Transaction) -> None:
        # Committed, and on its way in this moment: clearing and painting the form must not hold that up.
        self._frame.add(self._free)

    def _free(self) -> None:
        self._busy = False
        self._form.clear()
        self.charged.emit()

    def _not_charged(self, asked: Asked, trouble: Exception) -> None:
        self._busy = False
        if isinstance(trouble, AlreadyBegun):
            self._charged(trouble.existing)
        elif isinstance(trouble, OpenAlready | SameAgain):
            self._ask_again(asked, trouble)
        else:
            self.refused.emit("failed", self.tr("Nothing was sent."), str(trouble))
            self._form.amount.setFocus()

    def _ask_again(self, asked: Asked, there: OpenAlready | SameAgain) -> None:
        row = there.existing
        charge: Answer = (self.tr("Charge again"), partial(self._charge, asked, again=True))
        back: Answer = (self.tr("Back"), self._form.phone.setFocus)
        if isinstance(there, OpenAlready):
            question = self.tr("A payment from this phone is still open.")
            first: Answer = (self.tr("Check the open one"), partial(self._look_at, row.id))
            said = self.tr("%1 is for %2. Charging again can make the customer pay twice.")
            answers = [first, charge, back]
            last = 2
        else:
            question = self.tr("The same phone and amount was charged just now.")
            said = self.tr("%1 for %2: %3, %4. Charging again can make the customer pay twice.")
            since = row.decided_at or row.review_at or row.created_at
            said = said.replace("%3", words_for(row).word).replace("%4", when_text(since))
            answers = [back, charge]
            last = 0
        detail = said.replace("%1", row.number).replace("%2", format_amount(row.amount))
        self._ask(asked, question, detail, answers, last)

    def _look_at(self, id: str) -> None:
        self._form.phone.setFocus()
        self.open_one.emit(id)

    def _ask(self, asked: Asked, question: str, detail: str, answers: list[Answer], back: int = 0) -> None:
        """Asks in the place of the form, which keeps what is in it. Esc gives the answer `back`, which never sends."""
        subject = f"{format_amount(asked[1])} · {show_phone(asked[0])}"
        panel = QuestionPanel(
            question, detail, [text for text, _ in answers], subject=subject, back=back, clock=self._clock
        )

        def answered(number: int) -> None:
            self.question = None
            self._column.removeWidget(panel)
            self._form.show()
            panel.hide()  # at once: a second key would be a second answer
            panel.deleteLater()
            answers[number][1]()

        panel.answered.connect(answered)
        self._form.hide()
        self._column.insertWidget(self._column.indexOf(self._form), panel, 1)
        self.question = panel
        panel.ask()
