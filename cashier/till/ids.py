"""Ids of transactions: a ULID of ours, never used again (protocol: at most 40 of `A-Z a-z 0-9 -`)."""

import secrets
from collections.abc import Callable
from datetime import datetime


def new_id(now: datetime, random_bits: Callable[[int], int] = secrets.randbits) -> str:
    """A ULID: milliseconds of `now` (UTC) and 80 random bits, 26 characters."""
    from ulid import ULID  # costs 80 ms to import: not before the window is painted

    milliseconds = int(now.timestamp() * 1000)
    return str(ULID.from_bytes(milliseconds.to_bytes(6, "big") + random_bits(80).to_bytes(10, "big")))
