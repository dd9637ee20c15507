"""Options that several commands share, and what they refuse."""

import math
from pathlib import Path

import click

_LONGEST_WAIT = 30 * 86_400.0


def _number(_context: click.Context, _option: click.Parameter, value: float) -> float:
    """`nan` is neither below nor above anything; beyond a month no thread can wait, and nothing is open."""
    if math.isnan(value):
        raise click.UsageError("Write how many seconds to wait, like --wait 120.")
    return min(value, _LONGEST_WAIT)


WAIT = click.option(
    "--wait",
    type=click.FloatRange(min=0),
    default=120.0,
    callback=_number,
    show_default=True,
    help="Seconds to wait for a final state.",
)


def folder(_context: click.Context, _option: click.Parameter, value: str | None) -> Path | None:
    """A variable that was not set must not mean the folder one stands in."""
    if value is not None and not value.strip():
        raise click.UsageError("Write the folder of ledger and settings after --data-dir.")
    return None if value is None else Path(value)
