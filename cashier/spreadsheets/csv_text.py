"""CSV as spreadsheets and people write it: any usual encoding and separator."""

import csv
import io
from collections import Counter
from collections.abc import Iterator

from cashier.errors import WrongInput
from cashier.spreadsheets.bounds import CHUNK, MOST_LETTERS, Bounds, TooMuch, Watch
from cashier.spreadsheets.cells import MOST_COLUMNS, Cell, Row

_SEPARATORS = (";", "\t", ",")
_BEGINNING = 20_000
_MOST_TRIED = 20


def rows(name: str, content: bytes, bounds: Bounds, watch: Watch) -> Iterator[Row]:
    """Every record that holds anything, by the line where it begins. Raises WrongInput."""
    text = _decoded(name, content)
    # Strict: a quote that nobody closed would swallow the rows after it without a word.
    reader = csv.reader(_lines(name, text, bounds, watch), delimiter=_separator(text), strict=True)
    line = 1
    try:
        for cells in reader:
            if len(cells) > 1 or (cells and cells[0].strip()):
                if any(len(cell) > MOST_LETTERS for cell in cells):
                    raise _too_long(name, line)
                yield Row(line, _in_row(cells))
            line = reader.line_num + 1
    except csv.Error as why:
        if "field larger" in str(why):
            raise _too_long(name, line) from why
        raise WrongInput(
            f"The quotes in line {line} of {name} do not match.", "Correct that line, then choose it again."
        ) from why


def _lines(name: str, text: str, bounds: Bounds, watch: Watch) -> Iterator[str]:
    done = told = 0
    for number, line in enumerate(io.StringIO(text, newline=""), 1):
        if number > bounds.lines:
            raise TooMuch(name, f"{bounds.lines} lines")
        done += len(line)
        if done - told >= CHUNK:
            told = done
            watch(done, len(text))
        yield line


def _too_long(name: str, line: int) -> WrongInput:
    return WrongInput(
        f"A cell in line {line} of {name} has more than {MOST_LETTERS} letters.",
        "Shorten it, then choose the file again.",
    )


def _in_row(texts: list[str]) -> list[Cell]:
    """The first columns, and of those behind them the first that holds anything: a line can hold millions."""
    cells = [_written(text) for text in texts[:MOST_COLUMNS]]
    if len(texts) > MOST_COLUMNS:
        beyond = next((text for text in texts[MOST_COLUMNS:] if text and not text.isspace()), None)
        cells += [_written(beyond)] if beyond is not None else []
    return cells


def _written(text: str) -> Cell:
    text = text.strip()
    return Cell(text, formula=text if text.startswith("=") else "")


def _decoded(name: str, content: bytes) -> str:
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
    raise WrongInput(f"{name} is no text that can be read.", "Save it as .xlsx, or as CSV in UTF-8.")


def _separator(text: str) -> str:
    """What stands between the cells: the sign that the most of the first records hold, and hold equally often.

    One inside quotes does not count, nor does a title above the names.
    """
    beginning = text[:_BEGINNING]
    first = next((line for line in beginning.splitlines() if line.strip()), "")
    if first.lower().startswith("sep=") and len(first.strip()) == len("sep=") + 1:
        return first.strip()[-1]
    bare = "".join(part for place, part in enumerate(beginning.split('"')) if place % 2 == 0)
    records = [record for record in bare.splitlines() if record.strip()][:_MOST_TRIED]

    def weight(separator: str) -> tuple[int, int]:
        often = Counter(count for record in records if (count := record.count(separator)))
        return max(((agreeing, count) for count, agreeing in often.items()), default=(0, 0))

    return max(_SEPARATORS, key=weight)
