"""Rows of SQLite as the domain's own types."""

import json
import sqlite3

from cashier.domain.events import Event
from cashier.domain.states import Kind, State
from cashier.domain.transaction import Transaction
from cashier.ledger.chain import from_text

COLUMNS = (
    "id, number, kind, phone, amount, state, review, response_code, message, gateway_transaction_id, "
    "operator_reference, reference, reason, fee, accepted, hidden, created_at, decided_at, version, alarm"
)
EVENT_COLUMNS = "sequence, transaction_id, at, event, source, state, data, hash"


def transaction(row: sqlite3.Row) -> Transaction:
    """A row read with COLUMNS."""
    return Transaction(
        id=row["id"],
        number=row["number"],
        kind=Kind(row["kind"]),
        phone=row["phone"],
        amount=row["amount"],
        state=State(row["state"]),
        review=row["review"],
        response_code=row["response_code"],
        message=row["message"],
        gateway_transaction_id=row["gateway_transaction_id"],
        operator_reference=row["operator_reference"],
        reference=row["reference"],
        reason=row["reason"],
        fee=bool(row["fee"]),
        accepted=bool(row["accepted"]),
        hidden=bool(row["hidden"]),
        created_at=from_text(row["created_at"]),
        decided_at=from_text(row["decided_at"]) if row["decided_at"] else None,
        version=row["version"],
        alarm=row["alarm"],
    )


def event(row: sqlite3.Row) -> Event:
    """A row read with EVENT_COLUMNS."""
    return Event(
        sequence=row["sequence"],
        transaction_id=row["transaction_id"],
        at=from_text(row["at"]),
        event=row["event"],
        source=row["source"],
        state=State(row["state"]),
        data=json.loads(row["data"]),
        hash=row["hash"],
    )


def first(connection: sqlite3.Connection, where: str, *values: object) -> Transaction | None:
    """The newest transaction that fits `where` (a text of ours), or None."""
    found = connection.execute(
        f"SELECT {COLUMNS} FROM transactions WHERE {where} ORDER BY position DESC LIMIT 1",  # noqa: S608
        values,
    ).fetchone()
    return None if found is None else transaction(found)


def get(connection: sqlite3.Connection, id: str) -> Transaction:
    """The transaction with this id. Raises KeyError."""
    found = first(connection, "id = ?", id)
    if found is None:
        raise KeyError(id)
    return found
