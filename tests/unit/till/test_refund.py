"""Refunds by the till under virtual time: one payout to the payer, within what is left."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cashier.domain.errors import BadInputError
from cashier.domain.money import Limits
from cashier.domain.states import Kind, State
from cashier.gateway.outcomes import Function
from cashier.ledger.errors import AlreadyBegun, MoreThanLeft, NothingLeft, NotPaid, OpenAlready
from cashier.till.options import TillOptions
from tests.fakes.gateway import refused, unclear
from tests.unit.till.virtual_till import PHONE, VirtualTill


@pytest.fixture
def virtual(tmp_path: Path) -> Iterator[VirtualTill]:
    one = VirtualTill(tmp_path / "x").start()
    yield one
    one.ledger.close()


@pytest.fixture
def payment(virtual: VirtualTill) -> str:
    row = virtual.till.charge(PHONE, 12_500)
    virtual.time.run()
    virtual.gateway.end(row.id, "01")
    virtual.time.run(2.5)
    assert virtual.row(row.id).state is State.SUCCESSFUL
    return row.id


def test_a_refund_goes_to_the_payer_without_fee(virtual: VirtualTill, payment: str) -> None:
    row = virtual.till.refund(payment, 6000, " Refund, wrong size ", action_id="press")
    assert (row.kind, row.phone, row.amount, row.fee, row.refund_of) == (Kind.PAYOUT, PHONE, 6000, False, payment)
    assert row.reason == "Refund, wrong size"
    with pytest.raises(AlreadyBegun):
        virtual.till.refund(payment, 6000, "x", action_id="press")
    virtual.time.run()
    assert virtual.row(row.id).state is State.SUCCESSFUL
    with pytest.raises(MoreThanLeft) as more:
        virtual.till.refund(payment, 6501, "x")
    assert more.value.left == 6500
    virtual.till.refund(payment, 6500, "x")
    virtual.time.run()
    with pytest.raises(NothingLeft):
        virtual.till.refund(payment, 100, "x")


def test_an_unknown_refund_holds_its_phone_and_its_amount(virtual: VirtualTill, payment: str) -> None:
    virtual.gateway.next_submission.append(unclear())
    row = virtual.till.refund(payment, 12_500, "x")
    virtual.time.run()
    assert virtual.row(row.id).state is State.UNKNOWN
    with pytest.raises(OpenAlready) as there:
        virtual.till.refund(payment, 100, "x")
    assert there.value.existing.id == row.id
    with pytest.raises(OpenAlready) as there:
        virtual.till.pay_out(PHONE, 100, "x")
    assert there.value.existing.id == row.id


def test_a_refused_refund_can_be_made_again(virtual: VirtualTill, payment: str) -> None:
    virtual.gateway.next_submission.append(refused(Function.PAYOUT, "1108"))
    virtual.till.refund(payment, 12_500, "x")
    virtual.time.run()
    again = virtual.till.refund(payment, 12_500, "x")
    virtual.time.run()
    assert virtual.row(again.id).state is State.SUCCESSFUL
    assert [row.state for row in virtual.ledger.reader.refunds_of(payment)] == [State.FAILED, State.SUCCESSFUL]


def test_what_cannot_be_refunded_is_said(virtual: VirtualTill, payment: str) -> None:
    open_one = virtual.till.charge("250722123456", 500)
    virtual.time.run()
    with pytest.raises(NotPaid):
        virtual.till.refund(open_one.id, 500, "x")
    with pytest.raises(NotPaid):
        virtual.till.refund("NOWHERE", 500, "x")
    with pytest.raises(BadInputError):
        virtual.till.refund(payment, 500, " ")
    with pytest.raises(BadInputError):
        virtual.till.refund(payment, 50, "x")


@pytest.mark.parametrize("smallest", [1, 50, 99])
def test_a_refund_below_what_the_gateway_takes_is_refused_before_it_is_written(tmp_path: Path, smallest: int) -> None:
    virtual = VirtualTill(tmp_path / "low", options=TillOptions(Limits(smallest, 2_000_000))).start()
    row = virtual.till.charge(PHONE, 12_500)
    virtual.time.run()
    virtual.gateway.end(row.id, "01")
    virtual.time.run(2.5)
    with pytest.raises(BadInputError, match="The smallest amount is 100\u00a0RWF"):
        virtual.till.refund(row.id, 99, "x")
    assert virtual.ledger.reader.refunds_of(row.id) == []
    assert virtual.till.refund(row.id, 100, "x").amount == 100
    virtual.ledger.close()


def test_a_shop_with_a_larger_smallest_amount_keeps_to_it_for_refunds(tmp_path: Path) -> None:
    virtual = VirtualTill(tmp_path / "high", options=TillOptions(Limits(500, 2_000_000))).start()
    row = virtual.till.charge(PHONE, 12_500)
    virtual.time.run()
    virtual.gateway.end(row.id, "01")
    virtual.time.run(2.5)
    with pytest.raises(BadInputError, match="The smallest amount is 500\u00a0RWF"):
        virtual.till.refund(row.id, 499, "x")
    virtual.ledger.close()
