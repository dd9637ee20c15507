"""Charge (F1) with Open payments beside it."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from cashier.domain.events import Change
from cashier.domain.phone import operator_hint, show_phone
from cashier.domain.states import Kind, State
from cashier.domain.transaction import Transaction
from cashier.ledger.errors import AlreadyBegun, OpenAlready, SameAgain
from cashier.till.advice import advice_for_failure
from cashier.ui import theme
from cashier.ui.bridge import Bridge
from cashier.ui.screens.charge_form import ChargeForm
from cashier.ui.screens.customers import Customers
from cashier.ui.screens.results import Results
from cashier.ui.sounds import Player
from cashier.ui.widgets.base import empty_margins, follow
from cashier.ui.widgets.card_list import CardList
from cashier.ui.widgets.notices import Banner, QuestionPanel, ResultBand

Asked = tuple[str, int, str | None]
Answer = tuple[str, Callable[[], None]]
_TICK = 1000


def _utc_now() -> datetime:
    return datetime.now(UTC)


class ChargeScreen(QWidget):
    """The form, the open payments, the results. Everything it shows was committed before."""

    def __init__(
        self,
        bridge: Bridge,
        player: Player,
        new_action: Callable[[], str],
        now: Callable[[], datetime] = _utc_now,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__()
        self._bridge = bridge
        self._player = player
        self._new_action = new_action
        self._now = now
        self._rows: dict[str, Transaction] = {}
        self._question: QuestionPanel | None = None
        self.form = ChargeForm(clock)
        self.band = ResultBand()
        self.banner = Banner(self.tr("Close"))
        self.list = CardList()
        self._customers = Customers(bridge, self.form.phone)
        self._left = QVBoxLayout()
        empty_margins(self._left, 12)
        for part in (self.banner, self.band, self.form):
            self._left.addWidget(part, 1 if part is self.form else 0)
        self._row = QHBoxLayout(self)
        self._row.addLayout(self._left, 1)
        self._row.addWidget(self.list)
        self.results = Results(self, self.band, self.form.is_empty, clock)
        self._connect()
        follow(self._adapt)

    def _opened(self, open_rows: list[Transaction]) -> None:
        """Shows what an earlier run left open; a till just attached has nothing else to show."""
        self._rows = {row.id: row for row in open_rows if row.kind is Kind.PAYMENT and not row.hidden}
        if self._bridge.till is not None:
            self.form.set_limits(self._bridge.till.options.limits)
        self._show_rows()

    def _connect(self) -> None:
        self.form.charge.connect(self._asked)
        self.form.edited.connect(self.results.show_first)
        self.banner.pressed.connect(self.banner.hide)
        self.list.check.connect(self._check)
        self.list.hide_it.connect(self._hide)
        self.list.seen.connect(self.results.put_aside)
        self.results.seen.connect(self._seen)
        self.results.try_again.connect(self._refill)
        self._bridge.opened.connect(self._opened)
        self._bridge.changed.connect(self._changed)
        self.setFocusProxy(self.form.phone)
        for edit in (
            self.form.phone.edit,
            self.form.amount.edit,
            self.form.reference.edit,
            self.form.keypad.charge_button,
        ):
            edit.installEventFilter(self)
        timer = QTimer(self)
        timer.timeout.connect(lambda: self.list.tick(self._now()))
        timer.start(_TICK)

    def _adapt(self) -> None:
        sizes = theme.metrics()
        self._row.setContentsMargins(sizes.gap, sizes.gap, sizes.gap, sizes.gap)
        self._row.setSpacing(sizes.gap)
        self.list.setFixedWidth(sizes.list_width)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A result that fills the screen hears keys first, and lets all that type go on to the form."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and self.results.key(event):
            return True
        return super().eventFilter(watched, event)

    def _asked(self, asked: Asked) -> None:
        if operator_hint(asked[0]) is None:
            self._ask(
                self.tr("Is %1 the right number?").replace("%1", show_phone(asked[0])),
                self.tr("It looks like neither MTN nor Airtel."),
                [
                    (self.tr("Change the number"), self.form.phone.setFocus),
                    (self.tr("Charge it"), partial(self._charge, asked)),
                ],
            )
            return
        self._charge(asked)

    def _charge(self, asked: Asked, *, again: bool = False) -> None:
        phone, amount, reference = asked
        till = self._bridge.till
        if till is None:
            words = self.tr("The ledger is not open yet. Press Charge again in a moment.")
            self.banner.show_notice("wait", self.tr("Nothing was sent."), words)
            return
        self.form.keypad.charge_button.setEnabled(False)
        work = partial(till.charge, phone, amount, reference, again=again, action_id=self._new_action())
        self._bridge.run(work, self._charged, partial(self._not_charged, asked))

    def _charged(self, _row: Transaction) -> None:
        self.form.keypad.charge_button.setEnabled(True)
        self.banner.hide()
        self.form.clear()
        self.results.show_first()

    def _not_charged(self, asked: Asked, trouble: Exception) -> None:
        self.form.keypad.charge_button.setEnabled(True)
        if isinstance(trouble, AlreadyBegun):
            self._charged(trouble.existing)
        elif isinstance(trouble, OpenAlready | SameAgain):
            self._ask_again(asked, trouble)
        else:
            self.banner.show_notice("failed", self.tr("Nothing was sent."), str(trouble))
            self.form.amount.setFocus()

    def _ask_again(self, asked: Asked, there: OpenAlready | SameAgain) -> None:
        row = there.existing
        charge: Answer = (self.tr("Charge again"), partial(self._charge, asked, again=True))
        back: Answer = (self.tr("Back"), self.form.phone.setFocus)
        if isinstance(there, OpenAlready):
            question = self.tr("A payment from this phone is still open.")
            first: Answer = (self.tr("Check the open one"), partial(self._check_open, row.id))
            answers = [first, charge, back]
        else:
            question = self.tr("The same phone and amount was charged just now.")
            answers = [back, charge]
        self._ask(
            question,
            self.tr("Number %1. Charging again can make the customer pay twice.").replace("%1", row.number),
            answers,
        )

    def _ask(self, question: str, detail: str, answers: list[Answer]) -> None:
        """Asks in the place of the form, which keeps what is in it."""
        panel = QuestionPanel(question, detail, [text for text, _ in answers])

        def answered(number: int) -> None:
            self._question = None
            self._left.removeWidget(panel)
            panel.deleteLater()
            self.form.show()
            answers[number][1]()

        panel.answered.connect(answered)
        self._question = panel
        self.form.hide()
        self._left.insertWidget(self._left.indexOf(self.form), panel, 0, Qt.AlignmentFlag.AlignTop)
        panel.ask()

    def _check_open(self, id: str) -> None:
        self.form.phone.setFocus()
        self.list.choose(id)
        self._check(id)

    def _check(self, id: str) -> None:
        if self._bridge.till is not None:
            self._bridge.run(partial(self._bridge.till.check, [id]))

    def _hide(self, id: str) -> None:
        if self._bridge.till is not None:
            self._bridge.run(partial(self._bridge.till.hide, id), None, self._not_written)

    def _not_written(self, trouble: Exception) -> None:
        self.banner.show_notice("failed", self.tr("That could not be written."), str(trouble))

    def _changed(self, change: Change) -> None:
        row = change.transaction
        if row.kind is not Kind.PAYMENT:
            return
        reviewed = row.review is not None and (change.before is None or change.before.review is None)
        if change.became_final or reviewed:
            self._rows[row.id] = row
            late = row.hidden and row.state is State.SUCCESSFUL
            self._player.play("late" if late else "paid" if row.state is State.SUCCESSFUL else "not-paid")
            self.results.add(row, advice_for_failure(row), self._seconds(row))
        elif row.hidden or (row.is_final and row.id not in self._rows):
            self._rows.pop(row.id, None)
        elif row.is_open or row.id in self._rows:
            self._rows[row.id] = row
        self._show_rows()

    def _seconds(self, row: Transaction) -> int | None:
        return None if row.decided_at is None else max(0, round((row.decided_at - row.created_at).total_seconds()))

    def _seen(self, id: str) -> None:
        row = self._rows.get(id)
        if row is not None and (not row.is_open or row.hidden):
            del self._rows[id]
        self._show_rows()

    def _refill(self, row: Transaction) -> None:
        self.form.fill(row.phone, row.amount, row.reference)

    def _show_rows(self) -> None:
        self.list.show_transactions(list(self._rows.values()), self._now())
