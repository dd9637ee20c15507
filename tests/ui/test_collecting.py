"""Garbage with widgets in it is collected by the GUI thread, whatever other threads do."""

import gc
import threading
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject, QTimer
from pytestqt.qtbot import QtBot

from cashier.ui.collecting import Collector


@pytest.fixture
def collector(qtbot: QtBot) -> Iterator[Collector]:
    parent = QObject()
    made = Collector(parent)
    made.start()
    yield made
    made.deleteLater()
    gc.unfreeze()


class _Cycle(QObject):
    """A timer in a circle of references, as a screen has them."""

    def __init__(self) -> None:
        super().__init__()
        self.me = self
        self.timer = QTimer(self)
        self.timer.start(1000)


def _allocate() -> None:
    """Enough to set the collector off, were it on."""
    for _ in range(10):
        kept = [[number] for number in range(5_000)]
        del kept


def test_another_thread_never_collects_a_widget(collector: Collector) -> None:
    gone = weakref.ref(_Cycle())
    worker = threading.Thread(target=_allocate)
    worker.start()
    worker.join()
    assert gone() is not None
    assert not gc.isenabled()
    kept = [[number] for number in range(5_000)]
    collector.look()
    assert gone() is None
    assert len(kept) == 5_000


def test_little_is_left_for_later(collector: Collector) -> None:
    gc.collect()
    gone = weakref.ref(_Cycle())
    collector.look()
    assert gone() is not None
