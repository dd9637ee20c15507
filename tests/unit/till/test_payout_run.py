"""A list of payouts under virtual time: one after another, stopping, going on, after a crash too."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from cashier.domain.errors import BadInputError
from cashier.domain.events import Change, Decision
from cashier.domain.evidence import Evidence, Meaning, Source
from cashier.domain.money import Limits
from cashier.domain.payout_run import NewLine, NewRun, Progress, RunState
from cashier.domain.reading import Reading
from cashier.domain.states import Kind, State
from cashier.gateway.outcomes import Function
from cashier.ledger.errors import DiskFull
from cashier.ledger.payout_runs import RunThere, SeenBefore
from cashier.till.options import TillOptions
from cashier.till.payout_run import AFTER_A_START, OUR_FAULT, PayoutRuns
from tests.fakes.gateway import Known, answered, refused, unclear, unsent
from tests.unit.till.virtual_till import VirtualTill

HOUR = 3600.0


def phone(number: int) -> str:
    return f"2507881{number:05d}"


class PowerCut(BaseException):
    """Nothing of ours catches it."""


class Listed:
    """A till with a list of five approved lines on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.virtual = VirtualTill(folder / "ledger")
        self.told: list[Progress] = []
        self.start()

    def start(self) -> None:
        self.virtual.start()
        self.runs = PayoutRuns(self.virtual.till, self.virtual.time)
        self.runs.progress.subscribe(self.told.append)

    def approve(self, count: int = 5, *, name: str = "RUN", again: bool = False, **more: str) -> None:
        lines = tuple(
            NewLine(number + 1, f"{name}-{number}", phone(number), 1000 + number, f"Salary {number}")
            for number in range(1, count + 1)
        )
        hashes = {"content_hash": "c", "rows_hash": "r", "approved_by": "Claudine", **more}
        self.runs.approve(NewRun(name, str(self.folder / "may.csv"), lines=lines, **hashes), again=again)

    def go_on(self) -> None:
        self.runs.go_on()
        self.virtual.time.run()

    def now(self) -> Progress:
        found = self.runs.now()
        assert found is not None
        return found

    def sent(self) -> list[str]:
        return self.virtual.gateway.sent()


@pytest.fixture
def listed(tmp_path: Path) -> Iterator[Listed]:
    one = Listed(tmp_path)
    yield one
    one.virtual.ledger.close()


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

    def fail(*_: object) -> object:
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


def test_a_phone_with_an_open_payout_is_left_out_with_the_reason(listed: Listed) -> None:
    listed.virtual.gateway.next_submission.append(answered(Function.PAYOUT, "1000", success=True))
    listed.virtual.till.pay_out(phone(2), 700, "x")
    listed.virtual.time.run()
    for _ in range(9):
        listed.virtual.gateway.next_status.append(answered(Function.STATUS, "1000", success=True, status="Pending"))
    listed.approve()
    listed.go_on()
    now = listed.now()
    assert (now.state, now.counts.skipped, now.counts.sent) == (RunState.DONE, 1, 4)
    assert listed.runs.lines()[1].skipped == "T1-000001 to this phone is still open."
    assert "RUN-2" not in listed.sent()


def test_a_line_above_the_limit_of_now_is_left_out(listed: Listed) -> None:
    listed.approve()
    listed.virtual.till.options = TillOptions(Limits(100, 1004))
    listed.go_on()
    assert listed.runs.lines()[4].skipped == "The largest amount is 1\u00a0004\u00a0RWF."
    assert len(listed.sent()) == 4


def test_after_a_crash_it_goes_on_where_it_was_and_begins_nothing_twice(listed: Listed) -> None:
    listed.approve()

    def cut(id: str) -> None:
        if id == "RUN-3":
            raise PowerCut

    listed.virtual.gateway.while_sending = cut
    listed.runs.go_on()
    with pytest.raises(PowerCut):
        listed.virtual.time.run()
    listed.virtual.crash()
    listed.virtual.gateway.while_sending = None
    # It had arrived.
    listed.virtual.gateway.known["RUN-3"] = Known("RUN-3", Kind.PAYOUT, phone(3), 1003, "G3", end="2001")
    listed.start()
    loaded = listed.runs.load()
    assert loaded is not None
    assert (loaded.state, loaded.why, loaded.counts.waiting) == (RunState.STOPPED, AFTER_A_START, 2)
    listed.virtual.time.run(HOUR)
    assert listed.sent() == ["RUN-1", "RUN-2", "RUN-3"]
    listed.go_on()
    assert listed.sent() == [f"RUN-{number}" for number in range(1, 6)]
    assert listed.now().state is RunState.DONE


def test_a_list_approved_and_not_begun_is_there_after_a_crash(listed: Listed) -> None:
    listed.approve()
    listed.virtual.crash()
    listed.start()
    loaded = listed.runs.load()
    assert loaded is not None
    assert loaded.counts.waiting == 5
    listed.go_on()
    assert listed.now().counts.sent == 5


def test_a_list_seen_before_needs_a_yes(listed: Listed) -> None:
    listed.approve()
    listed.go_on()
    for content, rows in (("c", "other"), ("other", "r")):
        with pytest.raises(SeenBefore, match=r"by Claudine\."):
            listed.approve(name="AGAIN", content_hash=content, rows_hash=rows)
    assert listed.runs.seen("c", "other") is not None
    assert listed.runs.seen("other", "other") is None
    listed.approve(name="AGAIN", again=True)
    listed.go_on()
    assert len(listed.sent()) == 10


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


def test_where_the_results_cannot_stand_beside_the_source_it_says_so(listed: Listed, tmp_path: Path) -> None:
    listed.folder = tmp_path / "gone"
    listed.approve()
    listed.go_on()
    now = listed.now()
    assert now.state is RunState.DONE
    assert "could not be written" in now.why
    assert now.why.endswith("Save the results somewhere else.")
    listed.runs.save_results(tmp_path / "mine.csv")
    assert listed.now().results == str(tmp_path / "mine.csv")


def test_the_reading_before_is_kept_with_the_list(listed: Listed) -> None:
    readings: list[Reading] = []
    listed.virtual.till.readings.subscribe(readings.append)
    listed.approve()
    listed.go_on()
    assert [reading.balance for reading in readings] == [1_000_000, 1_000_000]


def test_a_late_contradiction_on_an_earlier_line_stops_nothing(listed: Listed) -> None:
    listed.approve()
    listed.go_on()
    listed.virtual.door.settle("RUN-1", Evidence(Source.STATUS, Meaning.REFUSED, code="2105", answered=True))
    assert listed.now().state is RunState.DONE
