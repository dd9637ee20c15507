"""Runs tills that are to be killed, each in a child forked before any thread began, so that a start costs milliseconds.

Reads orders, a line of JSON each; says the pid of the child, what the child says, and how it ended. Run by Crasher.
"""

import json
import os
import signal
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import requests  # noqa: F401  # loaded before the fork: most of what a start costs

from cashier.assembly import Callbacks, RunningTill
from cashier.cli_signals import StopSignal
from cashier.domain.states import Kind
from cashier.domain.transaction import Transaction
from cashier.gateway import transport  # noqa: F401  # as above
from cashier.gateway.profile import Profile, Secret
from cashier.ledger.errors import OpenAlready
from cashier.ledger.ledger import Account
from cashier.ledger.lock import FolderLock
from cashier.till import listener  # noqa: F401  # as above
from cashier.till.till import Till
from tests.e2e.crash_points import MortalClient, arm, arm_for_the_start

ENDLESS = "endless"
_LONGEST_PAUSE = 0.02
# Practice numbers whose answers are lost, garbled, refused, late or without a callback.
_ODD_NUMBERS = ("01", "02", "03", "04", "05", "06", "07", "08", "10")


def say(**news: Any) -> None:
    os.write(1, (json.dumps(news) + "\n").encode())  # in one piece, whenever death comes


def run(order: dict[str, Any]) -> None:
    """One life of the program on the folder of the order, until it is killed, told to stop, or done."""
    stop = StopSignal().install()
    account = Account("practice", order["accountno"])
    profile = Profile(order["url"], order["username"], account.accountno, Secret(order["password"]))
    data = Path(order["data"])
    lock = FolderLock(data)
    lock.acquire()
    client = MortalClient(profile, now=lambda: datetime.now(UTC))
    client.point = order["point"]
    folder = data / f"practice-{account.accountno}"
    running = RunningTill(folder, account, profile, gateway=client, callbacks=Callbacks("t" * 43))
    arm_for_the_start(running, order["point"])
    with running:
        say(started=len(running.ledger.reader.open_rows()))
        arm(running, order["point"])
        for sale in sales(running.till, order):
            if stop.is_set:
                break
            try:
                row = sale()
            except OpenAlready:
                continue
            say(begun=row.id)
            with stop.changed:
                stop.changed.wait(Random(row.id).uniform(0, _LONGEST_PAUSE))
        if order["kind"] != ENDLESS:
            stop.wait()
    lock.release()


def sales(till: Till, order: dict[str, Any]) -> "Iterator[partial[Transaction]]":
    """One payment or payout, or a queue of both without end, to phones of which few come twice."""
    random = Random(order["seed"])
    while True:
        phone = order["phone"] or _phone(random)
        action = f"{order['seed']}-{random.getrandbits(64):x}"
        amount = random.randrange(100, 9_999)
        if order["kind"] == Kind.PAYMENT or (order["kind"] == ENDLESS and random.random() < 0.6):
            yield partial(till.charge, phone, amount, again=True, action_id=action)
        else:
            yield partial(till.pay_out, phone, amount, "test", action_id=action)
        if order["kind"] != ENDLESS:
            return


def _phone(random: Random) -> str:
    if random.random() < 0.15:
        return "2507880000" + random.choice(_ODD_NUMBERS)
    return f"25078{random.randrange(1, 10)}{random.randrange(1_000_000):06d}"


def main() -> None:
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if child == 0:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            try:
                run(order)
            except BaseException as trouble:  # noqa: BLE001  # the test must hear of it, and the child must end here
                say(trouble=repr(trouble))
                os._exit(70)
            os._exit(0)
        say(pid=child)
        _, status = os.waitpid(child, 0)
        say(ended=os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main()
