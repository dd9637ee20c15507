"""Builds the parts of a till that need no window, for the commands and the window alike.

`app.py` adds the window. Everything is started in order and stopped in reverse.
"""

import logging
import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from cashier.domain.transaction import Transaction
from cashier.gateway.client import Client
from cashier.gateway.profile import Profile, Secret
from cashier.ledger.backup import daily
from cashier.ledger.ledger import Account, Ledger
from cashier.till.backups import DailyBackups
from cashier.till.clock import SystemClock
from cashier.till.health import HealthBoard
from cashier.till.ids import new_id
from cashier.till.lanes import WorkerLane
from cashier.till.options import TillOptions
from cashier.till.payout_run import PayoutRuns
from cashier.till.poller import Poller
from cashier.till.ports import Gateway
from cashier.till.recovery import SleepWatch, recover
from cashier.till.scheduler import ThreadScheduler
from cashier.till.settle import Door
from cashier.till.till import Till

if TYPE_CHECKING:
    from cashier.till.listener import CallbackListener

log = logging.getLogger(__name__)

# Hand-overs between threads under a millisecond while another thread computes (docs/decisions/qt-only-in-ui.md).
SWITCH_INTERVAL = 0.0005


@dataclass(frozen=True)
class Callbacks:
    """Where to listen for callbacks. `url` is the whole public address, token included, or None to listen unnamed."""

    token: str = field(repr=False)
    url: str | None = field(default=None, repr=False)
    host: str = "127.0.0.1"
    port: int = 0
    basic: tuple[str, str] | None = field(default=None, repr=False)

    def secrets(self) -> tuple[Secret, ...]:
        """What the gateway is told here and must not bring back into a text."""
        return tuple(Secret(text) for text in (self.token, self.basic[1] if self.basic else "") if text)


class RunningTill:
    """All parts of one till on one ledger. `start` may raise LedgerError; nothing is left running then."""

    def __init__(
        self,
        folder: Path,
        account: Account,
        profile: Profile,
        *,
        options: TillOptions | None = None,
        callbacks: Callbacks | None = None,
        till_number: int = 1,
        gateway: Gateway | None = None,
    ) -> None:
        self.clock = SystemClock()
        self.scheduler = ThreadScheduler(self.clock)
        # Sixteen more than the four, so that sixteen stalled calls leave one free for the customer who stands there.
        self.submissions = WorkerLane("submission", workers=4, most=20)
        self.checks = WorkerLane("check", workers=8)
        # Its thread begins with the first backup.
        self.background = WorkerLane("background", workers=0, most=1)
        self.ledger = Ledger(folder, account, now=self.clock.now, till_number=till_number)
        self.gateway = gateway or Client(profile, now=self.clock.now, secrets=callbacks.secrets() if callbacks else ())
        self.health = HealthBoard(self.clock)
        self.door = Door(self.ledger, self.clock, self.scheduler)
        self.poller = Poller(
            self.gateway,
            self.door,
            self.health,
            clock=self.clock,
            scheduler=self.scheduler,
            lane=self.checks,
            random=Random(),
        )
        self.backups = DailyBackups(
            partial(daily, folder), self.health, clock=self.clock, scheduler=self.scheduler, lane=self.background
        )
        self._callbacks = callbacks
        self._options = options or TillOptions()
        self.till = Till(
            self.ledger,
            self.gateway,
            door=self.door,
            poller=self.poller,
            health=self.health,
            clock=self.clock,
            submissions=self.submissions,
            checks=self.checks,
            new_id=lambda: new_id(self.clock.now()),
            options=self._options,
        )
        self.runs = PayoutRuns(self.till, self.submissions)
        self.listener: CallbackListener | None = None
        self._running = ExitStack()

    def start(self, before_recovery: Callable[[], None] | None = None) -> list[Transaction]:
        """Opens the ledger, starts every thread, recovers. Returns the rows open now, newest first.

        `before_recovery` is called once all runs and before the rows of an earlier run are settled.
        """
        with ExitStack() as starting:
            if sys.getswitchinterval() > SWITCH_INTERVAL:
                sys.setswitchinterval(SWITCH_INTERVAL)
            self.ledger.open()
            starting.callback(self.ledger.close)
            self.scheduler.start()
            starting.callback(self.scheduler.stop)
            for lane in (self.checks, self.submissions, self.background):
                lane.start()
                starting.callback(lane.stop)
            self.backups.start()
            starting.callback(self.backups.stop)
            notice = self.ledger.notice()
            locked = bool(self.ledger.reader.unsigned_restores())
            self.health.update(lambda now: replace(now, ledger_notice=notice, payouts_locked=locked))
            # Ends the calls in flight, so that the lanes, stopped next, have nothing to wait for.
            starting.callback(self.gateway.close)
            self._listen(starting)
            if before_recovery is not None:
                before_recovery()
            rows = recover(self.till, self.door, self.clock)
            SleepWatch(self.clock, self.scheduler, partial(self.till.ask_all, "sleep")).start()
            self._running = starting.pop_all()
        return rows

    def warm(self) -> None:
        """Loads what the first sale needs, so that it does not wait for it. Off the GUI thread."""
        new_id(self.clock.now())
        if isinstance(self.gateway, Client):
            self.gateway.warm()

    def stop(self) -> None:
        """Stops every part in reverse order and joins the threads. A second call does nothing."""
        self._running.close()

    def __enter__(self) -> "RunningTill":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _listen(self, starting: ExitStack) -> None:
        wanted = self._callbacks
        if wanted is None:
            return
        from cashier.till.listener import CallbackListener
        from cashier.till.listening import Listening

        listener = CallbackListener(
            token=wanted.token,
            on_hint=self.till.hint,
            host=wanted.host,
            port=wanted.port,
            basic=wanted.basic,
            expected_hosts=frozenset({urlsplit(wanted.url).netloc} if wanted.url else ()),
        )
        listening = Listening(
            listener, health=self.health, clock=self.clock, scheduler=self.scheduler, lane=self.checks
        )
        if not listening.start():
            return
        starting.callback(listening.stop)
        self.listener = listener
        # Without a public address it is practice: the gateway is on this computer and can reach us.
        url = wanted.url or f"http://127.0.0.1:{listener.port}{listener.path}"
        self.till.options = replace(self._options, callback_url=url)
