"""The commands that only read: balance, history (docs/commands.md)."""

import json
import sys
from datetime import UTC, datetime

import click

from cashier.cli_output import ENVIRONMENT, FAILED, JSON, echo, print_many, utc_text
from cashier.cli_session import Session, stop_with
from cashier.domain.money import group_digits
from cashier.domain.states import State


@click.command()
@JSON
@click.pass_obj
def balance(session: Session, json_wanted: bool) -> None:
    """Show what is on the account."""
    from cashier.gateway.meaning import BalanceReading, read_balance
    from cashier.gateway.outcomes import Answered

    with stop_with():
        client = session.client()
        try:
            outcome = client.balance()
        finally:
            client.close()
        reading = read_balance(outcome)
        if isinstance(reading, BalanceReading):
            read_at = utc_text(datetime.now(UTC))
            if json_wanted:
                echo(json.dumps({"balance": reading.balance, "read_at": read_at}))
            else:
                echo(f"{group_digits(reading.balance)} RWF at {read_at}")
            return
        echo(" ".join(part for part in (reading.sentence, reading.advice) if part), err=True)
        sys.exit(FAILED if isinstance(outcome, Answered) else ENVIRONMENT)


@click.command()
@click.option("--state", type=click.Choice([state.value for state in State]), help="Only those in this state.")
@click.option("--limit", type=click.IntRange(1, 10_000_000), default=50, show_default=True, help="How many at most.")
@JSON
@click.pass_obj
def history(session: Session, state: str | None, limit: int, json_wanted: bool) -> None:
    """List transactions, newest first."""
    with stop_with(), session.reader() as reader:
        print_many(reader.history(state=State(state) if state else None, limit=limit), json_wanted=json_wanted)


def ids_of(session: Session, named: tuple[str, ...]) -> list[str]:
    """The ids of what is named by id or number, each once. Nothing is opened for writing where one is not there."""
    if not named:
        return []
    with session.reader(alarms=False) as reader:
        found = []
        for one in named:
            row = reader.get(one) or reader.by_number(one)
            if row is None:
                raise click.UsageError(f"There is no transaction {one}.")
            found.append(row.id)
        return list(dict.fromkeys(found))
