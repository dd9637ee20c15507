"""The history as a file, streamed: CSV for programs and spreadsheets, XLSX for Excel. Never half a file.

A text that a spreadsheet could take for a formula, because it begins with one of `= + - @`, their full-width forms, a
minus sign, TAB, CR or LF, also after spaces, gets one `'` in front in CSV; so does one that begins with `'`. To undo
it, take one `'` away from texts that begin with it. XLSX needs no mark: its cells say that they are texts.
"""

import csv
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from cashier.errors import EnvironmentStop, WrongInput
from cashier.files import written
from cashier.ledger.connections import open_reader
from cashier.ledger.errors import from_sqlite
from cashier.ledger.finding import find
from cashier.ledger.query import Query
from cashier.ledger.reader import Reader

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]  # it says nothing of its types

ENDINGS = (".csv", ".xlsx")
COLUMNS = (
    *("id", "number", "kind", "phone", "amount", "state", "review", "response_code", "message"),
    *("gateway_transaction_id", "operator_reference", "reference", "reason", "refund_of"),
    *("created_at", "decided_at", "created_local", "decided_local"),
)
SHEET_ROWS = 1_000_000  # a sheet holds 1 048 576
_TEXTS = frozenset({"review", "message", "gateway_transaction_id", "operator_reference", "reference", "reason"})
_BLANKS = "' ' || char(160, 8239, 12288)"
# As SQL: = + - @ ' and the full-width and typographic forms, then TAB, LF, CR.
_SPECIAL = "'=+-@''' || char(65309, 65291, 65293, 65312, 8722, 9, 10, 13)"
_BATCH = 1000
_AT_ONCE = 500
_STEPS = 20_000
_KNOWN = 10_000


def check_ending(file: Path) -> None:
    """Raises WrongInput unless the name says which kind of file is wanted."""
    if file.suffix.lower() not in ENDINGS:
        raise WrongInput(f"{file.name} is neither CSV nor Excel.", "Give a name that ends in .csv or .xlsx.")


def export(
    reader: Reader,
    query: Query,
    file: Path,
    *,
    zone: tzinfo,
    progress: Callable[[int], None] = lambda _count: None,
    stopped: Callable[[], bool] = lambda: False,
) -> int | None:
    """Writes what `query` finds, newest first, and returns how many rows; None when it was stopped.

    The file is there under its name only when it is whole; one that stood there before is replaced. `progress` hears
    how many rows are written so far. Local times are those of `zone`. Raises WrongInput for another ending
    and for a place that may not be written (files.written), EnvironmentStop for trouble with the disk, LedgerError
    for trouble with the ledger.
    """
    check_ending(file)
    write = _write_csv if file.suffix.lower() == ".csv" else _write_xlsx
    try:
        with written(file, replace=True) as part:
            count = write(part, _Rows(reader, query, zone, safe=write is _write_csv, stopped=stopped), progress)
            if stopped():
                raise _Stopped
            return count
    except _Stopped:
        return None
    except sqlite3.Error as trouble:
        if stopped():
            return None
        raise from_sqlite(trouble) from trouble
    except OSError as trouble:
        reason = trouble.strerror or str(trouble)
        raise EnvironmentStop(
            f"{file.name} could not be written: {reason}.", "Look at the disk and the folder, then export again."
        ) from trouble


class _Stopped(Exception):
    """The export was told to stop: no file."""


class _Rows:
    """The rows in batches, read in one snapshot on a connection of its own."""

    def __init__(self, reader: Reader, query: Query, zone: tzinfo, *, safe: bool, stopped: Callable[[], bool]) -> None:
        self._reader = reader
        self._query = query
        self._times = _LocalTimes(zone)
        self._safe = safe
        self.stopped = stopped

    def __iter__(self) -> Iterator[list[tuple[Any, ...]]]:
        if not self._reader.exists:
            return
        with closing(open_reader(self._reader.file)) as connection:
            connection.row_factory = None
            connection.set_progress_handler(lambda: int(self.stopped()), _STEPS)
            connection.execute("BEGIN")
            select = f"SELECT {_selected(connection, safe=self._safe)} FROM transactions"  # noqa: S608  # names of our own
            for piece in find(connection, self._query):
                for where, values in _wheres(piece):
                    cursor = connection.execute(f"{select} WHERE {where} ORDER BY position DESC", values)
                    while batch := cursor.fetchmany(_BATCH):
                        if self.stopped():
                            return
                        yield self._times.add_to(batch)


class _Writer(Protocol):
    def writerows(self, rows: Iterable[Iterable[Any]], /) -> object: ...


def _write_csv(part: Path, rows: _Rows, progress: Callable[[int], None]) -> int:
    """UTF-8 with a mark at its beginning: without it Excel takes the bytes for the PC's own old code page."""
    count = 0
    with open(part, "w", encoding="utf-8-sig", newline="", buffering=1 << 18) as text:
        writer: _Writer = csv.writer(text)
        writer.writerows([COLUMNS])
        for batch in rows:
            writer.writerows(batch)
            count += len(batch)
            progress(count)
    return count


