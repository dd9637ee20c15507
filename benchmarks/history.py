"""History with a million transactions: how long the screen takes, what it adds to memory, whether the window stalls."""

import json
import os
import subprocess
import sys
from pathlib import Path

from benchmarks.ledger_maker import made
from benchmarks.lines import Line, by_excess, by_ratio

ROOT = Path(__file__).parents[1]
_OPEN, _END, _SEARCH, _STALL = 300.0, 100.0, 50.0, 50.0  # ms
_GROWTH, _EXPORT_GROWTH = 40.0, 30.0  # MB
_START, _OPEN_ROWS = 3.0, 10_000  # s
_EXPORT = 2.0  # times the seconds of csv.writer over a bare cursor: half of its rows a second


def lines(folder: Path, *, count: int, still_open: int = _OPEN_ROWS) -> list[Line]:
    """The ledgers are kept below `folder` for the next run. `still_open` rows are open in the one that is started."""
    found = _run("look", made(folder, count))
    written = _run("write", made(folder, count))
    begun = _run("start", made(folder, count, still_open=min(count, still_open)))
    return [
        by_ratio("history open", found["open"], _OPEN, 1.0),
        by_ratio("history open, growth, MB", found["open growth"], _GROWTH, 1.0),
        by_ratio("history open, longest stall, ms", found["open stall"], _STALL, 1.0),
        by_ratio("history end", found["end"], _END, 1.0),
        by_ratio("history end, growth, MB", found["end growth"], _GROWTH, 1.0),
        by_ratio("history end, longest stall, ms", found["end stall"], _STALL, 1.0),
        by_ratio("history search", found["search"], _SEARCH, 1.0),
        by_ratio("history search, growth, MB", found["search growth"], _GROWTH, 1.0),
        by_ratio("history search, longest stall, ms", found["search stall"], _STALL, 1.0),
        by_ratio("history export", written["export"], written["bare"], _EXPORT),
        by_ratio("history export, growth, MB", written["export growth"], _EXPORT_GROWTH, 1.0),
        by_ratio("history export, longest stall, ms", written["export stall"], _STALL, 1.0),
        by_excess("start with 10 000 open rows, s, above the file's check", begun["start"], begun["check"], _START),
    ]


def _run(what: str, ledger: Path) -> dict[str, float]:
    """One process of its own, so that its memory is its own."""
    command = [sys.executable, "-m", "benchmarks.history_child", what, str(ledger.absolute())]
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True, check=True, timeout=900)
    found: dict[str, float] = json.loads(done.stdout)
    return found
