"""Refunds in the window: from a paid payment, to its phone, within what is left, shown on both."""

from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from cashier.domain.events import Decision
from cashier.domain.money import Limits
from cashier.domain.states import Kind, State
from cashier.domain.transaction import Transaction
from cashier.simulator import Fault
from cashier.ui.refunds import Refunds, read_refunds, refund_lines
from tests.ui.manager import Manager
from tests.ui.payer import FULL_GUARD, GUARD, Payer, payer_at
from tests.ui.seeing import transaction


def paid(payer: Payer, amount: int = 12_500) -> Transaction:
    """A payment that was paid here."""
    row = payer.till.charge("250788123456", amount)
    payer.until(lambda: (found := payer.till.ledger.reader.get(row.id)) is not None and found.is_final)
    found = payer.till.ledger.reader.get(row.id)
    assert found is not None
    assert found.state is State.SUCCESSFUL
    return found


def begin(payer: Payer, payment: Transaction) -> None:
    payer.cashier.window.money.start_refund(payment)
    payer.until(lambda: payer.form.refund() is not None)
    payer.until(payer.form.amount.edit.hasFocus)


def finish(payer: Payer) -> None:
    """From the amount on: Enter, Enter, rest, Enter; digits, Enter, rest, Enter."""
    payer.cashier.enter()
    payer.cashier.enter()
    payer.cashier.rest(FULL_GUARD)
    payer.cashier.enter()
    payer.until(payer.is_reading)
    payer.say("456")
    payer.cashier.rest(GUARD)
    payer.cashier.enter()
    payer.until(payer.screen.results.covers)
    payer.cashier.rest(FULL_GUARD)
    payer.cashier.enter()


def test_a_refund_by_keyboard_in_two_parts(qtbot: QtBot, tmp_path: Path) -> None:
    with payer_at(qtbot, tmp_path / "d") as payer:
        payment = paid(payer)
        begin(payer, payment)
        assert payer.form.phone.phone() == payment.phone
        assert not payer.form.phone.isEnabled()
        assert not payer.form.fee.isVisible()
        assert payer.form.amount.amount() == 12_500
        assert payer.form.reason.text() == f"Refund of {payment.number}"
        payer.cashier.type("6000")
        finish(payer)
        first = payer.payouts()[0]
        assert (first.state, first.amount, first.refund_of, first.fee) == (State.SUCCESSFUL, 6000, payment.id, False)
        assert payer.form.phone.isEnabled()
        assert payer.form.is_empty()
        begin(payer, payment)
        assert payer.form.amount.amount() == 6500
        payer.cashier.type("6501")
        payer.cashier.enter()
        assert payer.form.amount.note() == "Only 6\u00a0500\u00a0RWF is left to refund."
        payer.cashier.press(Qt.Key.Key_Backspace)
        payer.cashier.type("0")
        finish(payer)
        payer.cashier.window.money.start_refund(payment)
        payer.until(payer.screen.banner.isVisible)
        assert "Nothing is left to refund." in payer.screen.banner.text()
        assert payer.form.is_empty()
        assert payer.sent() == 2
        assert payer.cashier.gateway.book()["balance"] == 1_000_000

        reader = payer.till.ledger.reader
        told = refund_lines(payment, read_refunds(reader, payment, Limits()))
        assert told == [
            f"6\u00a0000\u00a0RWF given back as {first.number}: Sent",
            f"6\u00a0500\u00a0RWF given back as {payer.payouts()[0].number}: Sent",
            "Nothing is left to refund",
        ]
        told = refund_lines(first, read_refunds(reader, first, Limits()))
        assert told == [f"Gives back 6\u00a0000\u00a0RWF of the 12\u00a0500\u00a0RWF paid as {payment.number}"]


def test_what_was_given_back_meanwhile_is_judged_by_the_ledger(qtbot: QtBot, tmp_path: Path) -> None:
    with payer_at(qtbot, tmp_path / "d") as payer:
        payment = paid(payer)
        begin(payer, payment)
        payer.cashier.enter()
        payer.cashier.enter()
        payer.cashier.rest(FULL_GUARD)
        payer.cashier.enter()
        payer.until(payer.is_reading)
        other = payer.till.refund(payment.id, 10_000, "from elsewhere")
        payer.until(lambda: (row := payer.till.ledger.reader.get(other.id)) is not None and row.is_final)
        payer.say("456")
        payer.cashier.rest(GUARD)
        payer.cashier.enter()
        payer.until(lambda: not payer.is_reading())
        assert "2\u00a0500\u00a0RWF is left to refund" in payer.form.amount.note()
        assert len(payer.payouts()) == 1


