"""Approval, skipped rows and end of a list are in the hash chain: what is changed behind the program's back shows."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from cashier.domain.states import State
from cashier.ledger import payout_runs
from cashier.ledger.backup import back_up
from cashier.ledger.errors import DamagedLedger
from cashier.ledger.ledger import Ledger
from cashier.ledger.reader import Reader
from cashier.ledger.schema import APPLICATION_ID, STEPS
from cashier.ledger.verification import verify, verify_newest
from tests.unit.ledger.conftest import ACCOUNT, Clock
from tests.unit.ledger.raw import raw
from tests.unit.ledger.test_ledger import move
from tests.unit.ledger.test_payout_runs import LINES, RUN, begin

_WITH_LISTS = 5  # the first version with lists
_AT, _LATER = "2026-11-01T08:00:00.000000Z", "2026-11-01T09:00:00.000000Z"


@pytest.fixture
def ended(ledger: Ledger) -> Ledger:
    """A list with one row sent, one left out by the till, and one that the end left out."""
    ledger.write(lambda pen: payout_runs.approve(pen, RUN, again=0))
    begin(ledger, LINES[0])
    move(ledger, "L1", State.SUCCESSFUL)
    ledger.write(lambda pen: payout_runs.skip(pen, "L2", "above the limit"))
    ledger.write(lambda pen: payout_runs.end(pen, "RUN", "Eric", "ended by hand"))
    assert ledger.reader.verify().ok
    return ledger


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE payout_runs SET approved_by = 'Eric'", "the approval of the list of Claudine"),
        ("UPDATE payout_runs SET total = 1", "the approval"),
        ("UPDATE payout_runs SET at = '2020-01-01T00:00:00.000000Z'", "the approval"),
        ("UPDATE payout_runs SET source = '/home/shop/june.csv'", "the approval"),
        ("UPDATE payout_runs SET fee = 1", "the approval"),
        ("UPDATE payout_lines SET amount = 5000 WHERE id = 'L3'", "the approval"),
        ("UPDATE payout_lines SET phone = '250788000000' WHERE id = 'L3'", "the approval"),
        ("DELETE FROM payout_lines WHERE id = 'L3'", "the approval"),
        ("UPDATE payout_runs SET ended_by = 'Aline'", "the end of"),
        ("UPDATE payout_runs SET ended_at = NULL, ended_by = NULL", "the end of"),
        ("UPDATE payout_lines SET skipped = NULL WHERE id = 'L2'", "the rows left out"),
        ("UPDATE payout_lines SET skipped = NULL WHERE id = 'L3'", "the rows left out"),
        ("UPDATE payout_lines SET skipped = 'another reason' WHERE id = 'L2'", "the rows left out"),
        ("UPDATE payout_lines SET skipped = 'x', transaction_id = NULL WHERE id = 'L1'", "the rows left out"),
        ("DELETE FROM payout_runs", "a list of payouts is missing"),
    ],
)
def test_verify_notices_a_change_of_a_list(ended: Ledger, clock: Clock, statement: str, words: str) -> None:
    with raw(ended) as connection:
        connection.row_factory = sqlite3.Row
        for name in ("runs_stay", "runs_last", "lines_stay", "lines_last"):
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute(statement)
        for found in (verify(connection), verify_newest(connection)):
            assert not found.ok
            assert words in found.sentence
    ended.close()
    with pytest.raises(DamagedLedger):
        Ledger(ended.file.parent, ACCOUNT, now=clock.now).open()


def test_verify_notices_a_list_that_nobody_approved(ended: Ledger) -> None:
    with raw(ended) as connection:
        connection.execute(
            "INSERT INTO payout_runs (id, at, source, content_hash, rows_hash, approved_by, lines, total)"
            " VALUES ('TWO', ?, '', '', '', 'Nobody', 1, 1)",
            (_AT,),
        )
    assert "a list of Nobody has no approval" in ended.reader.verify().sentence


def test_what_a_list_did_is_told_in_order(ended: Ledger) -> None:
    with raw(ended) as connection:
        told = connection.execute("SELECT event, source FROM events WHERE transaction_id IS NULL ORDER BY sequence")
        assert told.fetchall() == [
            ("list approved", "operator"),
            ("list row skipped", "till"),
            ("list ended", "operator"),
        ]


def test_a_list_that_has_ended_is_not_ended_again(ended: Ledger) -> None:
    before = ended.reader.verify().events
    ended.write(lambda pen: payout_runs.end(pen, "RUN", "Aline", "again"))
    assert ended.reader.verify().events == before


def older(folder: Path, version: int) -> None:
    """A ledger of an earlier version; from the first with lists on it holds one that ended and one half sent."""
    folder.mkdir()
    with closing(sqlite3.connect(folder / "ledger.db", isolation_level=None)) as connection:
        for step in STEPS[:version]:
            step(connection)
        connection.execute("INSERT INTO ledger VALUES (1, 'practice', ?, 'x', 7, ?)", (ACCOUNT.accountno, _AT))
        if version >= _WITH_LISTS:
            for id, end, by in (("OLD", _LATER, "Eric"), ("OPEN", None, None)):
                connection.execute(
                    "INSERT INTO payout_runs (id, at, source, content_hash, rows_hash, approved_by, lines, total,"
                    " ended_at, ended_by) VALUES (?, ?, 'may.csv', 'c', 'r', 'Claudine', 2, 2000, ?, ?)",
                    (id, _AT, end, by),
                )
                for number, skipped in ((1, "left out"), (2, end and "ended by hand")):
                    connection.execute(
                        "INSERT INTO payout_lines (run_id, position, row, id, phone, amount, reason, skipped)"
                        " VALUES (?, ?, ?, ?, '250788123456', 1000, 'x', ?)",
                        (id, number, number + 1, f"{id}{number}", skipped),
                    )
        connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version={version}")


@pytest.mark.parametrize("version", range(1, len(STEPS)))
def test_a_ledger_of_each_earlier_version_is_whole_before_and_after_the_step(
    folder: Path, clock: Clock, version: int
) -> None:
    older(folder, version)
    before = Reader(folder)
    assert before.verify().ok
    before.close()
    ledger = Ledger(folder, ACCOUNT, now=clock.now)
    ledger.open()
    assert ledger.reader.verify().ok
    there = ledger.reader.ask(payout_runs.unfinished, None)
    assert (there is not None) == (version >= _WITH_LISTS)
    if there is not None:
        assert not there.fee
        ledger.write(lambda pen: payout_runs.end(pen, "OPEN", "Eric", "ended by hand"))
        assert ledger.reader.verify().ok
        with raw(ledger) as connection:
            connection.execute("DROP TRIGGER lines_stay")
            connection.execute("UPDATE payout_lines SET skipped = NULL WHERE id = 'OLD1'")
        assert not ledger.reader.verify().ok
    ledger.close()
    # The copy of before the step is one of a ledger that did not chain its lists, and is whole too.
    copies = list(folder.glob("ledger.db.before-*"))
    assert len(copies) == len(STEPS) - version


def test_a_backup_of_a_list_is_whole(ended: Ledger, tmp_path: Path) -> None:
    made = back_up(ended.file, tmp_path / "backup.db").file
    with closing(sqlite3.connect(made)) as connection:
        connection.row_factory = sqlite3.Row
        assert verify(connection).ok
