"""Backups: beside a writer, checked whole before they count, private, thirty kept."""

import sqlite3
import threading
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from cashier.domain.states import State
from cashier.ledger import backup as backups
from cashier.ledger.backup import BackupStopped, back_up, daily, kept
from cashier.ledger.connections import connect
from cashier.ledger.errors import DamagedLedger, DiskFull, LedgerError, LostEvents
from cashier.ledger.ledger import Ledger
from cashier.ledger.mark import MARK
from cashier.ledger.verification import verify
from tests.unit.ledger.conftest import START
from tests.unit.ledger.images import filled
from tests.unit.ledger.test_ledger import begin, move


def ids(file: Path) -> list[str]:
    with closing(sqlite3.connect(file)) as connection:
        return [row[0] for row in connection.execute("SELECT id FROM transactions ORDER BY position")]


def test_a_copy_is_one_moment_of_a_ledger_that_goes_on(ledger: Ledger, tmp_path: Path) -> None:
    filled(ledger, 200)
    began, stop = threading.Event(), threading.Event()

    def sell() -> None:
        number = 0
        while not stop.is_set():
            begin(ledger, f"DURING-{number}")
            number += 1
            began.set()

    seller = threading.Thread(target=sell)
    seller.start()
    assert began.wait(10)
    made = back_up(ledger.file, tmp_path / "copy.db")
    stop.set()
    seller.join()
    with closing(connect(made.file)) as copy:
        copy.row_factory = sqlite3.Row
        assert verify(copy).ok
    copied, now = ids(made.file), ids(ledger.file)
    assert copied == now[: len(copied)]
    assert 200 < len(copied) < len(now)
    assert ledger.reader.verify().ok


def test_a_copy_is_one_private_file_that_opens_anywhere(ledger: Ledger, tmp_path: Path) -> None:
    filled(ledger)
    made = back_up(ledger.file, tmp_path / "copy.db")
    assert made.found.events == 24
    assert [file.name for file in tmp_path.iterdir() if file.is_file()] == ["copy.db"]
    assert made.file.stat().st_mode & 0o777 == 0o600
    with closing(connect(made.file)) as copy:
        assert copy.execute("PRAGMA journal_mode").fetchone()[0] == "delete"


def test_nothing_is_written_over(ledger: Ledger, tmp_path: Path) -> None:
    (tmp_path / "copy.db").write_text("mine")
    with pytest.raises(FileExistsError):
        back_up(ledger.file, tmp_path / "copy.db")
    with pytest.raises(FileExistsError):
        back_up(ledger.file, ledger.file)
    assert (tmp_path / "copy.db").read_text() == "mine"


def test_a_damaged_ledger_gives_no_backup(ledger: Ledger, tmp_path: Path) -> None:
    filled(ledger)
    with closing(sqlite3.connect(ledger.file, isolation_level=None)) as connection:
        connection.execute("DROP TRIGGER events_stay")
        connection.execute("UPDATE events SET at = '2020' WHERE sequence = 3")
    with pytest.raises(DamagedLedger, match="event 3 does not fit"):
        back_up(ledger.file, tmp_path / "copy.db")
    assert [file for file in tmp_path.iterdir() if file.is_file()] == []


def test_where_there_is_no_ledger_there_is_no_backup(ledger: Ledger, tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="no ledger here yet"):
        back_up(tmp_path / "ledger.db", tmp_path / "copy.db")
    ledger.close()
    ledger.file.unlink()
    assert (ledger.file.parent / MARK).exists()
    with pytest.raises(LostEvents):
        back_up(ledger.file, tmp_path / "copy.db")
    assert [file for file in tmp_path.iterdir() if file.is_file()] == []


def test_it_is_given_up_at_any_moment_and_leaves_nothing(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backups, "_PAGES", 8)
    filled(ledger, 100)
    asked = 0

    def count() -> bool:
        nonlocal asked
        asked += 1
        return True

    back_up(ledger.file, tmp_path / "whole.db", count)
    assert asked > 3
    for most in range(asked):
        left = iter([True] * most)
        with pytest.raises(BackupStopped):
            back_up(ledger.file, tmp_path / "copy.db", lambda left=left: next(left, False))  # type: ignore[misc]
        assert [file.name for file in tmp_path.iterdir() if file.is_file()] == ["whole.db"]


def test_a_full_disk_is_said_and_leaves_nothing(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(ledger, 50)

    def small(file: Path) -> sqlite3.Connection:
        connection = connect(file)
        connection.execute("PRAGMA max_page_count=3")
        return connection

    monkeypatch.setattr(backups, "connect", small)
    with pytest.raises(DiskFull):
        back_up(ledger.file, tmp_path / "copy.db")
    assert [file for file in tmp_path.iterdir() if file.is_file()] == []


def test_once_a_day_and_thirty_are_kept(ledger: Ledger) -> None:
    filled(ledger)
    folder = ledger.file.parent
    for day in range(33):
        assert daily(folder, START + timedelta(days=day)) is not None
        assert daily(folder, START + timedelta(days=day, hours=5)) is None
    names = [file.name for file in kept(folder)]
    assert len(names) == 30
    assert names[0] == "ledger-20261126T120000Z.db"
    assert names[-1] == "ledger-20261225T120000Z.db"
    assert (folder / "backups").stat().st_mode & 0o777 == 0o700


def test_a_failed_day_takes_no_older_one_away_and_cleans_up_after_a_crash(ledger: Ledger) -> None:
    filled(ledger)
    folder = ledger.file.parent
    for day in range(30):
        daily(folder, START + timedelta(days=day))
    (folder / "backups" / "mine.db").write_text("kept by hand")
    (folder / "backups" / "ledger-20261201T120000Z.db.part").write_text("half")
    before = kept(folder)
    with closing(sqlite3.connect(ledger.file, isolation_level=None)) as connection:
        connection.execute("DROP TRIGGER events_stay")
        connection.execute("UPDATE events SET at = '2020' WHERE sequence = 3")
    with pytest.raises(DamagedLedger):
        daily(folder, START + timedelta(days=30))
    assert kept(folder) == before
    assert not list((folder / "backups").glob("*.part"))
    assert (folder / "backups" / "mine.db").exists()


def test_sales_go_on_while_a_copy_is_made(ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The copy needs no lock of the writer: a sale begun in the middle of it ends in the middle of it."""
    monkeypatch.setattr(backups, "_PAGES", 8)
    filled(ledger, 100)
    sold = 0

    def sell() -> bool:
        nonlocal sold
        begin(ledger, f"SALE-{sold}")
        move(ledger, f"SALE-{sold}", State.SUCCESSFUL)
        sold += 1
        return True

    made = back_up(ledger.file, tmp_path / "copy.db", sell)
    assert sold > 1
    assert len(ids(made.file)) == 100
