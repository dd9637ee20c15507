"""Schema step: readings of the account's balance, which are added and never changed."""

import sqlite3

_STATEMENTS = (
    """
    CREATE TABLE balance_readings (
        sequence INTEGER PRIMARY KEY AUTOINCREMENT,
        at TEXT NOT NULL,
        balance INTEGER NOT NULL,
        text TEXT NOT NULL,
        why TEXT NOT NULL CHECK (why <> ''),
        transaction_id TEXT REFERENCES transactions (id)
    ) STRICT
    """,
    "CREATE INDEX readings_by_time ON balance_readings (at)",
    # The money that moved between two readings is asked for by the time it was settled.
    "CREATE INDEX by_decision ON transactions (decided_at) WHERE decided_at IS NOT NULL",
    """
    CREATE TRIGGER readings_stay BEFORE UPDATE ON balance_readings
    BEGIN SELECT RAISE(ABORT, 'a reading is never changed'); END
    """,
    """
    CREATE TRIGGER readings_last BEFORE DELETE ON balance_readings
    BEGIN SELECT RAISE(ABORT, 'a reading is never deleted'); END
    """,
)


def step(connection: sqlite3.Connection) -> None:
    """Adds the table of readings."""
    for statement in _STATEMENTS:
        connection.execute(statement)
