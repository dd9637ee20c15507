"""Runs of payouts from a file and their lines: written inside the ledger's transactions, and asked for."""

import sqlite3
from datetime import datetime, timedelta

from cashier.domain.payout_run import Counts, NewRun, Run, RunLine
from cashier.domain.transaction import Transaction
from cashier.ledger import chained_lists, rows
from cashier.ledger.chain import from_text, time_text
from cashier.ledger.errors import LedgerError
from cashier.ledger.pen import Pen

_RUN = "*"  # a ledger of an older version has no fee
_LINE = (
    "l.position AS place, l.row, l.id AS line_id, l.phone AS to_phone, l.amount AS to_send, l.reason AS why, l.skipped"
)
# How long a payout to the same phone with the same amount is asked about before it is paid again.
PAID_WITHIN = timedelta(days=45)
_OPEN = "t.state IN ('created', 'pending', 'unknown')"
_CLOSED = "coalesce(t.review LIKE 'closed:%', 0)"
_NOT_BEGUN = "transaction_id IS NULL AND skipped IS NULL"


class RunThere(LedgerError):
    """Another list has not ended."""


class PaidBefore(LedgerError):
    """`count` rows of a list went out before, or may have, and it was not said that just so many are paid again."""

    def __init__(self, count: int) -> None:
        many = f"{count} of these rows" if count > 1 else "1 of these rows"
        super().__init__(f"{many} went out before, or may have. Look at the list again.")
        self.count = count


def approve(pen: Pen, new: NewRun, *, again: int) -> Run:
    """Writes a list and its lines, none of them begun, and chains the approval.

    Raises RunThere, and PaidBefore unless just `again` of the lines go to a phone that was sent that amount before.
    """
    connection, at = pen.connection, pen.at
    there = unfinished(connection)
    if there is not None:
        raise RunThere(f"The list of {there.approved_by} has not ended. Finish it or end it first.")
    before = paid_before(connection, from_text(at))
    repeated = sum((line.phone, line.amount) in before for line in new.lines)
    if repeated != again:
        raise PaidBefore(repeated)
    total = sum(line.amount for line in new.lines)
    connection.execute(
        "INSERT INTO payout_runs (id, at, source, content_hash, rows_hash, approved_by, lines, total, fee)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (new.id, at, new.source, new.content_hash, new.rows_hash, new.approved_by, len(new.lines), total, int(new.fee)),
    )
    connection.executemany(
        "INSERT INTO payout_lines (run_id, position, row, id, phone, amount, reason) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            (new.id, position, line.row, line.id, line.phone, line.amount, line.reason)
            for position, line in enumerate(new.lines, 1)
        ),
    )
    pen.note(chained_lists.APPROVED, "operator", chained_lists.approval(connection, new.id))
    return get(connection, new.id)


def paid_before(connection: sqlite3.Connection, now: datetime) -> dict[tuple[str, int], Transaction]:
    """The newest payout of each phone and amount (RWF) that went out in the last 45 days, or may have.

    From a list or a single one. What failed did not go out; what was closed by hand as not received may have.
    """
    found = connection.execute(
        f"SELECT {rows.COLUMNS} FROM transactions WHERE kind = 'payout' AND state <> 'failed' AND created_at >= ?"  # noqa: S608  # names of our own
        " ORDER BY position",
        (time_text(now - PAID_WITHIN),),
    )
    return {(row["phone"], row["amount"]): rows.transaction(row) for row in found}


def mark_begun(connection: sqlite3.Connection, line_id: str) -> None:
    """Marks the line whose transaction this commit begins. Raises LedgerError for one that is no longer waiting."""
    done = connection.execute(
        f"UPDATE payout_lines SET transaction_id = id WHERE id = ? AND {_NOT_BEGUN}",  # noqa: S608  # a text of ours
        (line_id,),
    )
    if done.rowcount != 1:
        raise LedgerError("This line was begun already. Nothing was sent.")


