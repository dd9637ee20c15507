"""Scripted faults: what a test has the gateway do wrong, and to which request."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

REMOVE = object()


@dataclass(frozen=True)
class Fault:
    """Meets a request by function, phone and our id (None: any), skips the first `after`, then strikes `times` times.

    The request is taken by the gateway unless `take` is false. Then, of what is given: it comes into effect only
    `arrive_after` seconds later with the connection cut at once; the answer waits `stall` seconds; `cut` closes the
    connection without an answer, `reset` breaks it; `status` and `body`, `content_type`, `headers`, `fields` (values
    put into the JSON answer, REMOVE takes one out) and `code` (an answer with this code) change the answer;
    `claim_length` lies about its length; `drip` sends one byte each so many seconds. Seconds are real ones.
    """

    function: str | None = None
    phone: str | None = None
    id: str | None = None
    after: int = 0
    times: int = 1
    take: bool = True
    arrive_after: float | None = None
    stall: float = 0.0
    cut: bool = False
    reset: bool = False
    status: int | None = None
    body: bytes | None = None
    content_type: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, Any] = field(default_factory=dict)
    code: str | None = None
    claim_length: int | None = None
    drip: float | None = None


class Script:
    """The faults still to come."""

    def __init__(self) -> None:
        self._waiting: list[list[Any]] = []

    def add(self, fault: Fault) -> None:
        self._waiting.append([fault, fault.after, fault.times])

    def clear(self) -> None:
        self._waiting.clear()

    def strike(self, function: str, phone: str | None, id: str | None) -> Fault | None:
        """The fault that meets this request, if any."""
        for waiting in self._waiting:
            fault: Fault = waiting[0]
            if fault.function not in (None, function) or fault.phone not in (None, phone) or fault.id not in (None, id):
                continue
            if waiting[1] > 0:
                waiting[1] -= 1
                continue
            waiting[2] -= 1
            if waiting[2] <= 0:
                self._waiting.remove(waiting)
            return fault
        return None
