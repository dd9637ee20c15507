"""How much of a file is read at most, counted while it is read, and how somebody follows or stops the reading."""

from collections.abc import Callable
from dataclasses import dataclass

from cashier.errors import WrongInput

# What Excel itself can hold.
LAST_ROW = 1_048_576
LAST_COLUMN = 16_384
MOST_LETTERS = 131_072
CHUNK = 65_536

# Called with the bytes that were read and all bytes there are, now and then; raises Stopped to end the reading.
Watch = Callable[[int, int], None]


class Stopped(Exception):
    """Somebody stopped the reading."""


@dataclass(frozen=True)
class Bounds:
    """The most of each thing that is read."""

    file_bytes: int = 20_000_000
    unpacked_bytes: int = 200_000_000
    parts: int = 5_000  # files inside a spreadsheet
    sheets: int = 1_000
    cells: int = 3_000_000
    strings: int = 1_000_000
    letters: int = 60_000_000  # of all shared strings together
    styles: int = 100_000
    lines: int = LAST_ROW


class TooMuch(WrongInput):
    """The file is beyond a bound, which the sentence names."""

    def __init__(self, name: str, what: str) -> None:
        super().__init__(f"{name} has more than {what}.", "Copy the rows into a new file, or split it into several.")


def unwatched(_done: int, _whole: int) -> None:
    """Nobody follows the reading."""
