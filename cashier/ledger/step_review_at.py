"""Schema step: when the mark or the close by hand that stands in `review` came, filled from the events."""

import sqlite3

_STATEMENTS = (
    "ALTER TABLE transactions ADD COLUMN review_at TEXT",
    """
    UPDATE transactions SET review_at = (
        SELECT at FROM events
        WHERE transaction_id = transactions.id AND json_extract(data, '$.changed.review') IS NOT NULL
        ORDER BY sequence DESC LIMIT 1
    ) WHERE review IS NOT NULL
    """,
)


def step(connection: sqlite3.Connection) -> None:
    """Adds the column `review_at`. No event changes: each carries its time already."""
    for statement in _STATEMENTS:
        connection.execute(statement)
