"""The window in a process of its own, as a shop runs it: listener, poller and GUI share it. Run by test_attack.py.

Told by its environment which gateway to use. Prints one line when it is ready; each line on its stdin begins a count
anew (`count`) or ends it with a report (`end`).
"""

import gc
import json
import os
import sys
import threading
import time
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, QTimer

from cashier.app import Window
from cashier.counter import Counter
from cashier.credentials import MemoryStore, Name
from cashier.paths import account_folder_name
from cashier.settings import Settings, save
from cashier.ui import theme
from cashier.ui.sounds import SilentPlayer

# Customers who take their time: these practice numbers stay open for as long as the attack lasts.
WAITING = ("250788000004", "250788000008")
_OPEN = 4
_APART_MS = 1100  # nobody asks four customers within one second
_FRAME = 0.016
_LOOK = 0.25
_WORTH_TELLING = 0.005


class Frames(QObject):
    """Redraws a part of the window sixty times a second and notes each frame that was late.

    `late` holds (when, seconds late), `waits` (when, seconds): how long threads of this process were ready to run since
    the frame before while other programs had the processors. What neighbours cause is not the window's fault.
    """

    def __init__(self, window: Window) -> None:
        super().__init__()
        self._screen = window.main.status
        self._screen.installEventFilter(self)
        self._timer = QTimer(timerType=Qt.TimerType.PreciseTimer, interval=int(_FRAME * 1000))
        self._timer.timeout.connect(self._screen.update)
        self._timer.start()
        self._clocks: dict[str, tuple[int, int]] = {}
        self.begin()

    def begin(self) -> None:
        self.count, self.late, self.waits = 0, list[tuple[float, float]](), list[tuple[float, float]]()
        self.threads, self._looked = 0, 0.0
        self._wait()
        self._last = time.monotonic()
        self._begun = self._last, self._used()

    def listener_share(self) -> float:
        """How much of one processor the listener has used."""
        return (self._used() - self._begun[1]) / (time.monotonic() - self._begun[0])

    def _used(self) -> float:
        listener = next(one for one in threading.enumerate() if one.name == "callback-listener")
        return int(Path(f"/proc/self/task/{listener.native_id}/schedstat").read_text().split()[0]) / 1e9

    def _wait(self) -> float:
        """Seconds that threads waited for a processor since the last call. Any of them may hold what others need."""
        waited = 0
        for id in os.listdir("/proc/self/task"):
            if id not in self._clocks:
                self._clocks[id] = os.open(f"/proc/self/task/{id}/schedstat", os.O_RDONLY), 0
            clock, before = self._clocks[id]
            now = int(os.pread(clock, 100, 0).split()[1])
            self._clocks[id] = clock, now
            waited += now - before
        return waited / 1e9

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            now = time.monotonic()
            late = now - self._last - _FRAME
            waited = self._wait()
            if late > _WORTH_TELLING:
                self.late.append((now, late))
            if waited > _WORTH_TELLING:
                self.waits.append((now, waited))
            self._last = now
            self.count += 1
            if now - self._looked > _LOOK:
                self._looked = now
                self.threads = max(self.threads, _status("Threads"))
        return False


def _status(name: str) -> int:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))


def _counter(folder: Path) -> Counter:
    env = os.environ
    name = account_folder_name("practice", env["CASHIER_ACCOUNT_NO"])
    store = MemoryStore()
    store.set(Name.PARTNER_PASSWORD, name, env["CASHIER_PARTNER_PASSWORD"])
    store.set(Name.CALLBACK_TOKEN, name, env["CASHIER_CALLBACK_TOKEN"])
    port = int(env["CASHIER_CALLBACK_PORT"])
    settings = Settings(
        "practice",
        env["CASHIER_GATEWAY_URL"],
        env["CASHIER_USERNAME"],
        env["CASHIER_ACCOUNT_NO"],
        callback_url=f"http://127.0.0.1:{port}",
        callback_port=port,
    )
    save(folder / "settings.json", settings)
    return Counter(folder, store=store)


class Shop:
    """The window with some payments open, and what is told about it."""

    def __init__(self, folder: Path) -> None:
        app = theme.application()
        theme.apply(app, "light")
        self.window = Window(app, lambda: _counter(folder), SilentPlayer())
        self.window.main.resize(1366, 768)
        self.window.bridge.opened.connect(self._opened)
        self._frames: Frames | None = None
        self._memory = 0

    def _opened(self, _rows: object) -> None:
        """The till is there: customers are asked, and once they are, the shop is ready."""
        till = self.window.bridge.till
        if till is None or self._frames is not None:
            return
        self._frames = Frames(self.window)
        charge, run, ids = till.charge, self.window.bridge.run, list[str]()
        self.window.charge.form.edited.emit()  # the first figure of a sale

        def ask(_none: object = None) -> None:
            if len(ids) == _OPEN:
                _say({"ready": time.monotonic(), "ids": ids})
                return
            phone = WAITING[len(ids) % 2]
            run(lambda: ids.append(charge(phone, 1500, again=True).id), lambda _none: QTimer.singleShot(_APART_MS, ask))

        ask()

    def hear(self, word: str) -> None:
        frames = self._frames
        if frames is None:
            return
        if word == "count":
            gc.collect()
            self._memory = _status("VmRSS")
            frames.begin()
            _say({"counting": True})
        else:
            gc.collect()
            _say(
                {
                    "frames": frames.count,
                    "late": frames.late,
                    "waits": frames.waits,
                    "share": frames.listener_share(),
                    "threads": frames.threads,
                    "growth": _status("VmRSS") - self._memory,
                    "title": self.window.main.windowTitle(),
                }
            )
            self.window.main.ask_before_close = None
            self.window.main.close()


def _say(told: dict[str, object]) -> None:
    print(json.dumps(told), flush=True)


def main() -> None:
    shop = Shop(Path(sys.argv[1]))

    def listen() -> None:
        for line in sys.stdin:
            word = line.strip()
            shop.window.bridge.call(lambda word=word: shop.hear(word))  # type: ignore[misc]  # a word bound early

    shop.window.begin()
    threading.Thread(target=listen, daemon=True).start()
    app = theme.application()
    app.exec()
    shop.window.end()


if __name__ == "__main__":
    main()
