"""Finds what a query asks for, newest first, as positions: at once where an index knows them, else piece by piece.

SQLite gives many positions as one text: row by row, Python's lock would change hands a million times, and each time the
window's thread wants it back it may have to wait.
"""

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
_FIRST = 0x10000
_PAGE = 64  # of the list that a screen shows at once


def find(connection: sqlite3.Connection, query: Query, above: int = 0) -> Iterator[Sequence[int]]:
    """Positions greater than `above`, in descending order, in pieces that may be empty.

    All of them need no look where there are as many as positions: the n-th row is known by its place. After a restore
    there are fewer, since what the ledger before gave out is never given out again.
    """
    top, count = _extent(connection, above)
    conditions = conditions_of(query)
    if top <= above or (not conditions and count == top - above):
        yield range(top, above, -1)
        return
    for number, condition in enumerate(conditions):
        few = _few(connection, condition)
        if few is not None:
            rest = conditions[:number] + conditions[number + 1 :] + ([] if condition.exact else [condition])
            yield from _checked(connection, sorted((one for one in few if one > above), reverse=True), rest)
            return
    yield from _scan(connection, conditions, top, above)


def _extent(connection: sqlite3.Connection, above: int) -> tuple[int, int]:
    """The greatest position, 0 for none, and how many rows lie above `above`; both of one moment."""
    where = " WHERE position > ?" if above else ""  # without one SQLite counts by the pages of its smallest index
    found = connection.execute(
        "SELECT (SELECT coalesce(max(position), 0) FROM transactions),"  # noqa: S608  # texts of ours
        f" (SELECT count(*) FROM transactions{where})",
        (above,) if above else (),
    ).fetchone()
    return found[0], found[1]


def _few(connection: sqlite3.Connection, condition: Condition) -> set[int] | None:
    """What the index gives, or None where that is much, or there is none."""
    if condition.positions is None:
        return None
    some = f"SELECT position FROM ({condition.positions}) LIMIT {FEW + 1}"  # noqa: S608  # texts of ours
    sql = f"SELECT group_concat(position) FROM ({some})"  # noqa: S608  # as above
    found = connection.execute(sql, condition.keys).fetchone()[0]
    positions = found.split(",") if found else []
    return set(map(int, positions)) if len(positions) <= FEW else None


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
    # Each place in the window as one character from _FIRST on, where all are allowed.
    sql = (
        f"SELECT group_concat(char({_FIRST} + position - ?), '')"  # noqa: S608  # texts of ours
        f" FROM transactions NOT INDEXED WHERE position > ? AND position <= ? AND {where}"
    )
    window, seen, jumped = _WINDOW, 0, False
    while top > above:
        if window > 2 * _WINDOW and seen < _PAGE and not jumped:
            jumped = True
            newest = _newest(connection, conditions, top)
            if newest is not None:
                # Nothing lies between: what comes next is older than these.
                yield [one for one in newest if one > above]
                top = newest[-1] - 1 if newest else above
                continue
        low = max(above, top - window)
        found = connection.execute(sql, (low, low, top, *values)).fetchone()[0] or ""
        seen += len(found)
        yield array("q", map((low - _FIRST).__add__, sorted(map(ord, found), reverse=True)))
        top, window = low, min(_LARGEST, window * 2)


def _newest(connection: sqlite3.Connection, conditions: list[Condition], top: int) -> list[int] | None:
    """The newest positions up to `top` that fit, when one exact index is all there is to ask; None otherwise."""
    if len(conditions) != 1:
        return None
    (only,) = conditions
    if only.positions is None or not only.exact:
        return None
    # The signs keep SQLite from walking through the rows by position instead.
    sql = f"SELECT position FROM ({only.positions}) WHERE +position <= ? ORDER BY +position DESC LIMIT {4 * _PAGE}"  # noqa: S608  # texts of ours
    found = connection.execute(sql, (*only.keys, top)).fetchall()
    return sorted({row[0] for row in found}, reverse=True)


def _all_of(conditions: list[Condition]) -> tuple[str, tuple[object, ...]]:
    where = " AND ".join(f"({one.where})" for one in conditions) or "1"
    return where, tuple(value for one in conditions for value in one.values)
