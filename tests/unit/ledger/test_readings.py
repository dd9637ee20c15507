"""Readings of the balance: kept in order, never changed, asked for by time."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from cashier.domain.events import Decision
from cashier.domain.reading import Agreement, Doubtful, Reading
from cashier.domain.states import Kind, State
from cashier.ledger import readings
from cashier.ledger.ledger import Ledger
from cashier.ledger.reader import Reader
from cashier.till.closing import closed_by_hand
from tests.unit.ledger.conftest import START, Clock
from tests.unit.ledger.test_ledger import begin, move


def read(ledger: Ledger, clock: Clock, balance: int, text: str | None = None, **more: str) -> Reading:
    return ledger.write(
        lambda pen: readings.add(
            pen.connection,
            at=clock.now(),
            balance=balance,
            text=text or f"{balance}.0",
            why=more.get("why", "asked"),
            transaction_id=more.get("transaction_id"),
        )
    )


def test_readings_are_kept_in_order(ledger: Ledger, clock: Clock) -> None:
    assert ledger.reader.latest_reading() is None
    assert ledger.reader.readings(START) == []
    first = read(ledger, clock, 125_000, "125000.75")
    assert first == Reading(1, START, 125_000, "125000.75", "asked")
    clock.step(minutes=5)
    begin(ledger, "A")
    second = read(ledger, clock, -3, why="after", transaction_id="A")
    assert (second.why, second.transaction_id, second.balance) == ("after", "A", -3)
    assert ledger.reader.latest_reading() == second
    assert ledger.reader.readings(START) == [first, second]
    assert ledger.reader.readings(START + timedelta(seconds=1)) == [second]
    assert ledger.reader.readings(START, limit=1) == [second]


def test_a_ledger_that_is_not_there_has_no_reading(tmp_path: Path) -> None:
    reader = Reader(tmp_path)
    assert (reader.latest_reading(), reader.readings(START)) == (None, [])


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE balance_readings SET balance = 9",
        "DELETE FROM balance_readings",
        "INSERT INTO balance_readings (at, balance, text, why) VALUES ('', 1.5, '1.5', 'asked')",
        "INSERT INTO balance_readings (at, balance, text, why) VALUES ('', 1, '1', '')",
    ],
)
def test_the_database_itself_keeps_readings(ledger: Ledger, clock: Clock, statement: str) -> None:
    read(ledger, clock, 1)
    with (
        closing(sqlite3.connect(ledger.file, isolation_level=None)) as connection,
        pytest.raises(sqlite3.IntegrityError),
    ):
        connection.execute(statement)


def pay(ledger: Ledger, id: str, state: State, **more: Any) -> None:
    begin(ledger, id, **more)
    move(ledger, id, state)


def test_the_change_stands_beside_what_this_till_moved(ledger: Ledger, clock: Clock) -> None:
    pay(ledger, "EARLIER", State.SUCCESSFUL, amount=9_999)
    clock.step(seconds=1)
    assert ledger.reader.agreement() is None
    read(ledger, clock, 100_000)
    assert ledger.reader.agreement() is None
    clock.step(seconds=1)
    pay(ledger, "IN", State.SUCCESSFUL, amount=45_000)
    pay(ledger, "OUT", State.SUCCESSFUL, amount=6_000, kind=Kind.PAYOUT)
    pay(ledger, "NO", State.FAILED, amount=700)
    pay(ledger, "OPEN IN", State.PENDING)
    pay(ledger, "OPEN OUT", State.UNKNOWN, kind=Kind.PAYOUT)
    begin(ledger, "LATE OUT", kind=Kind.PAYOUT)
    clock.step(seconds=1)
    read(ledger, clock, 138_500)
    clock.step(seconds=1)
    move(ledger, "LATE OUT", State.SUCCESSFUL)
    pay(ledger, "AFTER", State.SUCCESSFUL, amount=1)
    found = ledger.reader.agreement()
    assert found is not None
    assert (found.money_in, found.money_out, found.net) == (45_000, 6_000, 39_000)
    assert (found.change, found.unexplained) == (38_500, -500)
    assert (found.open_payouts, found.open_payments) == (("T7-000006", "T7-000007"), 1)


def agreed(ledger: Ledger) -> Agreement:
    found = ledger.reader.agreement()
    assert found is not None
    return found


def test_what_was_not_settled_at_the_earlier_reading_is_named(ledger: Ledger, clock: Clock) -> None:
    for id, amount, kind in (("IN", 1_500, Kind.PAYMENT), ("OUT", 900, Kind.PAYOUT), ("NO", 70, Kind.PAYOUT)):
        pay(ledger, id, State.UNKNOWN, amount=amount, kind=kind)
    # The money of all had moved by now: no answer had told of it.
    clock.step(seconds=1)
    read(ledger, clock, 100_000)
    clock.step(seconds=1)
    for id, state in (("IN", State.SUCCESSFUL), ("OUT", State.SUCCESSFUL), ("NO", State.FAILED)):
        move(ledger, id, state)
    pay(ledger, "NEW", State.SUCCESSFUL, amount=300)
    clock.step(seconds=1)
    read(ledger, clock, 100_300)
    found = agreed(ledger)
    assert (found.money_in, found.money_out, found.unexplained) == (1_800, 900, -600)
    assert found.late == (
        Doubtful("T7-000001", Kind.PAYMENT, 1_500),
        Doubtful("T7-000002", Kind.PAYOUT, 900),
    )
    clock.step(seconds=1)
    read(ledger, clock, 100_300)
    assert (agreed(ledger).late, agreed(ledger).unexplained) == ((), 0)


def close(ledger: Ledger, id: str, *, received: bool) -> None:
    move(ledger, id, State.UNKNOWN)
    ledger.settle(id, lambda _row, _facts: Decision("checked", "status", review="No answer for 48 hours."))
    ledger.settle(id, lambda row, _facts: closed_by_hand(row, received=received, name="Eric", note="Statement"))


def test_what_was_closed_by_hand_between_the_readings_is_named_and_no_longer_called_open(
    ledger: Ledger, clock: Clock
) -> None:
    begin(ledger, "LONG AGO", kind=Kind.PAYOUT)
    close(ledger, "LONG AGO", received=True)
    begin(ledger, "CAME", amount=800)
    clock.step(seconds=1)
    read(ledger, clock, 100_000)
    clock.step(seconds=1)
    close(ledger, "CAME", received=True)
    begin(ledger, "NEVER", kind=Kind.PAYOUT)
    close(ledger, "NEVER", received=False)
    begin(ledger, "LATER", kind=Kind.PAYOUT)
    clock.step(seconds=1)
    read(ledger, clock, 100_800)
    clock.step(seconds=1)
    close(ledger, "LATER", received=True)
    found = agreed(ledger)
    assert found.by_hand == (Doubtful("T7-000002", Kind.PAYMENT, 800),)
    assert (found.late, found.unexplained) == ((), 800)
    assert (found.open_payouts, found.open_payments) == (("T7-000004",), 0)
