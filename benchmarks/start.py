"""From the start of the process to a Charge screen that can be typed into, and what the idle program takes."""

import os
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.lines import Line, by_ratio, middle_pair
from benchmarks.start_child import ACCOUNT
from cashier.addresses import BASE_URLS
from cashier.settings import Settings, save

ROOT = Path(__file__).parents[1]


def lines(folder: Path, *, starts: int, settle_ms: int) -> list[Line]:
    """`starts` pairs of starts, and one idle program of `settle_ms` beside an idle empty window."""
    save(folder / "settings.json", Settings("live", BASE_URLS["live"], "shop", ACCOUNT))
    _run("program", 1, folder)  # the first one makes the ledger
    _run("empty", 0, folder)
    pairs = [(_run("program", 0, folder)[0], _run("empty", 0, folder)[0]) for _ in range(starts)]
    seconds = middle_pair(pairs)
    memory = _run("program", settle_ms, folder)[1], _run("empty", settle_ms, folder)[1]
    return [
        by_ratio("start to the painted Charge screen, s, beside an empty window", *seconds, 1.5),
        by_ratio("idle peak memory, MB, beside an empty window", *memory, 1.8),
    ]


def _run(kind: str, settle_ms: int, folder: Path) -> tuple[float, float]:
    """Seconds to the paint, MB at the peak."""
    command = [sys.executable, "-m", "benchmarks.start_child", kind, str(settle_ms), str(folder)]
    # Without it every start would compile our modules again, which no installed program does.
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    begun = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=True, timeout=60)
    painted, peak = done.stdout.split()
    return float(painted) - begun, int(peak) / 1024
