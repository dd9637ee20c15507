"""The states of a transaction and the moves between them (docs/decisions/one-door.md)."""

from collections.abc import Mapping
from enum import StrEnum


class Kind(StrEnum):
    """Which way the money goes: a payment comes in, a payout goes out."""

    PAYMENT = "payment"
    PAYOUT = "payout"


class State(StrEnum):
    """Where a transaction stands. `created` is durable and nothing is proven; the last two never change."""

    CREATED = "created"
    PENDING = "pending"
    UNKNOWN = "unknown"
    SUCCESSFUL = "successful"
    FAILED = "failed"


FINAL = frozenset({State.SUCCESSFUL, State.FAILED})

ALLOWED_MOVES: Mapping[State, frozenset[State]] = {
    State.CREATED: frozenset({State.PENDING, State.UNKNOWN, State.SUCCESSFUL, State.FAILED}),
    State.PENDING: frozenset({State.UNKNOWN, State.SUCCESSFUL, State.FAILED}),
    State.UNKNOWN: frozenset({State.PENDING, State.SUCCESSFUL, State.FAILED}),
    State.SUCCESSFUL: frozenset(),
    State.FAILED: frozenset(),
}


def may_move(old: State, new: State) -> bool:
    """Whether the table allows `old` to become `new`; staying where one is counts as no move."""
    return new in ALLOWED_MOVES[old]
