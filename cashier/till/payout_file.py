"""Reads a file of payouts, CSV or XLSX, into rows of cells. What the cells mean is `payout_rows`' business."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from cashier.errors import WrongInput
from cashier.spreadsheets import csv_text
from cashier.spreadsheets.bounds import Bounds, Stopped, Watch, unwatched
from cashier.spreadsheets.cells import Cell, Row
from cashier.spreadsheets.kinds import EXCEL, kind_of
from cashier.spreadsheets.opening import content_of
from cashier.spreadsheets.sheet import column_name
from cashier.spreadsheets.workbook import SheetName, Workbook
from cashier.spreadsheets.xml_parts import Broken, broken

__all__ = ["Cell", "SeveralSheets", "Stopped", "Table", "Watch", "read"]

MOST_ROWS = 50_000
_MOST_NAMED = 12
_BOUNDS = Bounds()


class SeveralSheets(WrongInput):
    """More than one sheet holds something and nobody said which one is meant; `names` are theirs, in their order."""

    def __init__(self, sentence: str, advice: str, names: tuple[str, ...], hidden: frozenset[str]) -> None:
        super().__init__(sentence, advice)
        self.names = names
        self.hidden = hidden  # those of them that nobody sees


@dataclass(frozen=True)
class Table:
    """The rows of a file that hold anything, each with its number as a spreadsheet counts them, from 1."""

    path: Path
    content_hash: str
    rows: list[tuple[int, list[Cell]]]
    sheet: str = ""  # the one that was read, empty for CSV
    hidden: frozenset[int] = frozenset()  # the numbers of the rows that nobody sees in the spreadsheet
    notes: tuple[str, ...] = ()  # sentences about what was hidden or not read


def read(path: Path, sheet: str | None = None, watch: Watch = unwatched) -> Table:
    """Reads the file, of several sheets the one named `sheet`. `watch` follows the reading and may raise Stopped.

    Raises WrongInput with a sentence for one that cannot be read as a list, SeveralSheets where a sheet must be named.
    """
    content = content_of(path, _BOUNDS)
    if not content.strip():
        raise WrongInput(f"{path.name} is empty.", "Choose another file.")
    table = Table(path, hashlib.sha256(content).hexdigest(), [])
    if kind_of(path.name, content) == EXCEL:
        try:
            return _from_workbook(table, Workbook(path.name, content, _BOUNDS, watch), sheet)
        except Broken as why:
            raise broken(path.name) from why
    if sheet is not None:
        raise WrongInput(f"{path.name} is a CSV file and has no sheets.", "Leave --sheet away.")
    return _filled(table, csv_text.rows(path.name, content, _BOUNDS, watch))


def change_of(path: Path, content_hash: str) -> str:
    """A sentence where the file is no longer what was read, else nothing."""
    try:
        if hashlib.sha256(content_of(path, _BOUNDS)).hexdigest() == content_hash:
            return ""
    except WrongInput:
        return f"{path.name} is not there any more, or cannot be read."
    return f"{path.name} was changed after it was read here."


def _filled(table: Table, rows: Iterable[Row]) -> Table:
    """The table with those rows that hold anything."""
    found: list[tuple[int, list[Cell]]] = []
    hidden: set[int] = set()
    for row in rows:
        if all(cell.is_empty for cell in row.cells):
            continue
        found.append((row.number, row.cells))
        if row.hidden:
            hidden.add(row.number)
        if len(found) > MOST_ROWS:
            raise WrongInput(f"{table.path.name} has more than {MOST_ROWS} rows.", "Split it into several files.")
    return replace(table, rows=found, hidden=frozenset(hidden))


def _from_workbook(table: Table, book: Workbook, wanted: str | None) -> Table:
    sheet = _chosen(table.path.name, book, wanted)
    not_seen: set[int] = set()

    def in_sight() -> Iterable[Row]:
        for handler, row in book.rows(sheet):
            unseen = [place for place, cell in enumerate(row.cells) if not cell.is_empty and handler.is_hidden(place)]
            not_seen.update(unseen)
            cells = [Cell("") if place in unseen else cell for place, cell in enumerate(row.cells)]
            yield replace(row, cells=cells) if unseen else row

    found = _filled(table, in_sight())
    notes = []
    if len(book.sheets) > 1 or sheet.hidden:
        others = [f"{one.name} (hidden)" if one.hidden else one.name for one in book.sheets if one is not sheet]
        if sheet.hidden:
            notes.append(f"The sheet {sheet.name} is hidden.")
        if others:
            notes.append(f"Only the sheet {sheet.name} is read, not {_listed(others)}.")
    if not_seen:
        names = [column_name(place) for place in sorted(not_seen)]
        if len(names) == 1:
            notes.append(f"Column {names[0]} is hidden and is not read.")
        else:
            notes.append(f"Columns {_listed(names)} are hidden and are not read.")
    if found.hidden:
        rows = [str(number) for number in sorted(found.hidden)]
        notes.append(f"Row {rows[0]} is hidden." if len(rows) == 1 else f"Rows {_listed(rows)} are hidden.")
    return replace(found, sheet=sheet.name, notes=tuple(notes))


def _chosen(name: str, book: Workbook, wanted: str | None) -> SheetName:
    """The sheet that is read. Raises WrongInput, SeveralSheets."""
    if wanted is not None:
        for same in (str, str.casefold):
            for one in book.sheets:
                if same(one.name) == same(wanted):
                    return one
        names = _listed([one.name for one in book.sheets])
        raise WrongInput(f"{name} has no sheet {wanted}.", f"It has {names}.")
    if len(book.sheets) == 1 and not book.sheets[0].hidden:
        return book.sheets[0]
    filled = [one for one in book.sheets if book.holds_anything(one)]
    if not filled:
        raise WrongInput(f"{name} is empty.", "Choose another file.")
    if len(filled) == 1 and not filled[0].hidden:
        return filled[0]
    said = [f"{one.name} (hidden)" if one.hidden else one.name for one in filled]
    sentence = f"{name} has several sheets: {_listed(said)}."
    if len(filled) == 1:
        sentence = f"Only the sheet {filled[0].name} of {name} holds anything, and it is hidden."
    raise SeveralSheets(
        sentence,
        "Choose the one to read.",
        tuple(one.name for one in filled),
        frozenset(one.name for one in filled if one.hidden),
    )


def _listed(words: list[str]) -> str:
    """`A, B and C`; of very many the first and how many more."""
    if len(words) > _MOST_NAMED:
        return f"{', '.join(words[:_MOST_NAMED])} and {len(words) - _MOST_NAMED} more"
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last
