"""The disk fills up under a till: SQLite itself says so, nothing is sent without its row, no result is lost."""

from pathlib import Path

import pytest

from cashier.domain.states import State
from cashier.ledger.errors import DiskFull
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
