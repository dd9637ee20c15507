"""Reads a file of payouts, CSV or XLSX, into rows of cells. What the cells mean is `payout_rows`' business."""

import csv
import hashlib
import io
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

from cashier.errors import WrongInput

if TYPE_CHECKING:
    from openpyxl import Workbook

MOST_BYTES = 20_000_000
MOST_UNPACKED = 200_000_000
MOST_ROWS = 50_000
_MOST_COLUMNS = 60
_SEPARATORS = (";", "\t", ",")
_BEGINNING = 20_000
_MOST_TRIED = 20


@dataclass(frozen=True)
class Cell:
    """One cell as a person sees it. `number` tells that a spreadsheet stored it as one, `formula` holds a formula."""

    text: str
    number: bool = False
    formula: str = ""
    odd: str = ""  # what it is instead of text or a number: a date, true or false, an error


@dataclass(frozen=True)
class Table:
    """The rows of a file that hold anything, each with its number as a spreadsheet counts them, from 1."""

    path: Path
    content_hash: str
    rows: list[tuple[int, list[Cell]]]
    sheet: str = ""  # the one that was read, where the file has several


def read(path: Path) -> Table:
    """Reads the file. Raises WrongInput with a sentence for one that cannot be read as a list."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise WrongInput(f"{path.name} is too large for a list of payouts.", "Split it into several files.")
        content = path.read_bytes()
    except OSError as why:
        raise WrongInput(f"{path.name} cannot be read: {why.strerror}.", "Choose another file.") from why
    if not content.strip():
        raise WrongInput(f"{path.name} is empty.", "Choose another file.")
    sheet = ""
    if content.startswith(b"PK\x03\x04"):
        sheet, found = _xlsx(path, content)
    else:
        found = _csv(path, content)
    rows = []
    for number, cells in found:
        if any(cell.text or cell.formula for cell in cells):
            rows.append((number, cells))
        if len(rows) > MOST_ROWS:
            raise WrongInput(f"{path.name} has more than {MOST_ROWS} rows.", "Split it into several files.")
    return Table(path, hashlib.sha256(content).hexdigest(), rows, sheet)


def _csv(path: Path, content: bytes) -> Iterator[tuple[int, list[Cell]]]:
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise WrongInput(f"{path.name} is an old Excel file (.xls).", "Save it as .xlsx or CSV, then choose it again.")
    text = _decoded(path, content)
    # Strict: a quote that nobody closed would swallow the rows after it without a word.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    line = 1
    try:
        for cells in reader:
            yield line, _kept([_written(cell) for cell in cells])
            line = reader.line_num + 1
    except csv.Error as why:
        if "field larger" in str(why):
            raise WrongInput(
                f"A cell in line {line} of {path.name} has more than {csv.field_size_limit()} letters.",
                "Shorten it, then choose the file again.",
            ) from why
        raise WrongInput(
            f"The quotes in line {line} of {path.name} do not match.", "Correct that line, then choose it again."
        ) from why


def _kept(cells: list[Cell]) -> list[Cell]:
    """The first columns, and of those behind them the first that holds anything, so that it is not overlooked."""
    beyond = next((cell for cell in cells[_MOST_COLUMNS:] if cell.text or cell.formula), None)
    return cells[:_MOST_COLUMNS] + ([beyond] if beyond is not None else [])


def _written(text: str) -> Cell:
    text = text.strip()
    return Cell(text, formula=text if text.startswith("=") else "")


def _decoded(path: Path, content: bytes) -> str:
    """UTF-8 with or without its mark, UTF-16 with it or seen by its zeros, else Windows-1252."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif b"\x00" in content[:400]:
        encodings = ["utf-16-le" if content[1:2] == b"\x00" else "utf-16-be"]
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise WrongInput(f"{path.name} is no text that can be read.", "Save it as .xlsx, or as CSV in UTF-8.")


def _separator(text: str) -> str:
    """What stands between the cells: the sign that the most of the first records hold, and hold equally often.

    One inside quotes does not count, nor does a title above the names.
    """
    first = next((line for line in text.splitlines() if line.strip()), "")
    if first.lower().startswith("sep=") and len(first.strip()) == len("sep=") + 1:
        return first.strip()[-1]
    beginning = text[:_BEGINNING]
    bare = "".join(part for place, part in enumerate(beginning.split('"')) if place % 2 == 0)
    records = [record for record in bare.splitlines() if record.strip()][:_MOST_TRIED]

    def weight(separator: str) -> tuple[int, int]:
        often = Counter(count for record in records if (count := record.count(separator)))
        return max(((agreeing, count) for count, agreeing in often.items()), default=(0, 0))

    return max(_SEPARATORS, key=weight)


def _xlsx(path: Path, content: bytes) -> tuple[str, Iterator[tuple[int, list[Cell]]]]:
    """The name of the first sheet where there are several, and its rows."""
    from openpyxl import load_workbook  # 300 ms: only for who has such a file

    broken = WrongInput(f"{path.name} cannot be read as an Excel file.", "Save it again as .xlsx or CSV.")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(one.file_size for one in packed.infolist()) > MOST_UNPACKED:
                raise WrongInput(f"{path.name} is too large for a list of payouts.", "Split it into several files.")
        book = load_workbook(io.BytesIO(content), read_only=True)
    except WrongInput:
        raise
    except Exception as why:  # the reader raises whatever a damaged file makes it stumble over
        raise broken from why
    if not book.worksheets:
        raise broken
    name = book.worksheets[0].title if len(book.worksheets) > 1 else ""
    return name, _sheet_rows(book, broken)


def _sheet_rows(book: "Workbook", broken: WrongInput) -> Iterator[tuple[int, list[Cell]]]:
    try:
        sheet = book.worksheets[0]
        # What the file says about its size may be wrong.
        sheet.reset_dimensions()
        for number, cells in enumerate(sheet.iter_rows(), 1):
            yield number, _kept([_stored(cell.value, cell.data_type) for cell in cells])
    except Exception as why:  # as above
        raise broken from why
    finally:
        book.close()


def _stored(value: object, kind: str) -> Cell:
    """A cell as Excel keeps it."""
    if value is None:
        return Cell("")
    if kind == "f":
        text = str(value) if isinstance(value, str) else str(getattr(value, "text", "") or "=…")
        return Cell(text, formula=text)
    if isinstance(value, bool):
        return Cell(str(value).upper(), odd="true or false")
    if isinstance(value, datetime | date | time):
        return Cell(str(value), odd="a date")
    if kind == "e":
        return Cell(str(value), odd="an error")
    if isinstance(value, int):
        return Cell(str(value), number=True)
    if isinstance(value, float):
        return Cell(str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value), number=True)
    return Cell(str(value).strip())
