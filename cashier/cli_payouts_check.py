"""`cashier payouts FILE --check`: what a list holds and what is wrong with it. Needs no account, sends nothing."""

import json
import sys
from pathlib import Path
from typing import Any

import click

from cashier.cli_output import FAILED, SUCCESSFUL, plain
from cashier.cli_session import Session
from cashier.domain.money import Limits, format_amount
from cashier.domain.phone import show_phone
from cashier.errors import EnvironmentStop, WrongInput
from cashier.till.payout_file import SeveralSheets, Table, read
from cashier.till.payout_rows import FileRow, PayoutList, check

HIDDEN = "The row is hidden in the file. It is paid only when the count of hidden rows is typed."


def check_list(session: Session, file: Path, sheet: str | None, *, json_wanted: bool) -> None:
    """Prints every row and exits 0 (all good) or 1. Raises WrongInput for a file that cannot be read."""
    found = check(read_list(file, sheet), _limits(session), {})
    for note in found.notes:
        click.echo(plain(note), err=True)
    if json_wanted:
        click.echo(json.dumps(as_json(found)))
    else:
        for row in found.rows:
            click.echo(_line(row))
        good = sum(1 for row in found.rows if problem(row) is None)
        click.echo(f"{good} of {len(found.rows)} rows can be sent, together {format_amount(found.total)}.")
    sys.exit(FAILED if any(problem(row) for row in found.rows) else SUCCESSFUL)


def as_json(found: PayoutList) -> dict[str, Any]:
    """The shape that other programs read."""
    return {"sheet": found.sheet or None, "rows": [row_json(row) for row in found.rows], "total": found.total}


def row_json(row: FileRow) -> dict[str, Any]:
    """One row: `phone` is `2507…` or the cell's text, `amount` RWF or null, `problem` null or a sentence."""
    return {
        "row": row.row,
        "phone": row.phone or row.shown[0],
        "amount": row.amount or None,
        "reason": row.reason or row.shown[2],
        "problem": problem(row),
    }


def problem(row: FileRow) -> str | None:
    """Why this row is not sent as it stands."""
    if row.problems:
        return " ".join(row.problems)
    return HIDDEN if row.hidden else None


def read_list(file: Path, sheet: str | None) -> Table:
    """The file's rows. Raises WrongInput, with the names where there are several sheets."""
    try:
        return read(file, sheet)
    except SeveralSheets as several:
        names = "\n".join(plain(name) for name in several.names)
        raise WrongInput(several.sentence, f"Name one with --sheet:\n{names}") from several


def _limits(session: Session) -> Limits:
    try:
        return session.limits
    except EnvironmentStop:  # no folder of settings can be made here: a list is read without one
        return Limits()


def _line(row: FileRow) -> str:
    phone = show_phone(row.phone) if row.phone else row.shown[0]
    amount = format_amount(row.amount) if row.amount else row.shown[1]
    return plain("  ".join(part for part in (str(row.row), phone, amount, row.reason, problem(row) or "") if part))
