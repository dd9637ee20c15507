"""What somebody with a database tool has."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

from cashier.ledger.ledger import Ledger


@contextmanager
def raw(ledger: Ledger) -> Iterator[sqlite3.Connection]:
    """What somebody with a database tool has."""
    with closing(sqlite3.connect(ledger.file, isolation_level=None)) as connection:
        yield connection
