"""What stops a list of payouts under virtual time, what does not, and how it goes on."""

import pytest

from cashier.domain.events import Change, Decision
from cashier.domain.evidence import Evidence, Meaning, Source
from cashier.domain.money import Limits
from cashier.domain.payout_run import RunState
from cashier.gateway.outcomes import Function
from cashier.ledger.errors import DiskFull
from cashier.till.options import TillOptions
from cashier.till.payout_stops import OUR_FAULT
from tests.fakes.gateway import answered, refused, unclear, unsent
from tests.unit.till.listed import HOUR, Listed, phone


@pytest.mark.parametrize("settled", ["2001", "2105"])
def test_it_stops_at_the_first_unknown_and_waits_for_a_person(listed: Listed, settled: str) -> None:
    listed.approve()
    listed.virtual.gateway.next_submission.extend([answered(Function.PAYOUT, "2001", success=True), unclear()])
    listed.go_on()
    now = listed.now()
    assert (now.state, listed.sent()) == (RunState.STOPPED, ["RUN-1", "RUN-2"])
    assert now.why.startswith("It is not known yet whether T1-000002 went out. Do not send it again")
    listed.go_on()
    assert listed.now().why.startswith("Row 3, T1-000002, is not settled yet.")
    assert listed.sent() == ["RUN-1", "RUN-2"]
    listed.virtual.gateway.next_status.append(answered(Function.STATUS, settled, success=settled == "2001"))
    listed.virtual.time.run(HOUR)
    end = "was sent" if settled == "2001" else "was not sent"
    assert listed.now().why == f"T1-000002 is settled now: it {end}. Press Go on for the next row."
    assert listed.sent() == ["RUN-1", "RUN-2"]
    listed.go_on()
    assert listed.now().state is RunState.DONE
    assert listed.sent() == [f"RUN-{number}" for number in range(1, 6)]


def test_it_stops_at_a_review(listed: Listed) -> None:
    listed.approve()
    listed.virtual.gateway.next_submission.append(refused(Function.PAYOUT, "1110"))
    listed.go_on()
    assert listed.now().state is RunState.STOPPED
    assert listed.now().why.startswith("T1-000001 needs a manager: ")


def test_a_receiver_that_is_refused_does_not_stop_the_others(listed: Listed) -> None:
    listed.approve()
    listed.virtual.gateway.next_submission.append(refused(Function.PAYOUT, "2105"))
    listed.go_on()
    now = listed.now()
    assert (now.state, now.counts.failed, now.counts.sent) == (RunState.DONE, 1, 4)


@pytest.mark.parametrize("code", ["1108", "2109", "0005"])
def test_it_stops_where_the_account_is_refused(listed: Listed, code: str) -> None:
    listed.approve()
    listed.virtual.gateway.next_submission.append(refused(Function.PAYOUT, code))
    listed.go_on()
    now = listed.now()
    assert (now.state, now.counts.waiting) == (RunState.STOPPED, 4)
    assert now.why.endswith("The next rows would be refused too.")
    listed.go_on()
    assert listed.now().state is RunState.DONE


def test_it_stops_where_nothing_leaves_this_computer(listed: Listed) -> None:
    listed.approve()
    listed.virtual.gateway.next_submission.append(unsent())
    listed.go_on()
    now = listed.now()
    assert (now.state, now.counts.waiting) == (RunState.STOPPED, 4)
    assert now.why.startswith("T1-000001 was not sent, so nothing more is. Not sent: The gateway cannot be reached.")


def test_it_does_not_begin_while_the_gateway_is_away(listed: Listed) -> None:
    listed.approve()
    listed.virtual.gateway.closed = True
    listed.go_on()
    assert (listed.now().state, listed.sent()) == (RunState.STOPPED, [])
    assert listed.now().why.startswith("The gateway cannot be reached.")
    listed.virtual.gateway.closed = False
    listed.go_on()
    assert listed.now().state is RunState.DONE


def test_it_stops_between_two_rows_when_the_gateway_goes_down(listed: Listed) -> None:
    def went_down(change: Change) -> None:
        if change.transaction.id == "RUN-2" and change.became_final:
            listed.virtual.health.heard(unsent())
            listed.virtual.health.heard(unsent())

    listed.approve()
    listed.virtual.till.subscribe(went_down)
    listed.virtual.gateway.next_submission.extend(
        [
            answered(Function.PAYOUT, "2001", success=True),
            answered(Function.PAYOUT, "1000", success=True),
        ]
    )
    listed.virtual.gateway.next_status.append(answered(Function.STATUS, "2001", success=True))
    listed.go_on()
    listed.virtual.time.run(5)
    assert (listed.now().state, listed.sent()) == (RunState.STOPPED, ["RUN-1", "RUN-2"])
    assert listed.now().why == "The gateway is down. The gateway cannot be reached."


