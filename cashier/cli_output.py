"""How the commands print: the one JSON shape of a transaction, sentences, exit codes (docs/commands.md)."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import click

from cashier.domain.money import format_amount
from cashier.domain.phone import mask_phone, operator_hint, show_phone
from cashier.domain.signs import shown
from cashier.domain.states import Kind, State
from cashier.domain.transaction import Transaction
from cashier.logs import redact

SUCCESSFUL, FAILED, WRONG_INPUT, OPEN, ENVIRONMENT = 0, 1, 2, 3, 4
JSON = click.option("--json", "json_wanted", is_flag=True, help="Print JSON for programs.")

_WORDS = {
    (Kind.PAYMENT, State.CREATED): "Sending",
    (Kind.PAYMENT, State.PENDING): "Waiting for the customer",
    (Kind.PAYMENT, State.UNKNOWN): "Not known yet. Do not hand over, do not ask again",
    (Kind.PAYMENT, State.SUCCESSFUL): "Paid",
    (Kind.PAYMENT, State.FAILED): "Not paid",
    (Kind.PAYOUT, State.CREATED): "Sending",
    (Kind.PAYOUT, State.PENDING): "On its way",
    (Kind.PAYOUT, State.UNKNOWN): "Not known yet. Money may have gone out, do not send again",
    (Kind.PAYOUT, State.SUCCESSFUL): "Sent",
    (Kind.PAYOUT, State.FAILED): "Not sent",
}


def utc_text(moment: datetime | None) -> str | None:
    """UTC as ISO 8601 with milliseconds and `Z`, or None."""
    return None if moment is None else moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def as_json(row: Transaction, *, mask: bool = False) -> dict[str, Any]:
    """The shape that other programs read. `amount` is a number of RWF, times are UTC ISO 8601."""
    return {
        "id": row.id,
        "number": row.number,
        "kind": row.kind.value,
        "phone": mask_phone(row.phone) if mask else row.phone,
        "amount": row.amount,
        "state": row.state.value,
        "review": redact(row.review) if mask and row.review else row.review,
        "response_code": row.response_code,
        "message": row.message,
        "gateway_transaction_id": row.gateway_transaction_id,
        "reference": row.reference,
        "created_at": utc_text(row.created_at),
        "decided_at": utc_text(row.decided_at),
    }


def as_sentence(row: Transaction, *, mask: bool = False) -> str:
    """One line for a person."""
    phone = mask_phone(row.phone) if mask else show_phone(row.phone)
    operator = operator_hint(row.phone)
    parts = [f"{row.number}  {format_amount(row.amount)}  {phone}{f' ({operator})' if operator else ''}"]
    parts.append("Needs a manager" if row.is_under_review else _WORDS[row.kind, row.state])
    if row.review:
        parts.append(redact(row.review) if mask else row.review)
    elif row.message and row.state in (State.FAILED, State.UNKNOWN):
        parts.append(row.message + (f" (code {row.response_code})" if row.response_code else ""))
    return plain("  ".join(parts))


def plain(text: str) -> str:
    """`text` without what a terminal would obey: a gateway's words are words."""
    return shown(text)


def echo(text: str, *, err: bool = False) -> None:
    """Prints lines for people, or JSON (which names such signs itself). The only way out of the commands."""
    click.echo(shown(text, lines=True), err=err)


def _dumped(value: object) -> str:
    """JSON in which every sign that a terminal obeys is named, also the one that JSON lets stand."""
    return json.dumps(value).replace("\x7f", "\\u007f")


def print_one(row: Transaction, *, json_wanted: bool, mask: bool = False) -> None:
    """Prints one transaction as a line."""
    echo(_dumped(as_json(row, mask=mask)) if json_wanted else as_sentence(row, mask=mask))


def print_many(rows: Iterable[Transaction], *, json_wanted: bool) -> None:
    """Prints one array, or a line each."""
    if json_wanted:
        echo(_dumped([as_json(row) for row in rows]))
        return
    for row in rows:
        echo(as_sentence(row))


def print_alarms(rows: Iterable[Transaction]) -> None:
    """A line on stderr for each alarm that nobody has seen, with what makes it end."""
    for row in rows:
        if row.alarm is not None:
            about = f"{row.number}  {format_amount(row.amount)}"
            echo(f"ALARM  {about}  {plain(row.alarm)}  When seen: cashier seen {row.number} --name NAME", err=True)


def exit_code(row: Transaction) -> int:
    """What the command's exit says about this transaction."""
    if row.review is not None or not row.is_final:
        return OPEN
    return SUCCESSFUL if row.state is State.SUCCESSFUL else FAILED
