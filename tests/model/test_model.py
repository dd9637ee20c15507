"""The model-based run in small: CI plays 3 000 schedules; `make model` plays as many as one likes."""

import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from tests.model import stories
from tests.model.callbacks import forged, receive
from tests.model.disk import fast_folder, hooked_connections
from tests.model.plan import Schedule, Step, draw
from tests.model.planted import PLANTED
from tests.model.redirect import finds_followed_redirect, redirect_leaks
from tests.model.run import run, shrink
from tests.model.search import MOST_TO_FIND, finds, search, seeds, told
from tests.model.world import World

_SCHEDULES = 3000 if os.environ.get("CI") else 240
_PART = 60
_SEED = 7


@pytest.mark.timeout(300)
@pytest.mark.parametrize("start", range(0, _SCHEDULES, _PART))
def test_no_schedule_breaks_an_invariant(start: int) -> None:
    found = search(seeds(_SEED, _SCHEDULES)[start : start + _PART])
    assert not found, told(found[0])


@pytest.mark.timeout(300)
@pytest.mark.parametrize("bug", PLANTED)
def test_each_planted_bug_is_found(bug: str) -> None:
    assert finds(bug, seeds(_SEED, MOST_TO_FIND)) is not None


def test_a_followed_redirect_is_found() -> None:
    assert finds_followed_redirect()


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(status: int) -> None:
    assert not redirect_leaks(status)


def test_the_same_seed_gives_the_same_event_log() -> None:
    folder = fast_folder()
    for seed in seeds(_SEED, 6):
        first, second = (run(draw(seed), tells=True, keeps_events=True, folder=folder) for _ in range(2))
        assert first.events
        assert first == second


def test_a_schedule_survives_json_and_a_failing_one_gets_short(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with PLANTED["a payout sent again by itself"]():
        finding = search(seeds(_SEED, 12))[0]
        short = shrink(draw(finding.seed), finding.invariant)
        assert len(short.steps) <= 3
        monkeypatch.setattr(stories, "FOLDER", tmp_path)
        again = stories.load(stories.save(short, "x", "a test of this test"))
        found = run(again).found
        assert found is not None
        assert found.invariant == finding.invariant
        assert "sends the payout" in told(finding)


@pytest.mark.parametrize("file", sorted(stories.FOLDER.glob("*.json")), ids=lambda file: file.stem)
def test_an_old_story_ends_well(file: Path) -> None:
    assert json.loads(file.read_text())["what"]
    found = run(stories.load(file)).found
    assert found is None, found


def _sales(count: int, change: Callable[[dict[str, object]], None] = lambda _: None) -> tuple[Step, ...]:
    """Sales and payouts without a fault of the network, drawn like any others."""
    drawn = (step for seed in range(1000) for step in draw(seed).steps if step.act in ("charge", "payout"))
    found = []
    for step in drawn:
        data = {**step.data, "net": {}, "clicks": 1}
        change(data)
        found.append(replace(step, till=0, wait=2.0, data=data))
        if len(found) == count:
            return tuple(found)
    raise AssertionError("too few")


def _ends(schedule: Schedule, storm: Callable[[World], None]) -> list[tuple[str, str, str, int, str | None]]:
    """How every row ends when `storm` happens after each step."""
    from tests.model.acts import act
    from tests.model.rest import rest

    folder = fast_folder()
    with hooked_connections():
        world = World(schedule, folder)
        try:
            world.computers[0].start()
            for step in schedule.steps:
                act(world, step)
                storm(world)
                world.watch.step()
            rest(world)
            assert world.found is None, world.found
            rows = world.watch.ledgers[0].rows.values()
            return sorted((world.by_id[row.id].name, row.kind, row.phone, row.amount, row.state) for row in rows)
        finally:
            for computer in world.computers:
                computer.end()


def test_any_stream_of_callbacks_leads_to_the_same_end() -> None:
    steps = _sales(25)
    random = Random(1)

    def storm(world: World) -> None:
        world.post.replay()
        world.post.forge(list(world.by_id), random)

    def block(world: World) -> None:
        world.blocked = True

    ends = [_ends(Schedule(1, steps, 1, callbacks), how) for callbacks in (True, False) for how in (storm, block)]
    assert ends[0]
    assert ends == [ends[0]] * 4
    assert {end[4] for end in ends[0]} == {"successful", "failed"}


@pytest.mark.timeout(300)
def test_a_hundred_thousand_forged_or_replayed_callbacks_change_nothing() -> None:
    """A hundred a second for a quarter of an hour: no row moves, few calls go out, each about an open row."""
    world_of: list[World] = []

    def hang(data: dict[str, object]) -> None:
        fate = data["fate"]
        assert isinstance(fate, dict)
        if fate["end"] is not None and len(world_of) == 0:
            data["fate"] = {**fate, "after": 0.5}

    steps = _sales(14, hang)
    # The last two wait for a customer who never answers: they stay open under all of it.
    waiting = {"direct": "1000", "end": None, "after": 1.0, "takes": True}
    last = [replace(step, act="charge", data={**step.data, "fate": waiting, "again": True}) for step in steps[:2]]
    steps = (*steps, *last)
    folder = fast_folder()
    random = Random(2)
    with hooked_connections():
        world = World(Schedule(3, steps, 1, callbacks=True), folder)
        try:
            from tests.model.acts import act

            computer = world.computers[0]
            computer.start()
            for step in steps:
                act(world, step)
            world.time.run(30.0)
            world.watch.step()
            before = {id: (row.state, row.review) for id, row in world.watch.ledgers[0].rows.items()}
            assert {"successful", "failed", "pending"} <= {state for state, _ in before.values()}
            calls = len(world.watch.digests)
            known = list(before)
            for number in range(100_000):
                chance = number % 10
                if chance == 0 and world.post.sent:
                    receive(computer, world.post.sent[number % len(world.post.sent)])
                elif chance == 1:
                    receive(computer, forged(f"01UNKNOWN{number}", "01", number))
                else:
                    code = random.choice(("01", "2001", "1005", "2700", "3100"))
                    receive(computer, forged(random.choice(known), code, number))
                if number % 100 == 0:
                    world.time.run(1.0)
            world.watch.step()
            assert world.found is None, world.found
            assert {id: (row.state, row.review) for id, row in world.watch.ledgers[0].rows.items()} == before
            opened = sum(state not in ("successful", "failed") for state, _ in before.values())
            assert len(world.watch.digests) - calls <= opened * (world.time.elapsed / 2.0 + 10)
        finally:
            for one in world.computers:
                one.end()
