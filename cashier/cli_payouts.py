"""`cashier payouts FILE`: a list of payouts from a file, looked at or approved and sent (docs/commands.md)."""

from dataclasses import dataclass
from pathlib import Path

import click

from cashier.cli_options import WAIT
from cashier.cli_output import JSON
from cashier.cli_session import Session, stop_with


@dataclass(frozen=True)
class Wishes:
    """What was asked for besides the file. `hidden` and `again` are the typed counts, None where none was typed."""

    name: str
    sheet: str | None
    hidden: int | None
    again: int | None
    without_bad: bool
    fee: bool
    wait: float
    json_wanted: bool


_COUNT = click.IntRange(min=0)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--check", "only_check", is_flag=True, help="Only read the file and say what is wrong. Sends nothing.")
@click.option("--name", help="Who approves the list.")
@click.option("--yes", is_flag=True, help="Confirm that money leaves the account.")
@click.option("--sheet", help="The sheet to read, where the file has several.")
@click.option("--hidden", type=_COUNT, help="How many hidden rows are paid too.")
@click.option("--again", type=_COUNT, help="How many rows that went out before are paid again.")
@click.option("--without-bad", is_flag=True, help="Leave out the rows that cannot be sent.")
@click.option("--fee", is_flag=True, help="Add the withdrawal fee to what each receiver gets.")
@WAIT
@JSON
@click.pass_obj
def payouts(
    session: Session,
    file: Path,
    only_check: bool,
    name: str | None,
    yes: bool,
    sheet: str | None,
    hidden: int | None,
    again: int | None,
    without_bad: bool,
    fee: bool,
    wait: float,
    json_wanted: bool,
) -> None:
    """Pay the list in FILE (.csv or .xlsx), row after row, each once; or only look at it with --check."""
    with stop_with():
        if only_check:
            from cashier.cli_payouts_check import check_list

            if yes or name is not None or hidden is not None or again is not None or without_bad or fee:
                raise click.UsageError("--check only reads. It goes with --sheet and --json alone.")
            check_list(session, file, sheet, json_wanted=json_wanted)
            return
        if name is None or not name.strip():
            raise click.UsageError("Write who approves the list, after --name; or only look at it with --check.")
        if not yes:
            raise click.UsageError("Money will leave the account. Add --yes to send the list.")
        from cashier.cli_payouts_send import send

        send(session, file, Wishes(name.strip(), sheet, hidden, again, without_bad, fee, wait, json_wanted))
