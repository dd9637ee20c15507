"""Puts a restored ledger in the place of the present one, which is moved aside: all of it, whatever interrupts it.

A file named `ledger.db.restore-TIME` is the decision: it is complete and on the disk, and whoever opens the folder next
goes on with what is left to do.
"""

import os
import sqlite3
from pathlib import Path

from cashier.ledger.connections import FILE, open_untouched, sync_folder
from cashier.ledger.errors import from_os, from_sqlite
from cashier.ledger.mark import MARK, mark_of, write_mark

DECIDED = f"{FILE}.restore-"
_BESIDE = ("", "-wal", "-shm", MARK.removeprefix(FILE))


def aside_name(stamp: str) -> str:
    """What the ledger that was there is called afterwards."""
    return f"{FILE}.before-restore-{stamp}"


def decide_restore(ready: Path, stamp: str) -> None:
    """From here on the ledger in `ready` (complete, on the disk) is the one; `finish_restore` does the rest."""
    try:
        os.replace(ready, ready.with_name(DECIDED + stamp))
        sync_folder(ready.parent)
    except OSError as trouble:
        raise from_os(trouble) from trouble


def finish_restore(folder: Path) -> None:
    """Does what is left of a restore that was decided; nothing when there is none. Raises LedgerError."""
    decided = max(folder.glob(f"{DECIDED}*"), default=None)
    if decided is None:
        return
    aside = aside_name(decided.name.removeprefix(DECIDED))
    try:
        # The file itself goes last: until then a reader finds it with what belongs to it, or not at all.
        for suffix in reversed(_BESIDE):
            there = folder / (FILE + suffix)
            if there.exists():
                os.replace(there, folder / (aside + suffix))
        sync_folder(folder)
        connection = open_untouched(decided)
        try:
            mark = mark_of(connection, opened=False)
        finally:
            connection.close()
        os.replace(decided, folder / FILE)
        sync_folder(folder)
        write_mark(folder, mark)
    except sqlite3.Error as trouble:
        raise from_sqlite(trouble) from trouble
    except OSError as trouble:
        raise from_os(trouble) from trouble
