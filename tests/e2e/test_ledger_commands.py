"""`verify`, `backup`, `restore`, `sign`, and a ledger that is lost or cannot be written, as a user meets them."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from cashier.simulator import Simulator
from tests.e2e.program import LONG, Ended, Program
from tests.e2e.test_other_commands import end, line

pytestmark = pytest.mark.e2e


def ledger_of(program: Program) -> Path:
    return next(program.data.glob("*/ledger.db"))


def sell(program: Program, amount: str = "700") -> None:
    """A payment that is refused at once: a row in its final state."""
    assert program.run("charge", "0788000002", amount).code == 1


def test_a_backup_beside_an_open_till_and_back(program: Program, gateway: Simulator, tmp_path: Path) -> None:
    sell(program)
    copy = tmp_path / "copy.db"
    watch = program.start("watch")
    line(watch)
    made = program.run("backup", str(copy))
    assert (made.code, made.err) == (0, "")
    assert "whole" in made.out
    refused = program.run("restore", str(copy))
    assert (refused.code, refused.out) == (4, "")
    assert "already open" in refused.err
    assert end(watch) == 0

    sell(program, "800")
    restored = program.run("restore", str(copy))
    assert (restored.code, restored.err) == (0, "")
    for told in ("kept as", "provider's statement", "T1-000002", "cashier sign"):
        assert told in restored.out
    assert [row["amount"] for row in program.run("history", "--json").json] == [700]
    assert program.run("verify").code == 0

    requests = len(gateway.book()["requests"])
    locked = program.run("payout", "0733123456", "500", "--reason", "x", "--yes")
    assert (locked.code, locked.out) == (4, "")
    assert "cashier sign" in locked.err
    assert len(gateway.book()["requests"]) == requests
    assert "NOT  ledger: Payouts are locked" in program.run("doctor").out

    assert program.run("sign", "--name", " ", "--note", "x").code == 2
    signed = program.run("sign", "--name", "Anna", "--note", "The statement agrees.")
    assert (signed.code, signed.err) == (0, "")
    assert signed.out.startswith("Signed for the time from 20")
    assert program.run("payout", "0733123456", "500", "--reason", "x", "--yes").code == 0
    again = program.run("sign", "--name", "Anna", "--note", "again")
    assert (again.code, "not locked" in again.out) == (0, True)
    assert [row["number"] for row in program.run("history", "--json").json] == ["T1-000003", "T1-000001"]


def test_what_backup_and_restore_refuse(program: Program, tmp_path: Path) -> None:
    missing = program.run("backup", str(tmp_path / "copy.db"))
    assert (missing.code, missing.out) == (4, "")
    assert program.run("sign", "--name", "N", "--note", "T").code == 4
    sell(program)
    mine = tmp_path / "mine"
    mine.write_text("mine")
    for arguments, code, hint in (
        (("backup", str(mine)), 2, "another name"),
        (("backup", str(tmp_path / "nowhere" / "copy.db")), 2, "no folder"),
        (("backup",), 2, "FILE"),
        (("restore", str(tmp_path / "nowhere")), 2, "nowhere"),
        (("restore", str(mine)), 4, "damaged"),
        (("restore", str(ledger_of(program))), 4, "the ledger itself"),
    ):
        ended = program.run(*arguments)
        assert (ended.code, ended.out) == (code, ""), arguments
        assert hint in ended.err
    assert mine.read_text() == "mine"
    assert program.run("verify").code == 0
    assert not list(program.data.glob("*/*before-restore*"))


def test_a_ledger_that_is_gone_is_not_begun_anew(program: Program, gateway: Simulator) -> None:
    sell(program)
    ledger_of(program).unlink()
    requests = len(gateway.book()["requests"])
    for command in (("charge", "0788123456", "1500"), ("history", "--json"), ("check",)):
        ended = program.run(*command)
        assert (ended.code, ended.out) == (4, "")
        assert "gone from its folder" in ended.err
    found = program.run("verify")
    assert found.code == 1
    assert "gone from its folder" in found.out
    assert "NOT  ledger" in program.run("doctor").out
    assert len([one for one in gateway.book()["requests"] if one["function"].startswith("request")]) <= requests
    assert not list(program.data.glob("*/ledger.db"))


def test_an_older_copy_in_its_place_sells_nothing(program: Program, tmp_path: Path) -> None:
    sell(program)
    file = ledger_of(program)
    shutil.copy(file, tmp_path / "old.db")
    sell(program, "800")
    shutil.copy(tmp_path / "old.db", file)
    ended = program.run("charge", "0788123456", "1500")
    assert (ended.code, ended.out) == (4, "")
    assert "older than the one Cashier kept here" in ended.err
    found = program.run("verify")
    assert (found.code, "older than" in found.out) == (1, True)
    assert "NOT  ledger: The ledger is older than" in program.run("doctor").out


def without_special_rights(program: Program, *arguments: str) -> Ended:
    """Runs the program with the rights that files give: those of root are put down first."""
    drop = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search,-fowner,-chown", "--"]
    command = [*(drop if os.geteuid() == 0 else []), *program.command(*arguments)]
    done = subprocess.run(
        command,
        env=dict(program.env),
        capture_output=True,
        text=True,
        timeout=LONG,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    return Ended(done.returncode, done.stdout, done.stderr)


@pytest.mark.parametrize("locked", ["file", "folder", "data"])
def test_without_the_right_to_write_nothing_is_sent_and_all_can_be_read(
    program: Program, gateway: Simulator, locked: str
) -> None:
    sell(program)
    file = ledger_of(program)
    closed = {"file": [file], "folder": [file, file.parent], "data": [file, file.parent, program.data]}[locked]
    modes = {path: path.stat().st_mode & 0o777 for path in closed}
    before = file.read_bytes()
    try:
        for path in closed:
            path.chmod(0o500 if path.is_dir() else 0o400)
        if os.geteuid() == 0 and locked == "folder":
            # As owner the program would give itself the right back.
            os.chown(file.parent, 65534, 65534)
            file.parent.chmod(0o555)
            os.chown(file, 65534, 65534)
            file.chmod(0o444)
        ended = without_special_rights(program, "charge", "0788123456", "1500")
        assert (ended.code, ended.out) == (4, "")
        assert "rights" in ended.err
        assert [row["amount"] for row in without_special_rights(program, "history", "--json").json] == [700]
        assert without_special_rights(program, "verify").code == 0
    finally:
        for path, mode in modes.items():
            path.chmod(mode)
            if os.geteuid() == 0:
                os.chown(path, 0, 0)
    assert file.read_bytes() == before
    assert len([one for one in gateway.book()["requests"] if one["function"] == "requestpayment"]) == 1
    sell(program, "800")


def test_another_program_that_holds_the_ledger_is_waited_for_then_nothing_is_sent(
    program: Program, gateway: Simulator
) -> None:
    sell(program)
    with closing(sqlite3.connect(ledger_of(program), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        ended = program.run("charge", "0788123456", "1500")
        other.execute("ROLLBACK")
    assert (ended.code, ended.out) == (4, "")
    assert "busy" in ended.err
    assert len([one for one in gateway.book()["requests"] if one["function"] == "requestpayment"]) == 1
    sell(program, "800")
