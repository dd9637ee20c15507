"""The tables, and the triggers that hold even for somebody with a database tool. Versions and steps between them."""

import sqlite3
from collections.abc import Callable, Sequence

from cashier.ledger import (
    step_chained_lists,
    step_payout_runs,
    step_readings,
    step_refunds,
    step_review_at,
    step_run_results,
    step_search,
)
from cashier.ledger.step_alarm import step_alarm
from cashier.ledger.step_ledger_events import ledger_events

APPLICATION_ID = 0x43534852  # "CSHR"

_TABLES = """
CREATE TABLE ledger (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    environment TEXT NOT NULL,
    accountno TEXT NOT NULL,
    install_id TEXT NOT NULL,
    till_number INTEGER NOT NULL,
    created_at TEXT NOT NULL
) STRICT;

CREATE TABLE transactions (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE CHECK (length(id) BETWEEN 1 AND 40),
    number TEXT NOT NULL UNIQUE,
    action_id TEXT UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('payment', 'payout')),
    phone TEXT NOT NULL CHECK (phone GLOB '2507[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]'),
    amount INTEGER NOT NULL CHECK (amount > 0),
    reference TEXT,
    reason TEXT,
    fee INTEGER NOT NULL CHECK (fee IN (0, 1)),
    created_at TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('created', 'pending', 'unknown', 'successful', 'failed')),
    review TEXT,
    response_code TEXT,
    message TEXT,
    gateway_transaction_id TEXT,
    operator_reference TEXT,
    accepted INTEGER NOT NULL DEFAULT 0 CHECK (accepted IN (0, 1)),
    hidden INTEGER NOT NULL DEFAULT 0 CHECK (hidden IN (0, 1)),
    decided_at TEXT,
    version INTEGER NOT NULL DEFAULT 1
) STRICT;

CREATE TABLE events (
    sequence INTEGER PRIMARY KEY,
    transaction_id TEXT NOT NULL REFERENCES transactions (id),
    at TEXT NOT NULL,
    event TEXT NOT NULL,
    source TEXT NOT NULL,
    state TEXT NOT NULL,
    data TEXT NOT NULL,
    hash TEXT NOT NULL
) STRICT;

CREATE UNIQUE INDEX one_gateway_id ON transactions (kind, gateway_transaction_id)
    WHERE gateway_transaction_id IS NOT NULL;
CREATE INDEX never_arrived ON transactions (decided_at) WHERE state = 'failed' AND response_code = '3100';
CREATE INDEX by_phone ON transactions (phone, kind, position);
CREATE INDEX by_state ON transactions (state, position);
CREATE INDEX events_of ON events (transaction_id, sequence);
"""

_TRIGGERS = """
CREATE TRIGGER born_created BEFORE INSERT ON transactions WHEN NEW.state <> 'created'
BEGIN SELECT RAISE(ABORT, 'a transaction begins as created'); END;

CREATE TRIGGER final_stays BEFORE UPDATE ON transactions
WHEN OLD.state IN ('successful', 'failed') AND NEW.state <> OLD.state
BEGIN SELECT RAISE(ABORT, 'a final state never changes'); END;

CREATE TRIGGER never_back BEFORE UPDATE ON transactions
WHEN OLD.state <> 'created' AND NEW.state = 'created'
BEGIN SELECT RAISE(ABORT, 'nothing becomes created again'); END;

CREATE TRIGGER facts_stay BEFORE UPDATE ON transactions
WHEN NEW.position <> OLD.position OR NEW.id <> OLD.id OR NEW.number <> OLD.number OR NEW.kind <> OLD.kind
    OR NEW.phone <> OLD.phone OR NEW.amount <> OLD.amount OR NEW.fee <> OLD.fee OR NEW.created_at <> OLD.created_at
    OR NEW.reference IS NOT OLD.reference OR NEW.reason IS NOT OLD.reason OR NEW.action_id IS NOT OLD.action_id
    OR (OLD.decided_at IS NOT NULL AND NEW.decided_at IS NOT OLD.decided_at)
BEGIN SELECT RAISE(ABORT, 'what was asked for never changes'); END;

CREATE TRIGGER rows_stay BEFORE DELETE ON transactions
BEGIN SELECT RAISE(ABORT, 'a transaction is never deleted'); END;

CREATE TRIGGER no_gap BEFORE INSERT ON events
WHEN NEW.sequence <> (SELECT coalesce(max(sequence), 0) + 1 FROM events)
BEGIN SELECT RAISE(ABORT, 'events have no gaps'); END;

CREATE TRIGGER events_stay BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'an event is never changed'); END;

CREATE TRIGGER events_last BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'an event is never deleted'); END;

CREATE TRIGGER account_stays BEFORE UPDATE ON ledger
BEGIN SELECT RAISE(ABORT, 'a ledger belongs to one account'); END;

CREATE TRIGGER account_last BEFORE DELETE ON ledger
BEGIN SELECT RAISE(ABORT, 'a ledger belongs to one account'); END;
"""

Step = Callable[[sqlite3.Connection], None]


def _statements(script: str) -> list[str]:
    """The statements of a script, for running inside a transaction (executescript would commit it)."""
    found, pending = [], ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            found.append(pending)
            pending = ""
    return found


def _first(connection: sqlite3.Connection) -> None:
    for statement in _statements(_TABLES + _TRIGGERS):
        connection.execute(statement)


# Step n brings a ledger from version n to n + 1; a step that has shipped is never edited.
STEPS: Sequence[Step] = (
    _first,
    ledger_events,
    step_alarm,
    step_readings.step,
    step_payout_runs.step,
    step_refunds.step,
    step_search.step,
    step_review_at.step,
    step_run_results.step,
    step_chained_lists.step,
)
