"""Rows and evidence for tests of the pure rules."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from cashier.domain.events import Decision
from cashier.domain.evidence import Evidence, Meaning, Source
from cashier.domain.states import Kind, State
from cashier.domain.transaction import Transaction
from cashier.till.rules import CODES

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)

ROW = Transaction(
    id="01HZZZZZZZZZZZZZZZZZZZZZZZ",
    number="T1-000001",
    kind=Kind.PAYMENT,
    phone="250788123456",
    amount=1500,
    state=State.CREATED,
    review=None,
    response_code=None,
    message=None,
    gateway_transaction_id=None,
    operator_reference=None,
    reference=None,
    reason=None,
    fee=False,
    accepted=False,
    hidden=False,
    created_at=NOW,
    decided_at=None,
    version=1,
)


def row(**changes: Any) -> Transaction:
    return replace(ROW, **changes)


def direct(meaning: Meaning, **more: Any) -> Evidence:
    return Evidence(Source.SUBMIT, meaning, **{"answered": True, **more})


def status(meaning: Meaning, **more: Any) -> Evidence:
    return Evidence(Source.STATUS, meaning, **{"answered": True, **more})


def mark_of(made: Decision) -> str | None:
    """The mark that `made` gives, as the rules name it: without the figures that its sentence may hold."""
    return next((mark for mark, code in CODES.items() if made.data.get("mark") == code), made.review)
