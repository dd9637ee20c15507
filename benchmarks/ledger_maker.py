"""A ledger of any size in little time: rows and events as the till writes them, the hash chain valid.

Its triggers and indexes are taken away while it is filled and put back as they were, so that a million transactions
take a minute or two. `python -m benchmarks.ledger_maker FOLDER COUNT [OPEN]` makes one by hand.
"""

import hashlib
import random
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cashier.domain.states import State
from cashier.ledger import rows
from cashier.ledger.chain import data_text, genesis, link, time_text
from cashier.ledger.ledger import Account, Ledger
from cashier.ledger.schema import STEPS
from cashier.ledger.step_search import END

END_OF_TIME = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
_APART = timedelta(seconds=41)
_BATCH = 5000
_COLUMNS = (
    "position, id, number, kind, phone, amount, reference, reason, fee, created_at, state, response_code, message, "
    "gateway_transaction_id, operator_reference, accepted, hidden, decided_at, version"
)
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_WORDS = ("Order", "Table", "Room", "Invoice", "Car", "INV", "Kitchen", "Umuganda")


def made(folder: Path, count: int, *, still_open: int = 0) -> Path:
    """A folder below `folder` that holds `ledger.db` with `count` settled transactions, kept from an earlier run.

    With `still_open` a copy of it, to which so many pending ones were added.
    """
    told = hashlib.sha256(Path(__file__).read_bytes() + Path(rows.__file__).read_bytes())
    for step in STEPS:
        told.update(Path(sys.modules[step.__module__].__file__ or "").read_bytes())
    home = folder / f"{count}-{still_open}-{told.hexdigest()[:12]}"
    if (home / "whole").exists():
        return home
    for earlier in folder.glob(f"{count}-{still_open}-*"):
        shutil.rmtree(earlier)
    if still_open:
        shutil.copytree(made(folder, count), home, ignore=shutil.ignore_patterns("whole"))
        add_open(home, still_open)
    else:
        make(home, Account("practice", "250160000099"), count)
    (home / "whole").touch()
    return home


def make(folder: Path, account: Account, count: int, *, still_open: int = 0) -> None:
    """Fills a new ledger in `folder`: the newest `still_open` are pending, the others settled. Always the same ones."""
    begin = END_OF_TIME - count * _APART
    ledger = Ledger(folder, account, now=lambda: begin, threaded=False)
    ledger.open()
    ledger.close()
    with _bare(folder, "trigger", "index") as connection:
        install_id = connection.execute("SELECT install_id FROM ledger").fetchone()[0]
        first = genesis(account.environment, account.accountno, install_id)
        _fill(connection, first, 0, range(1, count + 1), settled=count - still_open)
        _index_references(connection, 0)


def add_open(folder: Path, count: int) -> None:
    """Adds `count` pending transactions to a ledger that was made."""
    with _bare(folder, "trigger") as connection:
        there = connection.execute("SELECT max(position) FROM transactions").fetchone()[0]
        last, sequence = connection.execute(
            "SELECT hash, sequence FROM events ORDER BY sequence DESC LIMIT 1"
        ).fetchone()
        _fill(connection, last, sequence, range(there + 1, there + count + 1), settled=there)
        _index_references(connection, there)


@contextmanager
def _bare(folder: Path, *kinds: str) -> Iterator[sqlite3.Connection]:
    """The ledger without these parts, which would slow it down or refuse what is not born as `created`."""
    with closing(sqlite3.connect(folder / "ledger.db", isolation_level=None)) as connection:
        for setting in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-400000"):
            connection.execute(f"PRAGMA {setting}")
        among = ", ".join("?" * len(kinds))
        parts = connection.execute(
            f"SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND type IN ({among})", kinds
        ).fetchall()
        connection.execute("BEGIN")
        for kind, name, _ in parts:
            connection.execute(f"DROP {kind} {name}")
        yield connection
        for _, _, sql in parts:
            connection.execute(sql)
        connection.execute("COMMIT")
        connection.execute("PRAGMA journal_mode=WAL")


