"""What can be written inside one transaction of the ledger: rows, events, and the hash chain over them."""

import json
import sqlite3
from collections.abc import Callable
from datetime import datetime

from cashier.domain.events import Change, Decision, Event
from cashier.domain.money import format_amount
from cashier.domain.refund import left_to_refund, may_be_refunded
from cashier.domain.states import Kind, State, may_move
from cashier.domain.transaction import NewTransaction, Transaction
from cashier.ledger import rows
from cashier.ledger.chain import data_text, from_text, genesis, link, time_text
from cashier.ledger.errors import (
    AlreadyBegun,
    ForbiddenMove,
    MoreThanLeft,
    NothingLeft,
    NotPaid,
    OpenAlready,
    PayoutsLocked,
    SameAgain,
)
from cashier.ledger.identity import Identity
from cashier.ledger.reader import OPEN
from cashier.ledger.restored import locked_sentence, unsigned_restores
from cashier.ledger.results import Created, Facts, Settled


class Pen:
    """Handed to `Ledger.write` for one transaction and useless after it. Raises sqlite3.Error beside what is named."""

    def __init__(self, connection: sqlite3.Connection, identity: Identity, now: datetime) -> None:
        self.connection = connection
        self.at = time_text(now)
        self.last: Event | None = None
        self.last_position: int | None = None
        self._identity = identity

    def create(self, new: NewTransaction, *, not_while_open: bool, not_same_since: datetime | None) -> Created:
        """Writes `new` as `created`. Raises what `Ledger.create` names."""
        if new.kind is Kind.PAYOUT:
            restores = unsigned_restores(self.connection)
            if restores:
                raise PayoutsLocked(locked_sentence(restores))
        self._refuse_twice(new, not_while_open, not_same_since)
        if new.refund_of is not None:
            self._refuse_too_much(new, new.refund_of)
        position = rows.highest_position(self.connection) + 1
        fields = {
            "id": new.id,
            "number": f"T{self._identity.till_number}-{position:06d}",
            "action_id": new.action_id,
            "kind": new.kind.value,
            "phone": new.phone,
            "amount": new.amount,
            "reference": new.reference,
            "reason": new.reason,
            "fee": int(new.fee),
            "created_at": self.at,
            "state": State.CREATED.value,
            "refund_of": new.refund_of,
        }
        self.connection.execute(
            f"INSERT INTO transactions (position, {', '.join(fields)}) VALUES (?{', ?' * len(fields)})",  # noqa: S608  # names of our own
            (position, *fields.values()),
        )
        written = self.append(new.id, "created", "till", State.CREATED, {**fields, "fee": new.fee})
        row = rows.get(self.connection, new.id)
        self.last_position = position
        return Created(row, Change(row, None, written.sequence))

    def settle(self, id: str, decide: Callable[[Transaction, Facts], Decision | None]) -> Settled:
        """Has `decide` judge the row and writes event and row. Raises KeyError, ForbiddenMove."""
        before = rows.get(self.connection, id)

        def checks() -> int:
            found = self.connection.execute(
                "SELECT count(*) FROM events WHERE transaction_id = ? AND source = 'status'"
                " AND json_extract(data, '$.answered')",
                (id,),
            )
            count: int = found.fetchone()[0]
            return count

        def other(gateway_id: str) -> Transaction | None:
            where = "kind = ? AND gateway_transaction_id = ? AND id <> ?"
            return rows.first(self.connection, where, before.kind.value, gateway_id, id)

        def told() -> frozenset[str]:
            found = self.connection.execute(
                "SELECT json_extract(data, '$.changed.review'), json_extract(data, '$.alarm'),"
                " json_extract(data, '$.mark') FROM events WHERE transaction_id = ?",
                (id,),
            )
            return frozenset(text for row in found for text in tuple(row) if text is not None)

        decision = decide(before, Facts(checks, other, told))
        if decision is None:
            return Settled(before, before, None, None)
        state = decision.state or before.state
        if state is not before.state and not may_move(before.state, state):
            raise ForbiddenMove(f"{before.state} cannot become {state}")
        changed = _differences(before, decision, state, self.at)
        written = self.append(id, decision.event, decision.source, state, {**decision.data, "changed": changed})
        if "review" in changed:
            changed = {**changed, "review_at": self.at}  # the event says so by its own time
        sets = "".join(f"{name} = ?, " for name in changed)
        self.connection.execute(
            f"UPDATE transactions SET {sets}version = version + 1 WHERE id = ?",  # noqa: S608  # names of our own
            (*(int(v) if isinstance(v, bool) else v for v in changed.values()), id),
        )
        after = rows.get(self.connection, id)
        return Settled(after, before, written, Change(after, before, written.sequence) if changed else None)

    def append(self, id: str, name: str, source: str, state: State, data: dict[str, object]) -> Event:
        """Writes one event about the transaction `id` and chains it to the one before."""
        return self._chain(id, name, source, state, data)

    def note(self, name: str, source: str, data: dict[str, object]) -> Event:
        """Writes one event about the ledger itself and chains it like the others."""
        return self._chain(None, name, source, None, data)

    def _chain(self, id: str | None, name: str, source: str, state: State | None, data: dict[str, object]) -> Event:
        last = self.connection.execute("SELECT sequence, hash FROM events ORDER BY sequence DESC LIMIT 1").fetchone()
        me = self._identity
        previous = last["hash"] if last else genesis(me.account.environment, me.account.accountno, me.install_id)
        sequence = last["sequence"] + 1 if last else 1
        text = data_text(data)
        told = (sequence, id, self.at, name, source, None if state is None else state.value, text)
        hash = link(previous, *told)
        self.connection.execute(
            f"INSERT INTO events ({rows.EVENT_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608  # names of our own
            (*told, hash),
        )
        # As it would be read again: nothing of `data` that its owner may change later.
        self.last = Event(sequence, id, from_text(self.at), name, source, state, json.loads(text), hash)
        return self.last

    def _refuse_twice(self, new: NewTransaction, not_while_open: bool, not_same_since: datetime | None) -> None:
        if new.action_id is not None:
            begun = rows.first(self.connection, "action_id = ?", new.action_id)
            if begun is not None:
                raise AlreadyBegun(f"This was begun already as {begun.number}.", begun)
        if not_while_open:
            there = rows.first(self.connection, f"phone = ? AND kind = ? AND {OPEN}", new.phone, new.kind.value)
            if there is not None:
                raise OpenAlready(f"{there.number} to this phone is still open.", there)
        if not_same_since is not None:
            # Not one of the future, which a clock that was put back leaves behind, and not one that failed.
            where = (
                "phone = ? AND kind = ? AND amount = ? AND created_at >= ? AND created_at <= ? AND state <> 'failed'"
            )
            same = (new.phone, new.kind.value, new.amount, time_text(not_same_since), self.at)
            there = rows.first(self.connection, where, *same)
            if there is not None:
                raise SameAgain(f"The same phone and amount was charged just now as {there.number}.", there)

    def _refuse_too_much(self, new: NewTransaction, payment_id: str) -> None:
        payment = rows.first(self.connection, "id = ?", payment_id)
        if payment is None or not may_be_refunded(payment):
            raise NotPaid("Only a payment that was paid can be refunded, and this one is not.")
        left = left_to_refund(payment, rows.all_of(self.connection, "refund_of = ?", payment_id))
        if left <= 0:
            raise NothingLeft(f"Nothing is left to refund of {payment.number}.")
        if new.amount > left:
            raise MoreThanLeft(f"Of {payment.number} {format_amount(left)} is left to refund.", left)


# What explains a state is replaced together with it, also by nothing.
_OF_THE_STATE = frozenset({"response_code", "message"})


def _differences(before: Transaction, decision: Decision, state: State, at: str) -> dict[str, object]:
    """The columns that really change, with their new values."""
    wanted: dict[str, object] = {
        "state": None if state is before.state else state.value,
        "decided_at": at if state is not before.state and state in (State.SUCCESSFUL, State.FAILED) else None,
        "review": decision.review,
        "response_code": decision.response_code,
        "message": decision.message,
        "gateway_transaction_id": decision.gateway_transaction_id,
        "operator_reference": decision.operator_reference,
        "accepted": decision.accepted,
        "hidden": decision.hidden,
    }
    moved = state is not before.state
    changed = {
        name: value
        for name, value in wanted.items()
        if value != getattr(before, name) and (value is not None or (moved and name in _OF_THE_STATE))
    }
    if decision.alarm is not None and (decision.alarm or None) != before.alarm:
        changed["alarm"] = decision.alarm or None
    return changed
