"""The hash chain over the events: each carries the hash of the one before, so nothing can be altered unseen."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime


def time_text(moment: datetime) -> str:
    """UTC with microseconds, always of the same width, so that text sorts as time does."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def from_text(text: str) -> datetime:
    """What `time_text` wrote."""
    return datetime.fromisoformat(text)


def data_text(data: Mapping[str, object]) -> str:
    """One JSON text for one content: sorted keys, no spaces."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def genesis(environment: str, accountno: str, install_id: str) -> str:
    """The hash before the first event of a ledger."""
    return _hash(["cashier ledger", environment, accountno, install_id])


def link(
    previous: str, sequence: int, transaction_id: str, at: str, event: str, source: str, state: str, data: str
) -> str:
    """The hash of one event."""
    return _hash([previous, sequence, transaction_id, at, event, source, state, data])


def _hash(parts: list[object]) -> str:
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()
