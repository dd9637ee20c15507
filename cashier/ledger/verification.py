"""Whether a ledger is whole: the file, the hash chain, and each row as the fold of its events."""

import itertools
import json
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from cashier.ledger import chained_lists, rows
from cashier.ledger.chain import genesis, link
from cashier.ledger.errors import from_sqlite

NEWEST = 10_000
# Reading every page of more than this would hold up the first sale of the day.
QUICK_BYTES = 250_000_000
_REST_EVERY = 500
_FOLDED = (
    *("number", "kind", "phone", "amount", "reference", "reason", "fee", "created_at", "state", "review"),
    *("response_code", "message", "gateway_transaction_id", "operator_reference", "accepted", "hidden", "decided_at"),
    *("alarm", "refund_of", "review_at"),
)
_STORIES = "SELECT transaction_id, at, event, state, data FROM events {} ORDER BY transaction_id, sequence"
_ALL = "WHERE transaction_id IS NOT NULL"
# By its own key, which holds the newest together: the index would be read from end to end.
_BEHIND = "NOT INDEXED WHERE sequence > ? AND transaction_id IS NOT NULL"


@dataclass(frozen=True)
class Verification:
    """What was found. `broken` is the first event whose link does not hold, `last_hash` the day book's check code."""

    ok: bool
    events: int
    sentence: str
    broken: int | None = None
    last_hash: str | None = None


class _Altered(Exception):
    def __init__(self, words: str, broken: int | None = None) -> None:
        super().__init__(f"The ledger was altered: {words}.")
        self.broken = broken


def _at_once() -> None:
    """Rests nowhere."""


def verify(connection: sqlite3.Connection, rest: Callable[[], None] = _at_once) -> Verification:
    """Checks everything in one snapshot; `rest` is called every few hundred events.

    Raises LedgerError when the file cannot be read at all.
    """
    return _checked(connection, lambda: _whole(connection, rest))


def _pages(connection: sqlite3.Connection) -> int:
    count: int = connection.execute("PRAGMA page_count").fetchone()[0]
    return count


def _page_size(connection: sqlite3.Connection) -> int:
    size: int = connection.execute("PRAGMA page_size").fetchone()[0]
    return size


def verify_newest(connection: sqlite3.Connection, newest: int = NEWEST) -> Verification:
    """A quick check of the file, of the newest events and of the rows they are about. Raises LedgerError.

    Of a file above QUICK_BYTES not every page is read: the check before the daily backup does that behind the sales.
    """
    return _checked(connection, lambda: _newest(connection, newest))


def _checked(connection: sqlite3.Connection, check: Callable[[], Verification]) -> Verification:
    began = not connection.in_transaction
    try:
        if began:
            connection.execute("BEGIN")
        try:
            return check()
        except _Altered as found:
            return Verification(False, found.broken or 0, str(found), found.broken)
        finally:
            if began:
                connection.execute("ROLLBACK")
    except (sqlite3.Error, UnicodeDecodeError) as trouble:
        raise from_sqlite(trouble) from trouble


def _whole(connection: sqlite3.Connection, rest: Callable[[], None]) -> Verification:
    found = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if found != "ok":
        return Verification(False, 0, f"The ledger's file is damaged: {found}.")
    count, last = _chain(connection, 0, rest)
    stories = _stories(connection, _ALL)
    told = next(stories, None)
    for row in connection.execute("SELECT * FROM transactions ORDER BY id"):
        if told is None or told[0] > row["id"]:
            raise _Altered(f"{row['number']} has no events")
        if told[0] < row["id"]:
            break
        _compare(row, told[1], told[2])
        told = next(stories, None)
        if row["position"] % _REST_EVERY == 0:
            rest()
    if told is not None:
        raise _Altered("a transaction is missing")
    _lists(connection, 0)
    return Verification(True, count, f"The ledger is whole: {count} events.", last_hash=last)


def _newest(connection: sqlite3.Connection, newest: int) -> Verification:
    if _pages(connection) * _page_size(connection) <= QUICK_BYTES:
        found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        if found != "ok":
            return Verification(False, 0, f"The ledger's file is damaged: {found}.")
    last = connection.execute("SELECT coalesce(max(sequence), 0) FROM events").fetchone()[0]
    after = max(0, last - newest)
    count, hash = _chain(connection, after, _at_once)
    for id, story, from_birth in _stories(connection, _BEHIND, after):
        row = connection.execute("SELECT * FROM transactions WHERE id = ?", (id,)).fetchone()
        if row is None:
            raise _Altered("a transaction is missing")
        _compare(row, story, from_birth)
    _lists(connection, after)
    return Verification(True, count, f"The newest {count} events are whole.", last_hash=hash)


def _chain(connection: sqlite3.Connection, after: int, rest: Callable[[], None]) -> tuple[int, str]:
    """Follows the chain behind event number `after`. How many events it has, and the last hash."""
    me = connection.execute("SELECT environment, accountno, install_id FROM ledger").fetchone()
    if me is None:
        raise _Altered("it does not say whose it is")
    previous = genesis(me["environment"], me["accountno"], me["install_id"])
    if after:
        before = connection.execute("SELECT hash FROM events WHERE sequence = ?", (after,)).fetchone()
        if before is None:
            raise _Altered(f"event {after} is missing", after)
        previous = before["hash"]
    sequence = after
    told = connection.execute(
        f"SELECT {rows.EVENT_COLUMNS} FROM events WHERE sequence > ? ORDER BY sequence",  # noqa: S608  # names of our own
        (after,),
    )
    for row in told:
        sequence += 1
        expected = link(
            previous, sequence, row["transaction_id"], row["at"], row["event"], row["source"], row["state"], row["data"]
        )
        if row["sequence"] != sequence or row["hash"] != expected:
            raise _Altered(f"event {sequence} does not fit the one before", sequence)
        previous = row["hash"]
        if sequence % _REST_EVERY == 0:
            rest()
    return sequence - after, previous


def _stories(
    connection: sqlite3.Connection, which: str, *values: object
) -> Iterator[tuple[str, dict[str, object], bool]]:
    """What the events say of each transaction, by id, and whether they tell it from its birth."""
    told = connection.execute(_STORIES.format(which), values)
    for id, events in itertools.groupby(told, lambda row: row["transaction_id"]):
        story: dict[str, object] = {}
        from_birth = False
        for row in events:
            data = json.loads(row["data"])
            if row["event"] == "created":
                from_birth = True
                story.update({name: data[name] for name in _FOLDED if name in data})
            changed = data.get("changed") or {}
            story.update(changed)
            if "review" in changed:
                story["review_at"] = row["at"]
            story["state"] = row["state"]
        yield id, story, from_birth


def _lists(connection: sqlite3.Connection, after: int) -> None:
    wrong = chained_lists.what_is_wrong(connection, after)
    if wrong is not None:
        raise _Altered(wrong)


def _compare(row: sqlite3.Row, story: dict[str, object], from_birth: bool) -> None:
    # A ledger of an older version lacks the columns that came later.
    for name in set(row.keys()).intersection(_FOLDED):
        if not from_birth and name not in story:
            continue
        if row[name] != story.get(name, 0 if name in ("accepted", "hidden") else None):
            raise _Altered(f"{name} of {row['number']} is not what happened")
