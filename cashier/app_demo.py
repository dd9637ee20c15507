"""The demo: the window on the practice gateway, by hand or playing sales by itself."""

import os
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from cashier.app import Window, open_window
from cashier.counter import Counter
from cashier.credentials import MemoryStore
from cashier.domain.transaction import Transaction
from cashier.ui import theme
from cashier.ui.demo_player import DemoPlayer
from cashier.ui.sounds import SilentPlayer

_PICTURE = (1366, 768)


def run_demo() -> int:
    """`cashier demo`: the window on the practice gateway, with data in a fresh folder and no keyring."""
    with tempfile.TemporaryDirectory(prefix="cashier-demo-") as folder:
        return open_window(partial(_demo_counter, Path(folder)), Window.begin_practice)


def play(pictures: Path, tell: Callable[[Transaction], None]) -> bool:
    """`cashier demo --play`: types sales into the window offscreen, saves a PNG of each step into `pictures`.

    `tell` hears of each final transaction. Returns whether each ended as it should.
    """
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    pictures.mkdir(parents=True, exist_ok=True)
    app = theme.application()
    theme.apply(app, "light")
    with tempfile.TemporaryDirectory(prefix="cashier-demo-") as folder:
        window = Window(app, partial(_demo_counter, Path(folder)), SilentPlayer())
        window.main.resize(*_PICTURE)
        window.begin_practice()
        try:
            return DemoPlayer(window.main, window.bridge, window.charge, pictures).play(tell)
        finally:
            window.main.ask_before_close = None
            window.main.close()
            window.end()


def _demo_counter(folder: Path) -> Counter:
    return Counter(folder, store=MemoryStore())
