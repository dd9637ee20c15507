from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cashier.ledger.ledger import Account, Ledger

ACCOUNT = Account("practice", "250160000011")
START = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.time = START

    def now(self) -> datetime:
        return self.time

    def step(self, **by: float) -> None:
        self.time += timedelta(**by)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "practice-250160000011"


@pytest.fixture
def ledger(folder: Path, clock: Clock) -> Iterator[Ledger]:
    one = Ledger(folder, ACCOUNT, now=clock.now, till_number=7)
    one.open()
    yield one
    one.close()
