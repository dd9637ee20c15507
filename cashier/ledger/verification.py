"""Whether a ledger is whole: the file, the hash chain, and each row as the fold of its events."""

import sqlite3
from dataclasses import dataclass

from cashier.ledger import rows
from cashier.ledger.chain import genesis, link
from cashier.ledger.errors import from_sqlite

_FOLDED = (
    *("number", "kind", "phone", "amount", "reference", "reason", "fee", "created_at", "state", "review"),
    *("response_code", "message", "gateway_transaction_id", "operator_reference", "accepted", "hidden", "decided_at"),
    "alarm",
)


@dataclass(frozen=True)
class Verification:
    """What was found. `broken` is the first event whose link does not hold, `last_hash` the day book's check code."""

    ok: bool
    events: int
    sentence: str
    broken: int | None = None
    last_hash: str | None = None


def verify(connection: sqlite3.Connection) -> Verification:
    """Checks everything in one snapshot. Raises LedgerError when the file cannot be read at all."""
    try:
        connection.execute("BEGIN")
        try:
            return _verify(connection)
        finally:
            connection.execute("ROLLBACK")
    except sqlite3.Error as trouble:
        raise from_sqlite(trouble) from trouble


def _verify(connection: sqlite3.Connection) -> Verification:
    found = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if found != "ok":
        return Verification(False, 0, f"The ledger's file is damaged: {found}.")
    me = connection.execute("SELECT environment, accountno, install_id FROM ledger").fetchone()
    previous = genesis(me["environment"], me["accountno"], me["install_id"])
    folded: dict[str, dict[str, object]] = {}
    count = 0
    for row in connection.execute(f"SELECT {rows.EVENT_COLUMNS} FROM events ORDER BY sequence"):  # noqa: S608
        count += 1
        expected = link(
            previous, count, row["transaction_id"], row["at"], row["event"], row["source"], row["state"], row["data"]
        )
        if row["sequence"] != count or row["hash"] != expected:
            return Verification(
                False, count, f"The ledger was altered: event {count} does not fit the one before.", count
            )
        previous = row["hash"]
        _fold(folded, rows.event(row).data, row["transaction_id"], row["state"])
    for row in connection.execute("SELECT * FROM transactions"):
        story = folded.pop(row["id"], None)
        if story is None:
            return Verification(False, count, f"The ledger was altered: {row['number']} has no events.")
        for name in _FOLDED:
            if row[name] != story.get(name, 0 if name in ("accepted", "hidden") else None):
                return Verification(
                    False, count, f"The ledger was altered: {name} of {row['number']} is not what happened."
                )
    if folded:
        return Verification(False, count, "The ledger was altered: a transaction is missing.")
    return Verification(True, count, f"The ledger is whole: {count} events.", last_hash=previous)


def _fold(folded: dict[str, dict[str, object]], data: object, id: str, state: str) -> None:
    told = data if isinstance(data, dict) else {}
    story = folded.get(id)
    if story is None:
        folded[id] = {name: told.get(name) for name in _FOLDED if name in told} | {"state": state}
        return
    changed = told.get("changed")
    if isinstance(changed, dict):
        story.update(changed)
    story["state"] = state
