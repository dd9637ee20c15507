"""What a call may take, and what it brings back: apart from the transport, which takes long to import."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Bounds:
    """Seconds for one connection, one read; bytes of one answer."""

    connect: float = 5.0
    read: float = 70.0
    body: int = 64 * 1024


@dataclass(frozen=True)
class RawAnswer:
    """What came back: bytes, not yet read."""

    http_status: int
    content_type: str
    body: bytes
    date: datetime | None
    elapsed: float
