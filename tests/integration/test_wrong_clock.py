"""The computer's clock is hours off: said, made up for, and never in the ledger's times. Faults row 32."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from cashier.domain.states import State
from cashier.simulator import Fault, Simulator
from tests.integration.running import Watcher, till_on


def test_a_refused_timestamp_fails_the_sale_says_why_and_the_next_one_goes(tmp_path: Path) -> None:
    ahead = Simulator(speed=20, now=lambda: datetime.now(UTC) + timedelta(hours=3))
    with ahead, till_on(ahead, tmp_path / "x") as running:
        watcher = Watcher(running.till)
        refused = watcher.wait_final(running.till.charge("250788123456", 1500).id)
        assert (refused.state, refused.response_code) == (State.FAILED, "0005")
        assert refused.message == "The clock of this computer is 3 h 00 min slow."
        paid = watcher.wait_final(running.till.charge("250788123457", 900).id)
        assert paid.state is State.SUCCESSFUL
        now = datetime.now(UTC)
        for row in (refused, paid):
            assert abs(now - row.created_at) < timedelta(minutes=2)
            assert all(abs(now - event.at) < timedelta(minutes=2) for event in running.ledger.reader.events(row.id))


def test_a_page_in_between_teaches_no_clock(tmp_path: Path) -> None:
    wrong = {"Date": "Mon, 23 Nov 2020 12:00:00 GMT"}
    page = Fault(status=401, body=b"<html>0005</html>", content_type="text/html", headers=wrong)
    with Simulator(speed=20) as gateway, till_on(gateway, tmp_path / "x") as running:
        watcher = Watcher(running.till)
        gateway.script(Fault(**{**vars(page), "function": "requestpayment"}))
        row = running.till.charge("250788123456", 1500)
        assert watcher.wait_for(row.id, lambda one: one.state is not State.CREATED).state is State.UNKNOWN
        assert watcher.wait_final(row.id).state is State.SUCCESSFUL
