"""The alarm's column: a ledger of before gets it, and is read without it."""

import sqlite3
from contextlib import closing
from pathlib import Path

from cashier.domain.events import Decision
from cashier.ledger.ledger import Ledger
from cashier.ledger.reader import Reader
from cashier.ledger.schema import STEPS
from cashier.ledger.step_alarm import step_alarm
from tests.unit.ledger.conftest import ACCOUNT, Clock

BEFORE = STEPS[: list(STEPS).index(step_alarm)]


def filled_before(folder: Path) -> None:
    """A ledger of the version before, with a row as that version wrote it."""
    folder.mkdir()
    with closing(sqlite3.connect(folder / "ledger.db", isolation_level=None)) as connection:
        for step in BEFORE:
            step(connection)
        connection.execute("INSERT INTO ledger VALUES (1, 'practice', '250160000011', 'x', 7, '2026-11-23')")
        connection.execute(
            "INSERT INTO transactions (id, number, kind, phone, amount, fee, created_at, state)"
            " VALUES ('A', 'T7-000001', 'payment', '250788123456', 1500, 0, '2026-11-23T12:00:00.000000Z', 'created')"
        )
        connection.execute("PRAGMA application_id=1129531474")
        connection.execute(f"PRAGMA user_version={len(BEFORE)}")


def test_a_ledger_of_before_is_read_as_it_is(folder: Path) -> None:
    filled_before(folder)
    content = (folder / "ledger.db").read_bytes()
    reader = Reader(folder)
    row = reader.get("A")
    assert row is not None
    assert row.alarm is None
    assert reader.alarms() == []
    reader.close()
    assert (folder / "ledger.db").read_bytes() == content


def test_a_writer_brings_it_up(folder: Path, clock: Clock) -> None:
    filled_before(folder)
    ledger = Ledger(folder, ACCOUNT, now=clock.now)
    ledger.open()
    rung = ledger.settle("A", lambda _row, _facts: Decision("checked", "status", alarm="Look."))
    assert rung.change is not None
    assert rung.change.raised_alarm
    assert [row.alarm for row in ledger.reader.alarms()] == ["Look."]
    seen = ledger.settle("A", lambda _row, _facts: Decision("alarm seen", "operator", alarm=""))
    assert (seen.transaction.alarm, seen.change is not None) == (None, True)
    assert not seen.change or not seen.change.raised_alarm
    assert ledger.settle("A", lambda _row, _facts: Decision("alarm seen", "operator", alarm="")).change is None
    ledger.close()
