"""One sheet of a workbook, row by row: only cells that hold something, by their place, with what is hidden."""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from cashier.spreadsheets.bounds import LAST_COLUMN, LAST_ROW, MOST_LETTERS, Bounds, TooMuch
from cashier.spreadsheets.cells import MOST_COLUMNS, Cell, Row
from cashier.spreadsheets.empties import Empties
from cashier.spreadsheets.shared import unescaped
from cashier.spreadsheets.xml_parts import Attributes, Broken, Handler

_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_TRUE = ("1", "true", "on")
_EXACT = 1e15
_DAY = 86_400
_ZERO = re.compile(r"0+(\.0*)?")


class Sheet(Handler):
    """Collects rows in `ready`; whoever parses takes them from there. `hidden_columns` counts from 0."""

    def __init__(
        self,
        name: str,
        strings: Sequence[str],
        dates: set[int],
        *,
        since_1904: bool,
        bounds: Bounds,
        empties: Empties,
    ) -> None:
        self._empties = empties
        self.ready: list[Row] = []
        self._hidden: list[range] = []
        self._name, self._strings, self._dates, self._bounds = name, strings, dates, bounds
        self._epoch = datetime(1904, 1, 1, tzinfo=UTC) if since_1904 else datetime(1899, 12, 30, tzinfo=UTC)
        self._in_data = self._row_hidden = self._silent = False
        self._row = self._column = self._count = self._letters = 0
        self._cells: dict[int, Cell] = {}
        self._kind = self._style = self._inside = ""
        self._value: list[str] = []
        self._formula: list[str] | None = None
        self._starts = {"row": self._start_row, "c": self._start_cell, "f": self._start_formula}
        self._ends = {"c": self._end_cell, "row": self._end_row}

    def is_hidden(self, column: int) -> bool:
        """Whether nobody sees the column, counted from 0."""
        return any(column in columns for columns in self._hidden)

    def take(self) -> Iterator[Row]:
        """The rows that are ready."""
        ready, self.ready = self.ready, []
        yield from ready

    def start(self, name: str, attributes: Attributes) -> None:
        if self._in_data:
            act = self._starts.get(name)
            if act is not None:
                act(attributes)
            elif name == "v" or (name == "t" and not self._silent):
                self._inside = "v"
            elif name == "rPh":
                self._silent = True
        elif name == "sheetData":
            self._in_data = True
        elif name == "col" and (_is_true(attributes, "hidden") or _is_nothing(attributes, "width")):
            first, last = _whole(attributes.get("min")), _whole(attributes.get("max"))
            if len(self._hidden) > LAST_COLUMN:
                raise Broken("columns")
            self._hidden.append(range(first - 1, min(last, LAST_COLUMN)))

    def end(self, name: str) -> None:
        act = self._ends.get(name)
        if act is not None and self._in_data:
            act()
        elif name in ("v", "t", "f"):
            self._inside = ""
        elif name == "rPh":
            self._silent = False
        elif name == "sheetData":
            self._in_data = False

    def text(self, text: str) -> None:
        if not self._inside:
            return
        self._letters += len(text)
        if self._letters > MOST_LETTERS:
            raise TooMuch(self._name, f"{MOST_LETTERS} letters in a cell of row {self._row}")
        if self._inside == "v":
            self._value.append(text)
        elif self._formula is not None:
            self._formula.append(text)

    def _start_row(self, attributes: Attributes) -> None:
        number = attributes.get("r")
        if number is None and self._empties.removed:
            raise Broken("a row without its number after rows that have one")
        row = self._row + 1 if number is None else _whole(number)
        if not self._row < row <= LAST_ROW:
            raise Broken("rows")
        self._row, self._column, self._cells = row, -1, {}
        self._row_hidden = _is_true(attributes, "hidden") or _is_nothing(attributes, "ht")

    def _start_cell(self, attributes: Attributes) -> None:
        place = attributes.get("r")
        if place is None and self._empties.removed:
            raise Broken("a cell without its place after cells that have one")
        column = self._column + 1 if place is None else _column_of(place)
        self._count += 1
        if self._count > self._bounds.cells:
            raise TooMuch(self._name, f"{self._bounds.cells} cells")
        if not self._column < column < LAST_COLUMN:
            raise Broken("columns")
        self._column = column
        self._kind, self._style = attributes.get("t", "n"), attributes.get("s", "")
        self._value, self._formula, self._letters, self._inside = [], None, 0, ""

    def _start_formula(self, _attributes: Attributes) -> None:
        self._inside, self._formula = "f", []

    def _end_cell(self) -> None:
        cell = self._cell("".join(self._value))
        # Of the columns that nobody names, the first that holds something.
        if cell is not None and (self._column < MOST_COLUMNS or MOST_COLUMNS not in self._cells):
            self._cells[min(self._column, MOST_COLUMNS)] = cell

    def _end_row(self) -> None:
        if self._cells:
            cells = [self._cells.get(column, _EMPTY) for column in range(max(self._cells) + 1)]
            self.ready.append(Row(self._row, cells, self._row_hidden))
            self._cells = {}

    def _cell(self, value: str) -> Cell | None:
        """A cell as Excel keeps it, None for one that holds nothing."""
        if self._formula is not None:
            text = "=" + ("".join(self._formula) or "…")
            return Cell(text, formula=text)
        if not value:
            return None
        kind = self._kind
        if kind == "s":
            place = _whole(value)
            if place >= len(self._strings):
                raise Broken("a text")
            text = self._strings[place].strip()
            return Cell(text) if text else None
        if kind in ("str", "inlineStr"):
            text = unescaped(value).strip()
            return Cell(text) if text else None
        value = value.strip()
        if kind == "b":
            return Cell("TRUE" if value in _TRUE else "FALSE", odd="true or false")
        if kind == "e":
            return Cell(value, odd="an error")
        if kind == "d":
            return Cell(value, odd="a date")
        return self._number(value) if value else None

    def _number(self, value: str) -> Cell:
        if not _NUMBER.fullmatch(value):
            raise Broken("a number")
        number = float(value)
        if self._style and _whole(self._style) in self._dates:
            return Cell(self._date(number), odd="a date")
        if value.isdigit():
            return Cell(value.lstrip("0") or "0", number=True)
        whole = number.is_integer() and abs(number) < _EXACT
        return Cell(str(int(number)) if whole else repr(number), number=True)

    def _date(self, number: float) -> str:
        try:
            moment = self._epoch + timedelta(seconds=round(number * _DAY))
        except (OverflowError, ValueError):
            return str(int(number)) if number.is_integer() else repr(number)
        return str(moment.date() if number.is_integer() else moment.replace(tzinfo=None))


_EMPTY = Cell("")


def _is_true(attributes: Attributes, name: str) -> bool:
    return attributes.get(name) in _TRUE


def _is_nothing(attributes: Attributes, name: str) -> bool:
    """Whether a height or width is there and is 0."""
    return _ZERO.fullmatch(attributes.get(name, "")) is not None


def _whole(text: str | None) -> int:
    if text is None or len(text) > 9 or not (text.isascii() and text.isdigit()):
        raise Broken("a number")
    return int(text)


def _column_of(place: str) -> int:
    match = _PLACE.fullmatch(place)
    if match is None:
        raise Broken("a place")
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return column - 1


def column_name(column: int) -> str:
    """`A` for 0, `AB` for 27."""
    name, column = "", column + 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name