def skip(pen: Pen, line_id: str, why: str) -> None:
    """Leaves one waiting line out for good, with the reason, and chains that."""
    found = pen.connection.execute(
        f"UPDATE payout_lines SET skipped = ? WHERE id = ? AND {_NOT_BEGUN} RETURNING run_id, position",  # noqa: S608  # a text of ours
        (why, line_id),
    ).fetchall()
    for run_id, position in map(tuple, found):
        pen.note(chained_lists.SKIPPED, "till", chained_lists.skipped_row(run_id, position, why))


def end(pen: Pen, run_id: str, by: str, why: str) -> None:
    """Ends a run and chains that: what is not begun is skipped with `why`. `by` is empty where the last line ended it.

    A run that has ended stays as it is.
    """
    done = pen.connection.execute(
        "UPDATE payout_runs SET ended_at = ?, ended_by = ? WHERE id = ? AND ended_at IS NULL", (pen.at, by, run_id)
    )
    if done.rowcount != 1:
        return
    found = pen.connection.execute(
        f"UPDATE payout_lines SET skipped = ? WHERE run_id = ? AND {_NOT_BEGUN} RETURNING position",  # noqa: S608  # a text of ours
        (why, run_id),
    )
    left_out = sorted(position for (position,) in map(tuple, found))
    source = "operator" if by else "till"
    pen.note(chained_lists.ENDED, source, chained_lists.the_end(run_id, pen.at, by, why, left_out))


def get(connection: sqlite3.Connection, run_id: str) -> Run:
    """The run with this id. Raises KeyError."""
    found = connection.execute(f"SELECT {_RUN} FROM payout_runs WHERE id = ?", (run_id,)).fetchone()  # noqa: S608  # names of our own
    if found is None:
        raise KeyError(run_id)
    return _run(found)


def unfinished(connection: sqlite3.Connection) -> Run | None:
    """The run that has not ended; there is one at most."""
    found = connection.execute(f"SELECT {_RUN} FROM payout_runs WHERE ended_at IS NULL").fetchone()  # noqa: S608  # names of our own
    return None if found is None else _run(found)


def of_file(connection: sqlite3.Connection, now: datetime, content_hash: str, source: str, rows_hash: str) -> list[Run]:
    """The runs of a file with these bytes, or of that path with these rows: the one that has not ended first.

    Then those that ended in the last 45 days, the newest first.
    """
    found = connection.execute(
        f"SELECT {_RUN} FROM payout_runs WHERE (content_hash = ? OR (source = ? AND rows_hash = ?))"  # noqa: S608  # names of our own
        " AND (ended_at IS NULL OR ended_at >= ?) ORDER BY ended_at IS NOT NULL, position DESC",
        (content_hash, source, rows_hash, time_text(now - PAID_WITHIN)),
    )
    return [_run(row) for row in found.fetchall()]


def repeated(connection: sqlite3.Connection, run: Run) -> int:
    """How many lines of a run had gone out in the 45 days before it was approved, or may have."""
    at = time_text(run.at)
    found = connection.execute(
        "SELECT count(*) FROM payout_lines AS l WHERE run_id = ? AND EXISTS (SELECT 1 FROM transactions AS t"
        " WHERE t.kind = 'payout' AND t.state <> 'failed' AND t.phone = l.phone AND t.amount = l.amount"
        " AND t.created_at < ? AND t.created_at >= ?)",
        (run.id, at, time_text(run.at - PAID_WITHIN)),
    )
    return int(found.fetchone()[0])


def without_results(connection: sqlite3.Connection) -> Run | None:
    """The first run that has ended and whose results were not written."""
    found = connection.execute(
        f"SELECT {_RUN} FROM payout_runs WHERE ended_at IS NOT NULL AND results_at IS NULL ORDER BY position LIMIT 1"  # noqa: S608  # names of our own
    ).fetchone()
    return None if found is None else _run(found)


