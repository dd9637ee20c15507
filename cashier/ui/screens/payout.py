"""Pay out (F2): the form with the open payouts beside it, the read-back page, what became of each."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

from PySide6.QtCore import QPoint, QRect, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from cashier.domain.events import Change
from cashier.domain.money import format_amount
from cashier.domain.phone import show_phone
from cashier.domain.states import Kind, State
from cashier.domain.transaction import Transaction
from cashier.till.advice import advice_for_failure
from cashier.ui import theme
from cashier.ui.bridge import Bridge, Purpose
from cashier.ui.frame import NextFrame
from cashier.ui.refunds import Refunds, read_refunds, why_not_line
from cashier.ui.screens.closing_in_place import ClosingInPlace
from cashier.ui.screens.list_line import ListLine
from cashier.ui.screens.paying import Paying
from cashier.ui.screens.payout_form import Draft, PayoutForm
from cashier.ui.screens.read_back import ReadBack
from cashier.ui.screens.results import Results
from cashier.ui.widgets.base import empty_margins, follow
from cashier.ui.widgets.buttons import PlainButton
from cashier.ui.widgets.card_list import CardList
from cashier.ui.widgets.notices import Banner, QuestionPanel

_TICK = 1000
NO_BREAK = "\u00a0"
_TAB = 20  # the tab of the striped frame hangs over this much of the top


def _utc_now() -> datetime:
    return datetime.now(UTC)


def _needs_eyes(row: Transaction) -> bool:
    return row.state is State.UNKNOWN or row.review is not None


class PayoutScreen(QWidget):
    """Everything it shows was committed before. It may be made at any time: what is open then is read.

    `unseen` carries a payout that ended, or is not known, while another screen is in front.
    """

    unseen = Signal(object)

    def __init__(
        self,
        bridge: Bridge,
        new_action: Callable[[], str],
        now: Callable[[], datetime] = _utc_now,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__()
        self._bridge = bridge
        self._now = now
        self._rows: dict[str, Transaction] = {}
        self._own: set[str] = set()
        self._loading = bridge.till is not None
        self._frame = NextFrame(self)
        self.form = PayoutForm(clock)
        self.page = ReadBack(clock)
        self.list = CardList(self.tr("Open payouts"), self.tr("None. A payout stands here until it is settled."))
        self.file_door = PlainButton(self.tr("Pay out from a file"), size="wide")
        self.file_door.hide()
        self.banner = Banner(self.tr("Close"))
        self.list_line = ListLine()
        self.locked: QuestionPanel | None = None
        self.paying = Paying(bridge, self.form, self.page, new_action)
        self.results = Results(
            self, self._is_empty, clock, field=self.form.phone.edit, place=self.form, column=self._form_place
        )
        self._clock = clock
        self.pages = QStackedWidget()
        self._lay_out()
        self.list.stand_between(self.form.stops()[-1], self.file_door)
        self.closing = ClosingInPlace(bridge, self.form, self._left, self.form.phone)
        self._connect()
        self.setFocusProxy(self.form.phone)
        follow(self._adapt)
        if bridge.till is not None:
            self.form.set_limits(bridge.till.options.limits)
            bridge.run(bridge.till.ledger.reader.open_rows, self._found_open)

    def start_refund(self, payment: Transaction, reason: str = "") -> None:
        """Fills the form with what is left of a paid payment; nothing is sent. From any screen."""
        if self._bridge.till is not None:
            till = self._bridge.till
            work = partial(read_refunds, till.ledger.reader, payment, till.options.limits)
            self._bridge.run(work, partial(self._refund, reason), self._trouble)

    def set_file_door(self, open_it: Callable[[], None]) -> None:
        """There is a screen for payouts from a file: a button leads to it."""
        self.file_door.clicked.connect(open_it)
        self.file_door.show()

    def _form_place(self) -> QRect:
        return QRect(self.form.mapTo(self, QPoint(0, 0)), self.form.size())

    def _is_empty(self) -> bool:
        return self.form.is_empty() and self.pages.currentIndex() == 0 and self.closing.panel is None

    def _lay_out(self) -> None:
        first = QWidget()
        self._row = QHBoxLayout(first)
        empty_margins(self._row)
        self._side = QWidget()
        side = QVBoxLayout(self._side)
        empty_margins(side, 12)
        side.addWidget(self.list, 1)
        side.addWidget(self.list_line)
        side.addWidget(self.file_door)
        self._left = QVBoxLayout()
        empty_margins(self._left)
        self._left.addWidget(self.form, 1)
        self._row.addLayout(self._left, 1)
        self._row.addWidget(self._side)
        self.pages.addWidget(first)
        self.pages.addWidget(self.page)
        self._column = QVBoxLayout(self)
        self._column.setSpacing(12)
        for part in (self.banner, self.results.band):
            self._column.addWidget(part)
        self._column.addWidget(self.pages, 1)

    def _adapt(self) -> None:
        sizes = theme.metrics()
        top = sizes.gap if sizes is not theme.TIGHT else _TAB
        self._column.setContentsMargins(sizes.gap, top, sizes.gap, sizes.gap)
        self._row.setSpacing(sizes.gap)
        self._side.setFixedWidth(sizes.list_width)

    def _connect(self) -> None:
        self.banner.pressed.connect(self.banner.hide)
        self.paying.reading.connect(partial(self._show_page, 1))
        self.paying.returned.connect(partial(self._show_page, 0))
        self.paying.sent.connect(self._sent)
        self.paying.refused.connect(self.banner.show_notice)
        self.paying.locked.connect(self._refuse)
        self.paying.balances.connect(self.results.add_note)
        self.form.edited.connect(self.results.form_edited)
        self.list.check.connect(self._check)
        self.list.close_it.connect(self._close_by_hand)
        self.closing.ended.connect(self.results.show_first)
        self.list.seen.connect(self.results.put_aside)
        self.list.seen.connect(self._seen)
        self.results.seen.connect(self._seen)
        self.results.try_again.connect(self._refill)
        self._bridge.opened.connect(self._opened)
        self._bridge.changed.connect(self._changed)
        timer = QTimer(self)
        timer.timeout.connect(lambda: self.list.tick(self._now()))
        timer.start(_TICK)

    def _close_by_hand(self, id: str) -> None:
        row = self._rows.get(id)
        if row is not None and self.locked is None:
            self.closing.open(row)

    def _show_page(self, number: int) -> None:
        self.banner.hide()
        self.pages.setCurrentIndex(number)
        self.setFocusProxy(self.page.digits if number else self.form.phone)
        if number:
            self.page.digits.setFocus()
        self.results.show_first()

    def _opened(self, open_rows: list[Transaction]) -> None:
        """Another account was opened: its payouts, and nothing of the one before."""
        self._rows.clear()
        self._own.clear()
        self.paying.forget()
        if self.form.refund() is not None:
            self.form.clear()
        self._found_open(open_rows)
        if self._bridge.till is not None:
            self.form.set_limits(self._bridge.till.options.limits)

    def _found_open(self, open_rows: list[Transaction]) -> None:
        """What an earlier run, or another screen, left open. News that came meanwhile are newer."""
        self._loading = False
        found = {row.id: row for row in open_rows if row.kind is Kind.PAYOUT}
        self._own |= found.keys()
        self._rows = found | self._rows
        self._show_rows()

    def _refuse(self, there: Transaction, draft: Draft) -> None:
        """Another payout to the phone is open: in the place of the form stands its number, and a way to it."""
        if self.locked is not None:
            return
        panel = QuestionPanel(
            self.tr("%1, %2 to this phone, is still open.")
            .replace("%1", there.number)
            .replace("%2", format_amount(there.amount)),
            self.tr("Nothing was sent. Until it is settled or closed by hand, this phone gets no other payout."),
            [self.tr("Check the open one"), self.tr("Back")],
            subject=f"{format_amount(draft.amount)} · {show_phone(draft.phone).replace(' ', NO_BREAK)}",
            back=1,
            icon="lock",
            clock=self._clock,
        )

        def answered(number: int) -> None:
            self.locked = None
            self._left.removeWidget(panel)
            panel.deleteLater()
            self.form.show()
            self.form.phone.setFocus()
            if number == 0:
                self._look_at(there)

        panel.answered.connect(answered)
        self.form.hide()
        self._left.addWidget(panel, 1)
        self.locked = panel
        panel.ask()

    def _look_at(self, there: Transaction) -> None:
        self._rows.setdefault(there.id, there)
        self._show_rows()
        self.list.choose(there.id)
        self._check(there.id)

    def _check(self, id: str) -> None:
        if self._bridge.till is not None:
            self._bridge.run(partial(self._bridge.till.check, [id]), None, self._trouble, Purpose.COMMIT)

    def _sent(self, row: Transaction) -> None:
        self._own.add(row.id)
        self.form.phone.setFocus()

    def _changed(self, change: Change) -> None:
        row = change.transaction
        if row.kind is not Kind.PAYOUT:
            return
        if self.paying.is_sending(row):
            self._own.add(row.id)  # the answer may be here before the word that it was committed
        before = change.before
        needed_eyes = before is not None and _needs_eyes(before)
        if row.is_open or row.id in self._own or needed_eyes or self._loading:
            self._rows[row.id] = row
        else:
            self._rows.pop(row.id, None)  # of a file: its own screen tells
        news = before is None or (before.state, before.review) != (row.state, row.review)
        told = self.results.has(row.id)
        if news and row.id in self._own and (told or row.is_final or _needs_eyes(row)):
            self._show_result(row)
        self._frame.add(self._show_rows)

    def _show_result(self, row: Transaction) -> None:
        """An end, nothing known, a contradiction; or what became of one of these before it was seen."""
        held = self.tr("This phone gets no other payout until it is settled. We keep checking.")
        taken = 0 if row.decided_at is None else round((row.decided_at - row.created_at).total_seconds())
        self.results.add(row, held if row.is_open else advice_for_failure(row), taken if taken > 0 else None)
        self.paying.note_end(row)
        if not self.isVisible():
            self.unseen.emit(row)

    def _seen(self, id: str) -> None:
        row = self._rows.get(id)
        if row is not None and not row.is_open:
            del self._rows[id]
        self._show_rows()

    def _refill(self, row: Transaction) -> None:
        if row.refund_of is None:
            self.form.fill(row)
        else:
            self.start_refund(row, row.reason or "")

    def _refund(self, reason: str, found: Refunds) -> None:
        if found.payment is None or found.why_not is not None:
            number = "" if found.payment is None else found.payment.number
            words = self.tr("Payment %1").replace("%1", number) if number else ""
            self.banner.show_notice("idle", why_not_line(found), words)
            return
        self._show_page(0)
        self.form.fill_refund(found.payment, found.left, reason)
        self.results.show_first()

    def _trouble(self, trouble: Exception) -> None:
        self.banner.show_notice("failed", self.tr("That did not work."), str(trouble))

    def _show_rows(self) -> None:
        self.list.show_transactions(list(self._rows.values()), self._now())
