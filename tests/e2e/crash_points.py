"""Where a till can die: named points between any two steps of a transaction, each hit once, as by kill -9."""

import os
import signal
from collections.abc import Callable
from typing import Any

from cashier.assembly import RunningTill
from cashier.gateway.client import Client
from cashier.gateway.outcomes import Outcome

BEFORE_THE_COMMIT, INSIDE_THE_COMMIT, BEFORE_SENDING = "before the commit", "inside the commit", "before sending"
AFTER_THE_ANSWER, INSIDE_SETTLING, WHILE_ASKING = "after the answer", "inside settling", "while asking"
AFTER_THE_END = "after the end"
POINTS = (
    *(BEFORE_THE_COMMIT, INSIDE_THE_COMMIT, BEFORE_SENDING, AFTER_THE_ANSWER),
    *(INSIDE_SETTLING, WHILE_ASKING, AFTER_THE_END),
)
# These need a start, or an end, in which there is something to do.
INSIDE_RECOVERY, WHILE_CLOSING = "inside recovery", "while closing"


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class MortalClient(Client):
    """The real client, in a process that ends at a named point around its calls."""

    point = ""

    def _mortal(self, send: Callable[..., Outcome], asked: Any, before: str | None, after: str) -> Outcome:
        if self.point == before:
            die()
        outcome = send(**asked)
        if self.point == after:
            die()
        return outcome

    def request_payment(self, **asked: Any) -> Outcome:
        return self._mortal(super().request_payment, asked, BEFORE_SENDING, AFTER_THE_ANSWER)

    def request_payout(self, **asked: Any) -> Outcome:
        return self._mortal(super().request_payout, asked, BEFORE_SENDING, AFTER_THE_ANSWER)

    def status(self, **asked: Any) -> Outcome:
        return self._mortal(super().status, asked, None, WHILE_ASKING)

    def close(self) -> None:
        if self.point == WHILE_CLOSING:
            die()
        super().close()


def arm_for_the_start(running: RunningTill, point: str) -> None:
    """Before `start`."""
    if point == INSIDE_RECOVERY:
        _die_inside_write(running, 1)


def arm(running: RunningTill, point: str) -> None:
    """After `start`, before the first sale."""
    if point == BEFORE_THE_COMMIT:
        running.ledger.create = lambda *_, **__: die()  # type: ignore[assignment, method-assign]
    elif point == INSIDE_THE_COMMIT:
        _die_inside_write(running, 1)
    elif point == INSIDE_SETTLING:
        _die_inside_write(running, 2)
    elif point == AFTER_THE_END:
        running.till.subscribe(lambda change: die() if change.became_final else None)


def _die_inside_write(running: RunningTill, number: int) -> None:
    """Dies when everything of the n-th transaction is written and nothing committed."""
    write = running.ledger.write
    left = [number]

    def mortal(work: Callable[..., Any]) -> Any:
        left[0] -= 1
        if left[0]:
            return write(work)

        def to_the_end(pen: Any) -> None:
            work(pen)
            die()

        return write(to_the_end)

    running.ledger.write = mortal  # type: ignore[method-assign]
