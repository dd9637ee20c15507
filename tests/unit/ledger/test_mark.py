"""The mark beside the ledger: what is missing is named, nothing on the disk is touched, and no false alarm."""

import shutil
from pathlib import Path

import pytest

from cashier.domain.states import State
from cashier.ledger.backup import back_up
from cashier.ledger.connections import wal_of
from cashier.ledger.errors import DamagedLedger, LostEvents
from cashier.ledger.ledger import Ledger
from cashier.ledger.mark import MARK, read_mark
from cashier.ledger.reader import Reader
from tests.unit.ledger.conftest import Clock
from tests.unit.ledger.images import crashed, files, filled, open_at
from tests.unit.ledger.test_ledger import begin, move


def refused(folder: Path) -> str:
    """The sentence of a ledger that is not opened; the disk is as before, for verify and readers too."""
    before = files(folder)
    with pytest.raises(LostEvents) as lost:
        open_at(folder)
    assert files(folder) == before
    reader = Reader(folder)
    found = reader.verify()
    reader.close()
    assert not found.ok
    # A reader may leave an empty `-wal` where none was lost.
    assert {**files(folder), "ledger.db-wal": ""} == {**before, "ledger.db-wal": ""}
    return str(lost.value)


def whole(folder: Path, events: int) -> None:
    ledger = open_at(folder)
    found = ledger.reader.verify()
    ledger.close()
    assert (found.ok, found.events) == (True, events)


def test_it_follows_every_commit_and_a_clean_end_is_noted(ledger: Ledger) -> None:
    folder = ledger.file.parent
    begun = read_mark(folder)
    assert begun is not None
    assert (begun.opened, begun.sequence, begun.hash, begun.position) == (True, 0, "", 0)
    begin(ledger, "A")
    move(ledger, "A", State.PENDING)
    mark = read_mark(folder)
    assert mark is not None
    assert (mark.opened, mark.sequence, mark.position) == (True, 2, 1)
    assert mark.hash == ledger.reader.events("A")[-1].hash
    ledger.close()
    closed = read_mark(folder)
    assert closed is not None
    assert (closed.opened, closed.sequence) == (False, 2)
    assert not wal_of(ledger.file).exists()
    assert (folder / MARK).stat().st_mode & 0o777 == 0o600


def test_a_crash_is_no_loss(ledger: Ledger, tmp_path: Path) -> None:
    filled(ledger)
    events = ledger.reader.verify().events
    image = crashed(ledger, tmp_path / "image")
    # A reader that came first changes nothing about that.
    reader = Reader(image)
    assert reader.verify().ok
    reader.close()
    whole(image, events)
    whole(image, events)


def test_a_crash_at_any_moment_of_opening_and_closing_is_no_loss(ledger: Ledger, tmp_path: Path) -> None:
    filled(ledger)
    events = ledger.reader.verify().events
    ledger.close()
    opened = open_at(ledger.file.parent)
    whole(crashed(opened, tmp_path / "just opened"), events)
    connection = opened._connection
    assert connection is not None
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    whole(crashed(opened, tmp_path / "brought in, not marked yet"), events)
    opened._mark.end()
    whole(crashed(opened, tmp_path / "marked, not closed yet"), events)
    opened.close()


def test_a_lost_wal_is_betrayed(ledger: Ledger, tmp_path: Path) -> None:
    filled(ledger)
    ledger.close()
    opened = open_at(ledger.file.parent)
    begin(opened, "NEW")
    move(opened, "NEW", State.PENDING)
    image = crashed(opened, tmp_path / "image")
    opened.close()
    wal_of(image / "ledger.db").unlink()
    words = refused(image)
    assert "ledger.db-wal is missing, and the last 2 events" in words
    with pytest.raises(DamagedLedger, match="There is no backup: The file ledger"):
        back_up(image / "ledger.db", tmp_path / "copy.db")
    assert not (tmp_path / "copy.db").exists()
    assert "cashier restore" in words


