"""What must hold of every image, read with Python's own sqlite3 and the program's own checks."""

import sqlite3
from pathlib import Path

from cashier.ledger.connections import FILE
from cashier.ledger.errors import LedgerError
from cashier.ledger.ledger import Ledger
from cashier.ledger.verification import verify
from tests.powercut.disk import Image
from tests.powercut.scenarios import ACCOUNT, BACKUP, COPIED, MIGRATED, START, Run


def trouble(image: Image, run: Run, folder: Path) -> str | None:
    """What is wrong with an image laid out in the empty `folder`, or None."""
    image.lay_out(folder)
    acknowledged = max((one for one in image.acknowledged if isinstance(one, int)), default=0)
    if FILE not in image.files:
        return "an acknowledged commit is lost with the whole ledger" if acknowledged else None
    try:
        return (
            _version(image, run, folder)
            or _copies(image, run, folder)
            or _book(folder / FILE, run, acknowledged)
            or _start(folder, run, acknowledged)
        )
    except (sqlite3.Error, LedgerError) as error:
        return f"does not open: {error}"


def _version(image: Image, run: Run, folder: Path) -> str | None:
    """All of a migration or nothing of it."""
    with _reading(folder / FILE) as connection:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        steps = len(run.steps)
        there = connection.execute("SELECT count(*) FROM sqlite_schema WHERE name IN ('later', 'by_later')").fetchone()
    connection.close()
    if MIGRATED in image.acknowledged and version != steps:
        return f"an acknowledged migration is lost: version {version}"
    if there[0] not in (0, 2):
        return "half a migration"
    if there[0] == 2 and version != steps:
        return "a migration without its version"
    return None


def _copies(image: Image, run: Run, folder: Path) -> str | None:
    """A copy that was finished is whole: that of a backup, and that before a step once the step is there."""
    if COPIED in image.acknowledged:
        return "a finished copy is lost" if BACKUP not in image.files else _book(folder / BACKUP, run, run.copied)
    with _reading(folder / FILE) as connection:
        migrated = connection.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'later'").fetchone()[0]
    connection.close()
    if not migrated:
        return None
    before = [name for name in image.files if ".before-v" in name and not name.endswith(("-journal", "-wal"))]
    if len(before) != 1:
        return f"the copy before the migration is lost: {sorted(image.files)}"
    return _book(folder / before[0], run, 15)


def _book(file: Path, run: Run, acknowledged: int) -> str | None:
    """Integrity, chain, and one of the states that the ledger really was in, none earlier than what it promised."""
    with _reading(file) as connection:
        found = verify(connection)
    connection.close()
    if not found.ok:
        return found.sentence
    if found.events < acknowledged:
        return f"acknowledged commits are lost: {found.events} events of {acknowledged}"
    if found.events and found.last_hash != run.hashes.get(found.events):
        return "not a state that the ledger was in"
    return None


def _start(folder: Path, run: Run, acknowledged: int) -> str | None:
    """The program itself opens it and can go on."""
    ledger = Ledger(folder, ACCOUNT, now=lambda: START, threaded=False, steps=run.steps)
    ledger.open()
    try:
        events = ledger.write(lambda pen: pen.connection.execute("SELECT count(*) FROM events").fetchone()[0])
    finally:
        ledger.close()
    return None if events >= acknowledged else "lost at the start of the program"


def _reading(file: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("PRAGMA synchronous=OFF")
    connection.row_factory = sqlite3.Row
    return connection
