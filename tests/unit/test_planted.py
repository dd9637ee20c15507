"""Links and devices where Cashier keeps its own files."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cashier import logs, paths
from cashier.errors import EnvironmentStop
from cashier.ledger.backup import daily, kept
from cashier.ledger.errors import LedgerError
from cashier.ledger.ledger import Account, Ledger
from cashier.ledger.mark import MarkFile

NOW = datetime(2026, 11, 26, 8, tzinfo=UTC)


@pytest.mark.parametrize("name", ["settings.json", "cashier.lock", "logs", "logs/cashier.log", "logs/crash.log"])
@pytest.mark.parametrize("kind", ["link", "to nowhere", "fifo"])
def test_what_is_planted_in_the_data_folder_is_named(tmp_path: Path, name: str, kind: str) -> None:
    data, victim = tmp_path / "data", tmp_path / "victim"
    victim.write_text("precious")
    (data / name).parent.mkdir(parents=True)
    plant(data / name, kind, victim)
    with pytest.raises(EnvironmentStop, match="Nothing was begun") as stopped:
        paths.data_folder(data, {})
    assert str(data / name) in stopped.value.sentence
    assert stopped.value.advice
    assert victim.read_text() == "precious"


def plant(place: Path, kind: str, victim: Path) -> None:
    if kind == "fifo":
        os.mkfifo(place)
    else:
        place.symlink_to(victim if kind == "link" else victim.with_name("absent"))


@pytest.mark.parametrize("name", ["", "ledger.db", "ledger.db-wal", "ledger.db-shm", "ledger.db.mark", "backups-here"])
def test_what_is_planted_in_an_account_is_named(tmp_path: Path, name: str) -> None:
    account = tmp_path / "data" / "live-1"
    (account / name).parent.mkdir(parents=True)
    (account / name).symlink_to(tmp_path / "victim")
    with pytest.raises(EnvironmentStop, match="link") as stopped:
        paths.ledger_folder(tmp_path / "data", "live", "1")
    assert str(account / name) in stopped.value.sentence
    assert not (tmp_path / "victim").exists()


def test_the_data_folder_itself_may_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "data").symlink_to(tmp_path / "disk", target_is_directory=True)
    assert paths.data_folder(tmp_path / "data", {}) == tmp_path / "data"
    paths.ledger_folder(tmp_path / "data", "live", "1")


def test_log_and_mark_are_not_written_through_a_link_that_came_later(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("precious")
    victim.chmod(0o644)
    for name in ("cashier.log", "crash.log", "ledger.db.mark"):
        (tmp_path / name).symlink_to(victim)
    handler = logs.start_logging(tmp_path)
    logs.log.warning("a line")
    logs.stop_logging(handler)
    assert logs.start_crash_log(tmp_path) is None
    with pytest.raises(LedgerError):
        MarkFile(tmp_path).take()
    assert (victim.read_text(), victim.stat().st_mode & 0o777) == ("precious", 0o644)


def test_where_backups_was_a_link_the_copies_are_made_beside_it_and_that_is_said(tmp_path: Path) -> None:
    account, elsewhere = tmp_path / "live-1", tmp_path / "elsewhere"
    account.mkdir()
    elsewhere.mkdir()
    (account / "backups").symlink_to(elsewhere, target_is_directory=True)
    ledger = Ledger(account, Account("live", "1"), now=lambda: NOW)
    ledger.open()
    try:
        made = daily(account, NOW)
        assert made is not None
        assert (made.file.parent, kept(account)) == (account / "backups-here", [made.file])
        notice = ledger.notice() or ""
        assert "backups-here" in notice
        assert "link" in notice
    finally:
        ledger.close()
    assert list(elsewhere.iterdir()) == []


def test_without_a_link_nothing_is_said_and_the_copies_are_where_they_were(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path, Account("live", "1"), now=lambda: NOW)
    ledger.open()
    try:
        made = daily(tmp_path, NOW)
        assert made is not None
        assert made.file.parent == tmp_path / "backups"
        assert ledger.notice() is None
    finally:
        ledger.close()