def _index_references(connection: sqlite3.Connection, above: int) -> None:
    """What the trigger does for each new row."""
    connection.execute(
        "INSERT INTO reference_search (rowid, reference) SELECT position, reference || ?"
        " FROM transactions WHERE reference IS NOT NULL AND position > ? ORDER BY position",
        (END * 2, above),
    )


def _fill(connection: sqlite3.Connection, previous: str, sequence: int, positions: range, *, settled: int) -> None:
    """Writes rows and events; those at positions up to `settled` have come to their end."""
    chance = random.Random(positions.start)
    begin = END_OF_TIME - positions.stop * _APART
    into_rows = f"INSERT INTO transactions ({_COLUMNS}) VALUES ({', '.join('?' * 19)})"
    into_events = f"INSERT INTO events ({rows.EVENT_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
    batch: list[tuple[object, ...]] = []
    events: list[tuple[object, ...]] = []
    for position in positions:
        row, story = _one(chance, position, begin + position * _APART, settled=position <= settled)
        batch.append(row)
        for at, name, source, state, data in story:
            sequence += 1
            told = (sequence, str(row[1]), at, name, source, state, data)
            previous = link(previous, *told)
            events.append((*told, previous))
        if len(batch) == _BATCH or position == positions[-1]:
            connection.executemany(into_rows, batch)
            connection.executemany(into_events, events)
            batch.clear()
            events.clear()


Told = tuple[str, str, str, str, str]


def _one(
    chance: random.Random, position: int, moment: datetime, *, settled: bool
) -> tuple[tuple[object, ...], list[Told]]:
    """One transaction and its events: begun, answered as pending, then asked about until it was settled."""
    payout = chance.random() < 0.08
    phone = f"2507{chance.choice('889923')}{chance.randrange(10**7):07d}"
    amount = chance.choice((100, 50, 500)) * chance.randint(2, 120)
    reference = f"{chance.choice(_WORDS)} {chance.randrange(10**5)}" if chance.random() < 0.8 else None
    at = [time_text(moment + timedelta(seconds=after)) for after in (0.0, 0.4, 19.3)]
    fields: dict[str, object] = {
        "id": _ulid(chance, moment),
        "number": f"T1-{position:06d}",
        "action_id": None,
        "kind": "payout" if payout else "payment",
        "phone": phone,
        "amount": amount,
        "reference": None if payout else reference,
        "reason": "Wages" if payout else None,
        "fee": False,
        "created_at": at[0],
        "state": State.CREATED.value,
    }
    waiting: dict[str, object] = {
        "state": "pending",
        "response_code": "1000",
        "message": "Waiting.",
        "gateway_transaction_id": str(10**8 + position),
        "accepted": True,
    }
    story = [
        (at[0], "created", "till", "created", data_text(fields)),
        (at[1], "answered", "submit", "pending", _answer("waiting", "1000", waiting)),
    ]
    ended: dict[str, object] = {}
    if settled:
        good = chance.random() < 0.86
        state, code = ("successful", "01") if good else ("failed", "1005")
        words = "Successful." if good else "The customer does not have enough money."
        ended = {"state": state, "decided_at": at[2], "response_code": code, "message": words}
        if good:
            ended["operator_reference"] = str(chance.randrange(10**9))
        story.append((at[2], "checked", "status", state, _answer("done" if good else "refused", code, ended)))
    now: dict[str, object] = {**fields, **waiting, **ended}
    names = _COLUMNS.split(", ")[1:-1]
    values = [now.get(name, 0 if name in ("accepted", "hidden") else None) for name in names]
    row = (position, *(int(one) if isinstance(one, bool) else one for one in values), len(story))
    return row, story


def _answer(meaning: str, code: str, changed: dict[str, object]) -> str:
    return data_text({"answered": True, "changed": changed, "code": code, "meaning": meaning, "trigger": "poll"})


def _ulid(chance: random.Random, moment: datetime) -> str:
    number = (int(moment.timestamp() * 1000) << 80) | chance.getrandbits(80)
    return "".join(_CROCKFORD[(number >> shift) & 31] for shift in range(125, -1, -5))


if __name__ == "__main__":
    make(
        Path(sys.argv[1]), Account("practice", "250160000099"), int(sys.argv[2]), still_open=sum(map(int, sys.argv[3:]))
    )
