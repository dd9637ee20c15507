"""Lists of payouts in the ledger: kept whole, never changed, a line begun once and with its transaction."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from cashier.domain.payout_run import NewLine, NewRun
from cashier.domain.states import Kind, State
from cashier.domain.transaction import CLOSED_AS, NewTransaction
from cashier.ledger import payout_runs
from cashier.ledger.backup import back_up
from cashier.ledger.errors import LedgerError
from cashier.ledger.ledger import Ledger
from cashier.ledger.pen import Pen
from cashier.ledger.restore import restore
from tests.unit.ledger.conftest import ACCOUNT, START
from tests.unit.ledger.images import open_at
from tests.unit.ledger.test_ledger import move

LINES = tuple(NewLine(number + 1, f"L{number}", f"25078812345{number}", 1000, "x") for number in range(1, 4))
RUN = NewRun("RUN", "/home/shop/may.csv", "c", "r", "Claudine", LINES)


@pytest.fixture
def approved(ledger: Ledger) -> Ledger:
    ledger.write(lambda pen: payout_runs.approve(pen, RUN, again=0))
    return ledger


def begin(ledger: Ledger, line: NewLine) -> None:
    def work(pen: Pen) -> None:
        new = NewTransaction(line.id, Kind.PAYOUT, line.phone, line.amount, reason=line.reason)
        pen.create(new, not_while_open=True, not_same_since=None)
        payout_runs.mark_begun(pen.connection, line.id)

    ledger.write(work)


def test_a_list_is_counted_by_what_became_of_its_lines(approved: Ledger) -> None:
    begin(approved, LINES[0])
    move(approved, "L1", State.SUCCESSFUL)
    begin(approved, LINES[1])
    move(approved, "L2", State.UNKNOWN)
    counts = approved.reader.ask(lambda connection: payout_runs.counts(connection, "RUN"), None)
    assert counts is not None
    assert (counts.sent, counts.open, counts.waiting, counts.sent_amount) == (1, 1, 1, 1000)
    there = approved.reader.ask(lambda connection: payout_runs.first_open(connection, "RUN"), None)
    assert there is not None
    assert (there.id, there.row) == ("L2", 3)
    assert approved.reader.verify().ok


def test_a_row_closed_by_hand_counts_as_closed_until_its_answer_comes(approved: Ledger) -> None:
    begin(approved, LINES[0])
    move(approved, "L1", State.UNKNOWN)
    begin(approved, LINES[1])
    move(approved, "L2", State.UNKNOWN)
    move(approved, "L1", State.UNKNOWN, review=f"{CLOSED_AS[False]}")

    def counted() -> tuple[int, int, int, int]:
        counts = approved.reader.ask(lambda connection: payout_runs.counts(connection, "RUN"), None)
        assert counts is not None
        return counts.sent, counts.open, counts.closed, counts.waiting

    assert counted() == (0, 1, 1, 1)
    there = approved.reader.ask(lambda connection: payout_runs.first_open(connection, "RUN"), None)
    assert there is not None
    assert there.id == "L2"
    move(approved, "L1", State.SUCCESSFUL)
    assert counted() == (1, 1, 0, 1)


def test_a_line_is_begun_once_and_never_without_its_transaction(approved: Ledger) -> None:
    begin(approved, LINES[0])
    move(approved, "L1", State.SUCCESSFUL)
    with pytest.raises(LedgerError):
        begin(approved, LINES[0])
    with pytest.raises(LedgerError):
        approved.write(lambda pen: payout_runs.mark_begun(pen.connection, "L2"))
    approved.write(lambda pen: payout_runs.skip(pen, "L2", "left out"))
    with pytest.raises(LedgerError):
        begin(approved, LINES[1])
    assert [row.id for row in approved.reader.history()] == ["L1"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE payout_runs SET total = 1",
        "UPDATE payout_runs SET approved_by = 'x'",
        "DELETE FROM payout_runs",
        "UPDATE payout_lines SET amount = 5000 WHERE id = 'L2'",
        "UPDATE payout_lines SET phone = '250788000000' WHERE id = 'L2'",
        "UPDATE payout_lines SET transaction_id = NULL WHERE id = 'L1'",
        "UPDATE payout_lines SET transaction_id = 'L1' WHERE id = 'L2'",
        "UPDATE payout_lines SET skipped = 'x' WHERE id = 'L1'",
        "DELETE FROM payout_lines WHERE id = 'L2'",
        "INSERT INTO payout_runs (id, at, source, content_hash, rows_hash, approved_by, lines, total)"
        " VALUES ('TWO', '', '', '', '', 'x', 1, 1)",
    ],
)
def test_the_database_itself_refuses(approved: Ledger, statement: str) -> None:
    begin(approved, LINES[0])
    with closing(sqlite3.connect(approved.file, isolation_level=None)) as connection:
        connection.execute("PRAGMA foreign_keys=ON")
        with pytest.raises(sqlite3.IntegrityError):
            connection.execute(statement)


def test_an_ended_list_stays_as_it_is(approved: Ledger) -> None:
    approved.write(lambda pen: payout_runs.end(pen, "RUN", "Eric", "ended"))
    with (
        closing(sqlite3.connect(approved.file, isolation_level=None)) as connection,
        pytest.raises(sqlite3.IntegrityError),
    ):
        connection.execute("UPDATE payout_runs SET ended_by = 'x'")


def test_a_restore_ends_the_list_whose_rest_may_have_been_sent(approved: Ledger, tmp_path: Path) -> None:
    begin(approved, LINES[0])
    move(approved, "L1", State.SUCCESSFUL)
    made = back_up(approved.file, tmp_path / "backup.db").file
    begin(approved, LINES[1])
    move(approved, "L2", State.SUCCESSFUL)
    approved.close()
    restore(approved.file.parent, made, ACCOUNT, START)
    back = open_at(approved.file.parent)
    assert back.sign("Aline", "compared")
    assert back.reader.ask(payout_runs.unfinished, None) is None
    for line in LINES[1:]:
        with pytest.raises(LedgerError):
            begin(back, line)
    assert back.reader.verify().ok
    back.close()
