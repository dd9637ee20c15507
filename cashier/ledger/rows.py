"""Rows of SQLite as the domain's own types."""

import json
import sqlite3

from cashier.domain.events import Event
from cashier.domain.states import Kind, State
from cashier.domain.transaction import Transaction
from cashier.ledger.chain import from_text

COLUMNS = (
    "id, number, kind, phone, amount, state, review, response_code, message, gateway_transaction_id, "
    "operator_reference, reference, reason, fee, accepted, hidden, created_at, decided_at, version, alarm, refund_of, "
    "review_at"
)
# What later versions added to the columns, and a ledger that no writer has brought up to date yet does not have.
_ADDED = ("alarm", "refund_of", "review_at")
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
        refund_of=row["refund_of"],
        review_at=from_text(row["review_at"]) if row["review_at"] else None,
    )


def event(row: sqlite3.Row) -> Event:
    """A row read with EVENT_COLUMNS."""
    return Event(
        sequence=row["sequence"],
        transaction_id=row["transaction_id"],
        at=from_text(row["at"]),
        event=row["event"],
        source=row["source"],
        state=None if row["state"] is None else State(row["state"]),
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


def all_of(connection: sqlite3.Connection, where: str, *values: object) -> list[Transaction]:
    """The transactions that fit `where` (a text of ours), the oldest first."""
    found = connection.execute(f"SELECT {COLUMNS} FROM transactions WHERE {where} ORDER BY position", values)  # noqa: S608
    return [transaction(row) for row in found]


def get(connection: sqlite3.Connection, id: str) -> Transaction:
    """The transaction with this id. Raises KeyError."""
    found = first(connection, "id = ?", id)
    if found is None:
        raise KeyError(id)
    return found


def highest_position(connection: sqlite3.Connection) -> int:
    """The highest position that a row here ever had; after a restore, that one in the ledger moved aside had."""
    found: int = connection.execute(
        "SELECT max(coalesce((SELECT max(position) FROM transactions), 0),"
        " coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'transactions'), 0))"
    ).fetchone()[0]
    return found


def read_as_if_up_to_date(connection: sqlite3.Connection) -> None:
    """Lets a reading connection see every column in a ledger of an older version: empty where it is not there."""
    there = {row[0] for row in connection.execute("SELECT name FROM pragma_table_info('transactions')")}
    missing = [name for name in _ADDED if there and name not in there]
    if missing:
        connection.execute("PRAGMA query_only=OFF")  # the view is in memory; the file stays read-only
        empty = ", ".join(f"NULL AS {name}" for name in missing)
        connection.execute(f"CREATE TEMP VIEW transactions AS SELECT *, {empty} FROM main.transactions")  # noqa: S608  # names of our own
        connection.execute("PRAGMA query_only=ON")
