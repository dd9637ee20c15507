"""`cashier export` beside a writer, and what it refuses."""

import csv
from datetime import datetime, timedelta
from pathlib import Path

import openpyxl
import pytest

from tests.e2e.program import Program

pytestmark = pytest.mark.e2e


def test_export_writes_what_history_tells(program: Program, tmp_path: Path) -> None:
    program.run("charge", "0788123456", "1500", "--reference", "=1+1")
    program.run("charge", "0788000002", "700")
    told = program.run("history", "--json").json
    ended = program.run("export", str(tmp_path / "all.csv"))
    assert (ended.code, ended.out.strip()) == (0, f"2 transactions in {tmp_path / 'all.csv'}.")
    with open(tmp_path / "all.csv", encoding="utf-8-sig", newline="") as text:
        rows = list(csv.DictReader(text))
    assert [row["reference"] for row in rows] == ["", "'=1+1"]
    for row, one in zip(rows, told, strict=True):
        for name in one.keys() - {"reference"}:
            assert row[name] == ("" if one[name] is None else str(one[name]))
        utc = datetime.fromisoformat(one["created_at"]).replace(tzinfo=None, microsecond=0)
        assert datetime.fromisoformat(row["created_local"]) == utc + timedelta(hours=2)
    assert program.run("export", str(tmp_path / "all.xlsx")).code == 0
    book = openpyxl.load_workbook(tmp_path / "all.xlsx")
    head, *lines = book.worksheets[0].iter_rows(values_only=True)
    assert [line[head.index("reference")] for line in lines] == [None, "=1+1"]
    book.close()


def test_another_ending_is_wrong_input_and_a_missing_folder_a_stop(program: Program, tmp_path: Path) -> None:
    program.run("charge", "0788000002", "700")
    wrong = program.run("export", str(tmp_path / "all.pdf"))
    assert (wrong.code, wrong.out) == (2, "")
    assert ".csv or .xlsx" in wrong.err
    nowhere = program.run("export", str(tmp_path / "none" / "all.csv"))
    assert (nowhere.code, nowhere.out) == (4, "")
    assert "No such file or directory" in nowhere.err
    assert not (tmp_path / "none").exists()
