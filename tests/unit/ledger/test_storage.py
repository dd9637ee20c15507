"""The file itself: settings of SQLite, triggers, damage, versions, disk full, locks, crashes."""

import signal
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from cashier.domain.events import Decision
from cashier.domain.states import Kind, State
from cashier.domain.transaction import NewTransaction
from cashier.ledger.connections import open_reader, open_writer
from cashier.ledger.errors import (
    DamagedLedger,
    DiskFull,
    FolderInUse,
    LedgerBusy,
    LedgerError,
    NewerLedger,
    OtherAccount,
    ReadOnlyLedger,
)
from cashier.ledger.ledger import Account, Ledger
from cashier.ledger.lock import FolderLock
from cashier.ledger.reader import Reader
from cashier.ledger.schema import STEPS
from tests.unit.ledger.conftest import ACCOUNT, Clock
from tests.unit.ledger.test_ledger import begin, move


@contextmanager
def raw(ledger: Ledger) -> Iterator[sqlite3.Connection]:
    """What somebody with a database tool has."""
    with closing(sqlite3.connect(ledger.file, isolation_level=None)) as connection:
        yield connection


def reopened(ledger: Ledger, clock: Clock, **more: object) -> Ledger:
    return Ledger(ledger.file.parent, ACCOUNT, now=clock.now, **more)  # type: ignore[arg-type]  # as the test says


def test_the_safety_settings_hold(ledger: Ledger) -> None:
    connection = open_writer(ledger.file)
    found = [
        connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous", "foreign_keys")
    ]
    connection.close()
    assert found == ["wal", 2, 1]
    with closing(open_reader(ledger.file)) as reading, pytest.raises(sqlite3.OperationalError):
        reading.execute("DELETE FROM events")


def test_only_the_owner_may_look(ledger: Ledger) -> None:
    assert stat.S_IMODE(ledger.file.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(ledger.file.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE transactions SET state = 'failed' WHERE id = 'PAID'",
        "UPDATE transactions SET state = 'pending' WHERE id = 'PAID'",
        "UPDATE transactions SET state = 'created' WHERE id = 'OPEN'",
        "UPDATE transactions SET state = 'nonsense' WHERE id = 'OPEN'",
        "UPDATE transactions SET amount = 1 WHERE id = 'OPEN'",
        "UPDATE transactions SET phone = '250722123456' WHERE id = 'OPEN'",
        "UPDATE transactions SET id = 'X' WHERE id = 'OPEN'",
        "UPDATE transactions SET kind = 'payout' WHERE id = 'OPEN'",
        "UPDATE transactions SET created_at = '' WHERE id = 'OPEN'",
        "UPDATE transactions SET reference = 'x' WHERE id = 'OPEN'",
        "UPDATE transactions SET decided_at = 'x' WHERE id = 'PAID'",
        "DELETE FROM transactions WHERE id = 'OPEN'",
        "UPDATE events SET data = '{}' WHERE sequence = 1",
        "DELETE FROM events WHERE sequence = 1",
        "INSERT INTO events VALUES (99, 'OPEN', '', '', '', '', '{}', '')",
        "INSERT INTO events VALUES (1, 'OPEN', '', '', '', '', '{}', '')",
        "UPDATE ledger SET accountno = '1'",
        "DELETE FROM ledger",
        "INSERT INTO transactions (id, number, kind, phone, amount, fee, created_at, state)"
        " VALUES ('N', 'N', 'payment', '250788123456', 5, 0, '', 'successful')",
        "INSERT INTO transactions (id, number, kind, phone, amount, fee, created_at, state)"
        " VALUES ('N', 'N', 'payment', '0788123456', 5, 0, '', 'created')",
        "INSERT INTO transactions (id, number, kind, phone, amount, fee, created_at, state)"
        " VALUES ('N', 'N', 'payment', '250788123456', 5.5, 0, '', 'created')",
    ],
)
def test_the_database_itself_refuses(ledger: Ledger, statement: str) -> None:
    begin(ledger, "OPEN")
    move(ledger, "OPEN", State.PENDING)
    begin(ledger, "PAID")
    move(ledger, "PAID", State.SUCCESSFUL)
    with raw(ledger) as connection, pytest.raises(sqlite3.IntegrityError):
        connection.execute(statement)
    assert ledger.reader.verify().ok


