"""For every test: no display, and no thread left behind."""

import os
import threading
from collections.abc import Iterator

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# Threads of the tools, not of a test.
_NOT_OURS = ("MainThread", "execnet", "pytest_timeout", "ThreadPoolExecutor", "asyncio_", "Dummy")
_PATIENCE = 5.0


def _ours() -> set[threading.Thread]:
    return {one for one in threading.enumerate() if not one.name.startswith(_NOT_OURS) and one.is_alive()}


@pytest.fixture(autouse=True)
def no_thread_left() -> Iterator[None]:
    """A test ends the threads it began; the last moments of one that is ending are waited for."""
    before = _ours()
    yield
    left = _ours() - before
    for thread in left:
        thread.join(_PATIENCE)
    assert not [thread.name for thread in left if thread.is_alive()]


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sees what the person who runs it has set for the program."""
    for name in [name for name in os.environ if name.startswith("CASHIER_")]:
        monkeypatch.delenv(name)
