"""Work of the window by purpose: what writes never waits behind calls to the gateway or long reads."""

import threading
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from cashier.ui.bridge import Bridge, Purpose
from tests.ui.counter_window import cashier_at


def test_a_sale_is_committed_while_balance_calls_and_reads_hang(qtbot: QtBot, tmp_path: Path) -> None:
    with cashier_at(qtbot, tmp_path / "d", speed=1.0) as cashier:
        release = threading.Event()
        try:
            for _ in range(20):
                cashier.window.bridge.run(release.wait, purpose=Purpose.CALL)
                cashier.window.bridge.run(release.wait)
            cashier.sell("0788000004", "1500")
            cashier.until(lambda: len(cashier.rows()) == 1)
        finally:
            release.set()


@pytest.mark.parametrize("held", list(Purpose))
def test_each_purpose_has_workers_of_its_own(qtbot: QtBot, held: Purpose) -> None:
    bridge, release, done = Bridge(), threading.Event(), list[Purpose]()
    bridge.start()
    try:
        for _ in range(20):
            bridge.run(release.wait, purpose=held)
        others = [purpose for purpose in Purpose if purpose is not held]
        for purpose in others:
            bridge.run(lambda purpose=purpose: purpose, done.append, purpose=purpose)  # type: ignore[misc]  # bound here
        qtbot.waitUntil(lambda: set(done) == set(others))
    finally:
        release.set()
        bridge.stop()
