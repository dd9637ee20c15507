"""`close` and `seen`: a row under review is closed by hand, and what comes later rings until it was seen."""

from pathlib import Path

import pytest

from cashier.simulator import Fault, Simulator
from tests.e2e.program import Program

pytestmark = pytest.mark.e2e

CLOSING = ("--name", "Aline", "--note", "Not on the statement.")


def held(program: Program, gateway: Simulator, phone: str) -> tuple[str, str]:
    """Id and number of a payment under review that the gateway holds as pending."""
    gateway.script(Fault(function="gettransactionstatus", fields={"responsecode": "2001", "success": True}))
    row = program.run("charge", phone, "1500", "--wait", "3", "--json").json
    assert row["review"] == "The gateway reports the other kind of transaction under this id."
    return row["id"], row["number"]


def test_closing_then_an_alarm_until_it_is_seen(program: Program, gateway: Simulator) -> None:
    id, number = held(program, gateway, "0788000008")
    asked = len(gateway.book()["requests"])
    closed = program.run("close", number, "--not-received", *CLOSING, "--reference", "31233", "--json")
    assert (closed.code, closed.err) == (0, "")
    assert len(gateway.book()["requests"]) == asked  # closing needs no gateway
    row = closed.json
    assert (row["id"], row["state"], row["review"]) == (id, "pending", "closed: not received (Aline)")
    assert program.run("history").out.count("Needs a manager") == 0
    gateway.settle_now(id)
    checked = program.run("check", id, "--json")
    assert (checked.code, checked.json[0]["state"]) == (0, "successful")
    alarm = f"ALARM  {number}  1 500 RWF  Closed by hand as not received. The gateway now says it went through."
    assert checked.err.count("ALARM") == 1
    assert alarm in checked.err.replace("\u202f", " ").replace("\u00a0", " ")
    for command in (["history", "--json"], ["verify"], ["charge", "0788000002", "700"], ["check"]):
        assert program.run(*command).err.count("ALARM") == 1
    assert program.run("close", id, "--received", *CLOSING).code == 2
    seen = program.run("seen", number, "--name", "Aline", "--note", "The owner knows.", "--json")
    assert (seen.code, seen.err, seen.json["state"]) == (0, "", "successful")
    assert program.run("history").err == ""
    again = program.run("seen", number, "--name", "Aline")
    assert (again.code, again.out) == (2, "")
    assert "has no alarm" in again.err
    assert program.run("verify").code == 0


def test_watch_rings_when_it_happens(program: Program, gateway: Simulator) -> None:
    id, _ = held(program, gateway, "0788000004")
    assert program.run("close", id, "--received", *CLOSING).code == 0
    watch = program.start("watch", "--json")
    assert watch.stdout is not None
    assert watch.stderr is not None
    watch.stdout.readline()
    gateway.settle_now(id)
    watch.terminate()
    watch.communicate()
    watch = program.start("watch", "--json")
    assert watch.stderr is not None
    assert "The gateway now says it failed." in watch.stderr.readline()
    watch.terminate()
    watch.communicate()


def test_what_cannot_be_closed_is_refused(program: Program) -> None:
    number = program.run("charge", "0788000002", "700", "--json").json["number"]
    before = program.run("history", "--json").out
    for arguments, sentence in (
        (("nobody", "--received", *CLOSING), "no transaction nobody"),
        ((number, *CLOSING), "--received or --not-received"),
        ((number, "--received", "--not-received", *CLOSING), "--received or --not-received"),
        ((number, "--received", "--name", " ", "--note", "x"), "Write your name."),
        ((number, "--received", "--name", "Aline", "--note", ""), "Write what you found out."),
        ((number, "--received", "--note", "x"), "--name"),
        ((number, "--received", *CLOSING), "not under review"),
    ):
        ended = program.run("close", *arguments)
        assert (ended.code, ended.out) == (2, "")
        assert sentence in ended.err
    assert program.run("history", "--json").out == before


def test_nothing_is_made_where_there_is_no_ledger(program: Program) -> None:
    ended = program.run("close", "T1-000001", "--received", *CLOSING)
    assert (ended.code, ended.out) == (2, "")
    assert not list(program.data.glob("*/ledger.db"))


def test_an_alarm_is_there_in_a_backup_and_after_a_restore(
    program: Program, gateway: Simulator, tmp_path: Path
) -> None:
    id, number = held(program, gateway, "0788000008")
    assert program.run("close", number, "--not-received", *CLOSING).code == 0
    old, new = tmp_path / "old.db", tmp_path / "new.db"
    assert program.run("backup", str(old)).err == ""
    gateway.settle_now(id)
    later = program.run("charge", "0788000002", "900", "--json").json["number"]
    assert program.run("check", id).err.count("ALARM") == 1
    assert program.run("backup", str(new)).err.count("ALARM") == 1
    restored = program.run("restore", str(old))
    assert restored.code == 0
    assert (restored.err.count("ALARM"), number in restored.err) == (1, True)
    assert later in restored.out
    assert program.run("history").err.count("ALARM") == 1
    assert program.run("verify").code == 0
    assert program.run("seen", number, "--name", "Aline").code == 0
    assert program.run("history").err == ""


def test_an_alarm_of_a_row_that_the_backup_lacks_is_told(program: Program, gateway: Simulator, tmp_path: Path) -> None:
    program.run("charge", "0788000002", "700")
    old = tmp_path / "old.db"
    assert program.run("backup", str(old)).code == 0
    id, number = held(program, gateway, "0788000008")
    assert program.run("close", number, "--not-received", *CLOSING).code == 0
    gateway.settle_now(id)
    assert program.run("check", id).err.count("ALARM") == 1
    restored = program.run("restore", str(old))
    assert f"ALARM  {number}" in restored.err
    assert "only in the ledger before" in restored.err
