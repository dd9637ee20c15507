"""The till under virtual time: when the gateway is asked, by whom it is caused, and how often."""

from datetime import timedelta

from cashier.domain.states import State
from cashier.gateway.outcomes import Function
from cashier.till.recovery import SleepWatch
from tests.fakes.gateway import answered, unclear
from tests.unit.till.virtual_till import PHONE, VirtualTill

HOUR = 3600.0


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
