"""Our own fault, on whatever thread: a dialog that says so, and no secret in it, on the clipboard or in the log."""

import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from cashier import logs
from cashier.app import catch_crashes
from cashier.ui.widgets.crash_dialog import CrashDialog
from tests.ui.counter_window import Cashier, cashier_at

# Not one of the canaries: here it is raised on purpose, and the log that pytest itself keeps is raw.
SECRET = "raised-on-purpose"


@pytest.fixture
def cashier(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cashier]:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    logs.register_secret(SECRET)
    with cashier_at(qtbot, tmp_path / "data") as one:
        catch_crashes(one.window)
        yield one


def crash() -> None:
    raise RuntimeError(f"asked 0788123456 with {SECRET}")


def on_a_thread(_cashier: Cashier) -> None:
    thread = threading.Thread(target=crash)
    thread.start()
    thread.join()


def on_a_worker(cashier: Cashier) -> None:
    cashier.window.bridge.run(crash)


def in_the_window(_cashier: Cashier) -> None:
    try:
        crash()
    except RuntimeError:
        sys.excepthook(*sys.exc_info())


@pytest.mark.parametrize("where", [on_a_thread, on_a_worker, in_the_window])
def test_a_crash_is_shown_without_secrets(cashier: Cashier, where: object, tmp_path: Path) -> None:
    assert callable(where)
    where(cashier)
    shown: list[CrashDialog] = []

    def there() -> bool:
        shown[:] = cashier.window.main.findChildren(CrashDialog)
        return bool(shown)

    cashier.until(there)
    shown[0].copy()
    text = shown[0].text.toPlainText()
    assert "RuntimeError: asked 0788 ••• 456 with [hidden]" in text
    assert QGuiApplication.clipboard().text() == text
    assert SECRET not in f"{text} {shown[0].windowTitle()} {cashier.window.main.windowTitle()}"
    shown[0].close()
    log = (tmp_path / "data" / "logs" / "cashier.log").read_text(encoding="utf-8")
    assert "with [hidden]" in log
    assert SECRET not in log
    # Sales go on.
    till = cashier.window.bridge.till
    assert till is not None
    till.charge("250788123456", 1500)
    cashier.until(lambda: bool(cashier.changes) and cashier.changes[-1].became_final)
