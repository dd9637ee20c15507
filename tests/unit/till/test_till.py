"""The till under virtual time: what is sent once, and what becomes of it."""

from pathlib import Path

import pytest

from cashier.domain.states import State
from cashier.gateway.outcomes import Function
from cashier.ledger.errors import OpenAlready, SameAgain
from cashier.till.options import TillOptions
from cashier.till.rules import REVIEW_DUPLICATE, REVIEW_LATE_SUCCESS
from tests.fakes.gateway import answered, refused, unclear, unsent
from tests.unit.till.virtual_till import PHONE, VirtualTill

HOUR = 3600.0


def test_a_sale_by_polling(virtual: VirtualTill) -> None:
    row = virtual.till.charge(PHONE, 1500, "table 4")
    assert row.state is State.CREATED
    virtual.time.run()
    assert virtual.row(row.id).state is State.PENDING
    virtual.gateway.end(row.id, "01")
    virtual.time.run(2.5)
    paid = virtual.row(row.id)
    assert (paid.state, paid.response_code, paid.reference) == (State.SUCCESSFUL, "01", "table 4")
    assert [change.transaction.state for change in virtual.changes] == [
        State.CREATED,
        State.PENDING,
        State.SUCCESSFUL,
    ]
    virtual.time.run(HOUR)
    assert virtual.gateway.asked(row.id) == 1
    assert virtual.poller.watched() == []


def test_the_row_is_committed_before_the_gateway_is_called(virtual: VirtualTill) -> None:
    seen = []
    virtual.gateway.while_sending = lambda id: seen.append(virtual.row(id).state)
    virtual.till.charge(PHONE, 1500)
    assert seen == []
    virtual.time.run()
    assert seen == [State.CREATED]


def test_what_the_gateway_refuses_is_failed_and_left_alone(virtual: VirtualTill) -> None:
    virtual.gateway.next_submission.append(refused(Function.PAYMENT, "1002"))
    row = virtual.till.charge(PHONE, 1500)
    virtual.time.run(HOUR)
    failed = virtual.row(row.id)
    assert (failed.state, failed.response_code) == (State.FAILED, "1002")
    assert virtual.gateway.asked(row.id) == 0


def test_what_was_never_sent_is_failed(virtual: VirtualTill) -> None:
    virtual.gateway.next_submission.append(unsent())
    row = virtual.till.charge(PHONE, 1500)
    virtual.time.run()
    failed = virtual.row(row.id)
    assert (failed.state, failed.response_code) == (State.FAILED, None)
    assert (failed.message or "").startswith("Not sent: ")


@pytest.mark.parametrize("kind", ["payment", "payout"])
def test_no_answer_is_unknown_and_asked_never_sent_again(virtual: VirtualTill, kind: str) -> None:
    virtual.gateway.next_submission.append(unclear())
    row = virtual.till.charge(PHONE, 1500) if kind == "payment" else virtual.till.pay_out(PHONE, 1500, "x")
    virtual.time.run(10 * HOUR)
    assert virtual.gateway.sent(row.id) == [row.id]
    assert virtual.gateway.asked(row.id) > 75


def test_a_direct_success_of_a_payment_is_asked_about_at_once(virtual: VirtualTill) -> None:
    virtual.gateway.next_submission.append(answered(Function.PAYMENT, "01", success=True))
    virtual.gateway.next_status.append(answered(Function.STATUS, "01", success=True))
    row = virtual.till.charge(PHONE, 1500)
    virtual.time.run()
    assert virtual.row(row.id).state is State.SUCCESSFUL
    assert [change.transaction.state for change in virtual.changes][1] is State.PENDING


def test_a_duplicate_is_reviewed_and_kept_asking(virtual: VirtualTill) -> None:
    virtual.gateway.next_submission.append(refused(Function.PAYMENT, "2400"))
    row = virtual.till.charge(PHONE, 1500)
    virtual.time.run(60)
    held = virtual.row(row.id)
    assert (held.state, held.review) == (State.UNKNOWN, REVIEW_DUPLICATE)
    assert virtual.gateway.asked(row.id) > 10


def test_a_payment_the_gateway_never_saw_fails_after_a_quarter_of_an_hour_and_can_come_back(
    virtual: VirtualTill,
) -> None:
    virtual.gateway.next_submission.append(unclear())
    row = virtual.till.charge(PHONE, 1500)
    virtual.time.run(14 * 60)
    assert virtual.row(row.id).state is State.UNKNOWN
    virtual.time.run(4 * 60)
    gone = virtual.row(row.id)
    assert (gone.state, gone.response_code) == (State.FAILED, "3100")
    asked = virtual.gateway.asked(row.id)
    virtual.time.run(24 * HOUR)
    assert 20 <= virtual.gateway.asked(row.id) - asked <= 25
    virtual.gateway.next_status.append(answered(Function.STATUS, "01", success=True))
    virtual.time.run(25 * HOUR)
    late = virtual.row(row.id)
    assert (late.state, late.review) == (State.FAILED, REVIEW_LATE_SUCCESS)


def test_a_payout_the_gateway_does_not_find_is_reviewed_never_failed(virtual: VirtualTill) -> None:
    virtual.gateway.next_submission.append(unclear())
    row = virtual.till.pay_out(PHONE, 1500, "x")
    virtual.time.run(HOUR)
    held = virtual.row(row.id)
    assert held.state is State.UNKNOWN
    assert held.review is not None
    with pytest.raises(OpenAlready):
        virtual.till.pay_out(PHONE, 700, "y")


def test_asking_twice_is_held(virtual: VirtualTill) -> None:
    row = virtual.till.charge(PHONE, 1500)
    virtual.time.run()
    with pytest.raises(OpenAlready):
        virtual.till.charge(PHONE, 99_000)
    virtual.gateway.end(row.id, "01")
    virtual.time.run(3)
    with pytest.raises(SameAgain):
        virtual.till.charge(PHONE, 1500)
    virtual.till.charge(PHONE, 1500, again=True)
    virtual.time.run()
    assert len(virtual.gateway.sent()) == 2


def test_a_crash_before_sending_sends_nothing_later(virtual: VirtualTill) -> None:
    row = virtual.till.charge(PHONE, 1500)
    virtual.crash()
    virtual.start()
    assert virtual.row(row.id).state is State.UNKNOWN
    virtual.time.run(60)
    assert virtual.gateway.sent() == []
    assert virtual.gateway.asked(row.id) > 10


def test_a_refusal_may_be_about_the_callback_address(tmp_path: Path) -> None:
    virtual = VirtualTill(
        tmp_path / "y", options=TillOptions(callback_url="https://till.example.com/callback/t")
    ).start()
    for number in range(2):
        virtual.gateway.next_submission.append(refused(Function.PAYMENT, "2600"))
        row = virtual.till.charge(f"25078812345{number}", 1500)
        virtual.time.run()
        assert "callback address" in (virtual.row(row.id).message or "")
    assert virtual.health.health.callback_url_suspect
    virtual.ledger.close()
