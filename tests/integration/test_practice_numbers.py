"""Each practice number ends as docs/commands.md says, on the real till over real HTTP. Times are ten times as fast."""

from pathlib import Path

import pytest

from cashier.domain.states import State
from cashier.simulator import Simulator
from tests.integration.running import LONG, Watcher, till_on

PAYMENTS = {
    "250788123456": (State.SUCCESSFUL, "01"),
    "250722123456": (State.SUCCESSFUL, "01"),
    "250733123456": (State.SUCCESSFUL, "01"),
    "250799123456": (State.SUCCESSFUL, "01"),
    "250741123456": (State.FAILED, "1100"),
    "250788000001": (State.FAILED, "1005"),
    "250788000002": (State.FAILED, "1002"),
    "250788000003": (State.FAILED, None),
    "250788000004": (State.FAILED, None),
    "250788000005": (State.SUCCESSFUL, "01"),
    "250788000006": (State.SUCCESSFUL, "01"),
    "250788000007": (State.SUCCESSFUL, "01"),
    "250788000008": (State.SUCCESSFUL, "01"),
    "250788000009": (State.SUCCESSFUL, "01"),
    "250788000010": (State.SUCCESSFUL, "01"),
}
PAYOUTS = {
    "250788123456": (State.SUCCESSFUL, "2001"),
    "250788000001": (State.FAILED, "1108"),
    "250788000002": (State.FAILED, "2105"),
    "250788000005": (State.SUCCESSFUL, "2001"),
    "250788000008": (State.SUCCESSFUL, "2001"),
    "250788000009": (State.SUCCESSFUL, "2001"),
    "250788000010": (State.SUCCESSFUL, "2001"),
}


@pytest.mark.parametrize("callbacks", [True, False])
def test_every_payment_ends_as_it_should(tmp_path: Path, callbacks: bool) -> None:
    with Simulator(speed=20) as gateway, till_on(gateway, tmp_path / "x", callbacks=callbacks) as running:
        watcher = Watcher(running.till)
        rows = {phone: running.till.charge(phone, 1500) for phone in PAYMENTS}
        ends = {phone: watcher.wait_final(row.id) for phone, row in rows.items()}
        assert {phone: (row.state, row.response_code) for phone, row in ends.items()} == PAYMENTS
        truth = {one["requesttransactionid"]: one["state"] for one in gateway.book()["transactions"]}
        for row in ends.values():
            assert row.state.value == truth.get(row.id, "failed")
        assert not [row for row in ends.values() if row.review]
        assert running.ledger.reader.verify().ok
        for phone in ("250788000005", "250788000009", "250788000010"):
            states = [one.transaction.state for one in watcher.changes if one.transaction.phone == phone]
            assert State.UNKNOWN in states
        assert gateway.book()["balance"] == 1_000_000 + 1500 * sum(s is State.SUCCESSFUL for s, _ in PAYMENTS.values())


def test_every_payout_ends_as_it_should_and_was_sent_once(tmp_path: Path) -> None:
    with Simulator(speed=20) as gateway, till_on(gateway, tmp_path / "x") as running:
        watcher = Watcher(running.till)
        rows = {phone: running.till.pay_out(phone, 1500, "test") for phone in PAYOUTS}
        ends = {phone: watcher.wait_final(row.id) for phone, row in rows.items()}
        assert {phone: (row.state, row.response_code) for phone, row in ends.items()} == PAYOUTS
        sent = [
            one["fields"]["mobilephone"] for one in gateway.book()["requests"] if one["function"] == "requestdeposit"
        ]
        assert sorted(sent) == sorted(PAYOUTS)


def test_a_callback_settles_long_before_the_next_poll(tmp_path: Path) -> None:
    with Simulator(speed=20) as gateway, till_on(gateway, tmp_path / "x") as running:
        watcher = Watcher(running.till)
        before = running.clock.monotonic()
        row = running.till.charge("250788123456", 1500)
        watcher.wait_final(row.id)
        assert running.clock.monotonic() - before < 1.5  # the first poll comes after 2 s
        events = running.ledger.reader.events(row.id)
        assert events[-1].data["trigger"] == "callback"
        gateway.wait_for(lambda book: bool(book["callbacks"]), LONG)
        assert gateway.book()["callbacks"][0]["acknowledged"]
