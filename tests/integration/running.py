"""A real till on a real practice gateway, with what a test wants to wait for."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from cashier.assembly import Callbacks, RunningTill
from cashier.domain.events import Change
from cashier.domain.transaction import Transaction
from cashier.gateway.profile import Profile, Secret
from cashier.ledger.ledger import Account
from cashier.simulator import Simulator
from cashier.till.till import Till
from tests.canaries import TOKEN

LONG = 30.0


class Watcher:
    """Every change in order, and a way to wait for one."""

    def __init__(self, till: Till) -> None:
        self._changed = threading.Condition()
        self.changes: list[Change] = []
        till.subscribe(self._note)

    def _note(self, change: Change) -> None:
        with self._changed:
            self.changes.append(change)
            self._changed.notify_all()

    def wait_for(self, id: str, wanted: Callable[[Transaction], bool], timeout: float = LONG) -> Transaction:
        """The first version of the row that fits. Fails the test when none comes."""

        def found() -> Transaction | None:
            rows = (one.transaction for one in self.changes if one.transaction.id == id)
            return next((row for row in rows if wanted(row)), None)

        with self._changed:
            assert self._changed.wait_for(lambda: found() is not None, timeout), [c.transaction for c in self.changes]
            row = found()
            assert row is not None
            return row

    def wait_final(self, id: str) -> Transaction:
        return self.wait_for(id, lambda row: row.is_final)


def profile_of(gateway: Simulator, password: str | None = None) -> Profile:
    return Profile(
        base_url=gateway.url,
        username=gateway.username,
        accountno=gateway.accountno,
        password=Secret(password or gateway.partnerpassword),
    )


@contextmanager
def till_on(gateway: Simulator, folder: Path, *, callbacks: bool = True) -> Iterator[RunningTill]:
    """A till with its listener on, as in practice, unless told otherwise."""
    running = RunningTill(
        folder,
        Account("practice", gateway.accountno),
        profile_of(gateway),
        callbacks=Callbacks(TOKEN) if callbacks else None,
    )
    with running:
        yield running
