"""Schema step: when the results of an ended list were written, so that a kill before that is made good at a start."""

import sqlite3

_STATEMENTS = (
    "DROP TRIGGER runs_stay",
    "ALTER TABLE payout_runs ADD COLUMN results_at TEXT",
    "UPDATE payout_runs SET results_at = ended_at",
    """
    CREATE TRIGGER runs_stay BEFORE UPDATE ON payout_runs
    WHEN OLD.ended_at IS NOT NULL AND (NEW.ended_at IS NOT OLD.ended_at OR NEW.ended_by IS NOT OLD.ended_by)
        OR OLD.results_at IS NOT NULL OR NEW.position <> OLD.position OR NEW.id <> OLD.id OR NEW.at <> OLD.at
        OR NEW.source <> OLD.source OR NEW.content_hash <> OLD.content_hash OR NEW.rows_hash <> OLD.rows_hash
        OR NEW.approved_by <> OLD.approved_by OR NEW.lines <> OLD.lines OR NEW.total <> OLD.total
    BEGIN SELECT RAISE(ABORT, 'an approved list never changes'); END
    """,
)


def step(connection: sqlite3.Connection) -> None:
    """Lists of before count as written."""
    for statement in _STATEMENTS:
        connection.execute(statement)
