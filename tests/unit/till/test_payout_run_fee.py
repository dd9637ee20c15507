"""The withdrawal fee of a list: kept with the list, sent with each of its rows."""

import pytest

from tests.unit.till.listed import Listed


@pytest.mark.parametrize("fee", [True, False])
def test_each_row_of_a_list_carries_what_was_approved_of_the_fee(listed: Listed, fee: bool) -> None:
    listed.approve(fee=fee)
    assert listed.now().run.fee is fee
    listed.go_on()
    rows = [line.transaction for line in listed.runs.lines()]
    assert [row is not None and row.fee for row in rows] == [fee] * 5
    assert listed.virtual.till.ledger.reader.verify().ok


def test_the_fee_is_kept_over_a_start(listed: Listed) -> None:
    listed.approve(fee=True)
    listed.virtual.crash()
    listed.start()
    found = listed.runs.load()
    assert found is not None
    assert found.run.fee
    listed.go_on()
    assert all(line.transaction is not None and line.transaction.fee for line in listed.runs.lines())
