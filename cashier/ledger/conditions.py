"""A query in SQL: each condition as a test of one row and, where an index answers it, as a list of positions."""

from dataclasses import dataclass

from cashier.domain.states import State
from cashier.ledger.chain import time_text
from cashier.ledger.query import Looks, Query, Shown, amount_ranges, looks_of, tidy

_LAST = "\U0010ffff"
_TRIGRAM = 3
_CLOSED = "review LIKE 'closed:%'"
_PLAIN = f"(review IS NULL OR {_CLOSED})"
_SHOWN: dict[Shown, tuple[str, tuple[State, ...]]] = {
    Shown.WAITING: ("review IS NULL", (State.CREATED, State.PENDING)),
    Shown.UNKNOWN: ("review IS NULL", (State.UNKNOWN,)),
    Shown.SUCCESSFUL: (_PLAIN, (State.SUCCESSFUL,)),
    Shown.FAILED: (_PLAIN, (State.FAILED,)),
    Shown.REVIEW: (f"review IS NOT NULL AND NOT {_PLAIN}", ()),
    Shown.CLOSED: (_CLOSED, ()),
}


@dataclass(frozen=True)
class Condition:
    """`where` tests one row of transactions. `positions` selects, by an index, all that pass; unless `exact`, more."""

    where: str
    values: tuple[object, ...]
    positions: str | None = None
    keys: tuple[object, ...] = ()
    exact: bool = True


def conditions_of(query: Query) -> list[Condition]:
    """All that a row must pass; none for everything."""
    found = []
    if tidy(query.text):
        found.append(_of_text(looks_of(query.text)))
    if query.since is not None or query.until is not None:
        found.append(_of_days(query))
    if query.shown is not None:
        found.append(_of_shown(query.shown))
    if query.kind is not None:
        found.append(Condition("kind = ?", (query.kind.value,)))
    return found


def _of_text(looks: Looks) -> Condition:
    """Any of the fields it looks like."""
    parts = [_reference(looks.reference)]
    for column, beginning in (("phone", looks.phone), ("id", looks.id), ("number", looks.number)):
        if beginning is not None:
            parts.append(_prefix(column, beginning))
    if looks.whole_number is not None:
        parts.append(_indexed("number = ?", (looks.whole_number,)))
    if looks.amount is not None:
        parts.append(_amounts(looks.amount))
    return Condition(
        f"({' OR '.join(part.where for part in parts)})",
        tuple(value for part in parts for value in part.values),
        " UNION ALL ".join(part.positions or "" for part in parts),
        tuple(key for part in parts for key in part.keys),
    )


def _prefix(column: str, beginning: str) -> Condition:
    """A range, not LIKE, which would look at every row."""
    return _indexed(f"{column} >= ? AND {column} < ?", (beginning, beginning + _LAST))


def _indexed(where: str, values: tuple[object, ...]) -> Condition:
    return Condition(f"({where})", values, f"SELECT position FROM transactions WHERE {where}", values)  # noqa: S608  # texts of ours


def _amounts(digits: str) -> Condition:
    ranges = amount_ranges(digits)
    one = "SELECT position FROM transactions WHERE amount BETWEEN ? AND ?"
    keys = tuple(end for pair in ranges for end in pair)
    return Condition("substr(amount, 1, ?) = ?", (len(digits), digits), " UNION ALL ".join([one] * len(ranges)), keys)


def _reference(part: str) -> Condition:
    """By trigrams; a shorter part by the trigrams that begin with it. Case does not count.

    Row by row SQLite knows the case of ASCII only.
    """
    if len(part) < _TRIGRAM:
        small = part.lower()
        index = "SELECT DISTINCT doc AS position FROM reference_trigrams WHERE term >= ? AND term < ?"
        where = "(instr(lower(reference), ?) OR instr(reference, ?))"
        return Condition(where, (small, part.upper()), index, (small, small + _LAST))
    phrase = '"' + part.replace('"', '""') + '"'
    index = "SELECT rowid AS position FROM reference_search WHERE reference_search MATCH ?"
    if part.isascii():
        return Condition("instr(lower(reference), ?)", (part.lower(),), index, (phrase,))
    return Condition(f"position IN ({index})", (phrase,), index, (phrase,))


def _of_days(query: Query) -> Condition:
    wheres, values = [], []
    for test, moment in (("created_at >= ?", query.since), ("created_at < ?", query.until)):
        if moment is not None:
            wheres.append(test)
            values.append(time_text(moment))
    return _indexed(" AND ".join(wheres), tuple(values))


def _of_shown(shown: Shown) -> Condition:
    where, states = _SHOWN[shown]
    if not states:
        return Condition(where, (), "SELECT position FROM transactions WHERE review IS NOT NULL", exact=False)
    among = f"state IN ({', '.join('?' * len(states))})"
    values = tuple(state.value for state in states)
    index = f"SELECT position FROM transactions WHERE {among}"  # noqa: S608  # texts of ours
    return Condition(f"{among} AND {where}", values, index, values, exact=False)
