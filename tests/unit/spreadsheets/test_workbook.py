"""Workbooks read by content: the same as other readers see, with what is hidden, and nothing guessed."""

import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Literal

import openpyxl
import pytest
import xlsxwriter  # type: ignore[import-untyped]
from openpyxl import Workbook

from cashier.errors import WrongInput
from cashier.spreadsheets.cells import Cell
from cashier.spreadsheets.shared import is_date
from cashier.spreadsheets.sheet import column_name
from cashier.till.payout_file import SeveralSheets, Table, read
from tests.unit.spreadsheets.books import HEADER, NAMES, book, by_hand, payout, text

ROW = ("0788123456", 1500, "Salary")


def cells(path: Path) -> list[tuple[int, list[Cell]]]:
    return read(path).rows


def texts(table: Table) -> list[tuple[int, list[str]]]:
    return [(number, [cell.text for cell in row]) for number, row in table.rows]


def test_it_sees_what_openpyxl_sees_in_what_xlsxwriter_wrote(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    values: list[list[object]] = [
        ["phone", "amount", "reason", "joined"],
        ["0788 123 456", 1500, "Salary & <more> é 漢", 1.25],
        [788123456, 1e15, "  blanks  ", -3],
        [250788123456, 0.1, "two\nlines", 12345678],
    ]
    with xlsxwriter.Workbook(path) as made:
        sheet = made.add_worksheet("May")
        for row, line in enumerate(values):
            for column, value in enumerate(line):
                sheet.write(row * 2, column, value)
        sheet.write_rich_string(8, 0, made.add_format({"bold": True}), "bold", " and plain")
        sheet.write_datetime(9, 0, datetime.fromisoformat("2026-11-25"), made.add_format({"num_format": "dd/mm/yyyy"}))
        sheet.write_datetime(10, 0, datetime.fromisoformat("2026-11-25T08:30"), made.add_format({"num_format": 22}))
        sheet.write_boolean(11, 0, True)
        sheet.write_formula(12, 0, "=1+1", value=2)
        sheet.write(13, 0, 1500, made.add_format({"num_format": '#,##0 "Frw"'}))
    found = cells(path)
    seen = openpyxl.load_workbook(path).worksheets[0]
    for number, read_cells in found:
        for column, cell in enumerate(read_cells, 1):
            value = seen.cell(number, column).value
            if isinstance(value, datetime):
                assert datetime.fromisoformat(cell.text) == value
                assert cell.odd == "a date"
            elif isinstance(value, bool):
                assert (cell.text, cell.odd) == ("TRUE", "true or false")
            elif isinstance(value, int | float):
                assert (float(cell.text), cell.number) == (value, True)
            else:
                assert cell.text == str(value or "").strip()
    assert [number for number, _ in found] == [1, 3, 5, 7, 9, 10, 11, 12, 13, 14]
    assert found[8][1] == [Cell("=1+1", formula="=1+1")]


def test_hidden_and_filtered_rows_are_named_and_marked(tmp_path: Path) -> None:
    rows = payout(2, ' hidden="1"') + payout(3) + payout(4, ' ht="0" customHeight="1"') + payout(5, ' hidden="0"')
    found = read(by_hand(tmp_path / "list.xlsx", NAMES + rows))
    assert found.hidden == {2, 4}
    assert found.notes == ("Rows 2 and 4 are hidden.",)


def test_a_hidden_column_is_named_and_never_read(tmp_path: Path) -> None:
    def hide(made: Workbook) -> None:
        made.worksheets[0].column_dimensions["C"].hidden = True

    rows: list[tuple[object, ...]] = [("phone", "amount", "amount", "reason"), ("0788123456", 1500, 90000, "x")]
    found = read(book(tmp_path / "list.xlsx", ("S", rows), change=hide))
    assert texts(found)[1] == (2, ["0788123456", "1500", "", "x"])
    assert found.notes == ("Column C is hidden and is not read.",)


def test_several_sheets_that_hold_a_cell_ask_which(tmp_path: Path) -> None:
    path = book(tmp_path / "list.xlsx", ("May", [HEADER, ROW]), ("Empty", []), ("June", [HEADER]))
    with pytest.raises(SeveralSheets) as asked:
        read(path)
    assert asked.value.names == ("May", "June")
    assert asked.value.sentence == "list.xlsx has several sheets: May and June."
    assert read(path, "May").sheet == "May"
    assert read(path, "june").sheet == "June"
    assert read(path, "June").notes == ("Only the sheet June is read, not May and Empty.",)
    with pytest.raises(WrongInput, match=r"has no sheet July\. It has May, Empty and June\."):
        read(path, "July")


def test_of_sheets_without_a_cell_nothing_is_asked(tmp_path: Path) -> None:
    path = book(tmp_path / "list.xlsx", ("Empty", []), ("May", [HEADER, ROW]))
    assert read(path).sheet == "May"


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_hidden_sheet_is_never_read_by_itself(tmp_path: Path, state: Literal["hidden", "veryHidden"]) -> None:
    def hide(made: Workbook) -> None:
        made["November"].sheet_state = state

    both = book(tmp_path / "a.xlsx", ("November", [HEADER, ROW]), ("December", [HEADER, ROW]), change=hide)
    with pytest.raises(SeveralSheets, match=r"November \(hidden\) and December"):
        read(both)
    assert read(both, "December").notes == ("Only the sheet December is read, not November (hidden).",)
    alone = book(tmp_path / "b.xlsx", ("November", [HEADER, ROW]), ("December", []), change=hide)
    with pytest.raises(
        SeveralSheets, match=r"Only the sheet November of b\.xlsx holds anything, and it is hidden"
    ) as only:
        read(alone)
    assert only.value.names == ("November",)
    assert only.value.hidden == {"November"}
    assert "The sheet November is hidden." in read(alone, "November").notes


def test_a_styled_cell_in_the_last_row_is_nothing(tmp_path: Path) -> None:
    path = by_hand(tmp_path / "list.xlsx", NAMES + payout(2) + '<row r="1048576"><c r="C1048576" s="1"/></row>')
    assert [number for number, _ in cells(path)] == [1, 2]


def test_rows_and_cells_without_a_place_follow_each_other(tmp_path: Path) -> None:
    row = '<row><c t="str"><v>phone</v></c><c/><c><v>7</v></c></row>'
    assert texts(read(by_hand(tmp_path / "a.xlsx", row + row))) == [(1, ["phone", "", "7"]), (2, ["phone", "", "7"])]


def test_a_row_without_a_place_after_rows_that_were_skipped_is_refused(tmp_path: Path) -> None:
    many = "".join(f'<row r="{row}"/>' for row in range(2, 9_000))
    path = by_hand(tmp_path / "a.xlsx", NAMES + many + "<row><c><v>7</v></c></row>")
    with pytest.raises(WrongInput, match="damaged"):
        read(path)


def test_what_looks_like_an_empty_row_inside_a_text_stays(tmp_path: Path) -> None:
    said = '<row r="9"/>'
    row = f'<row r="2"><c r="A2" t="inlineStr"><is><t><![CDATA[{said}]]></t></is></c></row>'
    assert texts(read(by_hand(tmp_path / "a.xlsx", NAMES + row)))[1] == (2, [said])


@pytest.mark.parametrize(
    "sheet",
    [
        '<row r="0"><c r="A0"><v>1</v></c></row>',
        '<row r="1048577"><c r="A1048577"><v>1</v></c></row>',
        '<row r="1000000000"><c r="A1"><v>1</v></c></row>',
        '<row r="2"><c r="A2"><v>1</v></c></row><row r="2"><c r="A2"><v>1</v></c></row>',
        '<row r="3"><c r="B3"><v>1</v></c><c r="A3"><v>1</v></c></row>',
        '<row r="3"><c r="XFE3"><v>1</v></c></row>',
        '<row r="3"><c r="A3" t="s"><v>5</v></c></row>',
        '<row r="3"><c r="A3"><v>nan</v></c></row>',
        '<row r="3"><c r="A3"><v>1 500</v></c></row>',
        '<row r="3"><c r="A3"><v>1</v></row>',
    ],
)
def test_a_sheet_that_excel_would_not_open_is_damaged(tmp_path: Path, sheet: str) -> None:
    with pytest.raises(WrongInput, match="damaged"):
        read(by_hand(tmp_path / "a.xlsx", NAMES + sheet))


def test_a_dtd_is_refused(tmp_path: Path) -> None:
    strings = '<!DOCTYPE sst [<!ENTITY a "aaaa">]>'
    path = by_hand(tmp_path / "a.xlsx", NAMES + payout(2), strings="<si><t>x</t></si>")
    with zipfile.ZipFile(path, "a") as packed, pytest.warns(UserWarning, match="Duplicate name"):
        packed.writestr("xl/sharedStrings.xml", f"{strings}<sst><si><t>&a;</t></si></sst>")
    with pytest.raises(WrongInput, match="damaged"):
        read(path)


def test_shared_texts_keep_their_words_and_lose_how_they_are_spoken(tmp_path: Path) -> None:
    runs = "<si><r><t>two </t></r><r><t>runs</t></r><rPh><t>spoken</t></rPh></si>"
    strings = f"<si><t>pho</t></si>{runs}<si><t>a_x000A_b</t></si>"
    row = "".join(f'<c r="{letter}1" t="s"><v>{place}</v></c>' for place, letter in enumerate("ABC"))
    path = by_hand(tmp_path / "a.xlsx", f'<row r="1">{row}</row>', strings=strings)
    assert texts(read(path)) == [(1, ["pho", "two runs", "a\nb"])]


def test_an_error_and_a_date_as_text_are_seen(tmp_path: Path) -> None:
    row = '<row r="1"><c r="A1" t="e"><v>#REF!</v></c><c r="B1" t="d"><v>2026-11-25</v></c></row>'
    assert cells(by_hand(tmp_path / "a.xlsx", row))[0][1] == [
        Cell("#REF!", odd="an error"),
        Cell("2026-11-25", odd="a date"),
    ]


def test_prefixed_names_are_read_like_others(tmp_path: Path) -> None:
    path = by_hand(tmp_path / "a.xlsx", "")
    with zipfile.ZipFile(path) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    parts["xl/worksheets/sheet1.xml"] = (
        b'<x:worksheet xmlns:x="urn:x"><x:sheetData><x:row r="3"><x:c r="B3"><x:v>7</x:v></x:c></x:row></x:sheetData>'
        b"</x:worksheet>"
    )
    with zipfile.ZipFile(path, "w") as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    assert texts(read(path)) == [(3, ["", "7"])]


@pytest.mark.parametrize(
    ("code", "shows_a_date"),
    [
        ("dd/mm/yyyy", True),
        ("d-mmm", True),
        ("[h]:mm:ss", True),
        ('#,##0 "Frw"', False),
        ('"+"000 000 000 000', False),
        ('#,##0\\ "days"', False),
        ("[Red]0.00", False),
        ("General", False),
        ("[$-409]d-mmm-yy", True),
        ("0.00E+00", False),
        ("@", False),
    ],
)
def test_which_formats_show_a_date(code: str, shows_a_date: bool) -> None:
    assert is_date(code) == shows_a_date


def test_dates_count_from_1904_where_the_workbook_says_so(tmp_path: Path) -> None:
    def since(made: Workbook) -> None:
        from openpyxl.utils.datetime import CALENDAR_MAC_1904

        made.epoch = CALENDAR_MAC_1904

    path = book(tmp_path / "a.xlsx", ("S", [("a",), (date(2026, 11, 25),)]), change=since)
    assert cells(path)[1][1] == [Cell("2026-11-25", odd="a date")]


def test_columns_are_named_as_in_excel() -> None:
    assert [column_name(place) for place in (0, 25, 26, 51, 52, 701, 702)] == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]


def test_a_cell_of_many_letters_is_named_as_that(tmp_path: Path) -> None:
    long = f'<row r="2">{text("A2", "x" * 140_000)}</row>'
    with pytest.raises(WrongInput, match="more than 131072 letters in a cell of row 2"):
        read(by_hand(tmp_path / "a.xlsx", NAMES + long))
