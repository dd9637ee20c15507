"""`make bench`: measures, prints a line each, writes build/bench.json, ends with 1 where a budget is missed.

`--tiny` measures almost nothing: for the test that all of it runs.
"""

import compileall
import json
import os
import sys
import tempfile
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from benchmarks import history, sale, start
from benchmarks.lines import Line

ROOT = Path(__file__).parents[1]
REPORT = Path("build/bench.json")
LEDGERS = Path("build/ledgers")


def measure(*, tiny: bool) -> list[Line]:
    """Every line, in the order of the report."""
    # Whoever installs the program gets it compiled: no line is to measure the compiler.
    compileall.compile_dir(ROOT / "cashier", quiet=1)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        found = start.lines(Path(folder), starts=1 if tiny else 21, settle_ms=50 if tiny else 2000)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        sizes = (2, 2, 2) if tiny else (200, 60, 20)
        found += sale.lines(Path(folder), sales=sizes[0], answers=sizes[1], watched=sizes[2])
    count, still_open = (500, 10) if tiny else (1_000_000, 10_000)
    return found + history.lines(LEDGERS, count=count, still_open=still_open)


def report(lines: list[Line], file: Path) -> None:
    """Prints the lines and writes them as an array of objects."""
    for line in lines:
        verdict = "ok    " if line.ok else "MISSED"
        figures = f"{line.measured:9.3f} / {line.limit:9.3f} = {line.ratio:6.3f} (<= {line.budget:.3f})"
        print(f"{verdict} {figures}  {line.what}")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps([line._asdict() for line in lines], indent=2) + "\n", encoding="utf-8")


def main() -> int:
    lines = measure(tiny="--tiny" in sys.argv)
    report(lines, REPORT)
    return 0 if all(line.ok for line in lines) else 1


if __name__ == "__main__":
    sys.exit(main())
