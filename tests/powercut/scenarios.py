"""What the ledger does while the power may go: each is recorded once and cut at many moments."""

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from cashier.domain.events import Decision
from cashier.domain.states import ALLOWED_MOVES, Kind, State
from cashier.domain.transaction import NewTransaction
from cashier.ledger.ledger import Account, Ledger
from cashier.ledger.migrations import _copy
from cashier.ledger.schema import STEPS, Step
from tests.powercut.disk import Acknowledged, Journal
from tests.powercut.recorder import recording

ACCOUNT = Account("practice", "250160000011")
START = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
BACKUP = "copied.db"
COPIED = "the copy"
MIGRATED = "the new version"


@dataclass(frozen=True)
class Run:
    """One recorded run. `after` is the first step at which a cut is of interest, `hashes` the book's check codes
    after each commit, `copied` the events of the finished copy, `steps` the schema to open an image with."""

    journal: Journal
    hashes: dict[int, str]
    after: int = 0
    copied: int = 0
    steps: Sequence[Step] = STEPS


class _Shop:
    """The real ledger, driven by chance. Each write that returned is noted as acknowledged."""

    def __init__(self, folder: Path, random: Random, synchronous: str) -> None:
        self.journal = Journal()
        self.folder = folder
        self.random = random
        self.hashes: dict[int, str] = {}
        self.ids: list[str] = []
        self._time = START
        self._recording = recording(self.journal, folder, synchronous=synchronous)

    def __enter__(self) -> "_Shop":
        self._recording.__enter__()
        return self

    def __exit__(self, *gone: object) -> None:
        self._recording.__exit__(None, None, None)

    def now(self) -> datetime:
        self._time += timedelta(seconds=1)
        return self._time

    def opened(self, steps: Sequence[Step] = STEPS) -> Ledger:
        self.ledger = Ledger(self.folder, ACCOUNT, now=self.now, threaded=False, steps=steps)
        self.ledger.open()
        return self.ledger

    def sell(self, count: int) -> None:
        for _ in range(count):
            if self.ids and self.random.random() < 0.7:
                sequence, code = self._settle(self.random.choice(self.ids))
            else:
                sequence, code = self._charge()
            self.hashes[sequence] = code
            self.journal.steps.append(Acknowledged(sequence))

    def _charge(self) -> tuple[int, str]:
        id = f"ID-{len(self.ids)}-{self.random.getrandbits(40):x}"
        new = NewTransaction(id, self.random.choice(list(Kind)), "250788123456", self.random.randint(100, 9999))
        self.ids.append(id)
        return self.ledger.write(
            lambda pen: _last(pen.connection, pen.create(new, not_while_open=False, not_same_since=None))
        )

    def _settle(self, id: str) -> tuple[int, str]:
        told = "x" * self.random.randint(0, 3000)  # long answers reach over pages

        def moved(state: State) -> Decision:
            to = self.random.choice([None, *sorted(ALLOWED_MOVES[state])])
            return Decision("checked", "status", to, data={"answered": True, "detail": told})

        return self.ledger.write(
            lambda pen: _last(pen.connection, pen.settle(id, lambda row, _facts: moved(row.state)))
        )


def _last(connection: sqlite3.Connection, _written: object) -> tuple[int, str]:
    row = connection.execute("SELECT sequence, hash FROM events ORDER BY sequence DESC LIMIT 1").fetchone()
    return row["sequence"], row["hash"]


def birth(folder: Path, random: Random, synchronous: str) -> Run:
    """A ledger is made, used and closed."""
    with _Shop(folder, random, synchronous) as shop:
        ledger = shop.opened()
        shop.sell(4)
        ledger.close()
    return Run(shop.journal, shop.hashes)


def sales(folder: Path, random: Random, synchronous: str) -> Run:
    """Commit after commit into a growing log, over two runs of the program, the first of which just ends."""
    with _Shop(folder, random, synchronous) as shop:
        ledger = shop.opened()
        begun = len(shop.journal.steps)
        shop.sell(12)
        ledger.close()
        shop.opened()
        shop.sell(12)
        shop.ledger.close()
    return Run(shop.journal, shop.hashes, begun)


def checkpoint(folder: Path, random: Random, synchronous: str) -> Run:
    """The log goes into the file again and again, since it may hold a few pages only."""
    with _Shop(folder, random, synchronous) as shop:
        ledger = shop.opened()
        _connection(ledger).execute("PRAGMA wal_autocheckpoint=4")
        begun = len(shop.journal.steps)
        shop.sell(24)
        ledger.close()
    return Run(shop.journal, shop.hashes, begun)


def migration(folder: Path, random: Random, synchronous: str) -> Run:
    """A filled ledger of the version before is opened: copied, then brought up in one transaction."""
    later = (*STEPS, _rebuild)
    with _Shop(folder, random, synchronous) as shop:
        ledger = shop.opened()
        shop.sell(15)
        ledger.close()
        begun = len(shop.journal.steps)
        ledger = shop.opened(later)
        shop.journal.steps.append(Acknowledged(MIGRATED))
        shop.sell(3)
        ledger.close()
    return Run(shop.journal, shop.hashes, begun, steps=later)


def backup(folder: Path, random: Random, synchronous: str) -> Run:
    """The ledger is copied while it is open, between sales."""
    with _Shop(folder, random, synchronous) as shop:
        ledger = shop.opened()
        shop.sell(10)
        begun, copied = len(shop.journal.steps), len(shop.hashes)
        _copy(_connection(ledger), folder / BACKUP)
        shop.journal.steps.append(Acknowledged(COPIED))
        shop.sell(4)
        ledger.close()
    return Run(shop.journal, shop.hashes, begun, copied)


SCENARIOS: Sequence[Callable[[Path, Random, str], Run]] = (birth, sales, checkpoint, migration, backup)


def _connection(ledger: Ledger) -> sqlite3.Connection:
    connection = ledger._connection
    assert connection is not None
    return connection


def _rebuild(connection: sqlite3.Connection) -> None:
    """A step that moves many pages: a column, an index, and each row of the book copied into a table of its own."""
    connection.execute("ALTER TABLE transactions ADD COLUMN later TEXT")
    connection.execute("CREATE INDEX by_later ON transactions (later, amount)")
    connection.execute("CREATE TABLE later AS SELECT * FROM events")
    connection.execute("UPDATE transactions SET later = id")
