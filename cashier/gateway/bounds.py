"""What a call may take, and what it brings back: apart from the transport, which takes long to import."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from cashier.gateway.outcomes import NotSent, Unclear


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


class Post(Protocol):
    """What carries requests: `cashier.gateway.transport.Transport` over sockets, another one in tests."""

    def post(self, url: str, body: bytes, content_type: str, total: float) -> RawAnswer | NotSent | Unclear:
        """Sends `body` once, within `total` seconds in all. Never raises for what the network does."""
        ...

    def close(self) -> None:
        """Ends the calls under way."""
        ...
