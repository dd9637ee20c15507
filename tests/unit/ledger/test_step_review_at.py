"""When a mark or a close by hand came: written with it, filled into a ledger of before, and checked."""

import sqlite3
from contextlib import closing
from pathlib import Path

from cashier.domain.events import Decision
from cashier.domain.states import State
from cashier.domain.transaction import Transaction
from cashier.ledger.ledger import Ledger
from cashier.ledger.reader import Reader
from tests.unit.ledger.conftest import ACCOUNT, Clock
from tests.unit.ledger.older import as_first_version
from tests.unit.ledger.test_ledger import begin, move


def mark(ledger: Ledger, id: str, text: str) -> Transaction:
    return ledger.settle(id, lambda _row, _facts: Decision("checked", "status", review=text)).transaction


def closed_later(ledger: Ledger, clock: Clock) -> None:
    """A is marked after two days and closed after five, B is only marked, C neither."""
    for id in "ABC":
        begin(ledger, id, phone=f"25078812345{ord(id) - 65}")
        move(ledger, id, State.UNKNOWN)
    clock.step(days=2)
    for id in "AB":
        mark(ledger, id, "Look at it.")
    clock.step(days=3)
    mark(ledger, "A", "closed: received (Aline)")
    clock.step(days=1)
    move(ledger, "A", State.PENDING)


def days(reader: Reader) -> dict[str, int | None]:
    """After how many days each row got its mark."""
    rows = {row.id: row for row in reader.history()}
    return {id: None if row.review_at is None else (row.review_at - row.created_at).days for id, row in rows.items()}


def test_it_is_when_the_mark_that_stands_came(ledger: Ledger, clock: Clock) -> None:
    closed_later(ledger, clock)
    assert days(ledger.reader) == {"A": 5, "B": 2, "C": None}
    assert ledger.reader.verify().ok


def test_a_ledger_of_before_gets_it_from_its_events(ledger: Ledger, clock: Clock, folder: Path) -> None:
    closed_later(ledger, clock)
    ledger.close()
    as_first_version(ledger.file)
    reader = Reader(folder)
    assert set(days(reader).values()) == {None}
    reader.close()
    again = Ledger(folder, ACCOUNT, now=clock.now)
    again.open()
    assert days(again.reader) == {"A": 5, "B": 2, "C": None}
    assert again.reader.verify().ok
    again.close()


def test_another_time_of_closing_is_found(ledger: Ledger, clock: Clock) -> None:
    closed_later(ledger, clock)
    ledger.close()
    with closing(sqlite3.connect(ledger.file, isolation_level=None)) as connection:
        connection.execute("UPDATE transactions SET review_at = '2020-01-01T00:00:00.000000Z' WHERE id = 'A'")
    found = ledger.reader.verify()
    assert (found.ok, "review_at of T7-000001" in found.sentence) == (False, True)
