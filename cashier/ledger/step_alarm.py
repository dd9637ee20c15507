"""Schema step: an alarm stands in its row until somebody has seen it."""

import sqlite3


def step_alarm(connection: sqlite3.Connection) -> None:
    """Adds the column `alarm`: what must be seen, or null."""
    connection.execute("ALTER TABLE transactions ADD COLUMN alarm TEXT")
    connection.execute("CREATE INDEX alarms ON transactions (position) WHERE alarm IS NOT NULL")


def read_as_if_taken(connection: sqlite3.Connection) -> None:
    """Lets a reading connection see the column in a ledger that no writer has brought up to date yet."""
    columns = connection.execute("SELECT name FROM pragma_table_info('transactions')").fetchall()
    if columns and "alarm" not in {row[0] for row in columns}:
        connection.execute("PRAGMA query_only=OFF")  # the view is in memory; the file stays read-only
        connection.execute("CREATE TEMP VIEW transactions AS SELECT *, NULL AS alarm FROM main.transactions")
        connection.execute("PRAGMA query_only=ON")
