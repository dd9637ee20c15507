"""The balance read by the till: kept, told, or explained."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cashier.domain.reading import Reading
from cashier.gateway.meaning import NoBalance
from tests.unit.till.virtual_till import VirtualTill


@pytest.fixture
def virtual(tmp_path: Path) -> Iterator[VirtualTill]:
    one = VirtualTill(tmp_path / "x").start()
    yield one
    one.ledger.close()


def test_a_reading_is_kept_and_told(virtual: VirtualTill) -> None:
    told: list[Reading] = []
    virtual.till.readings.subscribe(told.append)
    virtual.gateway.money = 806_300
    found = virtual.till.read_balance()
    assert isinstance(found, Reading)
    assert (found.balance, found.text, found.why, found.at) == (806_300, "806300.0", "asked", virtual.time.now())
    assert told == [found]
    assert virtual.ledger.reader.latest_reading() == found


def test_a_reading_for_a_payout_names_it(virtual: VirtualTill) -> None:
    row = virtual.till.pay_out("250788123456", 500, "x")
    found = virtual.till.read_balance("before", row.id)
    assert isinstance(found, Reading)
    assert (found.why, found.transaction_id) == ("before", row.id)


def test_no_answer_is_explained_and_nothing_is_kept(virtual: VirtualTill) -> None:
    virtual.gateway.closed = True
    found = virtual.till.read_balance()
    assert isinstance(found, NoBalance)
    assert found.sentence == "The gateway cannot be reached."
    assert virtual.ledger.reader.latest_reading() is None
