"""From a form in order to the commit of a payout: its phone is free, it is read back, sent; the balance beside it."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal

from cashier.domain.money import format_amount
from cashier.domain.reading import Reading
from cashier.domain.transaction import Transaction
from cashier.ledger.errors import AlreadyBegun, CannotRefund, OpenAlready
from cashier.till.till import Till
from cashier.ui.bridge import Bridge, Purpose
from cashier.ui.screens.payout_form import Draft, PayoutForm
from cashier.ui.screens.read_back import ReadBack
from cashier.ui.shop_zone import clock


class Paying(QObject):
    """`reading` says that the read-back page is wanted, `returned` that the form is, `sent` carries the committed row.

    `refused` carries tone, word and line of a notice, `locked` the open payout to the same phone and the Draft,
    `balances` an id and what is known of the balance before and after it.
    """

    reading = Signal()
    returned = Signal()
    sent = Signal(object)
    refused = Signal(str, str, str)
    locked = Signal(object, object)
    balances = Signal(str, str)

    def __init__(self, bridge: Bridge, form: PayoutForm, page: ReadBack, new_action: Callable[[], str]) -> None:
        """`new_action` names each read-back: however often Send is pressed on it, there is one payout."""
        super().__init__(form)
        self._bridge = bridge
        self._form = form
        self._page = page
        self._new_action = new_action
        self._busy = False
        self._draft: Draft | None = None
        self._action = ""
        self._before = ""
        self._befores: dict[str, str] = {}
        form.read_back.connect(self._look)
        page.send.connect(self._send)
        page.back.connect(self._back)

    def forget(self) -> None:
        """Another account was opened: what was read back was meant for the one before."""
        self._draft, self._action = None, ""
        self._befores.clear()
        self.returned.emit()

    def is_sending(self, row: Transaction) -> bool:
        """Whether `row` is what Send was pressed for, while its commit was not told here yet."""
        draft = self._draft
        return self._busy and draft is not None and (row.phone, row.amount) == (draft.phone, draft.amount)

    def note_end(self, row: Transaction) -> None:
        """A payout was answered, or is not known: what is on the account now?"""
        till = self._bridge.till
        if till is not None:
            work = partial(till.read_balance, "after", row.id)
            self._bridge.run(work, partial(self._after, row.id), partial(self._after, row.id), Purpose.CALL)

    def _look(self, draft: Draft) -> None:
        """One press of Read it back: the ledger says whether another payout to this phone is open."""
        till = self._bridge.till
        if till is None:
            words = self._bridge.why_closed or self.tr("The ledger is not open yet. Try again in a moment.")
            self.refused.emit("wait", self.tr("Nothing was sent."), words)
        elif not self._busy:
            self._busy = True
            work = partial(till.ledger.reader.open_payout_to, draft.phone)
            self._bridge.run(work, partial(self._looked, till, draft), self._not_looked, Purpose.COMMIT)

    def _looked(self, till: Till, draft: Draft, there: Transaction | None) -> None:
        self._busy = False
        if there is not None:
            self.locked.emit(there, draft)
            return
        self._draft, self._action, self._before = draft, self._new_action(), ""
        self._page.show_draft(draft)
        self.reading.emit()
        done = partial(self._read, self._action)
        self._bridge.run(
            partial(till.read_balance, "before"), done, partial(self._not_read, self._action), Purpose.CALL
        )

    def _not_looked(self, trouble: Exception) -> None:
        self._busy = False
        self.refused.emit("failed", self.tr("Nothing was sent."), str(trouble))

    def _read(self, action: str, found: object) -> None:
        """The balance before; one that comes after Send was pressed, or for another read-back, is none."""
        if action != self._action or self._draft is None or self._busy:
            return
        if not isinstance(found, Reading):
            self._show_unread(getattr(found, "sentence", ""))
            return
        self._before = self.tr("%1, read %2").replace("%1", format_amount(found.balance)).replace("%2", _time(found))
        if found.balance < self._draft.amount:
            low = self.tr("%1. That is less than this payout.").replace("%1", self._before)
            self._page.show_balance(low, wrong=True)
        else:
            self._page.show_balance(self._before)

    def _not_read(self, action: str, trouble: Exception) -> None:
        if action == self._action and not self._busy:
            self._show_unread(str(trouble))

    def _show_unread(self, why: str) -> None:
        self._page.show_balance(self.tr("Could not be read. %1").replace("%1", why).strip())

    def _back(self, why: str) -> None:
        self._draft, self._action = None, ""
        self.returned.emit()
        if why:
            self._form.phone.show_error(why)
            self._form.phone.setFocus()
        else:
            self._form.amount.setFocus()

    def _send(self) -> None:
        """One press of Send with the right digits."""
        till, draft = self._bridge.till, self._draft
        if till is None or draft is None or self._busy:
            return
        self._busy = True
        if draft.payment is not None:
            work = partial(till.refund, draft.payment.id, draft.amount, draft.reason, action_id=self._action)
        else:
            fee, action = draft.fee, self._action
            work = partial(till.pay_out, draft.phone, draft.amount, draft.reason, fee=fee, action_id=action)
        self._bridge.run(work, self._sent, self._not_sent, Purpose.COMMIT)

    def _sent(self, row: Transaction) -> None:
        self._busy = False
        self._befores[row.id] = self._before
        self._draft, self._action = None, ""
        self._form.clear()
        self.returned.emit()
        self.sent.emit(row)

    def _not_sent(self, trouble: Exception) -> None:
        self._busy = False
        if isinstance(trouble, AlreadyBegun):
            self._sent(trouble.existing)
        elif isinstance(trouble, OpenAlready):
            draft = self._draft
            self._back("")
            self.locked.emit(trouble.existing, draft)
        elif isinstance(trouble, CannotRefund):
            self._back("")
            self._form.amount.show_error(str(trouble))
        else:
            self._page.show_refusal(str(trouble))

    def _after(self, id: str, found: object) -> None:
        """The balance after, or what there is instead of one."""
        told = []
        if id in self._befores:
            told.append(self.tr("Balance before %1").replace("%1", self._befores[id] or self.tr("was not read")))
        after = self.tr("could not be read")
        if isinstance(found, Reading):
            after = self.tr("%1, read %2").replace("%1", format_amount(found.balance)).replace("%2", _time(found))
        told.append(self.tr("Balance after %1").replace("%1", after))
        self.balances.emit(id, " · ".join(told))


def _time(found: Reading) -> str:
    return clock(found.at)
