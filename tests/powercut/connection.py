"""As much of sqlite3.Connection as the ledger uses, on apsw, whose file layer can be replaced."""

import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

import apsw


class Row(tuple[Any, ...]):
    """A row read by position or by name, as sqlite3.Row is."""

    names: tuple[str, ...]

    @classmethod
    def of(cls, values: Sequence[Any], names: tuple[str, ...]) -> "Row":
        row = cls(values)
        row.names = names
        return row

    def __getitem__(self, key: Any) -> Any:
        return super().__getitem__(self.names.index(key) if isinstance(key, str) else key)

    def keys(self) -> list[str]:
        return list(self.names)


class Cursor:
    """The rows of one statement, read at once."""

    def __init__(self, connection: apsw.Connection, rows: list[Row], names: tuple[str, ...]) -> None:
        self._rows = rows
        self.rowcount = connection.changes()
        self.lastrowid = connection.last_insert_rowid()
        self.description = tuple((name, None, None, None, None, None, None) for name in names) or None

    def fetchone(self) -> Row | None:
        return self._rows.pop(0) if self._rows else None

    def fetchall(self) -> list[Row]:
        rows, self._rows = self._rows, []
        return rows

    def __iter__(self) -> Iterator[Row]:
        while self._rows:
            yield self._rows.pop(0)


class Connection:
    """Errors are those of sqlite3. `synchronous` holds whatever the ledger asks for; it reads back as FULL."""

    row_factory: Any = None
    isolation_level: str | None = None

    def __init__(self, file: str, layer: str, synchronous: str) -> None:
        self._apsw = apsw.Connection(file, vfs=layer)
        self._synchronous = synchronous
        # The log's index lives in memory then: the file layer has no shared memory.
        self.execute("PRAGMA locking_mode=EXCLUSIVE")
        self.execute("PRAGMA synchronous=FULL")

    @property
    def in_transaction(self) -> bool:
        return self._apsw.in_transaction

    def execute(self, sql: str, values: Any = ()) -> Cursor:
        if sql == "PRAGMA synchronous" and self._synchronous != "FULL":
            return Cursor(self._apsw, [Row.of((2,), ("synchronous",))], ("synchronous",))
        if sql == "PRAGMA synchronous=FULL":
            sql = f"PRAGMA synchronous={self._synchronous}"
        names: tuple[str, ...] = ()
        try:
            rows = []
            cursor = self._apsw.execute(sql, values)
            for found in cursor:
                names = tuple(name for name, _ in cursor.get_description())
                rows.append(Row.of(found, names))
        except apsw.Error as trouble:
            mapped = sqlite3.OperationalError(str(trouble))
            mapped.sqlite_errorcode = getattr(trouble, "extendedresult", 0)
            raise mapped from trouble
        return Cursor(self._apsw, rows, names)

    def backup(self, target: "Connection", *, pages: int = -1, **_: Any) -> None:
        with target._apsw.backup("main", self._apsw, "main") as copying:
            while not copying.done:
                copying.step(pages)

    def close(self) -> None:
        self._apsw.close()
