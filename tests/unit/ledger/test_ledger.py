"""What the ledger writes, refuses and tells."""

import threading
from datetime import timedelta
from typing import Any

import pytest

from cashier.domain.events import Decision
from cashier.domain.states import ALLOWED_MOVES, Kind, State
from cashier.domain.transaction import NewTransaction, Transaction
from cashier.ledger.errors import AlreadyBegun, ForbiddenMove, LedgerClosed, OpenAlready, SameAgain
from cashier.ledger.ledger import Facts, Ledger, Settled
from tests.unit.ledger.conftest import START, Clock

PHONE = "250788123456"


def new(id: str, **more: Any) -> NewTransaction:
    return NewTransaction(**{"id": id, "kind": Kind.PAYMENT, "phone": PHONE, "amount": 1500, **more})


def begin(ledger: Ledger, id: str, **more: Any) -> Transaction:
    return ledger.create(new(id, **more), not_while_open=False, not_same_since=None).transaction


def move(ledger: Ledger, id: str, state: State | None, **more: Any) -> Settled:
    return ledger.settle(
        id, lambda _row, _facts: Decision(**{"event": "checked", "source": "status", "state": state, **more})
    )


def test_a_new_row_is_created_and_told(ledger: Ledger) -> None:
    created = ledger.create(new("A", reference="table 4"), not_while_open=True, not_same_since=None)
    row = created.transaction
    assert (row.id, row.number, row.state, row.amount, row.reference) == (
        "A",
        "T7-000001",
        State.CREATED,
        1500,
        "table 4",
    )
    assert (row.created_at, row.decided_at, row.version) == (START, None, 1)
    assert created.change.before is None
    assert ledger.reader.get("A") == ledger.reader.by_number("T7-000001") == row
    assert begin(ledger, "B").number == "T7-000002"


@pytest.mark.parametrize("old", list(State))
@pytest.mark.parametrize("new_state", list(State))
def test_the_table_of_moves_is_kept(ledger: Ledger, old: State, new_state: State) -> None:
    begin(ledger, "A")
    if old is not State.CREATED:
        move(ledger, "A", old)
    if new_state is old or new_state in ALLOWED_MOVES[old]:
        assert move(ledger, "A", new_state).transaction.state is new_state
    else:
        with pytest.raises(ForbiddenMove):
            move(ledger, "A", new_state)
        row = ledger.reader.get("A")
        assert row is not None
        assert row.state is old
    assert ledger.reader.verify().ok


def test_only_real_changes_are_told(ledger: Ledger, clock: Clock) -> None:
    begin(ledger, "A")
    first = move(ledger, "A", State.PENDING, response_code="1000", message="Waiting.", accepted=True)
    assert first.change is not None
    assert first.change.before is not None
    assert first.change.before.state is State.CREATED
    again = move(ledger, "A", State.PENDING, response_code="1000", message="Waiting.", accepted=True)
    assert (again.change, again.event is None) == (None, False)
    clock.step(seconds=3)
    paid = move(ledger, "A", State.SUCCESSFUL, response_code="01")
    assert paid.change is not None
    assert paid.change.became_final
    assert paid.transaction.decided_at == START + timedelta(seconds=3)
    nothing = ledger.settle("A", lambda _row, _facts: None)
    assert (nothing.event, nothing.change) == (None, None)


def test_a_move_replaces_code_and_message_by_nothing_too(ledger: Ledger) -> None:
    begin(ledger, "A")
    move(ledger, "A", State.PENDING, response_code="1000", message="Waiting.", gateway_transaction_id="8")
    row = move(ledger, "A", State.FAILED).transaction
    assert (row.response_code, row.message, row.gateway_transaction_id) == (None, None, "8")


def test_the_story_is_kept(ledger: Ledger) -> None:
    begin(ledger, "A")
    move(ledger, "A", State.PENDING, data={"answered": True, "code": "1000"})
    move(ledger, "A", None, data={"answered": True})
    story = ledger.reader.events("A")
    assert [event.event for event in story] == ["created", "checked", "checked"]
    assert [event.sequence for event in story] == [1, 2, 3]
    assert [event.state for event in story] == [State.CREATED, State.PENDING, State.PENDING]
    assert story[1].data["code"] == "1000"


