"""A restore: checked first, nothing lost, the gap noted, no number or id twice, payouts locked until a person signs."""

import os
import shutil
import signal
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from cashier.ledger.backup import back_up
from cashier.ledger.errors import LedgerError, NewerLedger, OtherAccount
from cashier.ledger.identity import Account
from cashier.ledger.ledger import Ledger
from cashier.ledger.reader import Reader
from cashier.ledger.restore import restore
from cashier.ledger.restored import span
from cashier.ledger.schema import STEPS
from tests.unit.ledger.conftest import ACCOUNT, START, Clock
from tests.unit.ledger.images import crashed, files, filled, open_at, saved_from
from tests.unit.ledger.older import as_first_version
from tests.unit.ledger.test_ledger import begin

LATER = START + timedelta(hours=20)


@pytest.fixture
def saved(ledger: Ledger, tmp_path: Path, clock: Clock) -> Path:
    return saved_from(ledger, clock, tmp_path / "backup.db")


def test_the_backup_is_back_and_the_gap_is_told(ledger: Ledger, saved: Path) -> None:
    folder = ledger.file.parent
    before = ledger.file.read_bytes()
    done = restore(folder, saved, ACCOUNT, LATER)
    assert done.aside is not None
    assert done.aside.read_bytes() == before
    assert done.hidden is not None
    assert [row.id for row in done.hidden] == ["A0", "AFTER"]
    assert done.event.event == "restored"
    assert done.event.data["hidden_ids"] == ["A0", "AFTER"]
    assert (done.event.data["sequence"], done.event.data["present_sequence"], done.event.data["epoch"]) == (24, 26, 2)
    assert span(done.unsigned) == "from 2026-11-23T12:00:00Z to 2026-11-24T08:00:00Z"
    back = open_at(folder, LATER)
    assert back.reader.get("AFTER") is None
    found = back.reader.verify()
    assert (found.ok, found.events) == (True, 25)
    assert saved.exists()
    assert {file.name for file in folder.iterdir()} - {"ledger.db-wal", "ledger.db-shm"} == {
        *("ledger.db", "ledger.db.mark", done.aside.name, f"{done.aside.name}.mark")
    }
    assert back.file.stat().st_mode & 0o777 == 0o600
    back.close()


def test_no_number_is_given_out_twice(ledger: Ledger, saved: Path) -> None:
    folder = ledger.file.parent
    restore(folder, saved, ACCOUNT, LATER)
    back = open_at(folder, LATER)
    assert begin(back, "NEXT").number == "T7-000014"
    back.close()
    restore(folder, saved, ACCOUNT, LATER + timedelta(hours=1))
    again = open_at(folder, LATER)
    assert begin(again, "NEXT").number == "T7-000015"
    assert again.reader.verify().ok
    again.close()


def test_no_number_is_given_out_twice_where_nothing_was_sold_since(ledger: Ledger, saved: Path) -> None:
    """Twice in a row: what the first one reserved holds for the second."""
    folder = ledger.file.parent
    for hours in (1, 2):
        restore(folder, saved, ACCOUNT, LATER + timedelta(hours=hours))
    back = open_at(folder, LATER)
    assert begin(back, "NEXT").number == "T7-000014"
    back.close()


@pytest.mark.parametrize("present", ["damaged", "gone", "empty"])
def test_over_a_ledger_that_cannot_be_read_numbers_leave_a_wide_gap(ledger: Ledger, saved: Path, present: str) -> None:
    folder = ledger.file.parent
    if present == "gone":
        ledger.file.unlink()
    else:
        ledger.file.write_bytes(b"" if present == "empty" else b"\0" * 50_000)
    done = restore(folder, saved, ACCOUNT, LATER)
    assert (done.hidden, done.aside is None) == (None, present == "gone")
    back = open_at(folder, LATER)
    assert begin(back, "NEXT").number == "T7-010014"
    assert back.reader.verify().ok
    back.close()


def test_over_a_ledger_whose_wal_is_lost(ledger: Ledger, saved: Path, tmp_path: Path) -> None:
    opened = open_at(ledger.file.parent)
    begin(opened, "NEW")
    image = crashed(opened, tmp_path / "image")
    opened.close()
    (image / "ledger.db-wal").unlink()
    restore(image, saved, ACCOUNT, LATER)
    back = open_at(image, LATER)
    assert begin(back, "NEXT").number == "T7-000015"
    back.close()


def test_after_a_crash_the_present_ledger_keeps_its_wal(ledger: Ledger, saved: Path, tmp_path: Path) -> None:
    opened = open_at(ledger.file.parent)
    begin(opened, "IN THE WAL")
    image = crashed(opened, tmp_path / "image")
    opened.close()
    done = restore(image, saved, ACCOUNT, LATER)
    assert done.aside is not None
    with closing(sqlite3.connect(done.aside)) as connection:
        assert connection.execute("SELECT count(*) FROM transactions WHERE id = 'IN THE WAL'").fetchone() == (1,)
    back = open_at(image, LATER)
    assert back.reader.get("IN THE WAL") is None
    back.close()


def test_in_a_folder_without_a_ledger(saved: Path, tmp_path: Path) -> None:
    done = restore(tmp_path / "new computer", saved, ACCOUNT, LATER)
    assert done.aside is None
    back = open_at(tmp_path / "new computer", LATER)
    assert begin(back, "NEXT").number == "T7-000013"
    back.close()


