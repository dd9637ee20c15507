from collections.abc import Iterator
from pathlib import Path

import pytest

from cashier.simulator import Simulator
from tests.e2e.program import Program, program_for


@pytest.fixture
def gateway() -> Iterator[Simulator]:
    with Simulator(speed=10) as one:
        yield one


@pytest.fixture
def program(gateway: Simulator, tmp_path: Path) -> Program:
    return program_for(gateway, tmp_path / "data")