def mark_results(connection: sqlite3.Connection, at: str, run_id: str) -> None:
    """Notes that the results were written; the first time counts. A run that has not ended goes on without a note."""
    connection.execute(
        "UPDATE payout_runs SET results_at = ? WHERE id = ? AND ended_at IS NOT NULL AND results_at IS NULL",
        (at, run_id),
    )


def lines(connection: sqlite3.Connection, run_id: str) -> list[RunLine]:
    """Every line of a run, in order."""
    return _lines(connection, "l.run_id = ? ORDER BY l.position", run_id)


def next_line(connection: sqlite3.Connection, run_id: str) -> RunLine | None:
    """The first line that is neither begun nor skipped."""
    where = "l.run_id = ? AND l.transaction_id IS NULL AND l.skipped IS NULL ORDER BY l.position LIMIT 1"
    return next(iter(_lines(connection, where, run_id)), None)


def last_begun(connection: sqlite3.Connection, run_id: str) -> RunLine | None:
    """The last line that was begun."""
    where = "l.run_id = ? AND l.transaction_id IS NOT NULL ORDER BY l.position DESC LIMIT 1"
    return next(iter(_lines(connection, where, run_id)), None)


def first_open(connection: sqlite3.Connection, run_id: str) -> RunLine | None:
    """The first line whose payout is neither settled nor closed by hand."""
    where = f"l.run_id = ? AND {_OPEN} AND NOT {_CLOSED} ORDER BY l.position LIMIT 1"
    return next(iter(_lines(connection, where, run_id)), None)


def counts(connection: sqlite3.Connection, run_id: str) -> Counts:
    """Where the lines of a run stand now."""
    found = connection.execute(
        "SELECT coalesce(sum(t.state = 'successful'), 0) AS sent, coalesce(sum(t.state = 'failed'), 0) AS failed,"  # noqa: S608  # texts of ours
        " coalesce(sum(l.skipped IS NOT NULL), 0) AS skipped,"
        f" coalesce(sum({_OPEN} AND NOT {_CLOSED}), 0) AS open,"
        " coalesce(sum(l.transaction_id IS NULL AND l.skipped IS NULL), 0) AS waiting,"
        " coalesce(sum(CASE WHEN t.state = 'successful' THEN l.amount END), 0) AS sent_amount,"
        f" coalesce(sum({_OPEN} AND {_CLOSED}), 0) AS closed"
        " FROM payout_lines AS l LEFT JOIN transactions AS t ON t.id = l.transaction_id WHERE l.run_id = ?",
        (run_id,),
    ).fetchone()
    return Counts(*found)


def _lines(connection: sqlite3.Connection, where: str, run_id: str) -> list[RunLine]:
    columns = ", ".join(f"t.{name.strip()}" for name in rows.COLUMNS.split(","))
    found = connection.execute(
        f"SELECT {_LINE}, {columns} FROM payout_lines AS l"  # noqa: S608  # names of our own
        f" LEFT JOIN transactions AS t ON t.id = l.transaction_id WHERE {where}",
        (run_id,),
    )
    return [_line(row) for row in found]


def _run(row: sqlite3.Row) -> Run:
    return Run(
        id=row["id"],
        at=from_text(row["at"]),
        source=row["source"],
        approved_by=row["approved_by"],
        lines=row["lines"],
        total=row["total"],
        ended_at=from_text(row["ended_at"]) if row["ended_at"] else None,
        ended_by=row["ended_by"],
        fee="fee" in row.keys() and bool(row["fee"]),  # noqa: SIM118  # a row of SQLite is no mapping
    )


def _line(row: sqlite3.Row) -> RunLine:
    return RunLine(
        position=row["place"],
        row=row["row"],
        id=row["line_id"],
        phone=row["to_phone"],
        amount=row["to_send"],
        reason=row["why"],
        skipped=row["skipped"],
        transaction=rows.transaction(row) if row["id"] is not None else None,
    )