@pytest.mark.parametrize(
    ("trigger", "statement", "told"),
    [
        ("events_stay", "UPDATE events SET data = replace(data, '1500', '9500') WHERE sequence = 1", "event 1 "),
        ("events_stay", "UPDATE events SET at = '2020' WHERE sequence = 2", "event 2 "),
        ("events_last", "DELETE FROM events WHERE sequence = 2", "event 2 "),
        ("facts_stay", "UPDATE transactions SET amount = 9500", "amount of T7-000001"),
        ("final_stays", "UPDATE transactions SET state = 'failed'", "state of T7-000001"),
        ("rows_stay", "DELETE FROM transactions", "a transaction is missing"),
    ],
)
def test_verify_names_what_was_altered(ledger: Ledger, trigger: str, statement: str, told: str) -> None:
    begin(ledger, "A")
    move(ledger, "A", State.PENDING)
    move(ledger, "A", State.SUCCESSFUL)
    with raw(ledger) as connection:
        connection.execute("PRAGMA foreign_keys=OFF")
        connection.execute(f"DROP TRIGGER {trigger}")
        connection.execute(statement)
    found = ledger.reader.verify()
    assert not found.ok
    assert told in found.sentence


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


def test_a_full_disk_writes_nothing_and_the_next_sale_works(ledger: Ledger) -> None:
    begin(ledger, "A")
    connection = ledger._connection
    assert connection is not None
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count={pages}")
    with pytest.raises(DiskFull) as full:
        begin(ledger, "B", reference="x" * 100_000)
    assert "disk is full" in str(full.value)
    assert ledger.reader.verify().ok
    connection.execute("PRAGMA max_page_count=100000")
    assert begin(ledger, "C").id == "C"
    assert ledger.reader.verify().ok


def test_a_locked_file_is_said_to_be_busy(ledger: Ledger, clock: Clock) -> None:
    ledger.close()
    short = reopened(ledger, clock, busy_timeout=0.05)
    short.open()
    with raw(ledger) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(LedgerBusy):
            begin(short, "A")
        other.execute("ROLLBACK")
    begin(short, "A")
    short.close()


def test_a_folder_that_cannot_be_made(tmp_path: Path, clock: Clock) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(LedgerError) as trouble:
        Ledger(tmp_path / "file" / "x", ACCOUNT, now=clock.now).open()
    assert "folder" in str(trouble.value)


def test_a_file_that_cannot_be_written(ledger: Ledger) -> None:
    connection = ledger._connection
    assert connection is not None
    connection.execute("PRAGMA query_only=ON")
    with pytest.raises(ReadOnlyLedger):
        begin(ledger, "A")


def test_readers_work_beside_the_writer_and_before_there_is_a_ledger(ledger: Ledger, tmp_path: Path) -> None:
    nothing = Reader(tmp_path / "nowhere")
    assert (nothing.exists, nothing.history(), nothing.open_rows(), nothing.get("A"), nothing.events("A")) == (
        False,
        [],
        [],
        None,
        [],
    )
    begin(ledger, "A")
    beside = Reader(ledger.file.parent)
    assert beside.get("A") is not None
    begin(ledger, "B")
    assert [row.id for row in beside.history()] == ["B", "A"]
    beside.close()
    nothing.close()


