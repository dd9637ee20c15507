"""The file itself: settings of SQLite, triggers, damage, disk full, locks, crashes."""

import signal
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from cashier.domain.events import Decision
from cashier.domain.states import Kind, State
from cashier.domain.transaction import NewTransaction
from cashier.ledger.connections import open_reader, open_writer
from cashier.ledger.errors import (
    DiskFull,
    FolderInUse,
    LedgerBusy,
    LedgerError,
    ReadOnlyLedger,
)
from cashier.ledger.ledger import Ledger
from cashier.ledger.lock import FolderLock
from tests.unit.ledger.conftest import ACCOUNT, Clock
from tests.unit.ledger.raw import raw
from tests.unit.ledger.test_ledger import begin, move
from tests.unit.ledger.test_versions import reopened


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
