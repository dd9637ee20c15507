"""Schema step: a payout may be the refund of a paid payment, and never gives back more than was paid."""

import sqlite3

_STATEMENTS = (
    "ALTER TABLE transactions ADD COLUMN refund_of TEXT REFERENCES transactions (id)",
    "CREATE INDEX refunds ON transactions (refund_of, position) WHERE refund_of IS NOT NULL",
    """
    CREATE TRIGGER refund_fits BEFORE INSERT ON transactions WHEN NEW.refund_of IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM transactions AS paid
        WHERE paid.id = NEW.refund_of AND paid.kind = 'payment' AND paid.state = 'successful'
            AND NEW.kind = 'payout' AND NEW.phone = paid.phone AND NEW.fee = 0
            AND NEW.amount <= paid.amount - (
                SELECT coalesce(sum(amount), 0) FROM transactions WHERE refund_of = NEW.refund_of AND state <> 'failed'
            )
    )
    BEGIN SELECT RAISE(ABORT, 'a refund fits into a paid payment'); END
    """,
    """
    CREATE TRIGGER refund_stays BEFORE UPDATE ON transactions WHEN NEW.refund_of IS NOT OLD.refund_of
    BEGIN SELECT RAISE(ABORT, 'what was asked for never changes'); END
    """,
)


def step(connection: sqlite3.Connection) -> None:
    """Adds the link from a refund to its payment, and what holds it."""
    for statement in _STATEMENTS:
        connection.execute(statement)
