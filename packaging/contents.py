"""What is inside the bundle, with licences: the Python packages that were installed for it, Python, Qt and the rest."""

import platform
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

# Tools that make the bundle and are not in it; of PyInstaller the small program that starts it is.
_TOOLS = {"altgraph", "pip", "setuptools", "wheel", "pyinstaller", "pyinstaller-hooks-contrib", "cashier"}
_OF_QT = "LGPL-3.0-only (https://www.gnu.org/licenses/lgpl-3.0.html); modules QtCore, QtGui, QtWidgets and others"


def lines() -> Iterator[str]:
    """`name version: licence`, a line each, of the environment this runs in."""
    yield f"Python {platform.python_version()}: PSF-2.0"
    bootloader = metadata.version("pyinstaller")
    yield f"PyInstaller's bootloader {bootloader}: GPL-2.0-or-later with an exception for the bundle"
    yield f"Qt {metadata.version('pyside6')}: {_OF_QT}"
    for one in sorted(metadata.distributions(), key=lambda one: one.metadata["Name"].lower()):
        name = one.metadata["Name"]
        if name.lower().replace("_", "-") not in _TOOLS:
            yield f"{name} {one.version}: {_licence(one)}"


def _licence(one: metadata.Distribution) -> str:
    expression = one.metadata.get("License-Expression") or ""
    classifiers = [
        text.rpartition(" :: ")[2]
        for text in one.metadata.get_all("Classifier") or []
        if text.startswith("License :: ") and text != "License :: OSI Approved"
    ]
    short = (one.metadata.get("License") or "").strip().splitlines()[:1]
    return expression or ", ".join(classifiers) or (short[0] if short else "see its own files")


if __name__ == "__main__":
    Path(sys.argv[1]).write_text("\n".join(lines()) + "\n", encoding="utf-8")
