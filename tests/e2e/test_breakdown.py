"""A command that is ended by a fault leaves a report of where it was, and no picture of its memory."""

import json
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from cashier import logs
from tests.e2e.program import LONG, Program, bare_environment

pytestmark = pytest.mark.e2e

_DUMPABLE = "print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0), resource.getrlimit(resource.RLIMIT_CORE)[0])"


def watching(program: Program) -> "subprocess.Popen[str]":
    """`cashier watch`, which runs."""
    process = program.with_env(CASHIER_CALLBACK_PORT="0").start("watch", "--json")
    assert process.stdout is not None
    assert json.loads(process.stdout.readline())["listening"]
    return process


def test_watch_leaves_a_report(program: Program) -> None:
    process = watching(program)
    beside = program.run("history")
    assert beside.code == 0
    process.send_signal(signal.SIGSEGV)
    process.communicate(timeout=LONG)
    report = program.data / "logs" / "crash.log"
    assert process.returncode == -signal.SIGSEGV
    assert "Segmentation fault" in report.read_text(encoding="utf-8")
    assert stat.S_IMODE(report.stat().st_mode) == 0o600


def test_a_command_that_ends_well_leaves_none(program: Program) -> None:
    process = watching(program)
    process.terminate()
    process.communicate(timeout=LONG)
    assert program.run("history").code == 0
    assert not (program.data / "logs" / "crash.log").exists()


@pytest.mark.parametrize("command", ["charge", "balance", "history", "verify", "export", "backup", "doctor"])
def test_each_command_leaves_a_report(program: Program, tmp_path: Path, command: str) -> None:
    program.run("charge", "0788123456", "1500", "--wait", "0")
    given = {
        "charge": ["0788123457", "1500"],
        "export": [str(tmp_path / "a.csv")],
        "backup": [str(tmp_path / "a.db")],
    }.get(command, [])
    # Where each of them comes by: the fault falls when the ledger's place or the account is asked for.
    script = (
        "import faulthandler, sys\n"
        "from cashier import cli_session\n"
        "from cashier.cli import main\n"
        "from cashier.cli_start import run\n"
        "data = cli_session.Session.data.func\n"
        "def broken(session):\n"
        "    found = data(session)\n"
        "    faulthandler._sigsegv()\n"
        "    return found\n"
        "cli_session.Session.data.func = broken\n"
        f"sys.argv = {['cashier', '--data-dir', str(program.data), command, *given]!r}\n"
        "sys.exit(run(main))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script], env=dict(program.env), timeout=LONG, check=False, capture_output=True
    )
    assert ended.returncode == -signal.SIGSEGV
    assert "Segmentation fault" in (program.data / "logs" / "crash.log").read_text(encoding="utf-8")


def test_the_report_of_a_program_that_runs_is_not_taken_away(tmp_path: Path) -> None:
    hold = f"import sys, pathlib; from cashier import logs; logs.start_crash_log(pathlib.Path({str(tmp_path)!r}))"
    script = f"{hold}; print('ready', flush=True); sys.stdin.read(); import faulthandler; faulthandler._sigsegv()"
    with subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "ready\n"
        quiet = f"{hold.replace('logs.start', 'held = logs.start')}; logs.stop_crash_log(held)"
        subprocess.run([sys.executable, "-c", quiet], timeout=LONG, check=True)
        other.communicate(timeout=LONG)
    assert "Segmentation fault" in (tmp_path / "crash.log").read_text(encoding="utf-8")
    assert os.listdir(tmp_path) == ["crash.log"]


def test_a_place_that_takes_no_report_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert logs.start_crash_log(tmp_path / "file" / "logs") is None


@pytest.mark.parametrize("where", ["command", "window"])
def test_no_dump_of_the_memory_before_the_password_is_read(tmp_path: Path, where: str) -> None:
    start = {
        "command": "from cashier.cli import main\nfrom cashier.cli_start import run\n"
        f"sys.argv = {['cashier', '--data-dir', str(tmp_path / 'd'), 'doctor']!r}\nrun(main)",
        "window": "import pathlib\nfrom cashier.counter import Counter\n"
        f"Counter(pathlib.Path({str(tmp_path / 'd')!r})).prepare()",
    }[where]
    script = (
        "import ctypes, os, resource, sys\nfrom cashier import credentials\n"
        f"def open_store():\n    {_DUMPABLE}\n    sys.stdout.flush()\n    os._exit(0)\n"
        f"credentials.open_store = open_store\n{start}"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script],
        env=bare_environment(),
        capture_output=True,
        text=True,
        timeout=LONG,
        check=False,
    )
    assert ended.stdout.splitlines()[-1:] == ["0 0"], ended.stderr
