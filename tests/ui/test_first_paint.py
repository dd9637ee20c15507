"""What the first paint must do without (docs/decisions/first-paint.md), seen in a process of its own."""

import json
import subprocess
import sys

HEAVY = [
    *("asyncio", "dataclasses", "datetime", "h11", "json", "keyring", "platformdirs", "requests", "sqlite3"),
    *("sqlite_utils", "ssl", "urllib3", "uuid", "PySide6.QtMultimedia", "PySide6.QtNetwork", "cashier.till"),
    *("PySide6.QtCharts", "openpyxl"),
    *("cashier.ledger", "cashier.gateway", "cashier.settings", "cashier.domain.transaction"),
]

_CHILD = """
import enum, sys
made = []
original = enum.EnumType.__new__
def noting(meta, name, *rest, **more):
    made.append(name)
    return original(meta, name, *rest, **more)
enum.EnumType.__new__ = noting

from cashier.app import Window
from cashier.ui import theme

def painted():
    names = [name for name in made if name in ("GlobalColor", "Key", "PixelMetric")]
    loaded = [name for name in HEAVY if name in sys.modules]
    import json
    print(json.dumps([window.charge.form.phone.edit.hasFocus(), names, loaded]))
    app.quit()

app = theme.application()
theme.begin(app, "system")
window = Window(app, None)
window.main.painted.connect(painted)
window.main.resize(1366, 768)
window.main.show()
window.main.activateWindow()
window.charge.setFocus()
app.exec()
"""


def test_the_first_paint_brings_nothing_that_it_does_not_need() -> None:
    done = subprocess.run(
        [sys.executable, "-c", f"HEAVY = {HEAVY!r}\n{_CHILD}"], capture_output=True, text=True, check=True, timeout=60
    )
    focused, constants, loaded = json.loads(done.stdout)
    assert focused
    assert constants == []
    assert loaded == []
