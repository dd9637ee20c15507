"""The history for a screen: what a query finds, rows by their position, what came since. Never on the GUI thread."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing

from cashier.domain.transaction import Transaction
from cashier.ledger import rows
from cashier.ledger.connections import open_reader
from cashier.ledger.errors import from_sqlite
from cashier.ledger.finding import find
from cashier.ledger.query import Query
from cashier.ledger.reader import Reader

_STEPS = 20_000  # of SQLite's machine between two looks at whether it is still wanted: some milliseconds


class History:
    """Questions to the ledger behind `reader`. Raises LedgerError."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader

    def find(self, query: Query, stopped: Callable[[], bool], above: int = 0) -> Iterator[Sequence[int]]:
        """The positions above `above` that fit, newest first, in pieces; ends early once `stopped` says so.

        Works on a connection of its own, so that it can be stopped in the middle of a statement.
        """
        if not self.reader.exists:
            return
        with closing(open_reader(self.reader.file)) as connection:
            connection.set_progress_handler(lambda: int(stopped()), _STEPS)
            try:
                for piece in find(connection, query, above):
                    if stopped():
                        return
                    yield piece
            except sqlite3.Error as trouble:
                if getattr(trouble, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT:
                    return
                raise from_sqlite(trouble) from trouble

    def rows(self, positions: Sequence[int]) -> dict[int, Transaction]:
        """The transactions at these positions."""
        with self.reader.reading() as connection:
            if connection is None or not positions:
                return {}
            found = connection.execute(
                f"SELECT position, {rows.COLUMNS} FROM transactions"  # noqa: S608  # names of our own
                f" WHERE position IN ({', '.join('?' * len(positions))})",
                tuple(positions),
            )
            return {row["position"]: rows.transaction(row) for row in found}
