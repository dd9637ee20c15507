"""`cashier payouts FILE --name ... --yes`: what it sends, its JSON and its exit codes, against the practice gateway."""

from pathlib import Path

import pytest

from tests.e2e.program import Program

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
    again = program.run("payouts", name, *YES, "--again", "2")
    assert again.code == 0, again.err
    assert len(program.run("history", "--json").json) == 4
