"""Power cuts at any moment of the real ledger's work: nothing acknowledged is lost, and what is left is whole."""

from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from tests.powercut.check import trouble
from tests.powercut.disk import Image, Journal, Put, Remove, Sync, SyncFolder, Truncate, Write, images
from tests.powercut.planted import finds_synchronous_normal
from tests.powercut.scenarios import SCENARIOS, Run

SEEDS = range(8)
IMAGES = 50


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda one: one.__name__)
def test_no_cut_loses_what_was_acknowledged(
    scenario: Callable[[Path, Random, str], Run], seed: int, tmp_path: Path
) -> None:
    random = Random(seed)
    run = scenario(tmp_path / "ledger", random, "FULL")
    for number, image in enumerate(images(run.journal.steps, IMAGES, random, after=run.after)):
        folder = tmp_path / str(number)
        folder.mkdir()
        assert (number, trouble(image, run, folder)) == (number, None)


@pytest.mark.parametrize("seed", range(4))
def test_synchronous_normal_is_found(seed: int) -> None:
    assert finds_synchronous_normal(seed)


def drawn(journal: Journal) -> list[Image]:
    """Many images of a cut at the end."""
    random = Random(1)
    return [next(images(journal.steps, 1, random, after=len(journal.steps))) for _ in range(300)]


def test_what_is_synced_stays_and_what_is_not_is_kept_dropped_or_torn() -> None:
    journal = Journal()
    file = journal.opened("a")
    journal.steps += [Write(file, 0, b"old" * 400), Sync(file), SyncFolder(), Write(file, 100, b"N" * 1000)]
    found = {image.files["a"] for image in drawn(journal)}
    old = b"old" * 400
    parts = [(100, 512), (512, 1024), (1024, 1100)]  # by sectors of 512
    expected = set()
    for choice in range(8):
        content = bytearray(old)
        for bit, (start, end) in enumerate(parts):
            if choice >> bit & 1:
                content[start:end] = b"N" * (end - start)
        expected.add(bytes(content))
    assert found == expected


def test_names_and_sizes_count_once_they_are_synced() -> None:
    journal = Journal()
    file = journal.opened("a")
    journal.steps += [Write(file, 0, b"12345"), Sync(file)]
    assert {tuple(image.files) for image in drawn(journal)} == {(), ("a",)}
    journal.steps.append(SyncFolder())
    assert {tuple(image.files) for image in drawn(journal)} == {("a",)}
    journal.steps.append(Truncate(file, 2))
    assert {image.files["a"] for image in drawn(journal)} == {b"12345", b"12"}
    journal.renamed("a", "b")
    assert {tuple(image.files) for image in drawn(journal)} == {("a",), ("b",)}
    journal.removed("b")
    assert {tuple(image.files) for image in drawn(journal)} == {("a",), ("b",), ()}
    assert [type(step) for step in journal.steps[-2:]] == [Put, Remove]
