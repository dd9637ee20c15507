"""How long the bundle takes to its first painted window, beside the program from source, on a screen of its own."""

import os
import re
import signal
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

PAIRS = 9
_PAINTED = re.compile(r"painted at (\d+\.\d+)")
_PATIENCE = 60.0


def start_ratio(program: Path, python: str, source: Path) -> float:
    """The median of the ratios of `program` to `python -m cashier` in `source`, started in turn."""
    with screen() as display:
        env = {name: value for name, value in os.environ.items() if name not in _NOT_PASSED} | {"DISPLAY": display}
        pairs = []
        for _ in range(PAIRS + 1):
            frozen = start([str(program)], env, Path("/"))
            plain = start([python, "-m", "cashier"], env, source)
            pairs.append((frozen, plain))
    # The first pair reads everything from the disk and writes the compiled modules.
    del pairs[0]
    for name, times in zip(("frozen", "source"), zip(*pairs, strict=True), strict=True):
        print(f"       start, {name}: {statistics.median(times):.3f} s to the painted window")
    return statistics.median(frozen / plain for frozen, plain in pairs)


_NOT_PASSED = ("QT_QPA_PLATFORM", "PYTHONDONTWRITEBYTECODE", "WAYLAND_DISPLAY")


@contextmanager
def screen(size: str = "1366x768x24") -> Iterator[str]:
    """A display server without a screen; gives the name of its display."""
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", size, "-nolisten", "tcp"],
        pass_fds=[writing],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    try:
        with os.fdopen(reading) as told:
            yield f":{told.readline().strip()}"
    finally:
        server.terminate()
        server.wait()


def start(command: Sequence[str], env: dict[str, str], folder: Path) -> float:
    """Seconds from the start of `command` to its painted window, as its log says; then it is ended."""
    with tempfile.TemporaryDirectory(prefix="cashier-start-") as data:
        log = Path(data, "logs", "cashier.log")
        began = time.time()
        running = subprocess.Popen(
            command,
            cwd=folder,
            env=env | {"CASHIER_DATA_DIR": data},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            deadline = time.monotonic() + _PATIENCE
            while running.poll() is None and time.monotonic() < deadline:
                found = _PAINTED.search(log.read_text(encoding="utf-8")) if log.exists() else None
                if found:
                    return float(found[1]) - began
                time.sleep(0.02)  # another program's file: there is no event to wait for
            raise SystemExit(f"{command[0]} painted no window (ended with {running.poll()})")
        finally:
            running.send_signal(signal.SIGTERM)
            running.wait(_PATIENCE)
