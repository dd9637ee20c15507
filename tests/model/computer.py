"""One shop's computer: the real till on its own clock and disk, started, crashed and restored as often as it takes."""

import contextlib
import itertools
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from cashier.domain.events import Change
from cashier.gateway.client import Client
from cashier.gateway.profile import Profile, Secret
from cashier.ledger.ledger import Ledger
from cashier.till.health import HealthBoard
from cashier.till.ids import new_id
from cashier.till.options import TillOptions
from cashier.till.payout_run import PayoutRuns
from cashier.till.poller import Poller
from cashier.till.recovery import SleepWatch, recover
from cashier.till.settle import Door
from cashier.till.till import Till
from tests.model.book import ACCOUNTNO, PASSWORD, USERNAME
from tests.model.disk import ACCOUNT, Disk, files_of, new_ledger, open_observer, using, write_files
from tests.model.faults import Crash
from tests.model.time import Host
from tests.model.wire import Link

if TYPE_CHECKING:
    from tests.model.world import World


class Computer:
    """`number` is 0 or 1. Without `host` the program is not running."""

    def __init__(self, world: "World", number: int, *, callback_url: str | None) -> None:
        self.world = world
        self.number = number
        self.offset = timedelta()
        self.pressed_go_on = False
        self.slept = 0.0
        self.runs = 0
        self.asleep_until = 0.0
        self.armed: tuple[str, int] | None = None
        self.disk = Disk(partial(world.reach, number))
        self.host: Host | None = None
        self.options = TillOptions(callback_url=callback_url)
        self._callback_url = callback_url
        self._folders = itertools.count()
        self._closing: list[Ledger] = []
        self.folder = self._next_folder()
        new_ledger(self.folder, number)
        self.observe()

    def observe(self) -> None:
        """Looks at the ledger that lies in the folder now."""
        self.observer = open_observer(self.folder)

    @property
    def running(self) -> bool:
        return self.host is not None and self.host.alive

    def start(self) -> None:
        """The program is started, and recovers. An armed crash may end it while it does."""
        self.runs += 1
        self.options = TillOptions(callback_url=self._callback_url)
        self.pressed_go_on = False
        host = self.host = Host(self.world.time, self.offset, self.slept)
        random = Random(self.world.seed * 1000 + self.runs * 10 + self.number)
        self.ledger = Ledger(self.folder, ACCOUNT, now=host.now, till_number=self.number + 1, threaded=False)
        with using(self.disk), self._or_dies():
            self.ledger.open()
            self._build(host, random)
            recover(self.till, self.door, host)
            self.lists.load()
            SleepWatch(host, host, partial(self.till.ask_all, "sleep")).start()

    def _build(self, host: Host, random: Random) -> None:
        self.link = Link(self.world, host, self.number)
        profile = Profile(
            "https://gateway.example/api/", USERNAME, ACCOUNTNO, Secret(PASSWORD), "json" if self.number else "form"
        )
        self.client = Client(profile, now=host.now, transport=self.link)
        self.health = HealthBoard(host)
        self.door = Door(self.ledger, host, host)
        self.poller = Poller(self.client, self.door, self.health, clock=host, scheduler=host, lane=host, random=random)
        self.till = Till(
            self.ledger,
            self.client,
            door=self.door,
            poller=self.poller,
            health=self.health,
            clock=host,
            submissions=host,
            checks=host,
            new_id=lambda: self.world.new_id(new_id(host.now(), random.getrandbits)),
            options=self.options,
        )
        self.till.subscribe(self._changed)
        self.lists = PayoutRuns(self.till, host)

    def _changed(self, change: Change) -> None:
        self.world.watch.announced(self, change)

    def stop(self) -> None:
        """The window is closed in the ordinary way: calls end, their ends are settled, the ledger is closed."""
        if self.running and self.host is not None:
            with self._or_dies():
                self.link.close()
                self.world.time.run()
                self.host.die()
                self.ledger.close()

    def crash(self) -> None:
        """The program is gone at once. What the disk holds at this moment is all that is left."""
        host = self.host
        if host is None or not host.alive:
            return
        self.armed = None
        files = files_of(self.folder)
        host.die()
        self._closing.append(self.ledger)
        self._move_to(files)

    def restore(self, files: dict[str, bytes]) -> None:
        """Somebody puts an older copy of the ledger's folder back while the program is closed."""
        self._move_to(files)

    def end(self) -> None:
        """Lets everything go."""
        if self.host is not None:
            self.host.die()
        for ledger in (*self._closing, self.ledger):
            with contextlib.suppress(sqlite3.Error):
                ledger.close()
        self.observer.close()

    def act(self, work: Callable[[], None]) -> None:
        """What the cashier does, on the running program."""
        if self.host is not None:
            self.host.task(work)

    @contextlib.contextmanager
    def _or_dies(self) -> Iterator[None]:
        with contextlib.suppress(Crash):
            yield

    def _move_to(self, files: dict[str, bytes]) -> None:
        """A crash image goes on in a folder of its own, so that the dead program's files can be closed in peace."""
        old, self.folder = self.folder, self._next_folder()
        write_files(self.folder, files)
        self.observer.close()
        self.observe()
        if len(self._closing) > 1:
            self._closing.pop(0).close()
        shutil.rmtree(old, ignore_errors=True)

    def _next_folder(self) -> Path:
        return self.world.folder / f"{self.number}-{next(self._folders)}"
