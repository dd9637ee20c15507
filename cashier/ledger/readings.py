"""Readings of the balance: written once each, and asked for by time."""

import sqlite3
from datetime import datetime

from cashier.domain.reading import Reading
from cashier.ledger.chain import from_text, time_text

COLUMNS = "sequence, at, balance, text, why, transaction_id"


def add(
    connection: sqlite3.Connection, *, at: datetime, balance: int, text: str, why: str, transaction_id: str | None
) -> Reading:
    """Writes one reading; `at` (UTC) is when the gateway answered. Raises sqlite3.Error."""
    found = connection.execute(
        "INSERT INTO balance_readings (at, balance, text, why, transaction_id) VALUES (?, ?, ?, ?, ?) RETURNING *",
        (time_text(at), balance, text, why, transaction_id),
    ).fetchone()
    return _reading(found)


def latest(connection: sqlite3.Connection) -> Reading | None:
    """The newest reading."""
    found = connection.execute(f"SELECT {COLUMNS} FROM balance_readings ORDER BY sequence DESC LIMIT 1").fetchone()  # noqa: S608  # names of our own
    return None if found is None else _reading(found)


def since(connection: sqlite3.Connection, moment: datetime, limit: int) -> list[Reading]:
    """The newest `limit` readings taken at `moment` or later, the oldest of them first."""
    found = connection.execute(
        f"SELECT {COLUMNS} FROM balance_readings WHERE at >= ? ORDER BY sequence DESC LIMIT ?",  # noqa: S608  # names of our own
        (time_text(moment), limit),
    ).fetchall()
    return [_reading(row) for row in reversed(found)]


def _reading(row: sqlite3.Row) -> Reading:
    return Reading(
        sequence=row["sequence"],
        at=from_text(row["at"]),
        balance=row["balance"],
        text=row["text"],
        why=row["why"],
        transaction_id=row["transaction_id"],
    )
