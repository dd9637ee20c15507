"""The result file: nothing in it runs in a spreadsheet, everything in it can be read back."""

import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from cashier.domain.money import Limits
from cashier.domain.payout_run import RunLine
from cashier.domain.states import Kind, State
from cashier.errors import EnvironmentStop
from cashier.till.payout_file import read
from cashier.till.payout_results import beside, original, safe, write
from cashier.till.payout_rows import check
from tests.unit.till.rows import row

AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
STARTS = "=+-@\t\r\n＝＋－＠"


def line(position: int, reason: str, **more: object) -> RunLine:
    found = RunLine(position, position + 1, f"ID-{position}", "250788123456", 1500, reason, None, None)
    return RunLine(**{**found.__dict__, **more})


def lines_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@given(st.text())
def test_what_is_made_safe_never_begins_a_formula_and_comes_back(text: str) -> None:
    assert not safe(text).startswith(tuple(STARTS))
    assert original(safe(text)) == text


@pytest.mark.parametrize("start", STARTS)
def test_every_dangerous_start_is_neutralised_in_the_file(tmp_path: Path, start: str) -> None:
    write(tmp_path / "r.csv", [line(1, f"{start}cmd|' /C calc'!A0")])
    (found,) = lines_of(tmp_path / "r.csv")
    assert found["reason"].startswith("'")
    assert original(found["reason"]) == f"{start}cmd|' /C calc'!A0"


def test_states_codes_and_reasons_are_told(tmp_path: Path) -> None:
    failed = row(kind=Kind.PAYOUT, state=State.FAILED, response_code="2105", message="No account.", number="T1-000009")
    review = row(kind=Kind.PAYOUT, state=State.UNKNOWN, review="Look at it.")
    write(
        tmp_path / "r.csv",
        [
            line(1, "a", transaction=failed),
            line(2, "b", transaction=review),
            line(3, "c", skipped="Still open."),
            line(4, "d"),
        ],
    )
    told = [
        (one["row"], one["state"], one["code"], one["message"], one["number"]) for one in lines_of(tmp_path / "r.csv")
    ]
    assert told == [
        ("2", "failed", "2105", "No account.", "T1-000009"),
        ("3", "unknown", "", "Look at it.", "T1-000001"),
        ("4", "left out", "", "Still open.", ""),
        ("5", "not begun", "", "", ""),
    ]


def test_the_result_file_can_be_a_list_again(tmp_path: Path) -> None:
    write(tmp_path / "r.csv", [line(1, "-10 % of May"), line(2, "été")])
    found = check(read(tmp_path / "r.csv"), Limits(), {})
    assert [(one.phone, one.amount, one.reason) for one in found.good] == [
        ("250788123456", 1500, "-10 % of May"),
        ("250788123456", 1500, "été"),
    ]


def test_names_beside_the_source_are_free(tmp_path: Path) -> None:
    source = tmp_path / "may.xlsx"
    assert beside(source) == tmp_path / "may-results.csv"
    (tmp_path / "may-results.csv").touch()
    assert beside(source) == tmp_path / "may-results-2.csv"


def test_a_place_that_cannot_be_written_is_said_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentStop, match=r"could not be written as r\.csv: No such file"):
        write(tmp_path / "nowhere" / "r.csv", [])
    (tmp_path / "r.csv").mkdir()
    with pytest.raises(EnvironmentStop):
        write(tmp_path / "r.csv", [])
    assert [path.name for path in tmp_path.iterdir()] == ["r.csv"]


def test_a_workbook_keeps_what_was_made_safe(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append([safe("=1+1")])
    book.save(tmp_path / "r.xlsx")
    again = load_workbook(tmp_path / "r.xlsx").active
    assert again is not None
    assert again["A1"].data_type == "s"
