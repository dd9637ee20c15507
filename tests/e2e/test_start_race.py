"""Two programs begin on one data folder at once, fifty times: one of them writes, the other says so."""

import subprocess
import sys
from pathlib import Path

import pytest

from cashier.ledger.reader import Reader

pytestmark = pytest.mark.e2e

ROUNDS = 50


def racer() -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "tests.e2e.race_driver"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def say(process: "subprocess.Popen[str]", line: str) -> None:
    assert process.stdin is not None
    process.stdin.write(f"{line}\n")
    process.stdin.flush()


def hear(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_one_wins_each_time(tmp_path: Path) -> None:
    both = [racer(), racer()]
    try:
        assert [hear(one) for one in both] == ["ready", "ready"]
        for number in range(ROUNDS):
            # Every other time on a folder that is not there yet.
            data = tmp_path / f"data{number // 2}"
            for one in both if number % 3 else reversed(both):
                say(one, str(data))
            answers = [hear(one) for one in both]
            assert sum(answer == "won" for answer in answers) == 1, answers
            assert any("already open" in answer for answer in answers)
            reader = Reader(data / "practice-1")
            assert reader.verify().ok
            reader.close()
            for one in both:
                say(one, "")
    finally:
        for one in both:
            one.communicate(timeout=30)
    assert [one.returncode for one in both] == [0, 0]