def test_a_backup_of_the_first_version_is_brought_up_to_date(tmp_path: Path, clock: Clock) -> None:
    old = Ledger(tmp_path / "old", ACCOUNT, now=clock.now, threaded=False)
    old.open()
    filled(old).close()
    as_first_version(old.file)
    made = back_up(old.file, tmp_path / "backup.db").file
    restore(tmp_path / "x", made, ACCOUNT, LATER)
    back = open_at(tmp_path / "x", LATER)
    assert back.reader.unsigned_restores()
    assert back.reader.verify().ok
    back.close()
    with closing(sqlite3.connect(made)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone()[0] == 1


def spoil(file: Path, *statements: str) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


@pytest.mark.parametrize(
    ("ruin", "error", "words"),
    [
        (lambda file: file.write_bytes(b""), LedgerError, "empty"),
        (lambda file: file.write_bytes(b"x" * 9000), LedgerError, "damaged"),
        (lambda file: file.write_bytes(file.read_bytes()[:-5000]), LedgerError, "damaged"),
        (
            lambda file: spoil(file, "DROP TRIGGER events_stay", "UPDATE events SET at = '2020' WHERE sequence = 9"),
            LedgerError,
            "event 9 does not fit",
        ),
        (lambda file: spoil(file, f"PRAGMA user_version={len(STEPS) + 1}"), NewerLedger, "Update the program"),
        (lambda file: spoil(file, "PRAGMA application_id=1"), LedgerError, "not a ledger of Cashier"),
    ],
)
def test_a_bad_backup_changes_nothing(
    ledger: Ledger, saved: Path, ruin: Callable[[Path], object], error: type[LedgerError], words: str
) -> None:
    ruin(saved)
    before = files(saved.parent)
    with pytest.raises(error, match=words) as refused:
        restore(ledger.file.parent, saved, ACCOUNT, LATER)
    assert refused.value.sentence.endswith(".")
    assert files(saved.parent) == before


def test_another_accounts_backup_and_the_ledger_itself_are_refused(ledger: Ledger, saved: Path) -> None:
    before = files(saved.parent)
    with pytest.raises(OtherAccount):
        restore(ledger.file.parent, saved, Account("live", ACCOUNT.accountno), LATER)
    with pytest.raises(LedgerError, match="the ledger itself"):
        restore(ledger.file.parent, ledger.file, ACCOUNT, LATER)
    assert files(saved.parent) == before


class _Mortal:
    """Ends the process, as kill -9 does, before its `left`th step on the file system."""

    _STEPS = frozenset({"open", "os.rename", "os.remove", "os.chmod", "os.mkdir", "sqlite3.connect"})

    def __init__(self, left: int) -> None:
        self.left = left

    def __call__(self, event: str, _arguments: object) -> None:
        if event in self._STEPS:
            self.left -= 1
            if self.left < 0:
                os.kill(os.getpid(), signal.SIGKILL)


def killed_at(step: int, work: Callable[[], object]) -> bool:
    """Runs `work` in a process that is killed at this step; False when it came to its end."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            sys.addaudithook(_Mortal(step))
            work()
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return True
    assert os.WEXITSTATUS(status) == 0
    return False


def test_a_kill_at_any_step_leaves_the_ledger_before_or_the_restored_one(
    ledger: Ledger, saved: Path, tmp_path: Path
) -> None:
    work = tmp_path / "work"
    outcomes = []
    for step in range(200):
        shutil.rmtree(work, ignore_errors=True)
        shutil.copytree(ledger.file.parent, work)
        killed = killed_at(step, lambda: restore(work, saved, ACCOUNT, LATER))
        # Whatever a reader finds in between, it is no empty ledger.
        reader = Reader(work)
        try:
            seen = len(reader.history())
        except LedgerError:
            seen = 12
        reader.close()
        assert seen in (12, 13)
        back = open_at(work, LATER)
        found = back.reader.verify()
        restored = bool(back.reader.unsigned_restores())
        assert (found.ok, found.events) == (True, 25 if restored else 26)
        assert begin(back, "NEXT").number == "T7-000014"
        back.close()
        aside = list(work.glob("ledger.db.before-restore-*Z"))
        assert [file.read_bytes() for file in aside] == ([ledger.file.read_bytes()] if restored else [])
        outcomes.append(restored)
        if not killed:
            break
    assert not killed
    assert outcomes[0] is False
    assert outcomes == sorted(outcomes)
    assert sum(outcomes) > 4


def test_a_kill_at_any_step_of_a_backup_leaves_a_whole_one_or_none(ledger: Ledger, tmp_path: Path) -> None:
    filled(ledger)
    ledger.close()
    target = tmp_path / "copy.db"
    for step in range(200):
        target.unlink(missing_ok=True)
        killed = killed_at(step, lambda: back_up(ledger.file, target))
        if target.exists():
            restore(tmp_path / f"from {step}", target, ACCOUNT, LATER)
        if not killed:
            break
    assert target.exists()
    assert not killed
    assert ledger.file.exists()
    back = open_at(ledger.file.parent)
    assert back.reader.verify().events == 24
    back.close()
