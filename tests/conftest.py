"""For every test: no display, nothing of the person's own settings, and no thread left behind."""

import gc
import os
import threading
import time
from collections.abc import Iterator

import pytest

from cashier.ui import shop_zone

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

pytest_plugins = ["tests.leaks"]

# Threads of the tools (xdist, the time limit, those that Qt lends to Python), not of a test.
_NOT_OURS = ("execnet", "pytest_timeout", "Dummy")
_PATIENCE = 5.0
_MUCH = 20_000


def _ours() -> set[threading.Thread]:
    return {one for one in threading.enumerate() if not one.name.startswith(_NOT_OURS)}


@pytest.fixture(autouse=True)
def no_thread_left() -> Iterator[None]:
    """A test ends the threads it began, daemons too; the last moments of one that is ending are waited for."""
    before = _ours()
    yield
    deadline = time.monotonic() + _PATIENCE
    for thread in _ours() - before:
        thread.join(max(0.0, deadline - time.monotonic()))
    assert sorted(thread.name for thread in _ours() - before) == []


@pytest.fixture(autouse=True)
def garbage_is_collected_between_tests() -> Iterator[None]:
    """On this thread alone, as in the program (cashier/ui/collecting.py): a widget must not die on a worker's."""
    gc.disable()
    yield
    if gc.get_count()[0] > _MUCH:
        gc.collect()


@pytest.fixture(autouse=True)
def the_zone_of_no_shop() -> Iterator[None]:
    """One test's shop is not the next one's."""
    yield
    shop_zone.take(None)


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sees what the person who runs it has set for the program."""
    for name in [name for name in os.environ if name.startswith("CASHIER_")]:
        monkeypatch.delenv(name)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest test goes first, so that the end of a run does not wait for it."""
    items.sort(key=lambda item: item.name != "test_thirty_seconds_of_attack")
