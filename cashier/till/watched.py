"""One row that is asked about, as the poller keeps it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from cashier.domain.transaction import Transaction
from cashier.till.cadence import is_over, pause_for

POLL = "poll"
Done = Callable[[], None]


@dataclass
class Watched:
    """Monotonic times: `since` of its sending, `marked` of its mark or closing, `due` of its next call.

    With `on_word` it stays when it is past its time.
    """

    row: Transaction
    since: float
    marked: float
    due: float = float("inf")
    on_word: bool = False
    why: str = POLL
    last_hint: float = float("-inf")
    asking: bool = False
    again: str | None = None
    done: list[Done] = field(default_factory=list)

    @classmethod
    def since_then(cls, row: Transaction, age: float, now: float, today: datetime, *, on_word: bool) -> "Watched":
        """A row that was sent `age` seconds ago. `now` is monotonic, `today` what the clock shows."""
        held = age if row.review_at is None else max(0.0, (today - row.review_at).total_seconds())
        return cls(row, since=now - age, marked=now - held, on_word=on_word)

    def take(self, row: Transaction, now: float) -> None:
        """The row as it stands now, unless this one is newer."""
        if row.version >= self.row.version:
            if row.review != self.row.review:
                self.marked = now
            self.row = row

    def wait(self, now: float, today: datetime) -> float | None:
        """Seconds until the next call, without jitter; None when nothing is asked any more, infinite until a word."""
        wait = pause_for(self.row, now - self.since, today, now - self.marked)
        return float("inf") if wait is None and self.on_word and not is_over(self.row) else wait
