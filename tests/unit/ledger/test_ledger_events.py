"""Events about the ledger itself, and the step that makes room for them in an older ledger."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from cashier.domain.states import State
from cashier.ledger.ledger import Ledger
from cashier.ledger.schema import STEPS
from tests.unit.ledger.conftest import ACCOUNT, Clock
from tests.unit.ledger.older import COLUMNS, as_first_version
from tests.unit.ledger.test_ledger import begin, move

_EVENTS = "SELECT sequence, transaction_id, at, event, source, state, data, hash FROM events ORDER BY sequence"
_AROUND = "SELECT type, name, sql FROM sqlite_schema WHERE type <> 'table' AND tbl_name = 'events' ORDER BY name"


@pytest.fixture
def old(folder: Path, clock: Clock) -> Iterator[Ledger]:
    """A ledger of the first version, filled."""
    one = Ledger(folder, ACCOUNT, now=clock.now, till_number=7)
    one.open()
    for number in range(20):
        begin(one, f"A{number}", reference="Café 🛒")
        move(one, f"A{number}", State.PENDING, gateway_transaction_id=str(number), data={"answered": True})
        clock.step(seconds=3)
        move(one, f"A{number}", State.SUCCESSFUL if number % 2 else State.FAILED, response_code="01")
    one.close()
    as_first_version(one.file)
    yield one
    one.close()


def look(file: Path, *questions: str) -> list[list[tuple[object, ...]]]:
    with closing(sqlite3.connect(file)) as connection:
        return [connection.execute(question).fetchall() for question in questions]


def test_the_step_keeps_every_event_hash_index_and_trigger(old: Ledger, clock: Clock) -> None:
    rows = f"SELECT {COLUMNS} FROM transactions ORDER BY position"
    before = look(old.file, _EVENTS, _AROUND, rows)
    ledger = Ledger(old.file.parent, ACCOUNT, now=clock.now, till_number=7)
    ledger.open()
    assert look(old.file, _EVENTS, _AROUND, rows) == before
    assert {name for _kind, name, _sql in before[1]} >= {"no_gap", "events_stay", "events_last", "events_of"}
    found = ledger.reader.verify()
    assert (found.ok, found.events) == (True, 60)
    ledger.write(lambda pen: pen.note("signed", "operator", {"name": "N"}))
    assert begin(ledger, "NEW").number == "T7-000021"
    assert [event.event for event in ledger.reader.events("A0")] == ["created", "checked", "checked"]
    found = ledger.reader.verify()
    assert (found.ok, found.events) == (True, 62)
    ledger.close()


def test_the_step_takes_along_what_other_steps_put_on_events(old: Ledger, clock: Clock) -> None:
    def other(connection: sqlite3.Connection) -> None:
        connection.execute("CREATE INDEX events_by_name ON events (event)")
        connection.execute("CREATE VIEW stories AS SELECT transaction_id, event FROM events")

    steps = (STEPS[0], other, *STEPS[1:])
    ledger = Ledger(old.file.parent, ACCOUNT, now=clock.now, steps=steps)
    ledger.open()
    assert ledger.reader.verify().ok
    assert "events_by_name" in str(look(old.file, _AROUND))
    assert look(old.file, "SELECT count(*) FROM stories") == [[(60,)]]
    ledger.close()


def test_a_note_is_chained_and_belongs_to_no_transaction(ledger: Ledger) -> None:
    begin(ledger, "A")
    event = ledger.write(lambda pen: pen.note("restored", "operator", {"from": "x"}))
    assert (event.sequence, event.transaction_id, event.state, event.data) == (2, None, None, {"from": "x"})
    move(ledger, "A", State.PENDING)
    assert ledger.reader.verify().ok
    assert [one.sequence for one in ledger.reader.events("A")] == [1, 3]


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO events VALUES (3, NULL, '', '', '', 'pending', '{}', '')",
        "INSERT INTO events VALUES (3, 'A', '', '', '', NULL, '{}', '')",
        "UPDATE events SET data = '{}' WHERE sequence = 2",
        "DELETE FROM events WHERE sequence = 2",
    ],
)
def test_the_database_refuses_half_an_event_and_changes(ledger: Ledger, statement: str) -> None:
    begin(ledger, "A")
    ledger.write(lambda pen: pen.note("signed", "operator", {}))
    with closing(sqlite3.connect(ledger.file)) as connection, pytest.raises(sqlite3.IntegrityError):
        connection.execute(statement)


def test_verify_finds_an_altered_note(ledger: Ledger) -> None:
    begin(ledger, "A")
    ledger.write(lambda pen: pen.note("signed", "operator", {"name": "Anna"}))
    with closing(sqlite3.connect(ledger.file, isolation_level=None)) as connection:
        connection.execute("DROP TRIGGER events_stay")
        connection.execute("UPDATE events SET data = replace(data, 'Anna', 'Eric') WHERE sequence = 2")
    found = ledger.reader.verify()
    assert (found.ok, found.broken) == (False, 2)
