"""Whose the file is and of which version: what is refused, and the steps to this one."""

import sqlite3
from contextlib import closing

import pytest

from cashier.ledger.errors import (
    DamagedLedger,
    LedgerError,
    NewerLedger,
    OtherAccount,
)
from cashier.ledger.ledger import Account, Ledger
from cashier.ledger.schema import STEPS
from tests.unit.ledger.conftest import ACCOUNT, Clock
from tests.unit.ledger.raw import raw
from tests.unit.ledger.test_ledger import begin


def reopened(ledger: Ledger, clock: Clock, **more: object) -> Ledger:
    return Ledger(ledger.file.parent, ACCOUNT, now=clock.now, **more)  # type: ignore[arg-type]  # as the test says


def test_a_ledger_belongs_to_one_account(ledger: Ledger, clock: Clock) -> None:
    ledger.close()
    for account in (Account("live", ACCOUNT.accountno), Account("practice", "1")):
        with pytest.raises(OtherAccount):
            Ledger(ledger.file.parent, account, now=clock.now).open()


def test_what_is_not_a_ledger_is_left_as_it_is(ledger: Ledger, clock: Clock) -> None:
    ledger.close()
    whole = ledger.file.read_bytes()
    for content in (b"", b"nothing of ours" * 1000, whole[:5000], b"\0" * 8192):
        ledger.file.write_bytes(content)
        with pytest.raises(DamagedLedger):
            reopened(ledger, clock).open()
        assert ledger.file.read_bytes() == content


def test_a_newer_ledger_is_refused(ledger: Ledger, clock: Clock) -> None:
    ledger.close()
    with raw(ledger) as connection:
        connection.execute(f"PRAGMA user_version={len(STEPS) + 1}")
    with pytest.raises(NewerLedger):
        reopened(ledger, clock).open()


def test_a_step_copies_first_and_is_taken_whole(ledger: Ledger, clock: Clock) -> None:
    begin(ledger, "A")
    ledger.close()

    def step(connection: sqlite3.Connection) -> None:
        connection.execute("ALTER TABLE transactions ADD COLUMN colour TEXT")

    later = reopened(ledger, clock, steps=(*STEPS, step))
    later.open()
    assert [row.id for row in later.reader.history()] == ["A"]
    assert later.reader.verify().ok
    later.close()
    copy = next(ledger.file.parent.glob(f"ledger.db.before-v{len(STEPS) + 1}-*"))
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone()[0] == len(STEPS)
        assert connection.execute("SELECT id FROM transactions").fetchall() == [("A",)]


def test_a_step_that_fails_leaves_the_old_version(ledger: Ledger, clock: Clock) -> None:
    begin(ledger, "A")
    ledger.close()

    def half(connection: sqlite3.Connection) -> None:
        connection.execute("ALTER TABLE transactions ADD COLUMN colour TEXT")
        connection.execute("ALTER TABLE nowhere ADD COLUMN x TEXT")

    with pytest.raises(LedgerError):
        reopened(ledger, clock, steps=(*STEPS, half)).open()
    again = reopened(ledger, clock)
    again.open()
    assert [row.id for row in again.reader.history()] == ["A"]
    again.close()
