"""Signing: docs/gateway.md, section "Signing"."""

import hashlib
from datetime import UTC, datetime


def timestamp(moment: datetime) -> str:
    """`moment` (aware) as the gateway wants it: UTC, `yyyymmddhhmmss`."""
    return moment.astimezone(UTC).strftime("%Y%m%d%H%M%S")


def digest(username: str, accountno: str, partner_password: str, stamp: str) -> str:
    """The `password` of one request: lowercase hex SHA-256 of the four texts, as they are, in UTF-8."""
    return hashlib.sha256((username + accountno + partner_password + stamp).encode()).hexdigest()
