"""The step that makes the history searchable: indexes for what is looked for by prefix, trigrams of the references.

A reference is found by any part of it. The trigrams (FTS5) stand without the text itself; END, twice, is put behind
each reference, so that its last two characters begin a trigram too and a part of one or two characters can be found.
"""

import sqlite3

END = "\x1f"

_STATEMENTS = (
    "CREATE INDEX by_amount ON transactions (amount)",
    "CREATE INDEX by_time ON transactions (created_at)",
    "CREATE INDEX under_review ON transactions (position) WHERE review IS NOT NULL",
    "CREATE VIRTUAL TABLE reference_search USING fts5(reference, content='', columnsize=0, tokenize='trigram')",
    "CREATE VIRTUAL TABLE reference_trigrams USING fts5vocab('reference_search', 'instance')",
    f"""
    INSERT INTO reference_search (rowid, reference)
    SELECT position, reference || '{END}{END}' FROM transactions WHERE reference IS NOT NULL ORDER BY position
    """,  # noqa: S608  # a constant of ours
    f"""
    CREATE TRIGGER reference_found AFTER INSERT ON transactions WHEN NEW.reference IS NOT NULL
    BEGIN
        INSERT INTO reference_search (rowid, reference) VALUES (NEW.position, NEW.reference || '{END}{END}');
    END
    """,  # noqa: S608  # a constant of ours
)


def step(connection: sqlite3.Connection) -> None:
    """Takes some ten seconds for a million transactions."""
    for statement in _STATEMENTS:
        connection.execute(statement)
