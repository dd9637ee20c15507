"""Readings of the balance: written once each, and asked for by time."""

import sqlite3
from datetime import datetime

from cashier.domain.reading import Agreement, Doubtful, Reading
from cashier.domain.states import Kind
from cashier.domain.transaction import CLOSED_AS
from cashier.ledger.chain import from_text, time_text

COLUMNS = "sequence, at, balance, text, why, transaction_id"
_UNSETTLED = "state IN ('created', 'pending', 'unknown')"
_CLOSED_AT = "(SELECT max(at) FROM events WHERE transaction_id = transactions.id AND event = 'closed by hand')"


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


def agreement(connection: sqlite3.Connection) -> Agreement | None:
    """The two newest readings and the money that this till moved between them, in one snapshot."""
    connection.execute("BEGIN")
    try:
        return _agreement(connection)
    finally:
        connection.execute("ROLLBACK")


def _agreement(connection: sqlite3.Connection) -> Agreement | None:
    two = connection.execute(f"SELECT {COLUMNS} FROM balance_readings ORDER BY sequence DESC LIMIT 2").fetchall()  # noqa: S608  # names of our own
    if len(two) < 2:
        return None
    after, before = (_reading(row) for row in two)
    moved = dict(
        connection.execute(
            "SELECT kind, sum(amount) FROM transactions"
            " WHERE state = 'successful' AND decided_at > ? AND decided_at <= ? GROUP BY kind",
            (time_text(before.at), time_text(after.at)),
        ).fetchall()
    )
    unsettled = connection.execute(
        f"SELECT kind, number FROM transactions WHERE {_UNSETTLED} AND created_at <= :after"  # noqa: S608  # a text of ours
        f" AND (review IS NULL OR review NOT LIKE 'closed:%' OR {_CLOSED_AT} > :after)"
        " UNION ALL SELECT kind, number FROM transactions WHERE decided_at > :after AND created_at <= :after",
        {"after": time_text(after.at)},
    ).fetchall()
    return Agreement(
        before=before,
        after=after,
        money_in=moved.get(Kind.PAYMENT.value, 0),
        money_out=moved.get(Kind.PAYOUT.value, 0),
        open_payouts=tuple(number for kind, number in unsettled if kind == Kind.PAYOUT.value),
        open_payments=sum(kind == Kind.PAYMENT.value for kind, _ in unsettled),
        late=_doubtful(
            connection,
            "state = 'successful' AND decided_at > ?1 AND decided_at <= ?2 AND created_at <= ?1",
            before,
            after,
        ),
        by_hand=_doubtful(
            connection,
            f"{_UNSETTLED} AND review LIKE '{CLOSED_AS[True]}%' AND {_CLOSED_AT} > ?1 AND {_CLOSED_AT} <= ?2",
            before,
            after,
        ),
    )


def _doubtful(connection: sqlite3.Connection, where: str, before: Reading, after: Reading) -> tuple[Doubtful, ...]:
    """What fits `where`, a text of ours in which ?1 and ?2 are the times of the two readings; the oldest first."""
    found = connection.execute(
        f"SELECT number, kind, amount FROM transactions WHERE {where} ORDER BY position",  # noqa: S608
        (time_text(before.at), time_text(after.at)),
    )
    return tuple(Doubtful(number, Kind(kind), amount) for number, kind, amount in found)


def _reading(row: sqlite3.Row) -> Reading:
    return Reading(
        sequence=row["sequence"],
        at=from_text(row["at"]),
        balance=row["balance"],
        text=row["text"],
        why=row["why"],
        transaction_id=row["transaction_id"],
    )
