"""Workbooks for tests, written by openpyxl, xlsxwriter or by hand where no program would write them so."""

import zipfile
from collections.abc import Callable
from pathlib import Path

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

HEADER = ("phone", "amount", "reason")
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def book(
    path: Path, *sheets: tuple[str, list[tuple[object, ...]]], change: Callable[[Workbook], None] | None = None
) -> Path:
    """A workbook with these sheets and rows; `change` alters it before it is saved."""
    made = Workbook()
    first = made.active
    assert isinstance(first, Worksheet)
    made.remove(first)
    for name, rows in sheets:
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    if change is not None:
        change(made)
    made.save(path)
    return path


def by_hand(path: Path, sheet: str, *, strings: str = "", styles: str = "", before: str = "") -> Path:
    """A workbook of one sheet from its XML: rows, shared texts, styles, and what stands before the rows."""
    relations = [("a", "worksheet", "worksheets/sheet1.xml")]
    relations += [("b", "sharedStrings", "sharedStrings.xml")] if strings else []
    relations += [("c", "styles", "styles.xml")] if styles else []
    listed = "".join(f'<Relationship Id="{id}" Type="x/{kind}" Target="{target}"/>' for id, kind, target in relations)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(
            "_rels/.rels",
            '<Relationships><Relationship Id="r" Type="x/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        packed.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns:r="{_RELATIONS}"><sheets><sheet name="S" sheetId="1" r:id="a"/></sheets></workbook>',
        )
        packed.writestr("xl/_rels/workbook.xml.rels", f"<Relationships>{listed}</Relationships>")
        packed.writestr("xl/worksheets/sheet1.xml", f"<worksheet>{before}<sheetData>{sheet}</sheetData></worksheet>")
        if strings:
            packed.writestr("xl/sharedStrings.xml", f"<sst>{strings}</sst>")
        if styles:
            packed.writestr("xl/styles.xml", f"<styleSheet>{styles}</styleSheet>")
    return path


def text(place: str, value: str) -> str:
    """A cell with a text of its own."""
    return f'<c r="{place}" t="inlineStr"><is><t>{value}</t></is></c>'


NAMES = f'<row r="1">{text("A1", "phone")}{text("B1", "amount")}{text("C1", "reason")}</row>'


def payout(row: int, attributes: str = "") -> str:
    """A row that can be paid."""
    cells = f'<c r="A{row}"><v>{788_000_000 + row}</v></c><c r="B{row}"><v>1500</v></c>{text(f"C{row}", "Salary")}'
    return f'<row r="{row}"{attributes}>{cells}</row>'
