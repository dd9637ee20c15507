"""Everything one schedule happens in: true time, the gateway's book, the network, the computers, and the watch."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from tests.model.book import Book, Entry, Fate
from tests.model.callbacks import Post
from tests.model.computer import Computer
from tests.model.faults import Crash, Violation
from tests.model.invariants import Watch
from tests.model.mangle import Wired, plain
from tests.model.plan import Schedule
from tests.model.time import Time
from tests.model.wire import BALANCE, CALM, KINDS, Call, Heard, Net

CALLBACK_URL = "https://till.example.com/callback/0123456789abcdef"
_PLAIN_FATE = Fate("1000", "01", 5.0)


@dataclass
class Action:
    """One thing the cashier wanted: a press of a button and what came of it."""

    name: str
    kind: str
    phone: str
    amount: int
    data: dict[str, Any]
    till: int
    ids: list[str] = field(default_factory=list)
    refund_of: str | None = None


class World:
    """`folder` is where the computers' disks lie. `tells` collects the story in plain words."""

    def __init__(self, schedule: Schedule, folder: Path, *, tells: bool = False) -> None:
        self.schedule = schedule
        self.seed = schedule.seed
        self.folder = folder
        self.tells = tells
        self.story: list[str] = []
        self.book = Book()
        self.faults = True
        self.blocked = not schedule.callbacks
        self.very_late: set[str] = set()
        self.underway: dict[str, int] = {}
        self.actions: list[Action] = []
        self.weather: list[dict[str, Any]] = [{"rate": 0.0} for _ in range(schedule.tills)]
        # A copy of the folder as files, or a backup.
        self.copies: list[dict[str, bytes] | Path | None] = [None] * schedule.tills
        self.list_numbers = itertools.count(1)
        self.by_id: dict[str, Action] = {}
        self._acting: Action | None = None
        self._asked: dict[str, int] = {}
        self._heard: list[dict[str, Heard]] = [{} for _ in range(schedule.tills)]
        self.found: Violation | None = None
        self.time = Time(self._bug)
        self.watch = Watch(self)
        self.post = Post(self)
        # Both computers of one shop name the same address: each hears of the other's payments too.
        url = CALLBACK_URL if schedule.callbacks else None
        self.computers = [Computer(self, number, callback_url=url) for number in range(schedule.tills)]

    def tell(self, till: int | None, words: str) -> None:
        """One line of the story."""
        if self.tells:
            who = "" if till is None else f"till {till + 1} "
            self.story.append(f"{self.time.elapsed:>9.2f} s  {who}{words}")

    def reach(self, till: int, point: str) -> None:
        """A named point of the program: an armed crash happens here."""
        computer = self.computers[till] if till < len(self.computers) else None
        if computer is None or computer.armed is None or computer.armed[0] != point or not computer.running:
            return
        point, skip = computer.armed
        if skip:
            computer.armed = (point, skip - 1)
            return
        self.tell(till, f"crashes: {point}")
        computer.crash()
        raise Crash

    def new_id(self, id: str) -> str:
        """Notes which action an id was made for."""
        action = self._acting
        if action is not None:
            action.ids.append(id)
            self.by_id[id] = action
        return id

    def acting(self, action: Action, work: Callable[[], None]) -> None:
        """Does `work` for `action`, so that ids made meanwhile are known to be its."""
        self._acting = action
        try:
            work()
        finally:
            self._acting = None

    def heard(self, till: int, id: str) -> Heard:
        """What whole answers told this computer about this id."""
        return self._heard[till].setdefault(id, Heard())

    def new_run(self, till: int) -> None:
        """Counting "does not exist" begins anew with each run of the program."""
        for heard in self._heard[till].values():
            heard.not_found.clear()
        self.watch.clock_is_new(till)

    # --- what the wire asks -------------------------------------------------------------------------------------

    def net_of_submission(self, id: str) -> Net:
        """What the network does to the request for `id`."""
        action = self.by_id.get(id)
        net = Net(**action.data["net"]) if action is not None and self.faults else CALM
        if net.kind == "very late":
            self.very_late.add(id)
        return net

    def net_of_status(self, till: int, id: str) -> Net:
        """What the network does to a status call from this computer."""
        weather = self.weather[till]
        if not self.faults or weather["rate"] == 0.0:
            return CALM
        count = self._asked[id] = self._asked.get(id, 0) + 1
        action = self.by_id.get(id)
        random = Random(weather["seed"] + count * 7919 + (action.data["seed"] if action is not None else 0))
        if random.random() >= weather["rate"]:
            return CALM
        kind = random.choice(weather["kinds"])
        return Net(kind, random.choice((0.1, 1.0, 9.0, 16.0)), random.randrange(6), random.getrandbits(30))

    def answer(self, call: Call) -> Wired:
        """The gateway takes one request and answers."""
        now = self.time.elapsed
        if call.function in KINDS:
            self.underway[call.id] -= 1
        if call.refusal is not None:
            return plain(call.refusal, 401)
        if call.function == BALANCE:
            return plain({"balance": "1000000", "success": True})
        if call.function not in KINDS:
            return plain(self.book.status(call.id, now))
        body, entry = self.book.submit(KINDS[call.function], call.fields, self._fate(call.id), now)
        if entry is not None:
            self.tell(None, f"the gateway takes {call.id[-6:]}")
            self._goes_on(entry)
        return plain(body)

    def _fate(self, id: str) -> Fate:
        action = self.by_id.get(id)
        if action is None:
            return _PLAIN_FATE
        return Fate(**action.data["fate"])

    def _goes_on(self, entry: Entry) -> None:
        def ends() -> None:
            self.book.end(entry)
            if entry.state != "waiting":
                words = "has the money" if entry.moved else "has failed"
                self.tell(None, f"the gateway settles {entry.id[-6:]}: it {words}")
                self.post.settled(entry)

        self.time.at(self.time.elapsed + entry.fate.after, ends)

    def broken(self, invariant: str, words: str) -> None:
        """An invariant does not hold: the first one found ends the run after this step."""
        if self.found is None:
            self.found = Violation(invariant, words)
            self.tell(None, f"*** {self.found}")

    def _bug(self, trouble: BaseException) -> None:
        if isinstance(trouble, Violation):
            self.broken(trouble.invariant, trouble.words)
        else:
            self.broken("no uncaught exception", repr(trouble))
