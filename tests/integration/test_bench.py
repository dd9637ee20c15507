"""`make bench` once, with tiny sizes: it runs to its end and reports as programs read it. No budget is judged."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
KEYS = ["what", "measured", "limit", "ratio", "budget", "ok"]


def test_the_bench_reports_every_line(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "import sys; sys.path.insert(0, sys.argv.pop(1)); import runpy; "]
    command[2] += "runpy.run_module('benchmarks', run_name='__main__')"
    done = subprocess.run([*command, str(ROOT), "--tiny"], cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert done.returncode in (0, 1), done.stderr
    lines = json.loads((tmp_path / "build" / "bench.json").read_text())
    assert [list(line) for line in lines] == [KEYS] * 18
    for line in lines:
        assert line["measured"] > 0
        assert line["limit"] > 0
        assert line["ok"] is (line["ratio"] <= line["budget"])
    assert (done.returncode == 0) is all(line["ok"] for line in lines)
