"""Finds what a query asks for, newest first, as positions: at once where an index knows them, else piece by piece."""

import sqlite3
from array import array
from collections.abc import Iterator, Sequence

from cashier.ledger.conditions import Condition, conditions_of
from cashier.ledger.query import Query

# So many positions from an index are looked at one by one. With more of them the newest rows soon hold a page.
FEW = 4096
_AT_ONCE = 500
_WINDOW = 8192
_LARGEST = 65_536


def find(connection: sqlite3.Connection, query: Query, above: int = 0) -> Iterator[Sequence[int]]:
    """Positions greater than `above`, in descending order, in pieces that may be empty.

    All of them need no look: positions have no gaps (Pen.create), so the n-th row is known by its place.
    """
    top = connection.execute("SELECT coalesce(max(position), 0) FROM transactions").fetchone()[0]
    conditions = conditions_of(query)
    if not conditions or top <= above:
        yield range(top, above, -1)
        return
    for number, condition in enumerate(conditions):
        few = _few(connection, condition)
        if few is not None:
            rest = conditions[:number] + conditions[number + 1 :] + ([] if condition.exact else [condition])
            yield from _checked(connection, sorted((one for one in few if one > above), reverse=True), rest)
            return
    yield from _scan(connection, conditions, top, above)


def _few(connection: sqlite3.Connection, condition: Condition) -> set[int] | None:
    """What the index gives, or None where that is much, or there is none."""
    if condition.positions is None:
        return None
    sql = f"SELECT position FROM ({condition.positions}) LIMIT {FEW + 1}"  # noqa: S608  # texts of ours
    found = connection.execute(sql, condition.keys).fetchall()
    return {row[0] for row in found} if len(found) <= FEW else None


def _checked(connection: sqlite3.Connection, positions: list[int], tests: list[Condition]) -> Iterator[Sequence[int]]:
    if not tests:
        yield positions
        return
    where, values = _all_of(tests)
    for start in range(0, len(positions), _AT_ONCE):
        some = positions[start : start + _AT_ONCE]
        sql = (
            f"SELECT position FROM transactions WHERE position IN ({', '.join('?' * len(some))})"  # noqa: S608  # texts of ours
            f" AND {where} ORDER BY position DESC"
        )
        yield [row[0] for row in connection.execute(sql, (*some, *values))]


def _scan(connection: sqlite3.Connection, conditions: list[Condition], top: int, above: int) -> Iterator[Sequence[int]]:
    where, values = _all_of(conditions)
    sql = (
        "SELECT position FROM transactions NOT INDEXED WHERE position > ? AND position <= ?"  # noqa: S608  # texts of ours
        f" AND {where} ORDER BY position DESC"
    )
    window = _WINDOW
    while top > above:
        low = max(above, top - window)
        yield array("q", (row[0] for row in connection.execute(sql, (low, top, *values))))
        top, window = low, min(_LARGEST, window * 2)


def _all_of(conditions: list[Condition]) -> tuple[str, tuple[object, ...]]:
    where = " AND ".join(f"({one.where})" for one in conditions)
    return where, tuple(value for one in conditions for value in one.values)
