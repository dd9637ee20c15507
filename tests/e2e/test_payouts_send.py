"""`cashier payouts FILE --name ... --yes`: what it sends, its JSON and its exit codes, against the practice gateway."""

import json
import signal
from pathlib import Path

import pytest
from openpyxl import Workbook

from cashier.simulator import Fault, Simulator
from tests.e2e.program import LONG, Program

pytestmark = pytest.mark.e2e
YES = ("--name", "Aline", "--yes", "--json")
ONE, TWO = "0788123456,1500,Salary\n", "0733555201,700,Salary\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "list.csv"


def write(path: Path, *rows: str) -> str:
    path.write_text("phone,amount,reason\n" + "".join(rows))
    return str(path)


def test_a_list_is_sent_once_and_once_more_shows_its_result(program: Program, path: Path) -> None:
    first = program.run("payouts", write(path, ONE, TWO), *YES)
    assert first.code == 0, first.err
    rows = first.json["rows"]
    assert [(row["row"], row["phone"], row["amount"], row["state"]) for row in rows] == [
        (2, "250788123456", 1500, "successful"),
        (3, "250733555201", 700, "successful"),
    ]
    assert first.json["left_out"] == []
    once_more = program.run("payouts", str(path), *YES)
    assert (once_more.code, once_more.json) == (0, first.json)
    assert len(program.run("history", "--json").json) == 2


def test_a_bad_row_refuses_the_list_unless_it_is_left_out(program: Program, path: Path) -> None:
    name = write(path, ONE, "12,700,Salary\n")
    refused = program.run("payouts", name, *YES)
    assert refused.code == 2
    assert "1 row cannot be sent. Row 3:" in refused.err
    assert program.run("history", "--json").json == []
    without = program.run("payouts", name, *YES, "--without-bad")
    assert without.code == 1
    assert [row["row"] for row in without.json["rows"]] == [2]
    assert [row["row"] for row in without.json["left_out"]] == [3]


def test_a_corrected_list_pays_only_the_new_rows_unless_the_right_count_is_typed(program: Program, path: Path) -> None:
    assert program.run("payouts", write(path, ONE), *YES).code == 0
    name = write(path, ONE, TWO)
    wrong = program.run("payouts", name, *YES, "--again", "2")
    assert (wrong.code, wrong.err.splitlines()[-1]) == (
        2,
        "1 row is to be paid again. Write --again 1. Nothing was approved.",
    )
    new = program.run("payouts", name, *YES)
    assert new.code == 1
    assert [row["row"] for row in new.json["rows"]] == [3]
    assert "It went out before, or may have: T1-000001 of " in new.json["left_out"][0]["problem"]
    assert "with --again 1." in new.err
    again = program.run("payouts", name, *YES, "--again", "1")
    assert [row["row"] for row in again.json["rows"]] == [2]
    both = program.run("payouts", name, *YES, "--again", "2")
    assert both.code == 0, both.err
    assert len(program.run("history", "--json").json) == 5


def test_the_same_command_that_pays_again_pays_once(program: Program, path: Path) -> None:
    name = write(path, ONE, TWO)
    assert program.run("payouts", name, *YES).code == 0
    again = program.run("payouts", name, *YES, "--again", "2")
    once_more = program.run("payouts", name, *YES, "--again", "2")
    assert (again.code, once_more.code) == (0, 0)
    assert once_more.json == again.json
    assert "Nothing more is sent" in once_more.err
    assert len(program.run("history", "--json").json) == 4


def test_a_killed_list_goes_on_when_it_is_called_again(program: Program, gateway: Simulator, path: Path) -> None:
    # The answer never comes: the process dies while it waits, and the gateway has paid.
    gateway.script(Fault(function="requestdeposit", stall=30.0))
    name = write(path, ONE, TWO)
    killed = program.start("payouts", name, *YES)
    gateway.wait_for(lambda book: bool(book["transactions"]), LONG)
    killed.kill()
    killed.communicate(timeout=LONG)
    again = program.run("payouts", name, *YES)
    assert again.code == 0, again.err
    assert [row["state"] for row in again.json["rows"]] == ["successful", "successful"]
    submitted = [
        one["fields"]["requesttransactionid"]
        for one in gateway.book()["requests"]
        if one["function"] == "requestdeposit"
    ]
    assert submitted == [row["id"] for row in again.json["rows"]]


def test_another_list_is_refused_while_one_has_not_ended(program: Program, gateway: Simulator, path: Path) -> None:
    gateway.script(Fault(function="requestdeposit", stall=30.0))
    stopped = program.run("payouts", write(path, ONE, TWO), *YES, "--wait", "0.5")
    assert stopped.code == 3, stopped.err
    assert [row["state"] for row in stopped.json["rows"]][1] == "not begun"
    refused = program.run("payouts", write(path, TWO), *YES)
    assert refused.code == 2
    assert "has not ended" in refused.err


def hide_the_second(path: Path) -> None:
    made = Workbook()
    sheet = made.worksheets[0]
    for row in (("phone", "amount", "reason"), (788123456, 1500, "Salary"), (733555201, 700, "Salary")):
        sheet.append(row)
    sheet.row_dimensions[3].hidden = True
    made.save(path)


def test_hidden_rows_are_paid_only_when_their_count_is_typed(program: Program, tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    hide_the_second(path)
    wrong = program.run("payouts", str(path), *YES, "--hidden", "2")
    assert wrong.code == 2
    assert "1 row is hidden in the file. Write --hidden 1." in wrong.err
    assert program.run("history", "--json").json == []
    right = program.run("payouts", str(path), *YES, "--hidden", "1")
    assert right.code == 0, right.err
    assert [row["row"] for row in right.json["rows"]] == [2, 3]


def test_hidden_rows_that_were_left_out_are_paid_later_and_once(program: Program, tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    hide_the_second(path)
    first = program.run("payouts", str(path), *YES)
    assert (first.code, [row["row"] for row in first.json["rows"]]) == (1, [2])
    assert "with --hidden 1." in first.err
    for _ in range(2):
        later = program.run("payouts", str(path), *YES, "--hidden", "1")
        assert [row["row"] for row in later.json["rows"]] == [3]
    assert len(program.run("history", "--json").json) == 2


def test_a_signal_stops_the_list_and_the_rest_waits(program: Program, gateway: Simulator, path: Path) -> None:
    gateway.script(Fault(function="requestdeposit", stall=30.0))
    running = program.start("payouts", write(path, ONE, TWO), *YES)
    gateway.wait_for(lambda book: bool(book["transactions"]), LONG)
    running.send_signal(signal.SIGTERM)
    out, err = running.communicate(timeout=LONG)
    assert running.returncode == 3, err
    assert [row["state"] for row in json.loads(out)["rows"]][1] == "not begun"
    assert program.run("payouts", str(path), *YES).code == 0


def test_the_fee_goes_with_each_row_when_it_is_asked_for(program: Program, gateway: Simulator, path: Path) -> None:
    assert program.run("payouts", write(path, ONE, TWO), *YES, "--fee").code == 0
    charged = [
        str(one["fields"]["withdrawcharge"])
        for one in gateway.book()["requests"]
        if one["function"] == "requestdeposit"
    ]
    assert charged == ["1", "1"]
