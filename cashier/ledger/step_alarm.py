"""Schema step: an alarm stands in its row until somebody has seen it."""

import sqlite3


def step_alarm(connection: sqlite3.Connection) -> None:
    """Adds the column `alarm`: what must be seen, or null."""
    connection.execute("ALTER TABLE transactions ADD COLUMN alarm TEXT")
    connection.execute("CREATE INDEX alarms ON transactions (position) WHERE alarm IS NOT NULL")
