"""The result file of a list: CSV that a spreadsheet opens without running anything in it."""

import csv
import os
from collections.abc import Iterable
from pathlib import Path

from cashier.domain.payout_run import RunLine
from cashier.domain.phone import show_phone
from cashier.errors import EnvironmentStop, WrongInput
from cashier.files import written

HEADER = ("row", "phone", "amount", "reason", "state", "code", "message", "id", "number")
# What makes a spreadsheet run a cell, in the forms that it also takes.
_DANGEROUS = tuple("=+-@\t\r\n＝＋－＠")


def safe(text: str) -> str:
    """`text` so that a spreadsheet shows it and never runs it; `original` takes the mark away again."""
    return f"'{text}" if text.startswith((*_DANGEROUS, "'")) else text


def original(text: str) -> str:
    """What `safe` was given."""
    return text[1:] if text.startswith("'") and text[1:].startswith((*_DANGEROUS, "'")) else text


def beside(source: Path) -> Path:
    """A free name beside the file that the list came from: `salaries-results.csv`."""
    count, path = 1, source.with_name(f"{source.stem}-results.csv")
    while os.path.lexists(path):
        count += 1
        path = source.with_name(f"{source.stem}-results-{count}.csv")
    return path


def write(path: Path, lines: Iterable[RunLine]) -> None:
    """Writes one row a line, in one piece; a plain file is replaced.

    Raises EnvironmentStop when the disk refuses or the place may not be written (files.written): nobody chose it.
    """
    try:
        # With the mark that Excel needs to read UTF-8.
        with written(path, replace=True) as part, open(part, "w", encoding="utf-8-sig", newline="") as file:
            out = csv.writer(file)
            out.writerow(HEADER)
            out.writerows(_cells(line) for line in lines)
            file.flush()
    except WrongInput as why:
        raise EnvironmentStop(why.sentence, why.advice) from why
    except OSError as why:
        raise EnvironmentStop(f"The results could not be written as {path.name}: {why.strerror}.") from why


def _cells(line: RunLine) -> tuple[str, ...]:
    row = line.transaction
    state, code, message, number = "not begun", "", "", ""
    if line.skipped is not None:
        state, message = "left out", line.skipped
    if row is not None:
        state, code, message, number = row.state.value, row.response_code or "", row.message or "", row.number
        if row.review is not None:
            message = row.review
    return tuple(
        safe(text)
        for text in (
            str(line.row),
            # In groups it stays text, and keeps its first 0.
            show_phone(line.phone),
            str(line.amount),
            line.reason,
            state,
            code,
            message,
            line.id,
            number,
        )
    )
