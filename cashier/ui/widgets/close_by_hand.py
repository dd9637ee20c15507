"""Closing by hand: what became of the money, who says so and why. It stands in the place of what a screen shows."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout

from cashier.domain.errors import BadInputError
from cashier.domain.money import format_amount
from cashier.domain.phone import show_phone
from cashier.domain.states import Kind
from cashier.domain.transaction import Transaction
from cashier.till.closing import checked_name, checked_note
from cashier.ui.bridge import Bridge, Purpose
from cashier.ui.widgets.base import Panel, empty_margins, label
from cashier.ui.widgets.buttons import PlainButton, PrimaryButton
from cashier.ui.widgets.field import Field
from cashier.ui.widgets.notices import Notice
from cashier.ui.widgets.verdict_choice import VerdictChoice


class CloseByHand(Panel):
    """Closes `transaction`, which is under review, through the bridge's till.

    `done` carries the row as it was closed, or None when the person went back (Esc). Whoever opens it takes it away.
    """

    done = Signal(object)

    def __init__(self, bridge: Bridge, transaction: Transaction) -> None:
        super().__init__(padding=16, spacing=8)
        self._bridge = bridge
        self._transaction = transaction
        self._busy = False
        self.setAccessibleName(self.tr("Close by hand"))
        about = f"{format_amount(transaction.amount)} · {show_phone(transaction.phone)}"
        head = QHBoxLayout()
        empty_margins(head, 12)
        head.addWidget(label(self.tr("Close by hand"), "title"))
        head.addStretch(1)
        head.addWidget(label(transaction.number, "hint"))
        why = Notice()
        if transaction.kind is Kind.PAYMENT:
            question = self.tr("Did the shop receive the money?")
        else:
            question = self.tr("Did the receiver get the money?")
        self.verdict = VerdictChoice(question, self.tr("Received"), self.tr("Not received"))
        self.name = Field(self.tr("Your name"))
        self.reference = Field(self.tr("Operator's reference, optional"))
        self.note = Field(self.tr("What you found out, and where"))
        self.close_button = PrimaryButton(self.tr("Close by hand"), size="medium")
        self.back_button = PlainButton(self.tr("Back"), size="medium", key="Esc")
        self.below = label("", "label", wrap=True)
        pair = QHBoxLayout()
        empty_margins(pair, 12)
        pair.addWidget(self.name, 1)
        pair.addWidget(self.reference, 1)
        buttons = QHBoxLayout()
        empty_margins(buttons, 12)
        buttons.addWidget(self.close_button)
        buttons.addWidget(self.back_button)
        buttons.addStretch(1)
        self.body.addLayout(head)
        self.body.addWidget(why)
        why.show_notice("review", about, transaction.review or "")  # in its place by now: alone it would be a window
        self.body.addWidget(self.verdict)
        self.body.addLayout(pair)
        self.body.addWidget(self.note)
        self.body.addLayout(buttons)
        self.body.addWidget(self.below)
        self.body.addStretch(1)
        self._promise()
        self._connect()

    def begin(self) -> None:
        """Shows it and gives it the keyboard."""
        self.show()
        self.verdict.setFocus(Qt.FocusReason.TabFocusReason)

    def is_busy(self) -> bool:
        """Whether it is being written: only then it must stay where it is."""
        return self._busy

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._back()
            return
        super().keyPressEvent(event)

    def _promise(self) -> None:
        self.below.show_kind("label")
        self.below.setText(self.tr("The gateway is still asked daily. If it settles this one, an alarm rings."))

    def _connect(self) -> None:
        self.name.entered.connect(self.reference.setFocus)
        self.reference.entered.connect(self.note.setFocus)
        self.note.entered.connect(self.close_button.setFocus)
        self.close_button.clicked.connect(self._close)
        self.back_button.clicked.connect(self._back)

    def _back(self) -> None:
        if not self._busy:
            self.done.emit(None)

    def _close(self) -> None:
        till = self._bridge.till
        received = self.verdict.received()
        if till is None or self._busy or not self._is_complete() or received is None:
            return
        self._busy = True
        self._promise()
        self._bridge.run(
            partial(
                till.close_by_hand,
                self._transaction.id,
                received=received,
                seen=self._transaction.state,
                name=self.name.text(),
                note=self.note.text(),
                reference=self.reference.text() or None,
            ),
            self.done.emit,
            self._refused,
            Purpose.COMMIT,
        )

    def _is_complete(self) -> bool:
        """Says beside each field what is missing and gives the first of them the keyboard."""
        missing: list[Callable[[], None]] = []
        if self.verdict.received() is None:
            self.verdict.show_error(self.tr("Choose one."))
            missing.append(self.verdict.setFocus)
        for field, check in ((self.name, checked_name), (self.note, checked_note)):
            try:
                check(field.text())
            except BadInputError as wrong:
                field.show_error(str(wrong))
                missing.append(field.setFocus)
        if missing:
            missing[0]()
        return not missing

    def _refused(self, trouble: Exception) -> None:
        self._busy = False
        self.below.show_kind("error")
        self.below.setText(self.tr("It was not closed. %1").replace("%1", str(trouble)))
        self.close_button.setFocus()
