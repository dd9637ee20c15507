"""The screen of payouts in each of its states."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from cashier.domain.states import Kind, State
from cashier.domain.transaction import Transaction
from cashier.simulator import Fault
from cashier.ui.screens.payout import PayoutScreen
from tests.screens.studio import Studio


def payout_states(studio: Studio) -> None:
    """Empty, typed, read back, every end, a second one to the same phone, a refund."""
    studio.window.main.show_screen("payout")
    screen = studio.window.money.payout
    studio.shoot("payout", "empty")
    _type(screen, "0733210998", "6000", "Refund of T7-000398, wrong size")
    studio.shoot("payout", "typed")
    _read_back(studio, screen)
    QTest.keyClicks(screen.page.digits.edit, "99")
    studio.shoot("payout", "readback")
    screen.page.digits.clear()
    QTest.keyClicks(screen.page.digits.edit, "123")
    QTest.keyClick(screen.page.digits.edit, Qt.Key.Key_Return)
    studio.shoot("payout", "wrongdigits")
    screen.paying._back("")
    screen.form.clear()
    _type(
        screen, "0741210998", "6000", "Supplier of bananas and tomatoes for the whole week, with the crates", fee=True
    )
    _read_back(studio, screen, by_hand=True)
    studio.shoot("payout", "readback-touch")
    screen.paying._back("The last digits did not fit. Check the number with the receiver.")
    studio.shoot("payout", "sentback")
    screen.form.clear()
    _pay(studio, screen, "0733210998", "6000", "Supplier")
    studio.until(lambda: "after" in screen.results.view.accessibleDescription())
    studio.shoot("payout", "sent")
    screen.results.dismiss()
    _pay(studio, screen, "0788000002", "6000", "Supplier")
    studio.until(lambda: "after" in screen.results.view.accessibleDescription())
    studio.shoot("payout", "notsent")
    _type(screen, "0733", "", "")
    studio.shoot("payout", "band")
    screen.form.clear()
    screen.results.dismiss()
    _unknown(studio, screen)
    _refund(studio, screen)


def _unknown(studio: Studio, screen: PayoutScreen) -> None:
    studio.gateway.script(Fault(function="gettransactionstatus", times=60, take=False))
    _pay(studio, screen, "0788000005", "25000", "Salary of Jeanne")
    studio.until(lambda: "after" in screen.results.view.accessibleDescription())
    studio.shoot("payout", "unknown")
    screen.results.dismiss()
    _pay(studio, screen, "0788000008", "4000", "Supplier", ends=False)
    studio.until(lambda: any(row.state is State.PENDING for row in screen._rows.values()))
    _type(screen, "0788000005", "700", "Salary of Jeanne")
    studio._hand += 1.0
    screen.form.keypad.charge_button.click()
    studio.until(lambda: screen.locked is not None)
    studio.shoot("payout", "locked")
    studio.gateway.clear_script()
    if screen.locked is not None:
        screen.locked.answered.emit(1)
    screen.form.clear()
    for row in list(screen._rows.values()):
        studio.gateway.settle_now(row.id)
        screen._check(row.id)
    studio.until(lambda: not any(row.is_open for row in screen._rows.values()))
    while screen.results.waiting():
        screen.results.dismiss()


def _refund(studio: Studio, screen: PayoutScreen) -> None:
    payment = _paid(studio)
    screen.start_refund(payment)
    studio.until(lambda: not screen.form.is_empty())
    studio.shoot("payout", "refund")
    screen.form.amount.set_amount(30_000)
    QTest.keyClick(screen.form.amount.edit, Qt.Key.Key_Return)
    studio.shoot("payout", "refund-toomuch")
    screen.form.clear()
    studio.window.main.show_screen("charge")


def _paid(studio: Studio) -> Transaction:
    till = studio.window.bridge.till
    assert till is not None
    return next(
        row
        for row in till.ledger.reader.history(state=State.SUCCESSFUL, limit=100)
        if row.kind is Kind.PAYMENT and row.amount == 12_500
    )


def _type(screen: PayoutScreen, phone: str, amount: str, reason: str, *, fee: bool = False) -> None:
    form = screen.form
    form.phone.setFocus()
    QTest.keyClicks(form.phone.edit, phone)
    QTest.keyClick(form.phone.edit, Qt.Key.Key_Return)
    QTest.keyClicks(form.amount.edit, amount)
    QTest.keyClicks(form.reason.edit, reason)
    form.reason.edit.home(False)  # as when the keyboard leaves it
    form.fee.setChecked(fee)


def _read_back(studio: Studio, screen: PayoutScreen, *, by_hand: bool = False) -> None:
    studio._hand += 1.0
    if by_hand:
        screen.form.keypad.charge_button.click()
    else:
        screen.form._press(by_hand=False)
    studio.until(lambda: screen.pages.currentIndex() == 1)
    studio.until(lambda: "read" in screen.page.balance.text() and "…" not in screen.page.balance.text())


def _pay(studio: Studio, screen: PayoutScreen, phone: str, amount: str, reason: str, *, ends: bool = True) -> None:
    _type(screen, phone, amount, reason)
    _read_back(studio, screen)
    QTest.keyClicks(screen.page.digits.edit, phone[-3:])
    screen.page.send_button.click()
    studio.until(screen.form.is_empty)
    if ends:
        studio.until(screen.results.covers)
