"""`cashier payouts FILE --check`: its JSON and exit codes, without an account and where nothing was ever set up."""

from pathlib import Path

import pytest
from openpyxl import Workbook

from tests.e2e.program import Program, bare_environment
from tests.unit.spreadsheets.books import HEADER, NAMES, book, by_hand, payout

pytestmark = pytest.mark.e2e
ROW = (788123456, 1500, "Salary")


@pytest.fixture
def fresh(tmp_path: Path) -> Program:
    """The program where nobody ever set anything up."""
    return Program(tmp_path / "never", bare_environment())


def test_a_good_list_is_told_row_by_row(fresh: Program, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text('Tel;"Amo\nunt";Motif\r\n\r\n0788 123 456;1 500;"May\n2026"\r\n+250733555201;700;x\r\n')
    ended = fresh.run("payouts", str(path), "--check", "--json")
    assert (ended.code, ended.err) == (0, "")
    assert ended.json == {
        "sheet": None,
        "rows": [
            {"row": 4, "phone": "250788123456", "amount": 1500, "reason": "May 2026", "problem": None},
            {"row": 6, "phone": "250733555201", "amount": 700, "reason": "x", "problem": None},
        ],
        "total": 2200,
    }


def test_a_check_needs_no_folder_of_its_own(fresh: Program, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("phone,amount,reason\n0788123456,1500,x\n")
    ended = Program(path / "beneath-a-file", fresh.env).run("payouts", str(path), "--check", "--json")
    assert (ended.code, ended.json["total"]) == (0, 1500)


def test_bad_rows_exit_1_and_are_not_in_the_total(fresh: Program, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("phone,amount,reason\n0788123456,1500,x\n12,many,y\n0788123457,150,000,z\n0788123456,1500, X\n")
    ended = fresh.run("payouts", str(path), "--check", "--json")
    assert ended.code == 1
    assert [row["problem"] is None for row in ended.json["rows"]] == [True, False, False, False]
    assert (ended.json["rows"][1]["phone"], ended.json["rows"][1]["amount"]) == ("12", None)
    assert ended.json["rows"][3]["problem"] == "The same as row 2: phone, amount and reason."
    assert ended.json["total"] == 1500
    told = fresh.run("payouts", str(path), "--check")
    assert told.code == 1
    assert told.out.endswith("1 of 4 rows can be sent, together 1\u00a0500\u00a0RWF.\n")


def test_several_sheets_exit_2_with_their_names(fresh: Program, tmp_path: Path) -> None:
    path = book(tmp_path / "list.xlsx", ("May", [HEADER, ROW]), ("June", [HEADER, ROW]))
    ended = fresh.run("payouts", str(path), "--check", "--json")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.splitlines()[-2:] == ["May", "June"]
    ended = fresh.run("payouts", str(path), "--check", "--sheet", "June", "--json")
    assert (ended.code, ended.json["sheet"], ended.json["total"]) == (0, "June", 1500)
    assert fresh.run("payouts", str(path), "--check", "--sheet", "July").code == 2


def test_hidden_rows_are_named_and_not_in_the_total(fresh: Program, tmp_path: Path) -> None:
    path = by_hand(tmp_path / "list.xlsx", NAMES + payout(2, ' hidden="1"') + payout(3) + payout(4, ' hidden="1"'))
    ended = fresh.run("payouts", str(path), "--check", "--json")
    assert (ended.code, ended.json["sheet"], ended.json["total"]) == (1, "S", 1500)
    assert [row["problem"] for row in ended.json["rows"]][1] is None
    assert ended.json["rows"][0]["problem"].startswith("The row is hidden in the file.")
    assert ended.err == "Rows 2 and 4 are hidden.\n"


def test_columns_named_only_in_a_hidden_column_are_explained(fresh: Program, tmp_path: Path) -> None:
    def hide(made: Workbook) -> None:
        made.worksheets[0].column_dimensions["B"].hidden = True

    ended = fresh.run("payouts", str(book(tmp_path / "list.xlsx", ("S", [HEADER, ROW]), change=hide)), "--check")
    assert ended.code == 2
    assert "Row 1 names no column for the amount." in ended.err
    assert "Column B is hidden and is not read." in ended.err


@pytest.mark.parametrize("content", [b"", b"%PDF-1.4", b"a,b\n1,2\n"])
def test_what_cannot_be_read_exits_2_and_prints_nothing(fresh: Program, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(content)
    ended = fresh.run("payouts", str(path), "--check", "--json")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err


def test_a_check_takes_no_options_that_send(fresh: Program, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("phone,amount,reason\n0788123456,1500,x\n")
    for more in (["--yes"], ["--name", "Claudine"], ["--hidden", "1"], ["--again", "0"], ["--without-bad"], ["--fee"]):
        ended = fresh.run("payouts", str(path), "--check", *more)
        assert (ended.code, ended.out) == (2, "")
    assert fresh.run("payouts", str(path), "--yes").code == 2
    assert fresh.run("payouts", str(path), "--name", "Claudine").code == 2
