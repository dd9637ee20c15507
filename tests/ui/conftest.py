"""Widgets are tested in the light theme at a height of 768 unless a test says otherwise."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from cashier.ui import theme
from tests.leaks import titles


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
