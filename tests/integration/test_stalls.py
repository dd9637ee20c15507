"""Calls that hang hold up neither a new sale nor the end of the program: faults rows 7, 44 and 49."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cashier.assembly import RunningTill
from cashier.domain.states import State
from cashier.gateway.bounds import Bounds
from cashier.gateway.client import Client
from cashier.ledger.ledger import Account
from cashier.simulator import Fault, Simulator
from tests.integration.running import LONG, Watcher, profile_of, till_on

AT_ONCE = 5.0


class Names:
    """A resolver of which the first `stalled` look-ups hang."""

    def __init__(self, stalled: int) -> None:
        self.hanging = threading.Semaphore(0)
        self._real = socket.getaddrinfo
        self._left = stalled
        self._release = threading.Event()
        self._threads: list[threading.Thread] = []

    def look_up(self, *asked: Any, **more: Any) -> Any:
        if asked[0] == "localhost" and self._left > 0:
            self._left -= 1
            self._threads.append(threading.current_thread())
            self.hanging.release()
            self._release.wait(LONG)
        return self._real(*asked, **more)

    def end(self) -> None:
        """Lets them go: abandoned threads end too, in a test."""
        self._release.set()
        for thread in self._threads:
            thread.join(LONG)


@contextmanager
def by_name(gateway: Simulator, folder: Path) -> Iterator[RunningTill]:
    """A till that finds the gateway by a name, and gives up a look-up only after a minute."""
    profile = replace(profile_of(gateway), base_url=gateway.url.replace("127.0.0.1", "localhost"))
    client = Client(profile, now=lambda: datetime.now(UTC), bounds=Bounds(connect=60.0))
    running = RunningTill(folder, Account("practice", gateway.accountno), profile, gateway=client)
    with running:
        yield running


def test_names_that_are_never_found_hold_up_no_other_call_and_not_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = Names(stalled=5)
    monkeypatch.setattr(socket, "getaddrinfo", names.look_up)
    with Simulator(speed=20) as gateway:
        with by_name(gateway, tmp_path / "x") as running:
            watcher = Watcher(running.till)
            stuck = [running.till.charge(f"25078812345{number}", 1500) for number in range(5)]
            for _ in stuck:
                assert names.hanging.acquire(timeout=LONG)
            row = running.till.charge("250788123459", 1500)
            watcher.wait_for(row.id, lambda one: one.state is State.PENDING, AT_ONCE)
            before = running.clock.monotonic()
        assert running.clock.monotonic() - before < AT_ONCE
        names.end()
        # Not one of their bytes was written, and the program knew it when it ended.
        with by_name(gateway, tmp_path / "x") as running:
            rows = [running.ledger.reader.get(one.id) for one in stuck]
            assert {one.state for one in rows if one} == {State.FAILED}
        assert {one["phone"] for one in gateway.book()["transactions"]} == {"250788123459"}


def test_a_name_that_does_not_exist_is_not_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere(*_: object, **__: object) -> Any:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", nowhere)
    with Simulator() as gateway, by_name(gateway, tmp_path / "x") as running:
        row = running.till.charge("250788123456", 1500)
        end = Watcher(running.till).wait_final(row.id)
        assert (end.state, end.response_code) == (State.FAILED, None)
        assert (end.message or "").startswith("Not sent: No internet")


def test_sixteen_stalled_calls_do_not_hold_up_a_new_sale(tmp_path: Path) -> None:
    with Simulator(speed=20) as gateway, till_on(gateway, tmp_path / "x") as running:
        gateway.script(Fault(function="requestpayment", times=16, stall=60.0))
        for number in range(16):
            running.till.charge(f"2507881234{number:02d}", 1500)
        gateway.wait_for(lambda book: len(book["transactions"]) == 16, LONG)
        watcher = Watcher(running.till)
        row = running.till.charge("250788123499", 1500)
        watcher.wait_for(row.id, lambda one: one.state is State.PENDING, AT_ONCE)


def test_stalled_checks_do_not_hold_up_a_new_sale(tmp_path: Path) -> None:
    with Simulator(speed=20) as gateway, till_on(gateway, tmp_path / "x", callbacks=False) as running:
        gateway.script(Fault(function="gettransactionstatus", times=99, stall=60.0))
        for number in range(8):
            running.till.charge(f"2507881234{number:02d}", 1500)
        asked = "gettransactionstatus"
        gateway.wait_for(lambda book: sum(one["function"] == asked for one in book["requests"]) == 8, LONG)
        watcher = Watcher(running.till)
        row = running.till.charge("250788123499", 1500)
        watcher.wait_for(row.id, lambda one: one.state is State.PENDING, AT_ONCE)
