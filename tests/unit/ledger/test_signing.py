"""After a restore payouts are locked until a person signs for the time that it may hide."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from cashier.domain.states import Kind
from cashier.ledger.backup import back_up
from cashier.ledger.errors import PayoutsLocked
from cashier.ledger.ledger import Ledger
from cashier.ledger.restore import restore
from cashier.ledger.restored import span
from tests.unit.ledger.conftest import ACCOUNT, START, Clock
from tests.unit.ledger.images import open_at, saved_from
from tests.unit.ledger.test_ledger import begin, new

LATER = START + timedelta(hours=20)


@pytest.fixture
def saved(ledger: Ledger, tmp_path: Path, clock: Clock) -> Path:
    return saved_from(ledger, clock, tmp_path / "backup.db")


def test_payouts_are_locked_until_a_person_signs(ledger: Ledger, saved: Path) -> None:
    folder = ledger.file.parent
    restore(folder, saved, ACCOUNT, LATER)
    back = open_at(folder, LATER)
    events = back.reader.verify().events
    payout = new("OUT", kind=Kind.PAYOUT, phone="250722000001")
    with pytest.raises(PayoutsLocked, match="cashier sign") as locked:
        back.create(payout, not_while_open=True, not_same_since=None)
    assert "from 2026-11-23T12:00:00Z to 2026-11-24T08:00:00Z" in locked.value.sentence
    assert locked.value.sentence in (back.notice() or "")
    assert back.reader.verify().events == events
    begin(back, "IN")
    assert back.sign("Anna", "All of it was found on the statement.")
    assert back.create(payout, not_while_open=True, not_same_since=None).transaction.id == "OUT"
    assert not back.sign("Anna", "again")
    assert back.notice() is None
    found = back.reader.verify()
    assert (found.ok, found.events) == (True, events + 3)
    back.close()
    restore(folder, saved, ACCOUNT, LATER)
    locked_again = open_at(folder, LATER)
    with pytest.raises(PayoutsLocked):
        begin(locked_again, "OUT2", kind=Kind.PAYOUT)
    locked_again.close()


def test_one_signature_is_for_every_restore_since_the_last(ledger: Ledger, saved: Path, tmp_path: Path) -> None:
    folder = ledger.file.parent
    restore(folder, saved, ACCOUNT, LATER)
    between = open_at(folder, LATER + timedelta(hours=1))
    begin(between, "BETWEEN")
    second = back_up(between.file, tmp_path / "second.db").file
    between.close()
    done = restore(folder, second, ACCOUNT, LATER + timedelta(hours=5))
    back = open_at(folder, LATER + timedelta(hours=6))
    both = "from 2026-11-23T12:00:00Z to 2026-11-24T13:00:00Z"
    assert [event.sequence for event in done.unsigned] == [25, 27]
    assert (span(done.unsigned), span(back.reader.unsigned_restores())) == (both, both)
    assert both in (back.notice() or "")
    assert back.sign("Anna", "compared") == done.unsigned
    assert back.reader.unsigned_restores() == []
    told = back.reader.ask(
        lambda book: book.execute("SELECT data FROM events WHERE event = 'signed'").fetchone()[0], ""
    )
    assert json.loads(told)["restored"] == [25, 27]
    back.close()
    last = restore(folder, back_up(back.file, tmp_path / "third.db").file, ACCOUNT, LATER + timedelta(hours=9))
    assert span(last.unsigned) == "from 2026-11-24T14:00:00Z to 2026-11-24T17:00:00Z"
