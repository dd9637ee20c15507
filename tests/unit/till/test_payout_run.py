"""A list of payouts under virtual time: approved once, sent one after another, ended."""

import csv

import pytest

from cashier.domain.errors import BadInputError
from cashier.domain.payout_run import RunState
from cashier.domain.reading import Reading
from cashier.domain.states import State
from cashier.gateway.outcomes import Function
from cashier.ledger.payout_runs import PaidBefore, RunThere
from tests.fakes.gateway import answered, refused
from tests.unit.till.listed import HOUR, Listed, phone


def test_approval_keeps_the_lines_and_begins_no_transaction(listed: Listed) -> None:
    listed.approve()
    listed.virtual.time.run(HOUR)
    now = listed.now()
    assert (now.state, now.counts.waiting, now.run.total, now.run.approved_by) == (RunState.PAUSED, 5, 5015, "Claudine")
    assert (listed.sent(), listed.virtual.ledger.reader.history()) == ([], [])
    assert [line.id for line in listed.runs.lines()] == [f"RUN-{number}" for number in range(1, 6)]


def test_every_line_is_sent_once_under_its_id_and_the_results_are_written(listed: Listed) -> None:
    listed.approve()
    listed.go_on()
    assert listed.sent() == [f"RUN-{number}" for number in range(1, 6)]
    now = listed.now()
    assert (now.state, now.counts.sent, now.counts.sent_amount) == (RunState.DONE, 5, 5015)
    row = listed.virtual.row("RUN-2")
    assert (row.state, row.amount, row.reason, row.reference) == (
        State.SUCCESSFUL,
        1002,
        "Salary 2",
        "may.csv, row 3",
    )
    with (listed.folder / "may-results.csv").open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file))
    assert [(one["row"], one["state"], one["code"], one["id"]) for one in lines][:2] == [
        ("2", "successful", "2001", "RUN-1"),
        ("3", "successful", "2001", "RUN-2"),
    ]
    assert lines[0]["phone"] == "0788 100 001"
    assert now.results == str(listed.folder / "may-results.csv")
    why = [reading.why for reading in listed.virtual.ledger.reader.readings(now.run.at)]
    assert why == ["before a list", "after a list"]


def test_the_next_begins_only_after_the_one_before_is_final(listed: Listed) -> None:
    listed.virtual.gateway.next_submission.append(answered(Function.PAYOUT, "1000", success=True))
    for _ in range(20):
        listed.virtual.gateway.next_status.append(answered(Function.STATUS, "1000", success=True, status="Pending"))
    listed.virtual.gateway.next_status.append(answered(Function.STATUS, "2001", success=True))
    listed.approve()
    listed.go_on()
    listed.virtual.time.run(30)
    assert (listed.sent(), listed.now().state) == (["RUN-1"], RunState.RUNNING)
    listed.virtual.time.run(60)
    assert listed.now().state is RunState.DONE


def test_rows_that_went_out_before_are_paid_again_only_by_their_count(listed: Listed) -> None:
    listed.approve()
    listed.go_on()
    assert len(listed.sent()) == 5
    # Another file, other ids, two rows more: the five are known by phone and amount.
    for again in (0, 4, 6, 7):
        with pytest.raises(PaidBefore, match=r"^5 of these rows went out before, or may have\."):
            listed.approve(7, name="AGAIN", again=again, content_hash="x", rows_hash="y")
    assert len(listed.runs.paid_before()) == 5
    listed.approve(7, name="AGAIN", again=5, content_hash="x", rows_hash="y")
    listed.go_on()
    assert len(listed.sent()) == 12


def test_a_row_paid_as_a_single_payout_counts_and_one_that_failed_or_is_long_ago_does_not(listed: Listed) -> None:
    till, virtual = listed.virtual.till, listed.virtual
    virtual.gateway.next_submission.append(refused(Function.PAYOUT, "2105"))
    till.pay_out(phone(1), 1001, "Salary")
    virtual.time.run(30)
    till.pay_out(phone(2), 1002, "Salary")
    virtual.time.run()
    assert [row.phone for row in listed.runs.paid_before().values()] == [phone(2)]
    virtual.time.run(44 * 24 * 3600)
    with pytest.raises(PaidBefore, match="1 of these rows"):
        listed.approve()
    virtual.time.run(2 * 24 * 3600)
    assert listed.runs.paid_before() == {}
    listed.approve()


def test_one_list_at_a_time_and_a_person_may_end_it(listed: Listed) -> None:
    listed.approve()
    with pytest.raises(RunThere):
        listed.approve(name="TWO", content_hash="x", rows_hash="y")
    with pytest.raises(BadInputError, match=r"Type your name\."):
        listed.runs.end(" ")
    listed.runs.end("Eric")
    now = listed.now()
    assert (now.state, now.run.ended_by, now.counts.skipped) == (RunState.DONE, "Eric", 5)
    listed.go_on()
    assert listed.sent() == []
    listed.approve(name="TWO", content_hash="x", rows_hash="y")


def test_a_list_needs_a_name_and_a_row(listed: Listed) -> None:
    with pytest.raises(BadInputError, match=r"Type your name\."):
        listed.approve(approved_by=" ")
    with pytest.raises(BadInputError, match="no row"):
        listed.approve(count=0)


def test_the_reading_before_is_kept_with_the_list(listed: Listed) -> None:
    readings: list[Reading] = []
    listed.virtual.till.readings.subscribe(readings.append)
    listed.approve()
    listed.go_on()
    assert [reading.balance for reading in readings] == [1_000_000, 1_000_000]
