"""Reading is bounded by what is counted, goes as fast as there is content, and can be stopped."""

import re
import time
import tracemalloc
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from cashier.spreadsheets import csv_text
from cashier.spreadsheets.bounds import Bounds, Stopped, TooMuch, unwatched
from cashier.spreadsheets.empties import Empties
from cashier.spreadsheets.workbook import Workbook
from cashier.till.payout_file import read
from tests.unit.spreadsheets.books import NAMES, by_hand, payout

# The time of this process, not of the machine, with room for a slow one.
_SECOND = 3.0


@pytest.fixture(scope="module")
def empty_rows() -> str:
    """8 MB of rows without a cell."""
    one = ' spans="1:3" ht="15" customHeight="1"/>'
    return "".join(f'<row r="{row}"{one}' for row in range(3, 180_000))


def took(path: Path) -> tuple[float, int]:
    began = time.process_time()
    rows = len(read(path).rows)
    return time.process_time() - began, rows


def test_8_mb_of_empty_rows_cost_next_to_nothing(tmp_path: Path, empty_rows: str) -> None:
    assert len(empty_rows) > 8_000_000
    seconds, rows = took(by_hand(tmp_path / "a.xlsx", NAMES + payout(2) + empty_rows + payout(900_000)))
    assert rows == 3
    assert seconds < _SECOND  # 0.2 s here


def test_styled_cells_without_content_cost_next_to_nothing(tmp_path: Path) -> None:
    styled = "".join(f'<row r="{row}"><c r="A{row}" s="1"/><c r="B{row}" s="1"/></row>' for row in range(3, 100_000))
    seconds, rows = took(by_hand(tmp_path / "a.xlsx", NAMES + payout(2) + styled))
    assert rows == 2
    assert seconds < _SECOND  # 0.2 s here


def test_a_thousand_rows_take_less_than_a_second(tmp_path: Path) -> None:
    seconds, rows = took(by_hand(tmp_path / "a.xlsx", NAMES + "".join(payout(row) for row in range(2, 5_002))))
    assert rows == 5_001
    assert seconds < 5  # 0.3 s here


def test_empty_rows_need_no_memory_of_their_own(tmp_path: Path, empty_rows: str) -> None:
    path = by_hand(tmp_path / "a.xlsx", NAMES + payout(2) + empty_rows)
    read(path)
    tracemalloc.start()
    try:
        read(path)
        assert tracemalloc.get_traced_memory()[1] < 4_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("size", [1, 7, 64, 1000])
def test_pieces_of_any_size_give_the_same(size: int) -> None:
    whole = (NAMES + '<row r="2"/>' + payout(3) + '<row r="4"><c r="A4" s="1"/></row><row r="5" x="/"></row>').encode()
    empties, out = Empties(), b""
    for place in range(0, len(whole), size):
        out += empties.lighten(whole[place : place + size])
    out += empties.rest()
    rows = [int(row) for row in re.findall(rb'<row r="([0-9])"', out)]
    assert rows == sorted(rows)
    assert {1, 3} <= set(rows) <= {1, 2, 3, 4, 5}
    assert NAMES.encode() in out
    assert payout(3).encode() in out


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_reading_is_followed_and_stopped(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"a.{kind}"
    if kind == "csv":
        path.write_text("phone,amount,reason\n" + "0788123456,1500,Salary\n" * 20_000)
    else:
        by_hand(path, NAMES + "".join(payout(row) for row in range(2, 3_000)))
    told: list[tuple[int, int]] = []

    def watch(done: int, whole: int) -> None:
        told.append((done, whole))
        if len(told) == 3:
            raise Stopped

    with pytest.raises(Stopped):
        read(path, watch=watch)
    assert len(told) == 3
    assert all(0 < done <= whole for done, whole in told)


@pytest.mark.parametrize(
    ("bound", "said"),
    [
        ({"cells": 50}, "has more than 50 cells"),
        ({"unpacked_bytes": 1_000}, "MB when it is unpacked"),
        ({"parts": 2}, "has more than 2 parts"),
        ({"strings": 1}, "has more than 1 texts"),
        ({"letters": 3}, "has more than 3 letters"),
        ({"styles": 1}, "has more than 1 styles"),
    ],
)
def test_each_bound_of_a_workbook_is_named(tmp_path: Path, bound: dict[str, int], said: str) -> None:
    path = by_hand(
        tmp_path / "a.xlsx",
        NAMES + "".join(payout(row) for row in range(2, 50)),
        strings="<si><t>one</t></si><si><t>two</t></si>",
        styles="<cellXfs><xf/><xf/></cellXfs>",
    )
    content, bounds = path.read_bytes(), replace(Bounds(), **bound)

    def read_all() -> None:
        book = Workbook("a.xlsx", content, bounds, unwatched)
        list(book.rows(book.sheets[0]))

    with pytest.raises(TooMuch) as refused:
        read_all()
    assert said in refused.value.sentence


def test_lines_without_content_are_counted() -> None:
    with pytest.raises(TooMuch, match=r"a\.csv has more than 10 lines"):
        list(csv_text.rows("a.csv", b"\n" * 20, replace(Bounds(), lines=10), unwatched))


def test_a_line_of_millions_of_cells_costs_little(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"phone,amount,reason\n" + b"1," * 2_000_000 + b"\n")
    seconds, rows = took(path)
    assert rows == 2
    assert len(read(path).rows[1][1]) == 61
    assert seconds < _SECOND  # 0.2 s here


def test_parts_are_counted_before_their_list_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as packed:
        for number in range(6_000):
            packed.writestr(f"{number}", b"")
    with pytest.raises(TooMuch, match=r"a\.xlsx has more than 5000 parts"):
        read(path)
