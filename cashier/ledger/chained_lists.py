"""Lists of payouts in the hash chain: what is noted of an approval, a skipped row and an end, and whether it holds."""

import hashlib
import json
import sqlite3
from collections.abc import Iterable

from cashier.ledger.chain import data_text

APPROVED = "list approved"
SKIPPED = "list row skipped"
ENDED = "list ended"

_RUN = ("at", "source", "content_hash", "rows_hash", "approved_by", "lines", "total", "fee")
_RUNS = "SELECT id, ended_at, ended_by, approved_by FROM payout_runs"
_LINES = "SELECT position, row, id, phone, amount, reason FROM payout_lines WHERE run_id = ? ORDER BY position"
_LEFT_OUT = "SELECT position, skipped FROM payout_lines WHERE run_id = ? AND skipped IS NOT NULL ORDER BY position"
_TOLD = "SELECT sequence, event, data FROM events WHERE transaction_id IS NULL AND event IN (?, ?, ?) ORDER BY sequence"

# What the events say of one list: the approval, the end (both as written) and the rows left out with the reason.
_Story = tuple[dict[str, object], dict[str, object], dict[int, str]]


def lines_hash(lines: Iterable[Iterable[object]]) -> str:
    """Hex of the rows of a list, in order: position, row in the file, id, phone, amount (RWF) and reason of each."""
    digest = hashlib.sha256()
    for line in lines:
        digest.update(json.dumps(list(line), ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
    return digest.hexdigest()


def approval(connection: sqlite3.Connection, run_id: str) -> dict[str, object]:
    """What is noted of the approval of the list, as the tables have it. Raises KeyError, sqlite3.Error."""
    found = connection.execute(f"SELECT {', '.join(_RUN)} FROM payout_runs WHERE id = ?", (run_id,)).fetchone()  # noqa: S608  # names of our own
    if found is None:
        raise KeyError(run_id)
    said = dict(zip(_RUN, tuple(found), strict=True))
    return {"list": run_id, **said, "rows": lines_hash(connection.execute(_LINES, (run_id,)))}


def skipped_row(run_id: str, position: int, why: str) -> dict[str, object]:
    """What is noted of one row left out; `position` counts from 1."""
    return {"list": run_id, "row": position, "why": why}


def the_end(run_id: str, at: str, by: str, why: str, left_out: list[int]) -> dict[str, object]:
    """What is noted of an end; `left_out` are the positions of the rows that it left out with `why`."""
    return {"list": run_id, "ended_at": at, "ended_by": by, "why": why, "left_out": left_out}


def what_is_wrong(connection: sqlite3.Connection, after: int = 0) -> str | None:
    """What of the lists is not as their events say, or None. Only of lists with an event behind number `after`.

    A ledger of a version that did not chain its lists has nothing to compare. Raises sqlite3.Error.
    """
    names = {row[1] for row in connection.execute("PRAGMA table_info(payout_runs)")}
    stories = _stories(connection, after)
    if "fee" not in names:
        return "a list of payouts is missing" if stories else None
    for row in connection.execute(_RUNS).fetchall():
        story = stories.pop(row["id"], None)
        if story is not None:
            wrong = _compared(connection, row, story)
            if wrong:
                return wrong
        elif not after:
            return f"a list of {row['approved_by']} has no approval in the events"
    return "a list of payouts is missing" if stories else None


def _stories(connection: sqlite3.Connection, after: int) -> dict[str, _Story]:
    told: dict[str, _Story] = {}
    wanted: set[str] = set()
    for sequence, event, text in map(tuple, connection.execute(_TOLD, (APPROVED, SKIPPED, ENDED))):
        data = json.loads(text)
        approved, ended, left_out = told.setdefault(data["list"], ({}, {}, {}))
        if sequence > after:
            wanted.add(data["list"])
        if event == APPROVED:
            approved.update(data)
        elif event == SKIPPED:
            left_out[data["row"]] = data["why"]
        else:
            ended.update(data)
            left_out.update(dict.fromkeys(data["left_out"], data["why"]))
    return {id: story for id, story in told.items() if id in wanted}


def _compared(connection: sqlite3.Connection, row: sqlite3.Row, story: _Story) -> str | None:
    approved, ended, left_out = story
    whose = f"the list of {approved.get('approved_by', row['approved_by'])}"
    # As texts: what was written is compared with what would be written now.
    if data_text(approval(connection, row["id"])) != data_text(approved):
        return f"the approval of {whose} is not what happened"
    if (row["ended_at"], row["ended_by"]) != (ended.get("ended_at"), ended.get("ended_by")):
        return f"the end of {whose} is not what happened"
    if dict(map(tuple, connection.execute(_LEFT_OUT, (row["id"],)))) != left_out:
        return f"the rows left out of {whose} are not what happened"
    return None
