"""Charge (F1) with Open payments beside it. What is not needed for the first paint is made after it, by `prepare`."""

import time
from collections.abc import Callable
from functools import cached_property, partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from cashier.domain.states import Kind, State
from cashier.ui import theme
from cashier.ui.bridge import Bridge, Purpose
from cashier.ui.frame import NextFrame
from cashier.ui.screens.charge_form import Asked, ChargeForm
from cashier.ui.screens.customers import Customers
from cashier.ui.widgets.base import empty_margins, follow
from cashier.ui.widgets.card_list import CardList

if TYPE_CHECKING:
    from datetime import datetime

    from cashier.domain.events import Change
    from cashier.domain.transaction import Transaction
    from cashier.ui.screens.charging import Charging
    from cashier.ui.screens.closing_in_place import ClosingInPlace
    from cashier.ui.screens.results import Results
    from cashier.ui.sounds import Player
    from cashier.ui.widgets.notices import Notice

_TICK = 1000


def _utc_now() -> "datetime":
    from datetime import UTC, datetime

    return datetime.now(UTC)


class ChargeScreen(QWidget):
    """The form, the open payments, the results. Everything it shows was committed before.

    `trouble` carries tone, word and line of why nothing was sent or written; `in_order` says that it is over.
    """

    trouble = Signal(str, str, str)
    in_order = Signal()

    def __init__(
        self,
        bridge: Bridge,
        player: "Player",
        new_action: Callable[[], str],
        now: "Callable[[], datetime]" = _utc_now,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__()
        self._bridge = bridge
        self._player = player
        self._new_action = new_action
        self._now = now
        self._clock = clock
        self._rows: dict[str, Transaction] = {}
        self._hidden: dict[str, Transaction] = {}
        self._frame = NextFrame(self)
        self.form = ChargeForm(clock)
        self.list = CardList()
        self.list.stand_between(self.form.keypad.charge_button)
        self._customers = Customers(bridge, self.form.phone)
        self._left = QVBoxLayout()
        empty_margins(self._left, 12)
        self._left.addWidget(self.form, 1)
        self._row = QHBoxLayout(self)
        self._row.addLayout(self._left, 1)
        self._row.addWidget(self.list)
        self._connect()
        follow(self._adapt)

    def prepare(self) -> None:
        """Makes what the first sale will need, so that it does not wait for it."""
        for part in (self.results, self.charging):
            part.objectName()

    def warm(self) -> None:
        """Makes the code that a card shows after some seconds: loading its maker would hold up the seconds of all."""

        def make() -> None:
            from cashier.ui.advice import RESCUE_LINK
            from cashier.ui.widgets.qr_view import matrix

            matrix(RESCUE_LINK)

        self._bridge.run(make)

    @cached_property
    def closed(self) -> "Notice":
        """Over the form while no account is open: what to do. It stays as long as that holds."""
        from cashier.ui.widgets.notices import Notice

        made = Notice()
        self._left.insertWidget(0, made)
        return made

    def show_closed(self, word: str, line: str) -> None:
        """No account is open."""
        self.closed.show_notice("unknown", word, line)

    @cached_property
    def results(self) -> "Results":
        """What became of payments, until somebody has seen it."""
        from cashier.ui.screens.results import Results

        made = Results(
            self,
            self._may_cover,
            self._clock,
            field=self.form.phone.edit,
            place=self.form,
            column=self._left.geometry,
            may_fill=self._nothing_newer,
        )
        self._left.insertWidget(self._left.indexOf(self.form), made.band)
        self.form.edited.connect(made.form_edited)
        self.list.seen.connect(made.put_aside)
        made.seen.connect(self._seen)
        made.try_again.connect(self._refill)
        return made

    @cached_property
    def charging(self) -> "Charging":
        """From a press of Charge to the commit."""
        from cashier.ui.screens.charging import Charging

        made = Charging(self._bridge, self.form, self._left, self._new_action, self._clock)
        made.charged.connect(self._charged)
        made.refused.connect(self._refused)
        made.open_one.connect(self._look_at)
        return made

    @cached_property
    def closing(self) -> "ClosingInPlace":
        """Closing by hand in the place of the form."""
        from cashier.ui.screens.closing_in_place import ClosingInPlace

        made = ClosingInPlace(self._bridge, self.form, self._left, self.form.phone)
        made.ended.connect(self.results.show_first)
        return made

    def _may_cover(self) -> bool:
        return self.form.is_empty() and self.closing.panel is None

    def _nothing_newer(self, row: "Transaction") -> bool:
        """Whether no newer sale waits for its outcome: that one is what the customer at the counter waits for."""
        return not any(
            other.created_at > row.created_at and other.is_open and not other.hidden and not other.is_under_review
            for other in self._rows.values()
        )

    def _opened(self, open_rows: "list[Transaction]") -> None:
        """Shows what an earlier run left open; a till just attached has nothing else to show."""
        payments = {row.id: row for row in open_rows if row.kind is Kind.PAYMENT}
        self._hidden = {id: row for id, row in payments.items() if row.hidden}
        self._rows = {id: row for id, row in payments.items() if not row.hidden}
        if "closed" in self.__dict__:
            self.closed.hide()
        self.list.show_unasked(0, "")
        if self._bridge.till is not None:
            self.form.set_limits(self._bridge.till.options.limits)
        self._show_rows()

    def _connect(self) -> None:
        self.form.charge.connect(self._asked)
        self.list.check.connect(self._check)
        self.list.hide_it.connect(self._hide)
        self.list.close_it.connect(self._close_by_hand)
        self.list.bring_back.connect(self._bring_back)
        self._bridge.opened.connect(self._opened)
        self._bridge.changed.connect(self._changed)
        self.setFocusProxy(self.form.phone)
        timer = QTimer(self)
        timer.timeout.connect(lambda: self.list.tick(self._now()))
        timer.start(_TICK)

    def _adapt(self) -> None:
        sizes = theme.metrics()
        self._row.setContentsMargins(sizes.gap, sizes.gap, sizes.gap, sizes.gap)
        self._row.setSpacing(sizes.gap)
        self.list.setFixedWidth(sizes.list_width)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A figure that no field took, as on a card or a button, is the beginning of a phone."""
        if event.text() and event.text() in "0123456789":
            self.form.phone.setFocus()
            QApplication.sendEvent(self.form.phone.edit, event.clone())
            return
        super().keyPressEvent(event)

    def _asked(self, asked: Asked) -> None:
        self.charging.ask_for(asked)

    def _charged(self) -> None:
        self.in_order.emit()
        self.results.show_first()

    def _refused(self, tone: str, word: str, line: str) -> None:
        self.trouble.emit(tone, word, line)

    def _look_at(self, id: str) -> None:
        self.list.choose(id)
        self._check(id)

    def _check(self, id: str) -> None:
        if self._bridge.till is not None:
            self._bridge.run(partial(self._bridge.till.check, [id]), purpose=Purpose.COMMIT)

    def _hide(self, id: str) -> None:
        if self._bridge.till is not None:
            self._bridge.run(partial(self._bridge.till.hide, id), None, self._not_written, Purpose.COMMIT)

    def _bring_back(self) -> None:
        """All that were hidden stand in the list again, once that is committed."""
        if self._bridge.till is not None:
            for id in self._hidden:
                self._bridge.run(partial(self._bridge.till.show, id), None, self._not_written, Purpose.COMMIT)

    def _close_by_hand(self, id: str) -> None:
        row = self._rows.get(id)
        if row is not None and self.charging.question is None:
            self.closing.open(row)
            self.results.show_first()

    def _not_written(self, trouble: Exception) -> None:
        self.trouble.emit("failed", self.tr("That could not be written."), str(trouble))

    def _changed(self, change: "Change") -> None:
        row = change.transaction
        if row.kind is not Kind.PAYMENT:
            return
        if row.hidden and row.is_open:
            self._hidden[row.id] = row
        else:
            self._hidden.pop(row.id, None)
        reviewed = row.is_under_review and (change.before is None or change.before.review != row.review)
        if change.became_final or reviewed:
            from cashier.till.advice import advice_for_failure

            self._rows[row.id] = row
            if not change.raised_alarm:  # the alarm rings for itself
                self._player.play("late" if row.is_late else "paid" if row.state is State.SUCCESSFUL else "not-paid")
            self.results.add(row, advice_for_failure(row), self._seconds(row))
            self._show_rows()
            return
        if row.hidden or row.is_closed or (row.is_final and row.id not in self._rows):
            self._rows.pop(row.id, None)
        elif row.is_open or row.id in self._rows:
            self._rows[row.id] = row
        self._frame.add(self._show_rows)
        if self.results.waiting():
            self._frame.add(self.results.show_first)

    def _seconds(self, row: "Transaction") -> int | None:
        return None if row.decided_at is None else max(0, round((row.decided_at - row.created_at).total_seconds()))

    def _seen(self, id: str) -> None:
        row = self._rows.get(id)
        if row is not None and (row.hidden or not (row.is_open or row.is_under_review)):
            del self._rows[id]
        self._show_rows()

    def _refill(self, row: "Transaction") -> None:
        self.form.fill(row.phone, row.amount, row.reference)

    def _show_rows(self) -> None:
        if self._rows or self.list.cards():
            self.list.show_transactions(list(self._rows.values()), self._now())
        self.list.show_hidden(len(self._hidden.keys() - self._rows.keys()))
