"""A practice gateway in a hurry."""

from collections.abc import Iterator

import pytest

from cashier.simulator import Simulator


@pytest.fixture
def gateway() -> Iterator[Simulator]:
    with Simulator(speed=20) as one:
        yield one
