"""A ledger as the first version of the program left it, made from one of today."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from cashier.ledger.schema import APPLICATION_ID, STEPS

COLUMNS = (
    "position, id, number, action_id, kind, phone, amount, reference, reason, fee, created_at, state, review, "
    "response_code, message, gateway_transaction_id, operator_reference, accepted, hidden, decided_at, version"
)


def as_first_version(file: Path) -> None:
    """Rewrites a closed ledger without what later steps added: the same rows, the same events, version 1."""
    old = file.with_name("first.db")
    with closing(sqlite3.connect(old, isolation_level=None)) as connection:
        STEPS[0](connection)
        triggers = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for name, _sql in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("ATTACH ? AS today", (str(file),))
        for table in ("ledger", "transactions", "events"):
            names = ", ".join(row[1] for row in connection.execute(f"PRAGMA main.table_info({table})"))
            connection.execute(f"INSERT INTO main.{table} ({names}) SELECT {names} FROM today.{table}")
        connection.execute("DETACH today")
        for _name, sql in triggers:
            connection.execute(sql)
        connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
        connection.execute("PRAGMA user_version=1")
    os.replace(old, file)