def test_a_lost_wal_is_betrayed_though_the_mark_lags_behind(ledger: Ledger, tmp_path: Path) -> None:
    """As after a power cut, which may take what was not synced of the mark."""
    filled(ledger)
    ledger.close()
    opened = open_at(ledger.file.parent)
    early = (opened.file.parent / MARK).read_bytes()
    begin(opened, "NEW")
    image = crashed(opened, tmp_path / "image")
    opened.close()
    (image / MARK).write_bytes(early)
    whole(crashed_again := Path(shutil.copytree(image, tmp_path / "with wal")), 25)
    assert read_mark(crashed_again) is not None
    wal_of(image / "ledger.db").unlink()
    assert "may be lost" in refused(image)
    # Nor does anybody who only reads make it look well again.
    reader = Reader(image)
    assert len(reader.history()) == 12
    reader.close()
    assert "may be lost" in refused(image)


def test_an_older_copy_in_its_place_is_betrayed(ledger: Ledger, clock: Clock) -> None:
    filled(ledger)
    ledger.close()
    folder = ledger.file.parent
    older = ledger.file.read_bytes()
    opened = open_at(folder)
    begin(opened, "NEW")
    opened.close()
    newer = ledger.file.read_bytes()
    ledger.file.write_bytes(older)
    assert "older than the one Cashier kept here: the last 1 events are missing" in refused(folder)
    ledger.file.write_bytes(newer)
    whole(folder, 25)


def test_another_ledger_of_the_same_account_is_betrayed(ledger: Ledger, tmp_path: Path) -> None:
    filled(ledger)
    ledger.close()
    other = filled(open_at(tmp_path / "other"), 30)
    other.close()
    shutil.copy(other.file, ledger.file)
    assert "not the ledger that Cashier kept here" in refused(ledger.file.parent)


@pytest.mark.parametrize("gone", ["ledger.db", "ledger.db and mark, backups stay", "all but the -wal"])
def test_no_empty_ledger_takes_the_place_of_one_that_was_there(ledger: Ledger, tmp_path: Path, gone: str) -> None:
    filled(ledger)
    image = crashed(ledger, tmp_path / "image")
    (image / "ledger.db").unlink()
    if "-wal" in gone:
        (image / MARK).unlink()
    else:
        wal_of(image / "ledger.db").unlink()
    if "backups" in gone:
        (image / MARK).unlink()
        (image / "backups").mkdir()
        (image / "backups" / "ledger-20261122T120000Z.db").write_bytes(b"x")
    words = refused(image)
    assert "gone from its folder" in words
    assert ("The newest backup is" in words) is ("backups" in gone)
    reader = Reader(image)
    with pytest.raises(LostEvents):
        reader.history()


def test_a_crash_while_the_first_ledger_is_made_leaves_room_for_it(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    folder.mkdir()
    (folder / "ledger.db.new").write_bytes(b"half")
    whole(folder, 0)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"opened": true}', b"\xff" * 200, b"[" * 20_000])
def test_a_mark_that_cannot_be_read_says_nothing(ledger: Ledger, content: bytes) -> None:
    filled(ledger)
    ledger.close()
    (ledger.file.parent / MARK).write_bytes(content)
    whole(ledger.file.parent, 24)


def test_a_mark_that_cannot_be_written_lets_nothing_begin(ledger: Ledger) -> None:
    ledger.close()
    mark = ledger.file.parent / MARK
    mark.unlink()
    mark.mkdir()
    before = files(ledger.file.parent)
    with pytest.raises(Exception, match="folder cannot be used"):
        open_at(ledger.file.parent)
    assert files(ledger.file.parent) == before


def test_the_mark_says_open_only_once_the_names_beside_it_are_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_at(tmp_path / "x").close()
    seen: list[tuple[bool, bool]] = []

    def sync(folder: Path) -> None:
        found = read_mark(folder)
        assert found is not None
        seen.append((found.opened, wal_of(folder / "ledger.db").exists()))

    monkeypatch.setattr("cashier.ledger.mark.sync_folder", sync)
    ledger = open_at(tmp_path / "x")
    assert seen == [(False, True)]
    assert (found := read_mark(tmp_path / "x")) is not None
    assert found.opened
    ledger.close()
