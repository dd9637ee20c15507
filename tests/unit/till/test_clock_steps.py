"""The computer's clock is set while payments are open: order and waits follow sequence and monotonic time. Row 33."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from cashier.domain.states import State
from tests.fakes.gateway import unclear
from tests.unit.till.virtual_till import PHONE, VirtualTill

STEPS = pytest.mark.parametrize("step", [timedelta(hours=-3), timedelta(hours=3), timedelta(days=-400)])


@pytest.fixture
def virtual(tmp_path: Path) -> Iterator[VirtualTill]:
    one = VirtualTill(tmp_path / "x").start()
    yield one
    one.ledger.close()


@STEPS
def test_an_open_row_is_asked_at_the_same_pace_and_settled(virtual: VirtualTill, step: timedelta) -> None:
    row = virtual.till.charge(PHONE, 1500)
    virtual.time.run(10)
    asked = virtual.gateway.asked(row.id)
    virtual.time.step_wall_clock(step)
    virtual.time.run(30)
    assert 8 <= virtual.gateway.asked(row.id) - asked <= 11
    virtual.gateway.end(row.id, "01")
    virtual.time.run(4)
    assert virtual.row(row.id).state is State.SUCCESSFUL


@STEPS
def test_rows_and_their_stories_stay_in_the_order_they_happened(virtual: VirtualTill, step: timedelta) -> None:
    first = virtual.till.charge("250788123401", 1500)
    virtual.time.run(1)
    virtual.time.step_wall_clock(step)
    second = virtual.till.charge("250788123402", 1500)
    virtual.time.run(1)
    assert [row.id for row in virtual.ledger.reader.history()] == [second.id, first.id]
    sequences = [event.sequence for row in (first, second) for event in virtual.ledger.reader.events(row.id)]
    assert sequences == sorted(sequences)
    assert virtual.ledger.reader.verify().ok


def test_does_not_exist_is_counted_by_the_monotonic_clock(virtual: VirtualTill) -> None:
    virtual.gateway.next_submission.append(unclear())
    row = virtual.till.charge(PHONE, 1500)
    virtual.time.run(5 * 60)
    virtual.time.step_wall_clock(timedelta(hours=3))
    virtual.time.run(5 * 60)
    assert virtual.row(row.id).state is State.UNKNOWN
    virtual.time.step_wall_clock(timedelta(hours=-6))
    virtual.time.run(8 * 60)
    assert virtual.row(row.id).state is State.FAILED
