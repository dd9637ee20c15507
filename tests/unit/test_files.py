"""The one door for files at places that a person names."""

import errno
import os
import stat
from pathlib import Path
from typing import NoReturn

import pytest

from cashier import files
from cashier.errors import WrongInput
from cashier.files import check_new, check_replaceable, is_ours, read_own, written


def put(target: Path, content: bytes, *, replace: bool = False) -> None:
    with written(target, replace=replace) as part:
        part.write_bytes(content)


def half(target: Path, *, replace: bool) -> None:
    with written(target, replace=replace) as part:
        part.write_bytes(b"half")
        assert target.exists() == replace
        raise ZeroDivisionError


def overtaken(target: Path) -> None:
    with written(target, replace=False) as part:
        part.write_bytes(b"ours")
        target.write_bytes(b"theirs")


def make_data(data: Path) -> Path:
    """A data folder as one looks after a day; returns its account's folder."""
    account = data / "live-250160000011"
    for folder in (data / "logs", account / "backups"):
        folder.mkdir(parents=True)
    (data / "cashier.lock").touch()
    (data / "settings.json").write_text('{"environment": "live", "accountno": "250160000011"}')
    (data / "logs" / "cashier.log").write_text("a line")
    (account / "ledger.db").write_bytes(b"SQLite format 3\0 and rows")
    (account / "ledger.db.mark").write_text("{}")
    return account


def test_a_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        put(tmp_path / "new", b"a")
        (tmp_path / "old").write_bytes(b"b")
        (tmp_path / "old").chmod(0o666)
        put(tmp_path / "old", b"c", replace=True)
    finally:
        os.umask(before)
    for name in ("new", "old"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600
    assert (tmp_path / "old").read_bytes() == b"c"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["new", "old"]


@pytest.mark.parametrize("replace", [True, False])
def test_a_file_is_there_whole_or_not_at_all(tmp_path: Path, replace: bool) -> None:
    target = tmp_path / "report.zip"
    if replace:
        target.write_bytes(b"before")
    with pytest.raises(ZeroDivisionError):
        half(target, replace=replace)
    assert [one.read_bytes() for one in tmp_path.iterdir()] == ([b"before"] if replace else [])


def test_nothing_is_replaced_whatever_it_is(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"mine")
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "file")
    (tmp_path / "nowhere").symlink_to(tmp_path / "absent")
    os.mkfifo(tmp_path / "fifo")
    for name in ("file", "folder", "link", "nowhere", "fifo"):
        with pytest.raises(WrongInput, match="already"):
            put(tmp_path / name, b"x")
    assert (tmp_path / "file").read_bytes() == b"mine"
    assert not (tmp_path / "absent").exists()
    with pytest.raises(WrongInput, match="no folder"):
        check_new(tmp_path / "none" / "x")
    with pytest.raises(WrongInput, match="name"):
        check_new(Path("/"))


@pytest.mark.parametrize("links", [True, False], ids=["links", "a stick"])
def test_one_that_came_meanwhile_is_not_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool) -> None:
    if not links:
        monkeypatch.setattr(os, "link", refuse_link)
    target = tmp_path / "report.zip"
    with pytest.raises(WrongInput, match="already"):
        overtaken(target)
    assert [one.read_bytes() for one in tmp_path.iterdir()] == [b"theirs"]


def refuse_link(*_: object, **__: object) -> NoReturn:
    raise OSError(errno.EPERM, "Operation not permitted")


def test_a_stick_without_hard_links_takes_a_file_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "link", refuse_link)
    put(tmp_path / "report.zip", b"whole")
    assert [one.read_bytes() for one in tmp_path.iterdir()] == [b"whole"]

    def full(*_: object) -> NoReturn:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="No space"):
        put(tmp_path / "other.zip", b"whole")
    assert [one.name for one in tmp_path.iterdir()] == ["report.zip"]


def test_only_a_plain_file_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "file.csv").write_bytes(b"mine")
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "link.csv").symlink_to(tmp_path / "file.csv")
    os.mkfifo(tmp_path / "fifo.csv")
    for name, words in (("folder.csv", "folder"), ("link.csv", "link"), ("fifo.csv", "device")):
        with pytest.raises(WrongInput, match=words):
            put(tmp_path / name, b"x", replace=True)
    with pytest.raises(WrongInput, match="device"):
        check_replaceable(Path("/dev/null"))
    assert (tmp_path / "file.csv").read_bytes() == b"mine"


@pytest.mark.parametrize("replace", [True, False])
def test_nothing_is_written_where_cashier_keeps_its_own(tmp_path: Path, replace: bool) -> None:
    account = make_data(tmp_path / "data")
    (tmp_path / "way").symlink_to(account, target_is_directory=True)
    before = {one: one.read_bytes() for one in (tmp_path / "data").rglob("*") if one.is_file()}
    folders = (tmp_path / "data", tmp_path / "data" / "logs", account, account / "backups", tmp_path / "way")
    for folder in (*folders, tmp_path / "way" / ".." / "logs"):
        assert is_ours(folder)
        for name in ("ledger.db", "settings.json", "ledger.db-wal", "cashier.log", "new.csv"):
            with pytest.raises(WrongInput):
                put(folder / name, b"x", replace=replace)
    assert before == {one: one.read_bytes() for one in (tmp_path / "data").rglob("*") if one.is_file()}


def test_a_folder_that_is_not_ours_only_looks_so(tmp_path: Path) -> None:
    """People keep their files in a folder that holds the data folder, and other programs have a settings.json."""
    make_data(tmp_path / "data")
    (tmp_path / "settings.json").write_text('{"editor.fontSize": 14}')
    (tmp_path / "data" / "reports").mkdir()
    assert not is_ours(tmp_path)
    assert not is_ours(tmp_path / "data" / "reports")
    put(tmp_path / "data" / "reports" / "day.csv", b"x")
    put(tmp_path / "day.csv", b"x", replace=True)


def test_a_data_folder_is_known_before_its_first_lock(tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_text('{"environment": "live", "accountno": "1"}')
    assert is_ours(tmp_path)


def test_a_ledger_elsewhere_is_not_replaced_by_an_export(tmp_path: Path) -> None:
    for name in ("copy.csv", "ledger.db", "settings.json", "ledger-20261126T080000Z.db"):
        (tmp_path / name).write_bytes(b"SQLite format 3\0" if name == "copy.csv" else b"")
    for name in ("copy.csv", "settings.json", "ledger-20261126T080000Z.db"):
        with pytest.raises(WrongInput):
            put(tmp_path / name, b"x", replace=True)


def test_our_own_files_are_read_only_where_they_are_plain(tmp_path: Path) -> None:
    (tmp_path / "plain").write_bytes(b"a")
    (tmp_path / "link").symlink_to(tmp_path / "plain")
    os.mkfifo(tmp_path / "fifo")
    assert [read_own(tmp_path / name) for name in ("plain", "link", "fifo", "absent")] == [b"a", None, None, None]


def test_a_name_as_long_as_the_disk_takes_is_written(tmp_path: Path) -> None:
    put(tmp_path / ("x" * 251 + ".csv"), b"x")
    files.sync_folder(tmp_path / "absent")  # as on a stick that cannot: nothing is said
