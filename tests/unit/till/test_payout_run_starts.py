"""A list of payouts and the end of the program: what a crash leaves, what the next start does."""

import csv
from pathlib import Path

import pytest

from cashier.domain.payout_run import RunState
from cashier.domain.states import Kind
from cashier.till import payout_results
from cashier.till.payout_stops import AFTER_A_START
from tests.fakes.gateway import Known
from tests.unit.till.listed import HOUR, Listed, PowerCut, phone


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


def results_of(folder: Path, name: str = "may-results.csv") -> list[tuple[str, str]]:
    with (folder / name).open(encoding="utf-8-sig", newline="") as file:
        return [(one["id"], one["state"]) for one in csv.DictReader(file)]


def test_a_kill_between_the_end_and_its_results_leaves_them_to_the_next_start(
    listed: Listed, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut(*_: object) -> None:
        raise PowerCut

    listed.approve()
    monkeypatch.setattr(payout_results, "write", cut)
    with pytest.raises(PowerCut):
        listed.go_on()
    assert listed.now().state is RunState.DONE
    monkeypatch.undo()
    listed.virtual.crash()
    assert not (listed.folder / "may-results.csv").exists()
    listed.start()
    loaded = listed.runs.load()
    assert loaded is not None
    assert (loaded.state, loaded.results) == (RunState.DONE, str(listed.folder / "may-results.csv"))
    assert results_of(listed.folder) == [(f"RUN-{number}", "successful") for number in range(1, 6)]
    listed.virtual.crash()
    listed.start()
    assert listed.runs.load() is None
    assert len(list(listed.folder.glob("may-results*"))) == 1


def test_results_that_could_not_be_written_are_tried_again_at_each_start(listed: Listed, tmp_path: Path) -> None:
    listed.folder = tmp_path / "stick"
    listed.approve()
    listed.go_on()
    for _ in range(2):
        listed.virtual.crash()
        listed.start()
        loaded = listed.runs.load()
        assert loaded is not None
        assert (loaded.state, loaded.results) == (RunState.DONE, "")
        assert loaded.why.endswith("No such file or directory. Save the results somewhere else.")
    listed.folder.mkdir()
    listed.virtual.crash()
    listed.start()
    loaded = listed.runs.load()
    assert loaded is not None
    assert (loaded.why, len(results_of(listed.folder))) == ("", 5)


def test_results_saved_by_a_person_are_not_written_again(listed: Listed, tmp_path: Path) -> None:
    listed.folder = tmp_path / "stick"
    listed.approve()
    listed.go_on()
    listed.runs.save_results(tmp_path / "mine.csv")
    assert (listed.now().results, listed.now().why) == (str(tmp_path / "mine.csv"), "")
    listed.folder.mkdir()
    listed.virtual.crash()
    listed.start()
    assert listed.runs.load() is None
    assert list(listed.folder.iterdir()) == []


def test_a_list_left_behind_gets_its_results_though_another_was_approved_meanwhile(listed: Listed) -> None:
    listed.approve()
    listed.runs.end("Eric")
    listed.approve(name="TWO", content_hash="x", rows_hash="y")
    listed.virtual.time.run()
    assert results_of(listed.folder) == [(f"RUN-{number}", "left out") for number in range(1, 6)]
    assert (listed.now().run.id, listed.now().results) == ("TWO", "")
