"""Widgets are tested in the light theme at a height of 768 unless a test says otherwise."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from benchmarks.ledger_maker import make
from cashier.ledger.ledger import Account
from cashier.ui import theme
from tests.leaks import titles
from tests.ui.manager import MANY


@pytest.fixture
def look(qapp: QApplication) -> Iterator[theme.Look]:
    """The application dressed; a test may change theme and density, the next one starts from here again."""
    found = theme.look()
    found.set_height(768)
    if found.theme.name != "light" or not qapp.styleSheet():
        found.apply(qapp, "light")
    yield found
    found.set_height(768)


_set_title = QWidget.setWindowTitle


def _noted_title(window: QWidget, title: str) -> None:
    titles.append(title)
    _set_title(window, title)


# Every title of the run is searched for secrets.
QWidget.setWindowTitle = _noted_title  # type: ignore[method-assign]


@pytest.fixture(scope="session")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger with more rows than the table of the history keeps in memory. Whoever adds to it copies it first."""
    folder = tmp_path_factory.mktemp("many")
    make(folder / "practice-250160000011", Account("practice", "250160000011"), MANY)
    return folder
