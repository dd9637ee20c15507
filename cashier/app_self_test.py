"""`cashier demo --self-test`: whether this installation has everything a till needs, a line for each thing."""

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEventLoop
from PySide6.QtGui import QFontDatabase, QRawFont

from cashier import __version__, credentials, paths
from cashier.app import Window
from cashier.app_self_test_parts import certificates, chart, sounds, spreadsheet
from cashier.cli_doctor import Finding
from cashier.counter import Counter
from cashier.credentials import MemoryStore
from cashier.display import has_display
from cashier.domain.transaction import Transaction
from cashier.errors import CashierError
from cashier.ledger.errors import LedgerError
from cashier.simulator import Simulator
from cashier.till.till import Till
from cashier.ui import theme
from cashier.ui.sounds import SOUNDS, SilentPlayer

PHONE = "250788123456"
AMOUNT = 1500
_PATIENCE = 30.0
_LOOK_MS = 20
_SPEED = 20.0


class SelfTest:
    """Opens the real window in practice, with data in a folder of its own, and looks at each part of it."""

    def __init__(self, folder: Path) -> None:
        if not has_display():
            os.environ["QT_QPA_PLATFORM"] = "offscreen"
        self._folder = folder
        self._app = theme.application()
        theme.apply(self._app, "light")
        self._gateway = Simulator(speed=_SPEED)
        self._window = Window(self._app, self._counter, SilentPlayer())

    def _counter(self) -> Counter:
        return Counter(self._folder / "data", store=MemoryStore(), practice=self._gateway)

    def run(self) -> Iterator[Finding]:
        """Each finding as soon as it is known. Without resources and fonts no window is opened: it could not paint."""
        able = True
        for finding in _found(
            ("version", lambda: __version__),
            ("paths", self._paths),
            ("resources", self._resources),
            ("Qt plugin", lambda: self._app.platformName()),
            ("fonts", self._fonts),
            ("keyring", lambda: credentials.open_store().describe()),
        ):
            able &= finding.good
            yield finding
        if not able:
            yield Finding("window", False, "not opened before the above is mended")
            return
        with self._gateway:
            self._window.begin_practice()
            try:
                yield from _found(
                    ("ledger", self._ledger),
                    ("listener", self._listener),
                    ("payment", partial(self._transaction, lambda till: till.charge(PHONE, AMOUNT))),
                    ("payout", partial(self._transaction, lambda till: till.pay_out(PHONE, AMOUNT, "Self-test"))),
                    ("screens", self._screens),
                    ("chart", chart),
                    ("sounds", sounds),
                    ("spreadsheet", lambda: spreadsheet(self._till().ledger.reader, self._folder)),
                    ("certificates", certificates),
                )
            finally:
                self._window.main.ask_before_close = None
                self._window.main.close()
                self._window.end()

    def _paths(self) -> str:
        data = paths.data_folder(self._folder / "paths", {})
        probe = data / "written"
        probe.write_text(PHONE, encoding="utf-8")
        probe.unlink()
        return f"data go to {paths.usual_data_folder()}"

    def _resources(self) -> str:
        folder = paths.resources()
        needed = [folder / "styles" / "style.qss", *(folder / "sounds" / f"{name}.wav" for name in SOUNDS)]
        missing = [str(one.relative_to(folder)) for one in needed if not one.is_file()]
        icons = len(list((folder / "icons").glob("*.svg")))
        if missing or not icons:
            raise LookupError(f"missing in {folder}: {', '.join(missing or ['icons'])}")
        return f"{icons} icons and {len(SOUNDS)} sounds"

    def _fonts(self) -> str:
        raw = QRawFont.fromFont(self._app.font())
        if not QFontDatabase.families() or not raw.supportsCharacter("R"):
            raise LookupError("no font with letters is installed: every text would be empty boxes")
        return raw.familyName()

    def _ledger(self) -> str:
        till = self._till()
        found = till.ledger.reader.verify()
        if not found.ok:
            raise LookupError(found.sentence)
        return found.sentence

    def _listener(self) -> str:
        health = self._till().health
        self._until(lambda: health.health.listening is not None or health.health.listener_trouble is not None)
        if health.health.listening is None:
            raise LookupError(health.health.listener_trouble or "")
        return f"listens on port {health.health.listening}"

    def _transaction(self, begin: Callable[[Till], Transaction]) -> str:
        till = self._till()
        id = begin(till).id

        def row() -> Transaction:
            found = till.ledger.reader.get(id)
            if found is None:
                raise LookupError(f"{id} is not in the ledger")
            return found

        self._until(lambda: row().is_final)
        if row().state.value != "successful":
            raise LookupError(f"{row().number} ended {row().state}: {row().message}")
        return f"{row().number} {row().state}"

    def _screens(self) -> str:
        names = self._window.main.screen_names()
        for name in names:
            self._window.main.show_screen(name)
            self._app.processEvents()
            if self._window.main.grab().isNull():
                raise LookupError(f"{name} cannot be painted")
        return ", ".join(names)

    def _till(self) -> Till:
        self._until(lambda: self._window.bridge.till is not None)
        till = self._window.bridge.till
        if till is None:
            raise LookupError("the ledger did not open")
        return till

    def _until(self, ready: Callable[[], bool]) -> None:
        deadline = time.monotonic() + _PATIENCE
        while not ready():
            if time.monotonic() > deadline:
                raise TimeoutError(f"nothing after {_PATIENCE:.0f} s")
            self._app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, _LOOK_MS)


def _found(*looks: tuple[str, Callable[[], str]]) -> Iterator[Finding]:
    for what, look in looks:
        try:
            yield Finding(what, True, look())
        except (CashierError, LedgerError, OSError, LookupError, ImportError, TimeoutError) as trouble:
            yield Finding(what, False, str(trouble) or type(trouble).__name__)


def run_self_test(tell: Callable[[Finding], None]) -> bool:
    """Whether all is well; `tell` hears each finding. Leaves nothing behind."""
    with tempfile.TemporaryDirectory(prefix="cashier-self-test-") as folder:
        good = True
        for finding in SelfTest(Path(folder)).run():
            tell(finding)
            good &= finding.good
        return good