def test_facts_are_of_the_same_moment(ledger: Ledger) -> None:
    begin(ledger, "A")
    begin(ledger, "B")
    move(ledger, "B", State.PENDING, gateway_transaction_id="77")
    for answered in (True, False, True):
        move(ledger, "A", None, data={"answered": answered})
    move(ledger, "A", None, source="submit", data={"answered": True})
    seen: list[Any] = []

    def judge(_row: Transaction, facts: Facts) -> None:
        other = facts.other_with_gateway_id("77")
        seen.append((facts.answered_checks(), other.id if other else None, facts.other_with_gateway_id("78")))

    ledger.settle("A", judge)
    assert seen == [(2, "B", None)]


def test_gateway_ids_are_unique_per_kind(ledger: Ledger) -> None:
    begin(ledger, "A")
    begin(ledger, "B", kind=Kind.PAYOUT)
    move(ledger, "A", State.PENDING, gateway_transaction_id="8")
    assert move(ledger, "B", State.PENDING, gateway_transaction_id="8").transaction.gateway_transaction_id == "8"


def test_an_exception_in_a_decision_writes_nothing(ledger: Ledger) -> None:
    begin(ledger, "A")

    def broken(_row: Transaction, _facts: Facts) -> Decision:
        raise RuntimeError("a bug")

    with pytest.raises(RuntimeError):
        ledger.settle("A", broken)
    assert len(ledger.reader.events("A")) == 1
    move(ledger, "A", State.PENDING)


def test_one_press_is_one_row(ledger: Ledger) -> None:
    begin(ledger, "A", action_id="press")
    with pytest.raises(AlreadyBegun) as begun:
        begin(ledger, "B", action_id="press")
    assert begun.value.existing.id == "A"
    assert begin(ledger, "C").id == "C"


def test_while_one_is_open_no_other_of_its_kind_to_its_phone(ledger: Ledger) -> None:
    begin(ledger, "A")
    with pytest.raises(OpenAlready) as there:
        ledger.create(new("B"), not_while_open=True, not_same_since=None)
    assert there.value.existing.id == "A"
    ledger.create(new("C", kind=Kind.PAYOUT), not_while_open=True, not_same_since=None)
    ledger.create(new("D", phone="250722123456"), not_while_open=True, not_same_since=None)
    move(ledger, "A", None, review="closed: received")
    ledger.create(new("E"), not_while_open=True, not_same_since=None)


def test_the_same_again_is_held(ledger: Ledger, clock: Clock) -> None:
    begin(ledger, "A")
    move(ledger, "A", State.SUCCESSFUL)
    clock.step(minutes=4)
    since = clock.now() - timedelta(minutes=5)
    with pytest.raises(SameAgain) as same:
        ledger.create(new("B"), not_while_open=True, not_same_since=since)
    assert same.value.existing.id == "A"
    ledger.create(new("C", amount=1501), not_while_open=False, not_same_since=since)
    clock.step(minutes=2)
    ledger.create(new("D"), not_while_open=False, not_same_since=clock.now() - timedelta(minutes=5))


def test_the_same_again_is_not_held_by_one_that_failed_or_is_of_the_future(ledger: Ledger, clock: Clock) -> None:
    begin(ledger, "A")
    move(ledger, "A", State.FAILED)
    ledger.create(new("B"), not_while_open=True, not_same_since=clock.now() - timedelta(minutes=5))
    move(ledger, "B", State.SUCCESSFUL)
    # The clock of the computer was an hour ahead and has been put right.
    clock.step(minutes=-60)
    ledger.create(new("C"), not_while_open=True, not_same_since=clock.now() - timedelta(minutes=5))


def test_many_threads_write_one_after_another(ledger: Ledger) -> None:
    def work(name: int) -> None:
        for number in range(10):
            begin(ledger, f"{name}-{number}")

    threads = [threading.Thread(target=work, args=(name,)) for name in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = ledger.reader.verify()
    assert (found.ok, found.events) == (True, 50)
    assert len({row.number for row in ledger.reader.history(limit=100)}) == 50


def test_a_closed_ledger_says_so(ledger: Ledger) -> None:
    ledger.close()
    ledger.close()
    with pytest.raises(LedgerClosed):
        begin(ledger, "A")


def test_an_id_that_is_not_there(ledger: Ledger) -> None:
    with pytest.raises(KeyError):
        move(ledger, "A", State.PENDING)
    assert ledger.reader.get("A") is None