def _write_xlsx(part: Path, rows: _Rows, progress: Callable[[int], None]) -> int:
    """A sheet for each SHEET_ROWS; amounts are numbers, local times are times, all else is text."""
    from xlsxwriter import Workbook  # type: ignore[import-untyped]  # it says nothing of its types
    from xlsxwriter.exceptions import XlsxWriterException  # type: ignore[import-untyped]  # as above

    with tempfile.TemporaryDirectory(prefix="cashier-export-") as rows_so_far:
        book = Workbook(str(part), {"constant_memory": True, "tmpdir": rows_so_far})
        book.use_zip64()
        bold = book.add_format({"bold": True})
        time = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        count = 0
        sheet: Worksheet | None = None
        try:
            for batch in rows:
                for row in batch:
                    if sheet is None or count % SHEET_ROWS == 0:
                        sheet = _new_sheet(book, bold)
                    _write_row(sheet, count % SHEET_ROWS + 1, row, time)
                    count += 1
                progress(count)
            if sheet is None:
                _new_sheet(book, bold)
        except BaseException:
            _leave(book)
            raise
        if rows.stopped():
            _leave(book)
            return count
        try:
            book.close()
        except XlsxWriterException as trouble:
            _leave(book)
            raise OSError(str(trouble)) from trouble
    return count


def _new_sheet(book: Any, bold: Any) -> "Worksheet":
    sheets = len(book.worksheets())
    sheet: Worksheet = book.add_worksheet("History" if sheets == 0 else f"History {sheets + 1}")
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(COLUMNS) - 1, 20)
    for column, name in enumerate(COLUMNS):
        sheet.write_string(0, column, name, bold)
    return sheet


def _write_row(sheet: "Worksheet", line: int, row: Sequence[Any], time: Any) -> None:
    for column, (name, value) in enumerate(zip(COLUMNS, row, strict=True)):
        if value is None:
            continue
        if name == "amount":
            sheet.write_number(line, column, value)
        elif name.endswith("_local"):
            sheet.write_datetime(line, column, datetime.fromisoformat(value), time)
        else:
            sheet.write_string(line, column, value)


def _leave(book: Any) -> None:
    """Lets go of a book that nobody wants, so that its temporary files can be removed."""
    book.fileclosed = True
    for sheet in book.worksheets():
        sheet.row_data_fh.close()


def _selected(connection: sqlite3.Connection, *, safe: bool) -> str:
    """The columns as SQL: what SQLite makes of a row costs no Python."""
    there = {row[1] for row in connection.execute("PRAGMA table_info(transactions)")}
    found = []
    for name in COLUMNS:
        if name.endswith("_local"):
            continue  # made of the two before
        if name not in there:
            found.append("NULL")
        elif safe and name in _TEXTS:
            first = f"substr(ltrim({name}, {_BLANKS}), 1, 1)"
            found.append(
                # Nearly all begin with a letter or a figure and need no closer look.
                f"CASE WHEN {name} IS NULL OR {name} GLOB '[0-9A-Za-z]*' THEN {name}"
                f" WHEN {first} <> '' AND instr({_SPECIAL}, {first}) > 0 THEN '''' || {name} ELSE {name} END"
            )
        else:
            found.append(name)
    return ", ".join(found)


def _wheres(piece: Sequence[int]) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Tests that select the rows of a piece."""
    if isinstance(piece, range):
        yield "position BETWEEN ? AND ?", (piece.stop + 1, piece.start)
        return
    for start in range(0, len(piece), _AT_ONCE):
        some = tuple(piece[start : start + _AT_ONCE])
        yield f"position IN ({', '.join('?' * len(some))})", some


class _LocalTimes(dict[str, str]):
    """From the beginning of a UTC time as the ledger writes it to that of the local time, `2026-11-23 14:3`.

    A beginning ends before the last figure of the minute: no zone changes within ten minutes, and few are apart from
    UTC by other than a multiple of them; for those it is a figure longer.
    """

    def __init__(self, zone: tzinfo) -> None:
        super().__init__()
        self._zone = zone
        odd = (datetime.now(zone).utcoffset() or timedelta()) % timedelta(minutes=10)
        self.width = 16 if odd else 15

    def __missing__(self, beginning: str) -> str:
        if len(self) > _KNOWN:
            self.clear()
        moment = datetime.fromisoformat(beginning.ljust(16, "0")).replace(tzinfo=UTC).astimezone(self._zone)
        found = self[beginning] = moment.strftime("%Y-%m-%d %H:%M")[: self.width]
        return found

    def add_to(self, batch: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        """Each row, which ends with its two times as the ledger has them, with those as UTC and as local times."""
        width = self.width
        return [
            (
                *row[:-2],
                row[-2][:23] + "Z",
                row[-1] and row[-1][:23] + "Z",
                self[row[-2][:width]] + row[-2][width:19],
                row[-1] and self[row[-1][:width]] + row[-1][width:19],
            )
            for row in batch
        ]
