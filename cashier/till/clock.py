"""The clock of the machine."""

import time
from datetime import UTC, datetime


class SystemClock:
    """Wall time in UTC and the monotonic clock of this computer."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()