def test_a_refused_refund_can_be_tried_again_as_one(qtbot: QtBot, tmp_path: Path) -> None:
    with payer_at(qtbot, tmp_path / "d") as payer:
        payment = paid(payer)
        row = transaction(State.FAILED, kind=Kind.PAYOUT, amount=12_500)
        failed = Transaction(**{**row.__dict__, "refund_of": payment.id, "reason": "Wrong size"})
        payer.screen.results.add(failed)
        payer.screen.results.view.try_again.emit()
        payer.until(lambda: payer.form.refund() == payment)
        assert payer.form.reason.text() == "Wrong size"
        payer.form.clear()
        assert payer.form.refund() is None


def test_what_is_left_below_the_smallest_refund_is_said_and_no_button_leads_there(qtbot: QtBot, tmp_path: Path) -> None:
    with payer_at(qtbot, tmp_path / "d") as payer:
        payment = paid(payer)
        given = payer.till.refund(payment.id, 12_450, "wrong size")
        payer.until(lambda: (row := payer.till.ledger.reader.get(given.id)) is not None and row.is_final)
        words = "50\u00a0RWF is left to refund, and the smallest refund is 100\u00a0RWF."
        payer.cashier.window.money.start_refund(payment)
        payer.until(payer.screen.banner.isVisible)
        assert words in payer.screen.banner.text()
        assert payer.form.is_empty()
        manager = Manager(payer.cashier)
        manager.table.choose(1)
        manager.until(lambda: words in manager.screen.story.refunds.text())
        assert manager.screen.story.refund_button is not None
        assert manager.screen.story.refund_button.isHidden()


def test_a_refund_below_what_the_gateway_takes_is_refused_in_the_form(qtbot: QtBot, tmp_path: Path) -> None:
    with payer_at(qtbot, tmp_path / "d") as payer:
        payment = paid(payer)
        payer.form.set_limits(Limits(1, 2_000_000))
        begin(payer, payment)
        payer.cashier.type("99")
        payer.cashier.enter()
        assert payer.form.amount.note() == "The smallest amount is 100\u00a0RWF."
        assert payer.form.amount.edit.hasFocus()
        assert payer.payouts() == []


def test_the_button_of_a_refund_follows_the_rule_of_the_domain(qtbot: QtBot, tmp_path: Path) -> None:
    with payer_at(qtbot, tmp_path / "d") as payer:
        payment = paid(payer)
        manager = Manager(payer.cashier)
        button = manager.screen.story.refund_button
        assert button is not None
        manager.until(button.isVisible)
        mark(payer, payment, review="The gateway reports another amount.")
        manager.until(button.isHidden)
        payer.till.close_by_hand(payment.id, received=True, name="Aline", note="On the statement.")
        manager.until(button.isVisible)
        held = payer.till.refund(payment.id, 5000, "wrong size")
        manager.until(lambda: held.number in manager.screen.story.refunds.text())
        manager.until(lambda: (row := payer.till.ledger.reader.get(held.id)) is not None and row.is_final)
        manager.table.choose(1)
        manager.until(button.isVisible)


def test_while_a_refund_is_open_the_next_one_waits(qtbot: QtBot, tmp_path: Path) -> None:
    with payer_at(qtbot, tmp_path / "d", speed=1.0) as payer:
        payment = paid(payer)
        payer.cashier.gateway.script(Fault(function="requestdeposit", cut=True))
        payer.till.refund(payment.id, 5000, "wrong size")
        payer.cashier.window.money.start_refund(payment)
        payer.until(payer.screen.banner.isVisible)
        assert "A refund of it is still open." in payer.screen.banner.text()
        assert payer.form.is_empty()


def mark(payer: Payer, row: Transaction, *, review: str) -> None:
    """What a later answer of the gateway writes down."""
    payer.till._door.apply(row.id, lambda _row: Decision("checked", "status", review=review))


def test_a_payment_without_refunds_says_nothing_of_them() -> None:
    payment = transaction(State.SUCCESSFUL)
    assert refund_lines(payment, Refunds(payment, [])) == []
    assert Refunds(payment, []).left == 12_500
    assert refund_lines(payment, Refunds(None, [])) == []
