"""The gateway is down for eight hours: few calls, no sale sent twice, and all is settled soon after. Faults row 49."""

from collections import Counter
from pathlib import Path

from cashier.domain.states import Kind, State
from cashier.domain.transaction import Transaction
from cashier.gateway.outcomes import Outcome
from tests.fakes.gateway import FakeGateway, unclear
from tests.unit.till.virtual_till import VirtualTill

HOUR, ROWS = 3600.0, 40


class Down(FakeGateway):
    """Takes what it is sent and answers nothing while `down`."""

    def __init__(self) -> None:
        super().__init__()
        self.down = True

    def status(self, *, id: str, kind: Kind, gateway_transaction_id: str | None) -> Outcome:
        found = super().status(id=id, kind=kind, gateway_transaction_id=gateway_transaction_id)
        return unclear() if self.down else found

    def _submit(self, *what: object) -> Outcome:
        found = super()._submit(*what)  # type: ignore[arg-type]  # passed on as it came
        return unclear() if self.down else found


def states(virtual: VirtualTill, rows: list[Transaction]) -> set[State]:
    return {virtual.row(row.id).state for row in rows}


def is_down(virtual: VirtualTill) -> bool:
    return virtual.health.health.gateway_down_since is not None


def test_eight_hours_without_an_answer(tmp_path: Path) -> None:
    gateway = Down()
    virtual = VirtualTill(tmp_path / "x", gateway=gateway).start()
    rows = [virtual.till.charge(f"2507881234{number:02d}", 1500) for number in range(ROWS)]
    virtual.time.run(HOUR)
    during = len(gateway.calls)
    for _ in range(7):
        before = len(gateway.calls)
        virtual.time.run(HOUR)
        # One row is asked a minute at most by the pause between failures, and eight go at once.
        assert len(gateway.calls) - before <= 60 * 8
    assert during <= 2 * 60 * 8
    late = virtual.till.charge("250788123499", 900)
    virtual.time.run(1)
    # A new sale is tried, once: nobody knows that the line is still dead.
    assert gateway.sent(late.id) == [late.id]
    assert is_down(virtual)
    assert states(virtual, [*rows, late]) == {State.UNKNOWN}
    gateway.down = False
    for row in (*rows, late):
        gateway.end(row.id, "01")
    before = len(gateway.calls)
    virtual.time.run(HOUR + 600)
    assert states(virtual, [*rows, late]) == {State.SUCCESSFUL}
    assert len(gateway.calls) - before <= 2 * ROWS
    assert not is_down(virtual)
    assert set(Counter(gateway.sent()).values()) == {1}
    virtual.ledger.close()
