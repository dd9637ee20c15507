"""What a restore leaves behind in a ledger: payouts are locked until a person signs for the time it may hide."""

import sqlite3

from cashier.domain.events import Event
from cashier.ledger import rows

RESTORED, SIGNED = "restored", "signed"


def unsigned_restore(connection: sqlite3.Connection) -> Event | None:
    """The newest restore that nobody has signed for yet, or None. Raises sqlite3.Error."""
    found = connection.execute(
        f"SELECT {rows.EVENT_COLUMNS} FROM events WHERE transaction_id IS NULL AND event IN (?, ?)"  # noqa: S608  # names of our own
        " ORDER BY sequence DESC LIMIT 1",
        (RESTORED, SIGNED),
    ).fetchone()
    return rows.event(found) if found is not None and found["event"] == RESTORED else None


def locked_sentence(restored: Event) -> str:
    """Why payouts are locked, and what opens them."""
    return (
        f"Payouts are locked: the ledger was restored from a backup. Compare the provider's statement with it,"
        f" {span(restored)}, then run: cashier sign --name N --note T."
    )


def span(restored: Event) -> str:
    """The time that the restored ledger knows nothing of."""
    since = restored.data.get("since")
    start = "from the beginning" if not isinstance(since, str) else f"from {since[:19]}Z"
    return f"{start} to {restored.at:%Y-%m-%dT%H:%M:%S}Z"
