"""A gateway in memory for tests of the till under virtual time, held to the real client by the contract suite."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from cashier.domain.states import Kind
from cashier.gateway.outcomes import (
    Answer,
    Answered,
    Function,
    NotSent,
    NotSentReason,
    Outcome,
    Unclear,
    UnclearReason,
)


@dataclass
class Known:
    """A transaction as the fake knows it: `end` is a code, or None while it waits."""

    id: str
    kind: Kind
    phone: str
    amount: int
    gateway_id: str
    end: str | None = None


@dataclass
class FakeGateway:
    """Takes everything, answers pending, and settles when a test says so. Outcomes put in `next_*` come first."""

    known: dict[str, Known] = field(default_factory=dict)
    calls: list[tuple[str, str]] = field(default_factory=list)
    next_submission: deque[Outcome] = field(default_factory=deque)
    next_status: deque[Outcome] = field(default_factory=deque)
    while_sending: Callable[[str], None] | None = None
    money: int = 1_000_000
    closed: bool = False

    def request_payment(self, *, id: str, phone: str, amount: int, callback_url: str | None = None) -> Outcome:
        return self._submit(Function.PAYMENT, Known(id, Kind.PAYMENT, phone, amount, str(len(self.calls) + 100)))

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
        entry = Known(id, Kind.PAYOUT, phone, amount, str(len(self.calls) + 100), end="2001")
        return self._submit(Function.PAYOUT, entry)

    def status(self, *, id: str, kind: Kind, gateway_transaction_id: str | None) -> Outcome:
        self.calls.append(("status", id))
        if self.closed:
            return unsent()
        if self.next_status:
            return self.next_status.popleft()
        entry = self.known.get(id)
        if entry is None:
            return refused(Function.STATUS, "3100")
        if entry.end is None:
            return answered(Function.STATUS, "1000", success=True, status="Pending")
        done = entry.end in ("01", "2001")
        return answered(Function.STATUS, entry.end, success=done, status="Successfully" if done else "Failed")

    def balance(self) -> Outcome:
        self.calls.append(("balance", ""))
        if self.closed:
            return unsent()
        return Answered(Answer(Function.BALANCE, success=True, balance=f"{self.money}.0"), 200, 0.01)

    def close(self) -> None:
        self.closed = True

    def end(self, id: str, code: str) -> None:
        """The customer has answered."""
        self.known[id].end = code

    def sent(self, id: str | None = None) -> list[str]:
        """The ids submitted, or how often `id` was."""
        return [one for what, one in self.calls if what == "submit" and id in (None, one)]

    def asked(self, id: str) -> int:
        """How many status calls there were about `id`."""
        return self.calls.count(("status", id))

    def _submit(self, function: Function, entry: Known) -> Outcome:
        self.calls.append(("submit", entry.id))
        if self.closed:
            return unsent()
        if self.while_sending is not None:
            self.while_sending(entry.id)
        if self.next_submission:
            return self.next_submission.popleft()
        if entry.id in self.known:
            return refused(function, "2400" if entry.kind is Kind.PAYMENT else "1110")
        self.known[entry.id] = entry
        if entry.end is not None:
            return answered(function, entry.end, success=True, request_id=entry.id)
        return answered(
            function,
            "1000",
            success=True,
            request_id=entry.id,
            gateway_transaction_id=entry.gateway_id,
            status="Pending",
        )


def answered(function: Function, code: str | None, http: int = 200, **more: object) -> Answered:
    return Answered(Answer(function, code=code, **more), http, 0.01)  # type: ignore[arg-type]  # as the test says


def refused(function: Function, code: str) -> Answered:
    return answered(function, code, success=False)


def unclear(reason: UnclearReason = UnclearReason.TIMEOUT) -> Unclear:
    return Unclear(reason, "The gateway did not answer in time.", "", 15.0)


def unsent() -> NotSent:
    return NotSent(NotSentReason.REFUSED, "The gateway cannot be reached.", "", 0.0)
