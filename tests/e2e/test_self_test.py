"""`cashier demo --self-test` and what a shop sends to support."""

import stat
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from cashier.app_self_test import run_self_test
from cashier.app_self_test_parts import chart, sounds
from cashier.cli_doctor import Finding
from cashier.ui import theme
from tests.e2e.program import LONG, Program, bare_environment

LOOKS = [
    *("version", "paths", "resources", "Qt plugin", "fonts", "keyring", "ledger", "listener", "payment", "payout"),
    *("screens", "chart", "sounds", "spreadsheet", "certificates"),
]


@pytest.mark.e2e
def test_a_whole_installation_passes_and_leaves_nothing(tmp_path: Path) -> None:
    ended = Program(tmp_path, bare_environment()).run("demo", "--self-test")
    assert ended.code == 0, ended.err
    lines = ended.out.splitlines()
    assert [line.partition(":")[0] for line in lines] == [f"ok   {what}" for what in LOOKS]
    assert "T1-000001 successful" in ended.out
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def nearly_no_resources(qapp: object, tmp_path: Path) -> Iterator[None]:
    """An empty sheet and nothing else. A sheet is worn by the whole process: the next test is to have the real one."""
    (tmp_path / "styles").mkdir()
    (tmp_path / "styles" / "style.qss").touch()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("cashier.app_self_test.paths.resources", lambda: tmp_path)
        yield
    theme.sheet_template.cache_clear()
    theme.look()._dress()


@pytest.mark.usefixtures("nearly_no_resources")
def test_what_is_missing_is_named() -> None:
    found: list[Finding] = []
    assert not run_self_test(found.append)
    bad = [one for one in found if not one.good]
    assert [one.what for one in bad] == ["resources", "window"]
    assert "paid.wav" in bad[0].words


_WITHOUT = """
import sys
import requests
sys.modules[sys.argv[1]] = None
from cashier.cli import main
sys.argv[1:] = ["demo", "--self-test"]
main()
"""


@pytest.mark.e2e
@pytest.mark.parametrize(
    ("module", "what"),
    [
        ("PySide6.QtCharts", "chart"),
        ("PySide6.QtMultimedia", "sounds"),
        ("xlsxwriter", "spreadsheet"),
        ("certifi", "certificates"),
    ],
)
def test_a_part_that_was_not_packed_is_named(module: str, what: str) -> None:
    # In a process of its own: where a module of PySide was loaded before, taking it away breaks PySide's own lookups.
    ended = subprocess.run(
        [sys.executable, "-c", _WITHOUT, module],
        env=bare_environment(),
        capture_output=True,
        text=True,
        timeout=LONG,
        check=False,
    )
    assert ended.returncode == 1, ended.stderr
    bad = [line for line in ended.stdout.splitlines() if not line.startswith("ok ")]
    assert [line.split()[1].rstrip(":") for line in bad] == [what], ended.stdout
    assert module in bad[0]


def test_no_line_in_the_chart_is_seen(qapp: object, monkeypatch: pytest.MonkeyPatch) -> None:
    from cashier.ui.widgets.readings_chart import ReadingsChart

    monkeypatch.setattr(ReadingsChart, "show_readings", lambda _self, _readings: None)
    with pytest.raises(LookupError, match="not drawn"):
        chart()


def test_a_computer_without_sound_is_no_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "PySide6.QtMultimedia", _Libraryless("PySide6.QtMultimedia"))
    assert sounds() == "silent: libpulse.so.0: cannot open shared object file"


class _Libraryless(ModuleType):
    def __getattr__(self, name: str) -> object:
        raise ImportError("libpulse.so.0: cannot open shared object file")


def test_a_breakdown_of_the_program_leaves_a_report(tmp_path: Path) -> None:
    script = (
        "import ctypes, pathlib; from cashier import logs\n"
        f"logs.start_crash_log(pathlib.Path({str(tmp_path)!r}))\n"
        "def a_fault_in_a_library(): ctypes.string_at(0)\n"
        "a_fault_in_a_library()"
    )
    ended = subprocess.run([sys.executable, "-c", script], timeout=LONG, check=False)
    assert ended.returncode < 0
    report = tmp_path / "crash.log"
    assert "a_fault_in_a_library" in report.read_text(encoding="utf-8")
    assert stat.S_IMODE(report.stat().st_mode) == 0o600


@pytest.mark.e2e
def test_the_report_for_support_is_masked(program: Program, tmp_path: Path) -> None:
    program.run("charge", "0788123456", "1500", "--wait", "0")
    logs = program.data / "logs"
    with (logs / "cashier.log").open("a", encoding="utf-8") as log:
        log.write("a line of an older program: 0788123456\n")
    (logs / "crash.log").write_text("Fatal Python error\n", encoding="utf-8")
    report = tmp_path / "report.zip"
    ended = program.run("doctor", "--report", str(report))
    assert ended.code == 0, ended.out
    with zipfile.ZipFile(report) as packed:
        assert sorted(packed.namelist()) == ["cashier.log", "crash.log", "doctor.txt"]
        everything = b"".join(packed.read(name) for name in packed.namelist()).decode()
    assert "0788 ••• 456" in everything
    assert "788123456" not in everything
    assert program.env["CASHIER_PARTNER_PASSWORD"] not in everything
    refused = program.run("doctor", "--report", str(tmp_path / "nowhere" / "report.zip"))
    assert refused.code == 4
    assert "cannot be written" in refused.err
