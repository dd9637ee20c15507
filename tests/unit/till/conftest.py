"""The tills that tests begin with, under virtual time."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.till.listed import Listed
from tests.unit.till.virtual_till import VirtualTill


@pytest.fixture
def listed(tmp_path: Path) -> Iterator[Listed]:
    one = Listed(tmp_path)
    yield one
    one.virtual.ledger.close()


@pytest.fixture
def virtual(tmp_path: Path) -> Iterator[VirtualTill]:
    one = VirtualTill(tmp_path / "x").start()
    yield one
    one.ledger.close()
