"""Schema step: payouts from a file. A line is marked in the same commit that begins its transaction."""

import sqlite3

_STATEMENTS = (
    """
    CREATE TABLE payout_runs (
        position INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        at TEXT NOT NULL,
        source TEXT NOT NULL,
        content_hash TEXT NOT NULL,
        rows_hash TEXT NOT NULL,
        approved_by TEXT NOT NULL CHECK (approved_by <> ''),
        lines INTEGER NOT NULL CHECK (lines > 0),
        total INTEGER NOT NULL CHECK (total > 0),
        ended_at TEXT,
        ended_by TEXT
    ) STRICT
    """,
    """
    CREATE TABLE payout_lines (
        run_id TEXT NOT NULL REFERENCES payout_runs (id),
        position INTEGER NOT NULL,
        row INTEGER NOT NULL,
        id TEXT NOT NULL UNIQUE CHECK (length(id) BETWEEN 1 AND 40),
        phone TEXT NOT NULL CHECK (phone GLOB '2507[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]'),
        amount INTEGER NOT NULL CHECK (amount > 0),
        reason TEXT NOT NULL CHECK (reason <> ''),
        transaction_id TEXT REFERENCES transactions (id) CHECK (transaction_id IS NULL OR transaction_id = id),
        skipped TEXT CHECK (skipped IS NULL OR transaction_id IS NULL),
        PRIMARY KEY (run_id, position)
    ) STRICT
    """,
    "CREATE INDEX runs_by_content ON payout_runs (content_hash)",
    "CREATE INDEX runs_by_rows ON payout_runs (rows_hash)",
    "CREATE UNIQUE INDEX one_run_at_a_time ON payout_runs ((1)) WHERE ended_at IS NULL",
    """
    CREATE TRIGGER runs_stay BEFORE UPDATE ON payout_runs
    WHEN OLD.ended_at IS NOT NULL OR NEW.position <> OLD.position OR NEW.id <> OLD.id OR NEW.at <> OLD.at
        OR NEW.source <> OLD.source OR NEW.content_hash <> OLD.content_hash OR NEW.rows_hash <> OLD.rows_hash
        OR NEW.approved_by <> OLD.approved_by OR NEW.lines <> OLD.lines OR NEW.total <> OLD.total
    BEGIN SELECT RAISE(ABORT, 'an approved list never changes'); END
    """,
    """
    CREATE TRIGGER lines_stay BEFORE UPDATE ON payout_lines
    WHEN OLD.transaction_id IS NOT NULL OR OLD.skipped IS NOT NULL
        OR NEW.run_id <> OLD.run_id OR NEW.position <> OLD.position OR NEW.row <> OLD.row OR NEW.id <> OLD.id
        OR NEW.phone <> OLD.phone OR NEW.amount <> OLD.amount OR NEW.reason <> OLD.reason
    BEGIN SELECT RAISE(ABORT, 'a line is begun or skipped once and never changes'); END
    """,
    """
    CREATE TRIGGER runs_last BEFORE DELETE ON payout_runs
    BEGIN SELECT RAISE(ABORT, 'a list is never deleted'); END
    """,
    """
    CREATE TRIGGER lines_last BEFORE DELETE ON payout_lines
    BEGIN SELECT RAISE(ABORT, 'a line is never deleted'); END
    """,
)


def step(connection: sqlite3.Connection) -> None:
    """Adds the tables of runs and their lines."""
    for statement in _STATEMENTS:
        connection.execute(statement)
