"""The whole till on virtual time: real ledger, real rules, a fake gateway, no thread."""

from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from cashier.domain.events import Change
from cashier.domain.transaction import Transaction
from cashier.ledger.ledger import Account, Ledger
from cashier.till.health import HealthBoard
from cashier.till.options import TillOptions
from cashier.till.poller import Poller
from cashier.till.recovery import recover
from cashier.till.settle import Door
from cashier.till.till import Till
from tests.fakes.gateway import FakeGateway
from tests.virtual import VirtualTime

PHONE = "250788123456"


@dataclass
class VirtualTill:
    """One run of the program. `start` again on the same folder is the next run."""

    folder: Path
    time: VirtualTime = field(default_factory=VirtualTime)
    gateway: FakeGateway = field(default_factory=FakeGateway)
    options: TillOptions = field(default_factory=TillOptions)
    changes: list[Change] = field(default_factory=list)
    account: Account = field(default_factory=lambda: Account("practice", "1"))

    def start(self) -> "VirtualTill":
        time = self.time
        random = Random(1)
        self.ledger = Ledger(self.folder, self.account, now=time.now, threaded=False)
        self.ledger.open()
        self.door = Door(self.ledger, time, time)
        self.health = HealthBoard(time)
        self.poller = Poller(self.gateway, self.door, self.health, clock=time, scheduler=time, lane=time, random=random)
        self.till = Till(
            self.ledger,
            self.gateway,
            door=self.door,
            poller=self.poller,
            health=self.health,
            clock=time,
            submissions=time,
            checks=time,
            new_id=lambda: f"ID-{random.getrandbits(60):x}",
            options=self.options,
        )
        self.till.subscribe(self.changes.append)
        recover(self.till, self.door, time)
        return self

    def crash(self) -> None:
        """The power goes: what was scheduled never happens."""
        self.ledger.close()
        self.time.forget()

    def row(self, id: str) -> Transaction:
        found = self.ledger.reader.get(id)
        assert found is not None
        return found
