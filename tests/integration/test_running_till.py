"""The whole till on real threads: starting, stopping, recovering, telling."""

import threading
from pathlib import Path

import pytest

from cashier.assembly import Callbacks, RunningTill
from cashier.domain.errors import BadInputError
from cashier.domain.states import State
from cashier.ledger.errors import AlreadyBegun, OpenAlready, SameAgain
from cashier.ledger.ledger import Account
from cashier.simulator import Fault, Simulator
from tests.canaries import TOKEN
from tests.integration.running import LONG, Watcher, profile_of, till_on


def test_the_row_is_durable_before_the_first_byte_leaves(tmp_path: Path) -> None:
    with Simulator(speed=20) as gateway, till_on(gateway, tmp_path / "x") as running:
        seen: list[State | None] = []

        def asked(entry: dict[str, object]) -> None:
            fields = entry["fields"]
            assert isinstance(fields, dict)
            row = running.ledger.reader.get(fields["requesttransactionid"])
            seen.append(row.state if row else None)

        gateway.tell_requests(asked)
        row = running.till.charge("250788123456", 1500)
        Watcher(running.till).wait_final(row.id)
        assert seen[0] is State.CREATED


def test_a_double_press_makes_one_request(tmp_path: Path) -> None:
    with Simulator(speed=20) as gateway, till_on(gateway, tmp_path / "x") as running:
        ends = []

        def press() -> None:
            try:
                ends.append(running.till.charge("250788123456", 1500, again=True, action_id="press-1").id)
            except AlreadyBegun as begun:
                ends.append(begun.existing.id)

        threads = [threading.Thread(target=press) for _ in range(10)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(set(ends)) == 1
        gateway.wait_for(lambda book: bool(book["transactions"]), LONG)
        assert sum(one["function"] == "requestpayment" for one in gateway.book()["requests"]) == 1


def test_what_may_not_be_charged_is_not_written(tmp_path: Path) -> None:
    with Simulator() as gateway, till_on(gateway, tmp_path / "x") as running:
        for phone, amount in (("0788123456", 1500), ("250788123456", 99), ("250788123456", 2_000_001)):
            with pytest.raises(BadInputError):
                running.till.charge(phone, amount)
        with pytest.raises(BadInputError):
            running.till.pay_out("250788123456", 1500, "  ")
        assert running.ledger.reader.history() == []
        first = running.till.charge("250788000004", 1500)
        with pytest.raises(OpenAlready) as there:
            running.till.charge("250788000004", 900)
        assert there.value.existing.id == first.id
        watcher = Watcher(running.till)
        paid = running.till.charge("250788123456", 500)
        watcher.wait_final(paid.id)
        with pytest.raises(SameAgain) as same:
            running.till.charge("250788123456", 500)
        assert same.value.existing.id == paid.id
        refused = running.till.charge("250788000002", 500)
        watcher.wait_final(refused.id)
        assert running.till.charge("250788000002", 500).id != refused.id


def test_a_start_after_a_crash_settles_what_was_in_flight(tmp_path: Path) -> None:
    with Simulator(speed=20) as gateway:
        gateway.script(Fault(function="requestpayment", stall=60.0))
        with till_on(gateway, tmp_path / "x") as running:
            row = running.till.charge("250788123456", 1500)
            gateway.wait_for(lambda book: bool(book["transactions"]), LONG)
        # The end of the program cut the call: nobody knows what became of it.
        with till_on(gateway, tmp_path / "x") as running:
            watcher = Watcher(running.till)
            now = running.ledger.reader.get(row.id)
            assert now is not None
            if not now.is_final:
                assert watcher.wait_final(row.id).state is State.SUCCESSFUL
        assert sum(one["function"] == "requestpayment" for one in gateway.book()["requests"]) == 1


def test_a_hidden_one_that_is_paid_late_is_told(tmp_path: Path) -> None:
    with Simulator() as gateway, till_on(gateway, tmp_path / "x") as running:
        watcher = Watcher(running.till)
        row = running.till.charge("250788000008", 1500)
        watcher.wait_for(row.id, lambda one: one.state is State.PENDING)
        assert running.till.hide(row.id).hidden
        gateway.settle_now(row.id)
        end = watcher.wait_final(row.id)
        assert (end.state, end.hidden) == (State.SUCCESSFUL, True)


def test_a_taken_port_leaves_the_till_polling_and_says_so(tmp_path: Path) -> None:
    with Simulator(speed=20) as gateway:
        running = RunningTill(
            tmp_path / "x",
            Account("practice", gateway.accountno),
            profile_of(gateway),
            callbacks=Callbacks(TOKEN, port=gateway.port),
        )
        with running:
            assert running.health.health.listening is None
            assert str(gateway.port) in (running.health.health.listener_trouble or "")
            row = running.till.charge("250788123456", 1500)
            assert Watcher(running.till).wait_final(row.id).state is State.SUCCESSFUL


def test_stop_is_quick_while_calls_are_stalled_and_leaves_no_thread(tmp_path: Path) -> None:
    with Simulator() as gateway:
        gateway.script(Fault(times=99, stall=60.0))
        running = RunningTill(tmp_path / "x", Account("practice", gateway.accountno), profile_of(gateway))
        running.start()
        before = running.clock.monotonic()
        for number in range(6):
            running.till.charge(f"25078812345{number}", 1500)
        gateway.wait_for(lambda book: len(book["requests"]) >= 6, LONG)
        running.stop()
        assert running.clock.monotonic() - before < 5.0
        running.stop()
        with till_on(gateway, tmp_path / "x") as again:
            assert {row.state for row in again.ledger.reader.open_rows()} <= {State.UNKNOWN, State.PENDING}


def test_four_stalled_calls_do_not_hold_up_a_new_sale(tmp_path: Path) -> None:
    with Simulator(speed=20) as gateway, till_on(gateway, tmp_path / "x") as running:
        gateway.script(Fault(function="requestpayment", times=4, stall=20.0))
        for number in range(4):
            running.till.charge(f"25078812345{number}", 1500)
        gateway.wait_for(lambda book: len(book["transactions"]) == 4, LONG)
        watcher = Watcher(running.till)
        row = running.till.charge("250788123459", 1500)
        watcher.wait_for(row.id, lambda one: one.state is State.PENDING, 2.0)


def test_a_listener_that_ends_by_itself_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = threading.Event()
    with Simulator(speed=20) as gateway, till_on(gateway, tmp_path / "x") as running:
        running.health.news.subscribe(lambda health: told.set() if health.listener_trouble else None)
        listener = running.listener
        assert listener is not None
        assert listener._loop is not None
        listener._loop.call_soon_threadsafe(listener._loop.stop)
        assert told.wait(LONG)
        assert running.health.health.listening is None
        row = running.till.charge("250788123456", 1500)
        assert Watcher(running.till).wait_final(row.id).state is State.SUCCESSFUL
