"""The gateway's truth: transactions, the balance that moves with them, and the book of everything that happened."""

import itertools
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from cashier.simulator.numbers import End

MINIMUM, MAXIMUM = 100, 2_000_000
# What the receiver pays to withdraw, added to a payout on wish: (up to this amount, fee), in RWF.
_FEES = ((1_000, 20), (5_000, 100), (20_000, 250), (150_000, 600), (1_000_000, 1_200), (MAXIMUM, 2_500))
_STATES = {End.PAID: "successful", End.NO_MONEY: "failed", End.DECLINED: "failed", End.LAPSED: "failed"}


def withdrawal_fee(amount: int) -> int:
    """The fee for withdrawing `amount` RWF."""
    return next(fee for limit, fee in _FEES if amount <= limit)


def iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass
class Entry:
    """One transaction as the gateway knows it. `down_until` and `ends_at` are seconds of the monotonic clock."""

    id: str
    gateway_id: str
    kind: Literal["payment", "payout"]
    phone: str
    amount: int
    callback_url: str | None
    end: End
    ends_at: float
    created_at: datetime
    callbacks: int = 1
    fee: int = 0
    state: str = "pending"
    code: str | None = None
    decided_at: datetime | None = None
    reference: str | None = None

    def as_dict(self) -> dict[str, Any]:
        return {
            "requesttransactionid": self.id,
            "transactionid": self.gateway_id,
            "kind": self.kind,
            "phone": self.phone,
            "amount": self.amount,
            "state": self.state,
            "code": self.code,
            "referenceid": self.reference,
            "created_at": iso(self.created_at),
            "decided_at": iso(self.decided_at) if self.decided_at else None,
        }


class Bank:
    """Transactions and balance. Every method takes the one lock for a moment; `changed` tells waiting tests."""

    def __init__(self, balance: int) -> None:
        self.changed = threading.Condition()
        self._balance = balance
        self._entries: dict[str, Entry] = {}
        self._requests: list[dict[str, Any]] = []
        self._callbacks: list[dict[str, Any]] = []
        # Ids grow with the time of day, so that a later run never repeats one.
        self._ids = itertools.count(time.time_ns() // 1000)

    @property
    def balance(self) -> int:
        return self._balance

    def find(self, id: str) -> Entry | None:
        return self._entries.get(id)

    def open_entries(self) -> list[Entry]:
        return [entry for entry in self._entries.values() if entry.state == "pending"]

    def next_id(self) -> str:
        return str(next(self._ids))

    def take(self, entry: Entry) -> None:
        """A request was accepted. A payout's money is set aside at once."""
        with self.changed:
            self._entries[entry.id] = entry
            if entry.kind == "payout":
                self._balance -= entry.amount + entry.fee
            self.changed.notify_all()

    def settle(self, entry: Entry, end: End, now: datetime) -> None:
        """The end of a transaction, once; money moves with it."""
        with self.changed:
            if entry.state != "pending":
                return
            entry.state = _STATES[end]
            entry.decided_at = now
            if entry.state == "successful":
                entry.code = "01" if entry.kind == "payment" else "2001"
                entry.reference = str(next(self._ids))
                if entry.kind == "payment":
                    self._balance += entry.amount
            else:
                entry.code = "1005" if end is End.NO_MONEY else None
                if entry.kind == "payout":
                    self._balance += entry.amount + entry.fee
            self.changed.notify_all()

    def note_request(self, request: dict[str, Any]) -> dict[str, Any]:
        with self.changed:
            request["n"] = len(self._requests) + 1
            self._requests.append(request)
            self.changed.notify_all()
        return request

    def note_callback(self, callback: dict[str, Any]) -> None:
        with self.changed:
            self._callbacks.append(callback)
            self.changed.notify_all()

    def book(self) -> dict[str, Any]:
        """The truth of everything, as plain data."""
        with self.changed:
            return {
                "balance": self._balance,
                "requests": [dict(request) for request in self._requests],
                "transactions": [entry.as_dict() for entry in self._entries.values()],
                "callbacks": [dict(callback) for callback in self._callbacks],
            }
