"""The till under virtual time: what is sent, what is asked and when, what becomes of it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from cashier.domain.states import State
from cashier.gateway.outcomes import Function
from cashier.ledger.errors import DiskFull, OpenAlready, SameAgain
from cashier.till.options import TillOptions
from cashier.till.recovery import SleepWatch
from cashier.till.rules import REVIEW_DUPLICATE, REVIEW_LATE_SUCCESS
from tests.fakes.gateway import answered, refused, unclear, unsent
from tests.unit.till.virtual_till import PHONE, VirtualTill

HOUR = 3600.0


@pytest.fixture
def virtual(tmp_path: Path) -> Iterator[VirtualTill]:
    one = VirtualTill(tmp_path / "x").start()
    yield one
    one.ledger.close()


def test_a_sale_by_polling(virtual: VirtualTill) -> None:
    row = virtual.till.charge(PHONE, 1500, "table 4")
    assert row.state is State.CREATED
    virtual.time.run()
    assert virtual.row(row.id).state is State.PENDING
    virtual.gateway.end(row.id, "01")
    virtual.time.run(2.5)
    paid = virtual.row(row.id)
    assert (paid.state, paid.response_code, paid.reference) == (State.SUCCESSFUL, "01", "table 4")
    assert [change.transaction.state for change in virtual.changes] == [
        State.CREATED,
        State.PENDING,
        State.SUCCESSFUL,
    ]
    virtual.time.run(HOUR)
    assert virtual.gateway.asked(row.id) == 1
    assert virtual.poller.watched() == []


def test_the_row_is_committed_before_the_gateway_is_called(virtual: VirtualTill) -> None:
    seen = []
    virtual.gateway.while_sending = lambda id: seen.append(virtual.row(id).state)
    virtual.till.charge(PHONE, 1500)
    assert seen == []
    virtual.time.run()
    assert seen == [State.CREATED]


def test_the_cadence_of_an_open_row(virtual: VirtualTill) -> None:
    row = virtual.till.charge(PHONE, 1500)
    counts = []
    for until in (1.9, 4.5, 90, 300, 1800, 21600):
        virtual.time.run(until - virtual.time.monotonic())
        counts.append(virtual.gateway.asked(row.id))
    # 2 and 4 s; every 3 s to 90; 10 to 300; 30 to 1800; 300 to 6 h; with up to a tenth of jitter.
    expected = [0, 2, 2 + 86 / 3, 2 + 86 / 3 + 21, 2 + 86 / 3 + 21 + 50, 2 + 86 / 3 + 21 + 50 + 66]
    assert counts[:2] == expected[:2]
    for count, most in zip(counts[2:], expected[2:], strict=True):
        assert 0.85 * most - 2 <= count <= most + 1


def test_what_the_gateway_refuses_is_failed_and_left_alone(virtual: VirtualTill) -> None:
    virtual.gateway.next_submission.append(refused(Function.PAYMENT, "1002"))
    row = virtual.till.charge(PHONE, 1500)
    virtual.time.run(HOUR)
    failed = virtual.row(row.id)
    assert (failed.state, failed.response_code) == (State.FAILED, "1002")
    assert virtual.gateway.asked(row.id) == 0


def test_what_was_never_sent_is_failed(virtual: VirtualTill) -> None:
    virtual.gateway.next_submission.append(unsent())
    row = virtual.till.charge(PHONE, 1500)
    virtual.time.run()
    failed = virtual.row(row.id)
    assert (failed.state, failed.response_code) == (State.FAILED, None)
    assert (failed.message or "").startswith("Not sent: ")


@pytest.mark.parametrize("kind", ["payment", "payout"])
def test_no_answer_is_unknown_and_asked_never_sent_again(virtual: VirtualTill, kind: str) -> None:
    virtual.gateway.next_submission.append(unclear())
    row = virtual.till.charge(PHONE, 1500) if kind == "payment" else virtual.till.pay_out(PHONE, 1500, "x")
    virtual.time.run(10 * HOUR)
    assert virtual.gateway.sent(row.id) == [row.id]
    assert virtual.gateway.asked(row.id) > 75


def test_a_direct_success_of_a_payment_is_asked_about_at_once(virtual: VirtualTill) -> None:
    virtual.gateway.next_submission.append(answered(Function.PAYMENT, "01", success=True))
    virtual.gateway.next_status.append(answered(Function.STATUS, "01", success=True))
    row = virtual.till.charge(PHONE, 1500)
    virtual.time.run()
    assert virtual.row(row.id).state is State.SUCCESSFUL
    assert [change.transaction.state for change in virtual.changes][1] is State.PENDING


def test_a_duplicate_is_reviewed_and_kept_asking(virtual: VirtualTill) -> None:
    virtual.gateway.next_submission.append(refused(Function.PAYMENT, "2400"))
    row = virtual.till.charge(PHONE, 1500)
    virtual.time.run(60)
    held = virtual.row(row.id)
    assert (held.state, held.review) == (State.UNKNOWN, REVIEW_DUPLICATE)
    assert virtual.gateway.asked(row.id) > 10


def test_a_payment_the_gateway_never_saw_fails_after_a_quarter_of_an_hour_and_can_come_back(
    virtual: VirtualTill,
) -> None:
    virtual.gateway.next_submission.append(unclear())
    row = virtual.till.charge(PHONE, 1500)
    virtual.time.run(14 * 60)
    assert virtual.row(row.id).state is State.UNKNOWN
    virtual.time.run(4 * 60)
    gone = virtual.row(row.id)
    assert (gone.state, gone.response_code) == (State.FAILED, "3100")
    asked = virtual.gateway.asked(row.id)
    virtual.time.run(24 * HOUR)
    assert 20 <= virtual.gateway.asked(row.id) - asked <= 25
    virtual.gateway.next_status.append(answered(Function.STATUS, "01", success=True))
    virtual.time.run(25 * HOUR)
    late = virtual.row(row.id)
    assert (late.state, late.review) == (State.FAILED, REVIEW_LATE_SUCCESS)


def test_a_payout_the_gateway_does_not_find_is_reviewed_never_failed(virtual: VirtualTill) -> None:
    virtual.gateway.next_submission.append(unclear())
    row = virtual.till.pay_out(PHONE, 1500, "x")
    virtual.time.run(HOUR)
    held = virtual.row(row.id)
    assert held.state is State.UNKNOWN
    assert held.review is not None
    with pytest.raises(OpenAlready):
        virtual.till.pay_out(PHONE, 700, "y")


def test_asking_twice_is_held(virtual: VirtualTill) -> None:
    row = virtual.till.charge(PHONE, 1500)
    virtual.time.run()
    with pytest.raises(OpenAlready):
        virtual.till.charge(PHONE, 99_000)
    virtual.gateway.end(row.id, "1005")
    virtual.time.run(3)
    with pytest.raises(SameAgain):
        virtual.till.charge(PHONE, 1500)
    virtual.till.charge(PHONE, 1500, again=True)
    virtual.time.run()
    assert len(virtual.gateway.sent()) == 2


def test_a_crash_before_sending_sends_nothing_later(virtual: VirtualTill) -> None:
    row = virtual.till.charge(PHONE, 1500)
    virtual.crash()
    virtual.start()
    assert virtual.row(row.id).state is State.UNKNOWN
    virtual.time.run(60)
    assert virtual.gateway.sent() == []
    assert virtual.gateway.asked(row.id) > 10


def test_a_start_asks_at_once_newest_first(virtual: VirtualTill) -> None:
    rows = []
    for number in range(4):
        rows.append(virtual.till.charge(f"25078812345{number}", 1500))
        virtual.time.run(1)
    virtual.crash()
    virtual.time.run(HOUR)
    virtual.gateway.calls.clear()
    virtual.start()
    virtual.time.run(0.01)
    assert [id for what, id in virtual.gateway.calls if what == "status"] == [row.id for row in reversed(rows)]


def test_a_callback_causes_one_call_and_a_flood_no_more_than_that(virtual: VirtualTill) -> None:
    row = virtual.till.charge(PHONE, 1500)
    virtual.time.run(0.5)
    for _ in range(1000):
        virtual.till.hint(row.id)
    virtual.time.run(0.1)
    assert virtual.gateway.asked(row.id) == 1
    for _ in range(100):
        virtual.till.hint(row.id)
        virtual.time.run(0.1)
    assert virtual.gateway.asked(row.id) <= 1 + 6
    virtual.gateway.end(row.id, "01")
    virtual.time.run(4)
    asked = virtual.gateway.asked(row.id)
    for id in (row.id, "01UNHEARDOF", "x" * 40):
        for _ in range(200):
            virtual.till.hint(id)
    virtual.time.run(HOUR)
    assert virtual.gateway.asked(row.id) == asked
    assert virtual.gateway.asked("01UNHEARDOF") == 0


def test_a_forged_callback_changes_nothing(virtual: VirtualTill) -> None:
    row = virtual.till.charge(PHONE, 1500)
    virtual.time.run(0.5)
    virtual.till.hint(row.id)
    virtual.time.run(0.5)
    assert virtual.row(row.id).state is State.PENDING


def test_no_more_than_five_calls_a_second(virtual: VirtualTill) -> None:
    for number in range(60):
        virtual.till.charge(f"2507881234{number:02d}", 1500)
    virtual.time.run(0.1)
    virtual.gateway.calls.clear()
    virtual.time.run(20)
    assert 80 <= len(virtual.gateway.calls) <= 101


def test_while_the_gateway_is_down_the_till_holds_back_and_says_so(virtual: VirtualTill) -> None:
    row = virtual.till.charge(PHONE, 1500)
    virtual.time.run()
    virtual.gateway.next_status.extend(unclear() for _ in range(500))
    virtual.time.run(8 * HOUR)
    assert virtual.health.health.gateway_down_since is not None
    assert virtual.health.health.gateway_trouble
    assert virtual.gateway.asked(row.id) < 250
    virtual.gateway.next_status.clear()
    assert virtual.till.check([row.id]) == [row.id]
    virtual.time.run(1)
    assert virtual.health.health.gateway_down_since is None


def test_check_now_tells_when_it_was_answered(virtual: VirtualTill) -> None:
    row = virtual.till.charge(PHONE, 1500)
    virtual.time.run(0.1)
    told = []
    assert virtual.till.check([row.id, "nothing"], lambda: told.append(1)) == [row.id]
    assert told == []
    virtual.time.run(0.1)
    assert told == [1]


def test_hiding_keeps_asking(virtual: VirtualTill) -> None:
    row = virtual.till.charge(PHONE, 1500)
    virtual.time.run()
    assert virtual.till.hide(row.id).hidden
    assert virtual.till.hide(row.id).hidden
    virtual.gateway.end(row.id, "01")
    virtual.time.run(3)
    assert virtual.row(row.id).state is State.SUCCESSFUL
    assert not virtual.till.show(row.id).hidden


def test_evidence_the_disk_could_not_take_is_kept_and_written_later(
    virtual: VirtualTill, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = virtual.till.charge(PHONE, 1500)
    settle = virtual.ledger.settle

    def full(*_: object) -> object:
        raise DiskFull("The disk is full: no sales.")

    monkeypatch.setattr(virtual.ledger, "settle", full)
    virtual.time.run(1)
    assert virtual.row(row.id).state is State.CREATED
    assert "full" in (virtual.health.health.ledger_trouble or "")
    monkeypatch.setattr(virtual.ledger, "settle", settle)
    virtual.time.run(2)
    assert virtual.row(row.id).state is State.PENDING
    assert virtual.health.health.ledger_trouble is None


def test_after_sleep_every_row_is_asked(virtual: VirtualTill) -> None:
    row = virtual.till.charge(PHONE, 1500)
    virtual.time.run(HOUR)
    woke: list[str] = []

    def wake() -> None:
        woke.append("sleep")
        virtual.till.ask_all("sleep")

    SleepWatch(virtual.time, virtual.time, wake).start()
    virtual.time.run(30)
    assert woke == []
    asked = virtual.gateway.asked(row.id)
    virtual.time.step_wall_clock(timedelta(hours=1))
    virtual.time.run(6)
    assert len(woke) == 1
    assert virtual.gateway.asked(row.id) == asked + 1


def test_a_refusal_may_be_about_the_callback_address(tmp_path: Path) -> None:
    virtual = VirtualTill(
        tmp_path / "y", options=TillOptions(callback_url="https://till.example.com/callback/t")
    ).start()
    for number in range(2):
        virtual.gateway.next_submission.append(refused(Function.PAYMENT, "2600"))
        row = virtual.till.charge(f"25078812345{number}", 1500)
        virtual.time.run()
        assert "callback address" in (virtual.row(row.id).message or "")
    assert virtual.health.health.callback_url_suspect
    virtual.ledger.close()


def test_the_results_by_callback_are_counted(virtual: VirtualTill) -> None:
    for number, by_callback in enumerate((True, False)):
        row = virtual.till.charge(f"25078812345{number}", 1500)
        virtual.time.run()
        virtual.gateway.end(row.id, "01")
        if by_callback:
            virtual.till.hint(row.id)
        virtual.time.run(5)
    assert (virtual.health.health.by_callback, virtual.health.health.results) == (1, 2)


def test_two_callbacks_at_once_about_a_row_that_is_not_watched_make_one_call(virtual: VirtualTill) -> None:
    virtual.gateway.next_submission.append(unclear())
    row = virtual.till.charge(PHONE, 1500)
    virtual.time.run(18 * 60)
    virtual.gateway.next_status.append(answered(Function.STATUS, "01", success=True))
    virtual.till.hint(row.id)
    virtual.time.run(3)
    assert virtual.row(row.id).state is State.FAILED
    assert row.id not in virtual.poller.watched()
    asked = virtual.gateway.asked(row.id)
    virtual.till.hint(row.id)
    virtual.till.hint(row.id)
    virtual.time.run(0.5)
    assert virtual.gateway.asked(row.id) == asked + 1


def test_an_answer_about_another_transaction_is_not_counted_as_does_not_exist(virtual: VirtualTill) -> None:
    virtual.gateway.next_submission.append(unclear())
    row = virtual.till.charge(PHONE, 1500)
    virtual.time.run(14 * 60)
    virtual.gateway.next_status.append(answered(Function.STATUS, "3100", success=False, request_id="01ANOTHER"))
    virtual.time.run(4 * 60)
    assert virtual.row(row.id).state is State.UNKNOWN


def _fill_the_disk(virtual: VirtualTill, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> object:
        raise DiskFull("The disk is full: no sales.")

    monkeypatch.setattr(virtual.ledger, "settle", full)


def test_an_answer_kept_while_the_disk_was_full_counts_when_it_came(
    virtual: VirtualTill, monkeypatch: pytest.MonkeyPatch
) -> None:
    virtual.gateway.next_submission.append(unclear())
    row = virtual.till.charge(PHONE, 1500)
    virtual.time.run(1)
    settle = virtual.ledger.settle
    _fill_the_disk(virtual, monkeypatch)
    virtual.time.run(2)
    asked = virtual.gateway.asked(row.id)
    assert asked >= 1
    monkeypatch.setattr(virtual.gateway, "status", lambda **_: unsent())
    virtual.time.run(600)
    monkeypatch.setattr(virtual.ledger, "settle", settle)
    virtual.time.run(5)
    assert virtual.door._tallies[row.id].last < 10.0


def test_an_end_kept_while_the_disk_was_full_ends_the_asking(
    virtual: VirtualTill, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = virtual.till.charge(PHONE, 1500)
    virtual.time.run(1)
    virtual.gateway.end(row.id, "01")
    settle = virtual.ledger.settle
    _fill_the_disk(virtual, monkeypatch)
    virtual.time.run(1.5)
    monkeypatch.setattr(virtual.ledger, "settle", settle)
    monkeypatch.setattr(virtual.gateway, "status", lambda **_: unsent())
    virtual.time.run(10)
    assert virtual.row(row.id).state is State.SUCCESSFUL
    assert virtual.poller.watched() == []
