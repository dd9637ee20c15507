"""Closing by hand in the whole till under virtual time: what is asked then, what rings, what stays after a restart."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cashier.domain.errors import BadInputError
from cashier.domain.states import State
from cashier.domain.transaction import Transaction
from cashier.gateway.outcomes import Function
from cashier.ledger.errors import OpenAlready
from cashier.till.figures import amount_words
from cashier.till.rules import AFTER_CLOSE, REVIEW_LATE_SUCCESS
from tests.fakes.gateway import answered, unclear
from tests.unit.till.virtual_till import PHONE, VirtualTill

HOUR, DAY = 3600.0, 86400.0


@pytest.fixture
def virtual(tmp_path: Path) -> Iterator[VirtualTill]:
    one = VirtualTill(tmp_path / "x").start()
    yield one
    one.ledger.close()


def held(virtual: VirtualTill) -> Transaction:
    """A payout under review: its request was lost, the gateway does not know it, and that proves nothing."""
    virtual.gateway.next_submission.append(unclear())
    row = virtual.till.pay_out(PHONE, 1500, "supplies")
    virtual.time.run(HOUR)
    assert virtual.row(row.id).is_under_review
    return virtual.row(row.id)


def close(virtual: VirtualTill, row: Transaction, *, received: bool = False) -> Transaction:
    return virtual.till.close_by_hand(row.id, received=received, name="Aline", note="Not on the statement.")


def arrives(virtual: VirtualTill, row: Transaction, code: str = "2001") -> None:
    """The gateway says so from now on."""
    virtual.gateway.next_submission.clear()
    virtual.gateway.next_status.extend(answered(Function.STATUS, code, success=code == "2001") for _ in range(20))


def test_a_closed_row_frees_the_phone_and_is_told_once(virtual: VirtualTill) -> None:
    row = held(virtual)
    with pytest.raises(OpenAlready):
        virtual.till.pay_out(PHONE, 1500, "supplies")
    virtual.changes.clear()
    closed = close(virtual, row)
    assert (closed.state, closed.review, closed.is_open) == (State.UNKNOWN, "closed: not received (Aline)", False)
    assert [change.transaction for change in virtual.changes] == [closed]
    story = virtual.ledger.reader.events(row.id)[-1]
    assert (story.event, story.source, story.state) == ("closed by hand", "operator", State.UNKNOWN)
    assert (story.data["verdict"], story.data["name"]) == ("not received", "Aline")
    assert virtual.ledger.reader.open_rows() == []
    virtual.till.pay_out(PHONE, 1500, "supplies")
    assert virtual.ledger.reader.verify().ok


def test_nothing_else_is_closed(virtual: VirtualTill) -> None:
    row = virtual.till.charge(PHONE, 1500)
    virtual.time.run()
    events = len(virtual.ledger.reader.events(row.id))
    with pytest.raises(BadInputError, match="still being asked about"):
        close(virtual, row)
    with pytest.raises(KeyError):
        virtual.till.close_by_hand("nobody", received=True, name="Aline", note="x")
    assert len(virtual.ledger.reader.events(row.id)) == events


def test_a_closed_row_is_asked_daily_at_once_and_for_thirty_days(virtual: VirtualTill) -> None:
    row = held(virtual)
    close(virtual, row)
    before = virtual.gateway.asked(row.id)
    virtual.time.run(DAY - 60)
    assert virtual.gateway.asked(row.id) == before
    virtual.time.run(DAY * 0.1 + 120)
    assert virtual.gateway.asked(row.id) == before + 1
    virtual.time.run(27 * DAY)
    assert 22 <= virtual.gateway.asked(row.id) - before <= 28
    virtual.time.run(10 * DAY)
    last = virtual.gateway.asked(row.id)
    virtual.time.run(10 * DAY)
    assert virtual.gateway.asked(row.id) == last


@pytest.mark.parametrize("restart", [False, True])
def test_the_thirty_days_begin_with_the_closing(virtual: VirtualTill, restart: bool) -> None:
    row = held(virtual)
    virtual.time.run(40 * DAY)
    close(virtual, row)
    before = virtual.gateway.asked(row.id)
    if restart:
        virtual.crash()
        virtual.start()
    virtual.time.run(28 * DAY)
    assert 24 <= virtual.gateway.asked(row.id) - before <= 29
    virtual.time.run(10 * DAY)
    last = virtual.gateway.asked(row.id)
    virtual.time.run(10 * DAY)
    assert virtual.gateway.asked(row.id) == last
    assert virtual.ledger.reader.verify().ok


def test_a_mark_that_comes_late_is_asked_about_for_thirty_days(virtual: VirtualTill) -> None:
    """The gateway was away for a month: the row gets its mark only then."""
    virtual.gateway.next_submission.append(unclear())
    row = virtual.till.charge(PHONE, 1500)
    virtual.gateway.next_status.extend(unclear() for _ in range(2000))
    virtual.time.run(35 * DAY)
    assert not virtual.row(row.id).review
    virtual.gateway.next_status.clear()
    virtual.gateway.next_status.extend(answered(Function.STATUS, "1000", success=True) for _ in range(2000))
    virtual.time.run(2 * DAY)
    assert virtual.row(row.id).is_under_review
    before = virtual.gateway.asked(row.id)
    virtual.time.run(20 * DAY)
    assert 17 <= virtual.gateway.asked(row.id) - before <= 21


def test_closing_while_a_call_is_in_flight_is_planned_daily_too(virtual: VirtualTill) -> None:
    row = held(virtual)
    status = virtual.gateway.status

    def closing(**asked: object) -> object:
        answer = status(**asked)  # type: ignore[arg-type]  # as the poller calls it
        if virtual.row(row.id).is_under_review:
            close(virtual, row)
        return answer

    virtual.gateway.status = closing  # type: ignore[method-assign, assignment]  # the answer is on its way
    virtual.till.check([row.id])
    virtual.time.run()
    assert virtual.row(row.id).is_closed
    before = virtual.gateway.asked(row.id)
    virtual.time.run(DAY - 60)
    assert virtual.gateway.asked(row.id) == before


@pytest.mark.parametrize("restart", [False, True])
@pytest.mark.parametrize("days", [0, 45])
def test_a_closed_row_is_asked_on_a_callback_whenever(virtual: VirtualTill, restart: bool, days: int) -> None:
    row = held(virtual)
    close(virtual, row)
    virtual.time.run(days * DAY)
    if restart:
        virtual.crash()
        virtual.start()
        virtual.time.run(60)
    before = virtual.gateway.asked(row.id)
    for _ in range(100):
        virtual.till.hint(row.id)
        virtual.time.run(0.01)
    assert 1 <= virtual.gateway.asked(row.id) - before <= 2
    virtual.till.hint("unknown")
    virtual.time.run(60)
    assert virtual.gateway.asked("unknown") == 0


def test_check_now_asks_about_a_row_of_long_ago(virtual: VirtualTill) -> None:
    row = held(virtual)
    virtual.time.run(45 * DAY)
    before = virtual.gateway.asked(row.id)
    assert virtual.till.check([row.id]) == [row.id]
    virtual.time.run(1)
    assert virtual.gateway.asked(row.id) == before + 1
    virtual.time.run(5 * DAY)
    virtual.till.ask_all("sleep")
    virtual.time.run(1)
    assert virtual.gateway.asked(row.id) == before + 1


@pytest.mark.parametrize("received", [True, False])
@pytest.mark.parametrize(("code", "end"), [("2001", State.SUCCESSFUL), ("2105", State.FAILED)])
def test_later_evidence_settles_it_and_rings_until_it_was_seen(
    virtual: VirtualTill, received: bool, code: str, end: State
) -> None:
    row = held(virtual)
    closed = close(virtual, row, received=received)
    virtual.changes.clear()
    arrives(virtual, row, code)
    virtual.time.run(2 * DAY)
    after = virtual.row(row.id)
    words = AFTER_CLOSE[received, end is State.SUCCESSFUL]
    assert (after.state, after.review, after.alarm) == (end, closed.review, words)
    assert [change.raised_alarm for change in virtual.changes] == [True]
    virtual.crash()
    virtual.start()
    assert [one.id for one in virtual.till.alarms()] == [row.id]
    seen = virtual.till.alarm_seen(row.id, name="Aline")
    assert (seen.alarm, seen.state) == (None, end)
    assert virtual.till.alarms() == []
    story = virtual.ledger.reader.events(row.id)[-1]
    assert (story.event, story.data["name"], story.data["seen"]) == ("alarm seen", "Aline", words)
    assert virtual.ledger.reader.verify().ok
    with pytest.raises(BadInputError, match="no alarm"):
        virtual.till.alarm_seen(row.id, name="Aline")


def test_the_same_contradiction_rings_once(virtual: VirtualTill) -> None:
    row = held(virtual)
    close(virtual, row)
    virtual.gateway.next_status.extend(answered(Function.STATUS, "2001", success=True, amount="9") for _ in range(20))
    virtual.time.run(2 * DAY)
    assert virtual.row(row.id).alarm == amount_words("9", row.amount)
    virtual.till.alarm_seen(row.id, name="Aline")
    virtual.time.run(5 * DAY)
    assert (virtual.row(row.id).state, virtual.row(row.id).alarm) == (State.UNKNOWN, None)


def test_a_success_after_it_never_arrived_rings(virtual: VirtualTill) -> None:
    virtual.gateway.next_submission.append(unclear())
    row = virtual.till.charge(PHONE, 1500)
    virtual.time.run(HOUR)
    assert virtual.row(row.id).state is State.FAILED
    virtual.gateway.next_status.append(answered(Function.STATUS, "01", success=True))
    virtual.time.run(2 * HOUR)
    after = virtual.row(row.id)
    assert (after.state, after.review, after.alarm) == (State.FAILED, REVIEW_LATE_SUCCESS, REVIEW_LATE_SUCCESS)
    closed = virtual.till.close_by_hand(row.id, received=True, name="Aline", note="It is on the statement.")
    assert (closed.state, closed.is_closed, closed.alarm) == (State.FAILED, True, REVIEW_LATE_SUCCESS)
    virtual.till.alarm_seen(row.id, name="Aline")
    virtual.gateway.next_status.append(answered(Function.STATUS, "01", success=True))
    virtual.till.hint(row.id)
    virtual.time.run(60)
    assert virtual.row(row.id).review == closed.review
    assert virtual.till.alarms() == []


def test_other_figures_under_the_same_mark_ring_no_second_time(virtual: VirtualTill) -> None:
    """The code beside the sentence is what was told, not the sentence with its figures."""
    row = held(virtual)
    close(virtual, row)
    for amount in ("9", "8", "7"):
        virtual.gateway.next_status.append(answered(Function.STATUS, "2001", success=True, amount=amount))
        virtual.time.run(DAY)
    virtual.gateway.next_status.clear()
    assert virtual.row(row.id).alarm == amount_words("9", row.amount)
    virtual.till.alarm_seen(row.id, name="Aline")
    virtual.gateway.next_status.append(answered(Function.STATUS, "2001", success=True, amount="6"))
    virtual.time.run(2 * DAY)
    assert virtual.row(row.id).alarm is None


def test_an_open_row_under_a_mark_with_figures_takes_no_success_without_amount_and_phone(virtual: VirtualTill) -> None:
    row = virtual.till.charge(PHONE, 1500)
    virtual.time.run()
    virtual.gateway.next_status.append(answered(Function.STATUS, "01", success=True, amount="9900"))
    virtual.till.check([row.id])
    virtual.time.run()
    assert virtual.row(row.id).review == amount_words("9900", 1500)
    virtual.crash()
    virtual.start()
    virtual.gateway.next_status.append(answered(Function.STATUS, "01", success=True))
    virtual.time.run(10)
    assert not virtual.row(row.id).is_final
    whole = answered(Function.STATUS, "01", success=True, amount="1500", phone=PHONE)
    virtual.gateway.next_status.append(whole)
    virtual.till.check([row.id])
    virtual.time.run()
    assert virtual.row(row.id).state is State.SUCCESSFUL
