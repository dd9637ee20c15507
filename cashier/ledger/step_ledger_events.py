"""Step: events about the ledger itself (restored, signed, …) belong to no transaction and carry no state."""

import sqlite3

_TABLE = """
CREATE TABLE events_anew (
    sequence INTEGER PRIMARY KEY,
    transaction_id TEXT REFERENCES transactions (id),
    at TEXT NOT NULL,
    event TEXT NOT NULL,
    source TEXT NOT NULL,
    state TEXT,
    data TEXT NOT NULL,
    hash TEXT NOT NULL,
    CHECK ((transaction_id IS NULL) = (state IS NULL))
) STRICT
"""


def ledger_events(connection: sqlite3.Connection) -> None:
    """Rebuilds `events`, since SQLite cannot take a NOT NULL away. Every row, index and trigger of it is kept.

    Source: https://www.sqlite.org/lang_altertable.html#otheralter
    """
    around = connection.execute(
        "SELECT sql FROM sqlite_schema WHERE tbl_name = 'events' AND type <> 'table' AND sql IS NOT NULL"
    ).fetchall()
    connection.execute(_TABLE)
    connection.execute("INSERT INTO events_anew SELECT * FROM events ORDER BY sequence")
    connection.execute("DROP TABLE events")
    # Triggers and views elsewhere may name `events`: they mean the new table, and are left as they are.
    connection.execute("PRAGMA legacy_alter_table=ON")
    try:
        connection.execute("ALTER TABLE events_anew RENAME TO events")
    finally:
        connection.execute("PRAGMA legacy_alter_table=OFF")
    for (statement,) in around:
        connection.execute(statement)
