"""What a restore leaves behind in a ledger: payouts are locked until a person signs for the time it may hide."""

import sqlite3
from collections.abc import Sequence

from cashier.domain.events import Event
from cashier.ledger import rows

RESTORED, SIGNED = "restored", "signed"


def unsigned_restores(connection: sqlite3.Connection) -> list[Event]:
    """The restores that nobody has signed for yet, the oldest first. Raises sqlite3.Error."""
    found = connection.execute(
        f"SELECT {rows.EVENT_COLUMNS} FROM events WHERE transaction_id IS NULL AND event = ? AND sequence >"  # noqa: S608  # names of our own
        " (SELECT coalesce(max(sequence), 0) FROM events WHERE transaction_id IS NULL AND event = ?) ORDER BY sequence",
        (RESTORED, SIGNED),
    ).fetchall()
    return [rows.event(row) for row in found]


def locked_sentence(restores: Sequence[Event]) -> str:
    """Why payouts are locked, and what opens them. `restores` holds one or more, the oldest first."""
    return (
        f"Payouts are locked: the ledger was restored from a backup. Compare the provider's statement with it,"
        f" {span(restores)}, then run: cashier sign --name N --note T."
    )


def span(restores: Sequence[Event]) -> str:
    """The time that the restored ledger knows nothing of, or not all. `restores` as for `locked_sentence`."""
    since = restores[0].data.get("since")
    start = "from the beginning" if not isinstance(since, str) else f"from {since[:19]}Z"
    return f"{start} to {restores[-1].at:%Y-%m-%dT%H:%M:%S}Z"
