"""Widgets are tested in the light theme at a height of 768 unless a test says otherwise."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from cashier.ui import theme


@pytest.fixture
def look(qapp: QApplication) -> Iterator[theme.Look]:
    """The application dressed; a test may change theme and density, the next one starts from here again."""
    found = theme.look()
    found.set_height(768)
    if found.theme.name != "light" or not qapp.styleSheet():
        found.apply(qapp, "light")
    yield found
    found.set_height(768)
