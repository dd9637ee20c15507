"""What goes into the bundle and what is left to the system."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from cashier import __version__

PACKAGING = Path(__file__).parents[2] / "packaging"


def load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, PACKAGING / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    "name",
    [
        "PySide6/Qt/lib/libQt6Widgets.so.6",
        "PySide6/Qt/lib/libQt6Charts.so.6",
        "PySide6/Qt/plugins/platforms/libqxcb.so",
        "PySide6/Qt/plugins/platforms/libqoffscreen.so",
        "PySide6\\plugins\\platforms\\qwindows.dll",
        "PySide6/Qt/plugins/iconengines/libqsvgicon.so",
        "PySide6/QtTest.abi3.so",
        # QtCharts links to it, although no Python of ours imports it.
        "PySide6/Qt/lib/libQt6OpenGL.so.6",
        "PySide6/Qt/plugins/imageformats/libqsvg.so",
        "cashier/_resources/styles/style.qss",
        "PySide6/Qt/translations/qtbase_fr.qm",
    ],
)
def test_needed(name: str) -> None:
    assert load("qt_parts").is_needed(name)


@pytest.mark.parametrize(
    "name",
    [
        "PySide6/Qt/lib/libQt6Quick.so.6",
        "PySide6\\Qt6Pdf.dll",
        "PySide6/opengl32sw.dll",
        "PySide6/Qt/plugins/imageformats/libqjpeg.so",
        "PySide6/Qt/plugins/multimedia/libffmpegmediaplugin.so",
        "PySide6/Qt/plugins/platforms/libqvnc.so",
        "PySide6/Qt/translations/qtbase_ja.qm",
    ],
)
def test_left_out(name: str) -> None:
    assert not load("qt_parts").is_needed(name)


def test_the_ledgers_sqlite_is_carried_and_the_desktops_libraries_are_not() -> None:
    of_the_system = load("qt_parts").is_of_the_system
    assert not of_the_system("libsqlite3.so.0", "/lib/x86_64-linux-gnu/libsqlite3.so.0")
    assert of_the_system("libfontconfig.so.1", "/usr/lib/x86_64-linux-gnu/libfontconfig.so.1")
    assert not of_the_system("PySide6/Qt/lib/libQt6Core.so.6", "/home/x/.venv/lib/libQt6Core.so.6")
    debians = "/usr/lib/python3.11/lib-dynload/_sqlite3.cpython-311-x86_64-linux-gnu.so"
    assert not of_the_system("python3.11/lib-dynload/_sqlite3.cpython-311-x86_64-linux-gnu.so", debians)


def test_the_version_stands_in_one_place() -> None:
    texts = [
        one.read_text(encoding="utf-8", errors="replace")
        for one in [*PACKAGING.rglob("*"), *(PACKAGING.parent / ".github").rglob("*")]
        if one.is_file() and one.suffix not in (".txt", ".md", ".pyc", ".ico", ".icns")
    ]
    assert [text for text in texts if f'"{__version__}"' in text or f"Version: {__version__}" in text] == []


def test_every_pin_of_what_ships_has_a_hash_on_every_system() -> None:
    for name in ("run", "package", "package-windows", "package-macos"):
        pins = (PACKAGING / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
        names = [line for line in pins.splitlines() if line and line[0].isalnum()]
        assert names
        assert all("==" in line and line.endswith("\\") for line in names)
