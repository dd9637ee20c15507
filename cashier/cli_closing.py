"""What a manager does by hand on the command line: close, seen (docs/commands.md). Neither needs the gateway."""

import sys
from collections.abc import Callable

import click

from cashier.cli_output import JSON, SUCCESSFUL, print_one
from cashier.cli_session import Session, stop_with
from cashier.domain.events import Decision
from cashier.domain.transaction import Transaction

_NAME = click.option("--name", required=True, help="Who does it.")


@click.command()
@click.argument("id")
@click.option("--received", is_flag=True, help="The money was received.")
@click.option("--not-received", is_flag=True, help="The money was not received.")
@_NAME
@click.option("--note", required=True, help="What was found out, and where.")
@click.option("--reference", help="The operator's reference, if there is one.")
@JSON
@click.pass_obj
def close(
    session: Session,
    id: str,
    received: bool,
    not_received: bool,
    name: str,
    note: str,
    reference: str | None,
    json_wanted: bool,
) -> None:
    """Close by hand the transaction ID, which is under review."""
    from cashier.till.closing import closed_by_hand

    with stop_with():
        if received is not_received:
            raise click.UsageError("Say what became of the money: --received or --not-received.")
        _act(
            session,
            id,
            lambda row: closed_by_hand(row, received=received, name=name, note=note, reference=reference),
            json_wanted,
        )


@click.command()
@click.argument("id")
@_NAME
@click.option("--note", default="", help="What was done about it.")
@JSON
@click.pass_obj
def seen(session: Session, id: str, name: str, note: str, json_wanted: bool) -> None:
    """Say that the alarm of the transaction ID was seen. Until then every command repeats it."""
    from cashier.till.closing import alarm_seen

    with stop_with():
        _act(session, id, lambda row: alarm_seen(row, name=name, note=note), json_wanted)


def _act(session: Session, id: str, choose: Callable[[Transaction], Decision], json_wanted: bool) -> None:
    """Finds the row beside its writer, then has the one door write what `choose` decides, and prints the row."""
    with session.reader(alarms=False) as reader:
        row = reader.get(id) or reader.by_number(id)
    if row is None:
        raise click.UsageError(f"There is no transaction {id}.")
    choose(row)  # what is wrong is told before the folder is locked
    with session.door() as door:
        after = door.apply(row.id, choose)
    print_one(after, json_wanted=json_wanted)
    sys.exit(SUCCESSFUL)
