"""Has the real ledger write through apsw, whose file layer notes each call in a journal before it passes it on."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any
from unittest.mock import patch

import apsw

from tests.powercut.connection import Connection
from tests.powercut.disk import Journal, Sync, SyncFolder, Truncate, Write

_numbers = count()
# SQLite syncs the folder together with a log or journal that it made itself.
_SYNCED_WITH_FOLDER = apsw.SQLITE_OPEN_MAIN_JOURNAL | apsw.SQLITE_OPEN_WAL | apsw.SQLITE_OPEN_SUPER_JOURNAL


class _File(apsw.VFSFile):
    """One open file. Nothing is really synced: the journal is the disk."""

    def __init__(self, journal: Journal, name: str, filename: Any, flags: list[int]) -> None:
        self._folder_too = name not in journal.names and bool(flags[0] & _SYNCED_WITH_FOLDER)
        super().__init__("", filename, flags)
        self._journal = journal
        self._file = journal.opened(name)

    def xWrite(self, data: Any, offset: int) -> None:
        self._journal.steps.append(Write(self._file, offset, bytes(data)))
        super().xWrite(data, offset)

    def xTruncate(self, newsize: int) -> None:
        self._journal.steps.append(Truncate(self._file, newsize))
        super().xTruncate(newsize)

    def xSync(self, flags: int) -> None:
        self._journal.steps.append(Sync(self._file))
        if self._folder_too:
            self._folder_too = False
            self._journal.steps.append(SyncFolder())


class _Layer(apsw.VFS):
    def __init__(self, journal: Journal) -> None:
        self.name = f"powercut{next(_numbers)}"
        self._journal = journal
        super().__init__(self.name, "")

    def xOpen(self, name: Any, flags: list[int]) -> apsw.VFSFile:
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        if path is None:
            return apsw.VFSFile("", name, flags)  # a table of SQLite's own, of no use after a cut
        return _File(self._journal, Path(path).name, name, flags)

    def xDelete(self, filename: str, syncdir: bool) -> None:
        self._journal.removed(Path(filename).name)
        if syncdir:
            self._journal.steps.append(SyncFolder())
        super().xDelete(filename, syncdir)


@contextmanager
def recording(journal: Journal, folder: Path, *, synchronous: str = "FULL") -> Iterator[None]:
    """While inside, what the ledger writes below `folder` is noted in `journal`.

    `synchronous` is what a connection really gets, whatever it asks for and reads back.
    """
    layer = _Layer(journal)
    replace, unlink, fsync, connect = os.replace, os.unlink, os.fsync, sqlite3.connect

    def connected(file: Any, *more: Any, **options: Any) -> Any:
        if Path(file).parent != folder:
            return connect(file, *more, **options)
        return Connection(str(file), layer.name, synchronous)

    def replaced(old: Any, new: Any) -> None:
        replace(old, new)
        journal.renamed(Path(old).name, Path(new).name)

    def unlinked(path: Any, **more: Any) -> None:
        unlink(path, **more)
        journal.removed(Path(path).name)

    def synced(handle: int) -> None:
        path = Path(f"/proc/self/fd/{handle}").readlink()
        if path == folder:
            journal.steps.append(SyncFolder())
        elif path.name in journal.names:
            journal.steps.append(Sync(journal.names[path.name]))
        else:
            fsync(handle)

    with (
        patch("sqlite3.connect", connected),
        patch("os.replace", replaced),
        patch("os.rename", replaced),
        patch("os.unlink", unlinked),
        patch("os.fsync", synced),
    ):
        yield
    layer.unregister()
