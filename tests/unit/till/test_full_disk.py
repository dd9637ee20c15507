"""The disk fills up under a till: SQLite itself says so, nothing is sent without its row, no result is lost."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from cashier.domain.evidence import Evidence, Meaning
from cashier.domain.states import State
from cashier.domain.transaction import Transaction
from cashier.ledger.errors import DiskFull
from cashier.till.figures import amount_words
from cashier.till.rules import REVIEW_LATE_SUCCESS, REVIEW_OTHER_KIND
from tests.unit.till.rows import status
from tests.unit.till.virtual_till import PHONE, VirtualTill

_ROOM = 100_000


def fill_disk(till: VirtualTill) -> None:
    """Not a page more."""
    connection = till.ledger._connection
    assert connection is not None
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count={pages}")


def make_room(till: VirtualTill) -> None:
    connection = till.ledger._connection
    assert connection is not None
    connection.execute(f"PRAGMA max_page_count={_ROOM}")


def test_without_room_for_the_row_nothing_is_sent(tmp_path: Path) -> None:
    till = VirtualTill(tmp_path).start()
    fill_disk(till)
    with pytest.raises(DiskFull):
        till.till.charge(PHONE, 1500, "x" * 50_000)
    till.time.run(10)
    assert till.gateway.calls == []
    assert till.ledger.reader.verify().ok
    make_room(till)
    assert till.till.charge(PHONE, 1500).state is State.CREATED
    till.ledger.close()


def test_results_that_found_no_room_are_written_once_there_is_some(tmp_path: Path) -> None:
    till = VirtualTill(tmp_path).start()
    rows = [till.till.charge(f"2507880000{number:02d}", 1500) for number in range(60)]
    fill_disk(till)
    till.time.run(1)
    assert "disk is full" in (till.health.health.ledger_trouble or "")
    assert any(till.row(row.id).state is State.CREATED for row in rows)
    assert till.ledger.reader.verify().ok
    make_room(till)
    till.time.run(10)
    assert till.health.health.ledger_trouble is None
    assert {till.row(row.id).state for row in rows} == {State.PENDING}
    assert till.ledger.reader.verify().ok
    till.ledger.close()


def test_what_no_room_was_found_for_until_the_end_is_asked_about_at_the_next_start(tmp_path: Path) -> None:
    till = VirtualTill(tmp_path).start()
    rows = [till.till.charge(f"2507880000{number:02d}", 1500) for number in range(60)]
    fill_disk(till)
    till.time.run(1)
    till.crash()
    till.start()
    # Five questions a second.
    till.time.run(30)
    assert {till.row(row.id).state for row in rows} == {State.PENDING}
    assert till.ledger.reader.verify().ok
    till.ledger.close()


@pytest.fixture
def full(tmp_path: Path) -> Iterator[VirtualTill]:
    """A till with a pending payment, whose disk is full from now on."""
    till = VirtualTill(tmp_path).start()
    till.till.charge(PHONE, 1500)
    till.time.run()
    fill_disk(till)
    yield till
    till.ledger.close()


def told(till: VirtualTill, *found: Evidence) -> Transaction:
    """The row once there is room again, after `found` came meanwhile, seconds apart; nothing else was heard."""
    (row,) = till.ledger.reader.open_rows()
    till.time.forget()
    for one in found:
        # A detail of its own that needs more than the page has left.
        assert till.door.settle(row.id, replace(one, detail="x" * 9000)) is None
        till.time.run(5)
    make_room(till)
    till.time.run(10)
    assert till.ledger.reader.verify().ok
    return till.row(row.id)


@pytest.mark.parametrize("weaker", [Meaning.WAITING, Meaning.NOTHING, Meaning.NOT_FOUND, Meaning.UNCLEAR])
@pytest.mark.parametrize(
    ("deciding", "end", "review"),
    [
        (status(Meaning.DONE, code="01"), State.SUCCESSFUL, None),
        (status(Meaning.REFUSED, code="1005"), State.FAILED, None),
        (status(Meaning.DONE_OTHER, code="2001"), State.PENDING, REVIEW_OTHER_KIND),
        (status(Meaning.DONE, code="01", amount="7"), State.PENDING, amount_words("7", 1500)),
    ],
)
def test_what_decides_is_not_lost_to_what_says_less(
    full: VirtualTill, deciding: Evidence, end: State, review: str | None, weaker: Meaning
) -> None:
    row = told(full, deciding, *(status(weaker, answered=weaker is not Meaning.UNCLEAR) for _ in range(5)))
    assert (row.state, row.review) == (end, review)


def test_both_ends_are_written_in_the_order_they_came(full: VirtualTill) -> None:
    row = told(full, status(Meaning.REFUSED, code="1005"), status(Meaning.DONE, code="01"), status(Meaning.WAITING))
    assert (row.state, row.review, row.alarm) == (State.FAILED, REVIEW_LATE_SUCCESS, REVIEW_LATE_SUCCESS)


def test_what_was_kept_is_written_before_what_comes_next(full: VirtualTill) -> None:
    (row,) = full.ledger.reader.open_rows()
    full.time.forget()
    assert full.door.settle(row.id, status(Meaning.REFUSED, code="1005", detail="x" * 9000)) is None
    make_room(full)
    after = full.door.settle(row.id, status(Meaning.DONE, code="01"))
    assert after is not None
    assert (after.state, after.review) == (State.FAILED, REVIEW_LATE_SUCCESS)


def test_the_same_again_and_again_is_kept_once(full: VirtualTill) -> None:
    (row,) = full.ledger.reader.open_rows()
    before = len(full.ledger.reader.events(row.id))
    told(full, *(status(Meaning.WAITING, code="1000") for _ in range(50)), status(Meaning.DONE, code="01"))
    written = full.ledger.reader.events(row.id)[before : before + 2]
    assert [event.data["meaning"] for event in written] == ["waiting", "done"]
