"""Schema step: lists of payouts are in the hash chain, and a list may carry the withdrawal fee.

Lists of before are noted as they stand, so that nothing of them changes unseen from here on.
"""

import sqlite3

from cashier.ledger import chained_lists
from cashier.ledger.chain import data_text, genesis, link

_SOURCE = "update"
_STATEMENTS = (
    "DROP TRIGGER runs_stay",
    "ALTER TABLE payout_runs ADD COLUMN fee INTEGER NOT NULL DEFAULT 0 CHECK (fee IN (0, 1))",
    """
    CREATE TRIGGER runs_stay BEFORE UPDATE ON payout_runs
    WHEN OLD.ended_at IS NOT NULL AND (NEW.ended_at IS NOT OLD.ended_at OR NEW.ended_by IS NOT OLD.ended_by)
        OR OLD.results_at IS NOT NULL OR NEW.position <> OLD.position OR NEW.id <> OLD.id OR NEW.at <> OLD.at
        OR NEW.source <> OLD.source OR NEW.content_hash <> OLD.content_hash OR NEW.rows_hash <> OLD.rows_hash
        OR NEW.approved_by <> OLD.approved_by OR NEW.lines <> OLD.lines OR NEW.total <> OLD.total
        OR NEW.fee <> OLD.fee
    BEGIN SELECT RAISE(ABORT, 'an approved list never changes'); END
    """,
)


def step(connection: sqlite3.Connection) -> None:
    """Adds the column `fee`, and the events of the lists that are there: each at the time of what it tells."""
    for statement in _STATEMENTS:
        connection.execute(statement)
    runs = connection.execute("SELECT id, at, ended_at, ended_by FROM payout_runs ORDER BY position").fetchall()
    for id, at, ended_at, ended_by in map(tuple, runs):
        _chain(connection, at, chained_lists.APPROVED, chained_lists.approval(connection, id))
        left_out = connection.execute(
            "SELECT position, skipped FROM payout_lines WHERE run_id = ? AND skipped IS NOT NULL ORDER BY position",
            (id,),
        ).fetchall()
        for position, why in map(tuple, left_out):
            _chain(connection, ended_at or at, chained_lists.SKIPPED, chained_lists.skipped_row(id, position, why))
        if ended_at is not None:
            _chain(connection, ended_at, chained_lists.ENDED, chained_lists.the_end(id, ended_at, ended_by, "", []))


def _chain(connection: sqlite3.Connection, at: str, name: str, data: dict[str, object]) -> None:
    last = connection.execute("SELECT sequence, hash FROM events ORDER BY sequence DESC LIMIT 1").fetchone()
    if last is None:
        me = connection.execute("SELECT environment, accountno, install_id FROM ledger").fetchone()
        last = (0, genesis(me[0], me[1], me[2]))
    told = (last[0] + 1, None, at, name, _SOURCE, None, data_text(data))
    connection.execute(
        "INSERT INTO events (sequence, transaction_id, at, event, source, state, data, hash)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (*told, link(last[1], *told)),
    )
