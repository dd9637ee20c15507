"""What the till is given from outside, so that the whole of it runs on threads or on virtual time alike."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from cashier.domain.states import Kind
from cashier.gateway.outcomes import Outcome


class Clock(Protocol):
    """Wall clock for people and records, monotonic clock for every wait."""

    def now(self) -> datetime:
        """UTC, aware."""
        ...

    def monotonic(self) -> float:
        """Seconds since some moment; never steps."""
        ...


class Timer(Protocol):
    """A call that waits for its time."""

    def cancel(self) -> None:
        """Forgets the call, unless it has begun."""
        ...


class Scheduler(Protocol):
    """Calls short functions at a time of the monotonic clock, one after another."""

    def call_at(self, when: float, work: Callable[[], None]) -> Timer:
        """Calls `work` at `when` (monotonic seconds) or as soon after as it can."""
        ...


class Lane(Protocol):
    """Workers that run long functions, such as one call to the gateway."""

    def submit(self, work: Callable[[], None]) -> None:
        """Has `work` run by the next free worker."""
        ...


class Gateway(Protocol):
    """IntouchPay as the till needs it; `cashier.gateway.client.Client` is the real one.

    No call raises for what the network or the gateway does: every end is an outcome.
    """

    def request_payment(self, *, id: str, phone: str, amount: int, callback_url: str | None = None) -> Outcome:
        """docs/gateway.md, section "Requests"; `amount` in RWF."""
        ...

    def request_payout(
        self,
        *,
        id: str,
        phone: str,
        amount: int,
        fee: bool = False,
        reason: str | None = None,
        service_id: str | None = None,
        callback_url: str | None = None,
    ) -> Outcome:
        """docs/gateway.md, section "Requests"; `amount` in RWF."""
        ...

    def status(self, *, id: str, kind: Kind, gateway_transaction_id: str | None) -> Outcome:
        """docs/gateway.md, section "Requests"."""
        ...

    def balance(self) -> Outcome:
        """docs/gateway.md, section "Answers"."""
        ...

    def close(self) -> None:
        """Ends the calls in flight, each with an outcome."""
        ...