def test_questions_use_an_index(ledger: Ledger) -> None:
    begin(ledger, "A")
    for question in (
        "SELECT * FROM transactions WHERE state IN ('created', 'pending', 'unknown') ORDER BY position DESC",
        "SELECT * FROM transactions WHERE state = 'failed' AND response_code = '3100' AND decided_at >= '2026'",
        "SELECT * FROM transactions WHERE phone >= '250788' AND phone < '250789' AND kind = 'payment'",
        "SELECT * FROM transactions WHERE phone = '250788123456' AND kind = 'payment' ORDER BY position DESC LIMIT 1",
        "SELECT * FROM transactions WHERE state = 'failed' ORDER BY position DESC LIMIT 50",
        "SELECT * FROM events WHERE transaction_id = 'A' ORDER BY sequence",
    ):
        with raw(ledger) as connection:
            plan = " ".join(row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {question}"))
        assert "SEARCH" in plan, (question, plan)
        assert "SCAN" not in plan, (question, plan)


def test_what_the_poller_must_know_at_start(ledger: Ledger, clock: Clock) -> None:
    for id in ("OPEN", "GONE", "PAID", "REVIEW"):
        begin(ledger, id)
    move(ledger, "GONE", State.FAILED, response_code="3100")
    move(ledger, "PAID", State.SUCCESSFUL)
    move(ledger, "REVIEW", State.UNKNOWN, review="closed: received")
    assert [row.id for row in ledger.reader.to_ask(clock.now())] == ["REVIEW", "OPEN", "GONE"]
    assert [row.id for row in ledger.reader.open_rows()] == ["OPEN"]
    clock.step(days=31)
    assert [row.id for row in ledger.reader.to_ask(clock.now())] == ["REVIEW", "OPEN"]


def test_history_comes_in_pages(ledger: Ledger) -> None:
    for number in range(5):
        begin(ledger, f"A{number}")
    first = ledger.reader.history(limit=2)
    assert [row.id for row in first] == ["A4", "A3"]
    assert [row.id for row in ledger.reader.history(limit=2, before_number=first[-1].number)] == ["A2", "A1"]
    assert ledger.reader.history(state=State.FAILED) == []


def test_earlier_customers(ledger: Ledger, clock: Clock) -> None:
    for id, phone in (("A", "250788123456"), ("B", "250788123456"), ("C", "250788129999"), ("D", "250722123456")):
        begin(ledger, id, phone=phone)
        move(ledger, id, State.SUCCESSFUL)
        clock.step(minutes=1)
    begin(ledger, "E", phone="250788120000")
    found = ledger.reader.customers("25078812")
    assert [(one.phone, one.paid) for one in found] == [("250788129999", 1), ("250788123456", 2)]
    assert ledger.reader.customers("nothing") == []


def test_the_folder_has_one_writer(tmp_path: Path) -> None:
    lock = FolderLock(tmp_path)
    lock.acquire()
    with pytest.raises(FolderInUse):
        FolderLock(tmp_path).acquire()
    code = (
        "import sys, pathlib; from cashier.ledger.lock import FolderLock\n"
        "from cashier.ledger.errors import FolderInUse\n"
        "try: FolderLock(pathlib.Path(sys.argv[1])).acquire()\n"
        "except FolderInUse as used: print(used)\n"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    assert "already open" in subprocess.run(command, capture_output=True, text=True, check=True).stdout
    lock.release()
    lock.release()
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == ""


def test_a_kill_between_writes_loses_nothing_that_was_acknowledged(tmp_path: Path, clock: Clock) -> None:
    code = (
        "import sys, pathlib; from datetime import datetime, UTC\n"
        "from cashier.ledger.ledger import Account, Ledger; from cashier.domain.states import Kind\n"
        "from cashier.domain.transaction import NewTransaction\n"
        "account = Account('practice', '250160000011')\n"
        "ledger = Ledger(pathlib.Path(sys.argv[1]), account, now=lambda: datetime.now(UTC))\n"
        "ledger.open()\n"
        "for n in range(100000):\n"
        "    ledger.create(NewTransaction(f'A{n}', Kind.PAYMENT, '250788123456', 100), not_while_open=False,"
        " not_same_since=None)\n"
        "    print(n, flush=True)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "x")], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    last = [int(process.stdout.readline()) for _ in range(20)][-1]
    process.send_signal(signal.SIGKILL)
    last = max([last, *(int(line) for line in process.stdout.read().split())])
    process.wait()
    process.stdout.close()
    ledger = Ledger(tmp_path / "x", ACCOUNT, now=clock.now)
    ledger.open()
    assert ledger.reader.get(f"A{last}") is not None
    assert ledger.reader.verify().ok
    ledger.close()


def test_without_a_thread_everything_runs_in_the_caller(tmp_path: Path, clock: Clock) -> None:
    ledger = Ledger(tmp_path / "x", ACCOUNT, now=clock.now, threaded=False)
    ledger.open()
    ledger.create(NewTransaction("A", Kind.PAYMENT, "250788123456", 100), not_while_open=True, not_same_since=None)
    ledger.settle("A", lambda _row, _facts: Decision("checked", "status", state=State.PENDING))
    assert [row.state for row in ledger.reader.history()] == [State.PENDING]
    ledger.close()