def test_it_stops_when_the_disk_is_full_and_nothing_is_sent(listed: Listed, monkeypatch: pytest.MonkeyPatch) -> None:
    listed.approve()
    real = listed.virtual.ledger.write

    def full(work: object) -> object:
        if "create_line" in getattr(work, "__qualname__", ""):
            raise DiskFull("The disk is full: no sales.")
        return real(work)  # type: ignore[arg-type]  # handed on as it came

    monkeypatch.setattr(listed.virtual.ledger, "write", full)
    listed.go_on()
    assert (listed.now().state, listed.now().why, listed.sent()) == (
        RunState.STOPPED,
        "The disk is full: no sales.",
        [],
    )
    monkeypatch.undo()
    listed.go_on()
    assert listed.now().state is RunState.DONE


def test_where_the_reading_before_cannot_be_kept_nothing_is_sent(
    listed: Listed, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed.approve()

    def full(_work: object) -> object:
        raise DiskFull("The disk is full: no sales.")

    monkeypatch.setattr(listed.virtual.ledger, "write", full)
    listed.go_on()
    assert (listed.now().state, listed.now().why, listed.sent()) == (
        RunState.STOPPED,
        "The disk is full: no sales.",
        [],
    )


def test_a_bug_of_ours_stops_the_list(listed: Listed, monkeypatch: pytest.MonkeyPatch) -> None:
    listed.approve()

    def fail(*_: object, **_more: object) -> object:
        raise ZeroDivisionError

    monkeypatch.setattr(listed.virtual.till, "pay_out_line", fail)
    with pytest.raises(ZeroDivisionError):
        listed.go_on()
    assert (listed.now().state, listed.now().why) == (RunState.STOPPED, OUR_FAULT)


def test_a_pause_lets_the_line_on_its_way_end(listed: Listed) -> None:
    listed.approve()
    listed.virtual.gateway.while_sending = lambda id: listed.runs.pause() if id == "RUN-2" else None
    listed.go_on()
    assert (listed.now().state, listed.sent()) == (RunState.PAUSED, ["RUN-1", "RUN-2"])
    assert RunState.PAUSING in [one.state for one in listed.told]
    listed.virtual.time.run(HOUR)
    assert listed.sent() == ["RUN-1", "RUN-2"]
    listed.go_on()
    assert listed.sent() == [f"RUN-{number}" for number in range(1, 6)]


def test_a_phone_with_an_open_payout_waits_for_it_and_is_not_left_out(listed: Listed) -> None:
    listed.virtual.gateway.next_submission.append(answered(Function.PAYOUT, "1000", success=True))
    listed.virtual.till.pay_out(phone(2), 700, "x")
    listed.virtual.time.run()
    for _ in range(9):
        listed.virtual.gateway.next_status.append(answered(Function.STATUS, "1000", success=True, status="Pending"))
    done = answered(Function.STATUS, "2001", success=True, status="Successfully")
    listed.virtual.gateway.next_status.append(done)
    listed.approve()
    listed.go_on()
    now = listed.now()
    assert (now.state, now.counts.skipped, now.counts.sent) == (RunState.STOPPED, 0, 1)
    assert now.why.startswith("Row 3: T1-000001 to this phone is not settled yet.")
    listed.virtual.time.run(HOUR)
    assert listed.now().why.startswith("T1-000001 is settled now: it was sent.")
    assert "RUN-2" not in listed.sent()
    listed.go_on()
    assert [one for one in listed.sent() if one.startswith("RUN")] == [f"RUN-{number}" for number in range(1, 6)]
    assert (listed.now().state, listed.now().counts.sent) == (RunState.DONE, 5)


def test_a_line_above_the_limit_of_now_is_left_out(listed: Listed) -> None:
    listed.approve()
    listed.virtual.till.options = TillOptions(Limits(100, 1004))
    listed.go_on()
    assert listed.runs.lines()[4].skipped == "The largest amount is 1\u00a0004\u00a0RWF."
    assert len(listed.sent()) == 4


def test_closing_by_hand_frees_the_list(listed: Listed) -> None:
    listed.approve()
    listed.virtual.gateway.next_submission.append(unclear())
    listed.go_on()
    listed.virtual.door.apply("RUN-1", lambda _row: Decision("closed", "operator", review="closed: it was sent"))
    listed.virtual.time.run()
    assert listed.now().why == "T1-000001 is settled now: it was closed by hand. Press Go on for the next row."
    assert listed.sent() == ["RUN-1"]
    listed.go_on()
    assert listed.sent() == [f"RUN-{number}" for number in range(1, 6)]


def test_a_late_contradiction_on_an_earlier_line_stops_nothing(listed: Listed) -> None:
    listed.approve()
    listed.go_on()
    listed.virtual.door.settle("RUN-1", Evidence(Source.STATUS, Meaning.REFUSED, code="2105", answered=True))
    assert listed.now().state is RunState.DONE
