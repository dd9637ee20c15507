from datetime import timedelta

import pytest

from cashier.domain.states import State
from cashier.till.cadence import pause, pause_for
from tests.unit.till.rows import NOW, row

DAY = 86400.0


@pytest.mark.parametrize(
    ("age", "wait"),
    [
        (0, 2),
        (1.5, 0.5),
        (2, 2),
        (4, 3),
        (89, 3),
        (90, 10),
        (299, 10),
        (300, 30),
        (1799, 30),
        (1800, 300),
        (21599, 300),
        (21600, 3600),
        (10 * DAY, 3600),
    ],
)
def test_an_open_row_is_asked_about_ever_less_often(age: float, wait: float) -> None:
    assert pause(age) == wait


def test_the_calls_of_the_first_minute_and_a_half() -> None:
    age, calls = 0.0, []
    while age < 91:
        age += pause(age)
        calls.append(age)
    assert calls[:4] == [2, 4, 7, 10]
    assert calls[-1] == 91


def test_a_settled_row_is_left_alone() -> None:
    for state in (State.SUCCESSFUL, State.FAILED):
        assert pause_for(row(state=state, decided_at=NOW), 5.0, NOW) is None


def test_a_payment_that_never_arrived_is_asked_about_for_a_day_and_a_week() -> None:
    gone = row(state=State.FAILED, response_code="3100", decided_at=NOW)
    assert pause_for(gone, 0, NOW + timedelta(hours=23)) == 3600
    assert pause_for(gone, 0, NOW + timedelta(days=2)) == DAY
    assert pause_for(gone, 0, NOW + timedelta(days=9)) is None


def test_a_row_under_review_is_asked_about_daily_for_thirty_days_once_it_is_old() -> None:
    held = row(state=State.PENDING, review="No final answer for three days.")
    assert pause_for(held, 60, NOW + timedelta(minutes=1)) == 3
    assert pause_for(held, 4 * DAY, NOW + timedelta(days=4)) == DAY
    assert pause_for(held, 31 * DAY, NOW + timedelta(days=31)) is None


def test_a_row_closed_by_hand_is_asked_about_daily_for_thirty_days_from_the_closing() -> None:
    closed = row(state=State.UNKNOWN, review="closed: received", review_at=NOW + timedelta(days=40))
    assert pause_for(closed, 40 * DAY, NOW + timedelta(days=40)) == DAY
    assert pause_for(closed, 69 * DAY, NOW + timedelta(days=69)) == DAY
    assert pause_for(closed, 71 * DAY, NOW + timedelta(days=71)) is None


def test_a_row_that_needs_a_manager_is_asked_about_daily_for_thirty_days_from_then() -> None:
    held = row(state=State.PENDING, review="No final answer for three days.", review_at=NOW + timedelta(days=40))
    assert pause_for(held, 69 * DAY, NOW + timedelta(days=69)) == DAY
    assert pause_for(held, 71 * DAY, NOW + timedelta(days=71)) is None


def test_a_clock_set_forward_does_not_end_the_asking() -> None:
    """What the clock says counts only together with the time of this run."""
    marked = row(state=State.UNKNOWN, review="No final answer for three days.", review_at=NOW + timedelta(days=40))
    later = NOW + timedelta(days=440)
    assert pause_for(marked, 40 * DAY, later, held=120.0) == DAY
    assert pause_for(marked, 71 * DAY, later, held=31 * DAY) is None
