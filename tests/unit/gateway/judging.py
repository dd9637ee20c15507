"""From the bytes of an answer to what becomes of a row: the real client's reading, meaning and rules, no socket."""

from dataclasses import dataclass
from datetime import UTC, datetime

from cashier.domain.evidence import Source
from cashier.domain.states import Kind, State
from cashier.domain.transaction import Transaction
from cashier.gateway.bounds import RawAnswer
from cashier.gateway.client import Client
from cashier.gateway.meaning import evidence
from cashier.gateway.outcomes import Function
from cashier.gateway.profile import Profile, Secret
from cashier.till.rules import Tally, decide
from tests.unit.till.rows import NOW, mark_of


@dataclass(frozen=True)
class Becomes:
    """State and review mark of a row that was `created` (asked directly) or `unknown` (by a status call)."""

    state: State
    review: str | None = None


class _Canned:
    """A transport that brings what it was given; `test_wire.py` shows the real one."""

    raw: RawAnswer

    def post(self, *_: object) -> RawAnswer:
        return self.raw

    def close(self) -> None:
        pass


CANNED = _Canned()
CLIENT = Client(Profile("https://gateway.example.com/", "u", "25", Secret("p")), now=lambda: datetime.now(UTC))
CLIENT._made = CANNED


def judge(row: Transaction, source: Source, body: bytes, http: int, tally: Tally | None = None) -> Becomes:
    """What becomes of `row` when this answer comes, by reading, meaning and rules."""
    CANNED.raw = RawAnswer(http, "application/json", body, None, 0.1)
    if source is Source.STATUS:
        function = Function.STATUS
        outcome = CLIENT.status(id=row.id, kind=row.kind, gateway_transaction_id=row.gateway_transaction_id)
    elif row.kind is Kind.PAYMENT:
        function = Function.PAYMENT
        outcome = CLIENT.request_payment(id=row.id, phone=row.phone, amount=row.amount)
    else:
        function = Function.PAYOUT
        outcome = CLIENT.request_payout(id=row.id, phone=row.phone, amount=row.amount)
    found = evidence(function, row.kind, source, outcome)
    made = decide(row, found, tally=tally or Tally(), checks=0, now=NOW, clash=False)
    return Becomes(made.state or row.state, mark_of(made) or row.review)
