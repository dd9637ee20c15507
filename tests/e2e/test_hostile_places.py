"""Commands told to write over what they must not, and started on folders in which links were planted."""

import os
import stat
import zipfile
from pathlib import Path

import pytest

from tests.e2e.program import Program

pytestmark = pytest.mark.e2e


def everything(folder: Path) -> dict[str, bytes]:
    """What would be missed. The `-shm` is SQLite's scratch, and the log grows."""
    return {
        str(one): one.read_bytes()
        for one in folder.rglob("*")
        if one.is_file() and one.suffix != ".log" and not one.name.endswith("-shm")
    }


def ledger_of(program: Program) -> Path:
    return next(program.data.glob("*/ledger.db"))


def test_a_report_and_a_backup_replace_nothing(program: Program, tmp_path: Path) -> None:
    program.run("charge", "0788000002", "700")
    ledger = ledger_of(program)
    (tmp_path / "mine").write_text("mine")
    (tmp_path / "link").symlink_to(ledger)
    (tmp_path / "folder").symlink_to(ledger.parent, target_is_directory=True)
    before = everything(program.data)
    targets = [tmp_path / "mine", tmp_path / "link", ledger, tmp_path / "folder" / "new.zip", program.data / "x.zip"]
    for target in targets:
        for command in (["doctor", "--report"], ["backup"]):
            ended = program.run(*command, str(target))
            assert (ended.code, ended.out) == (2, ""), (target, command, ended.err)
    other = Program(tmp_path / "other", program.env).run("doctor", "--report", str(ledger.parent / "new.zip"))
    assert (other.code, other.out) == (2, "")
    assert (tmp_path / "mine").read_text() == "mine"
    assert everything(program.data) == before


def test_a_report_is_private_and_leaves_out_what_a_link_leads_to(program: Program, tmp_path: Path) -> None:
    program.run("charge", "0788000002", "700")
    program.run("doctor", "--report", str(tmp_path / "report.zip"))
    assert stat.S_IMODE((tmp_path / "report.zip").stat().st_mode) == 0o600
    with zipfile.ZipFile(tmp_path / "report.zip") as packed:
        assert "cashier.log" in packed.namelist()


def test_an_export_replaces_a_plain_file_and_nothing_else(program: Program, tmp_path: Path) -> None:
    program.run("charge", "0788000002", "700")
    (tmp_path / "all.csv").write_text("before")
    (tmp_path / "link.csv").symlink_to(tmp_path / "all.csv")
    os.mkfifo(tmp_path / "fifo.csv")
    before = everything(program.data)
    for target in (tmp_path / "link.csv", tmp_path / "fifo.csv", ledger_of(program).parent / "all.csv"):
        ended = program.run("export", str(target))
        assert (ended.code, ended.out) == (2, ""), target
    assert everything(program.data) == before
    assert (tmp_path / "all.csv").read_text() == "before"
    assert program.run("export", str(tmp_path / "all.csv")).code == 0
    assert "700" in (tmp_path / "all.csv").read_text(encoding="utf-8-sig")
    assert stat.S_IMODE((tmp_path / "all.csv").stat().st_mode) == 0o600


@pytest.mark.parametrize("name", ["settings.json", "logs", "ledger.db.mark", "ledger.db"])
def test_on_a_folder_with_a_planted_link_nothing_begins(program: Program, tmp_path: Path, name: str) -> None:
    program.run("charge", "0788000002", "700")
    account = ledger_of(program).parent
    place = (account if name.startswith("ledger") else program.data) / name
    if place.exists():
        place.rename(tmp_path / "away")
    place.symlink_to(tmp_path / "away")
    before = everything(tmp_path)
    for command in (["charge", "0788000002", "900"], ["history"], ["watch"], ["sign", "--name", "A", "--note", "b"]):
        ended = program.run(*command)
        assert (ended.code, ended.out) == (4, ""), command
        assert str(place) in ended.err
    assert everything(tmp_path) == before
