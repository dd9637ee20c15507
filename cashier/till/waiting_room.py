"""Evidence that the ledger could not take, in memory until it can."""

from dataclasses import dataclass, replace

from cashier.domain.evidence import Evidence


@dataclass(frozen=True)
class Waiting:
    """One finding about the row `id`. `came` is in seconds of the monotonic clock."""

    id: str
    evidence: Evidence
    trigger: str | None
    came: float


class WaitingRoom:
    """Per row in the order it came: what decides never gives way to what says less, or came later.

    Only where the same is said twice in a row, the later one stands for both: a full disk lasts, and polling goes on.
    """

    def __init__(self) -> None:
        self._rows: dict[str, list[Waiting]] = {}

    def __bool__(self) -> bool:
        return bool(self._rows)

    def add(self, one: Waiting) -> None:
        """Takes one in, as the last about its row."""
        there = self._rows.setdefault(one.id, [])
        if there and _says(there[-1].evidence) == _says(one.evidence):
            there.pop()
        there.append(one)

    def first(self, id: str | None = None) -> Waiting | None:
        """The first to be written about the row `id`, or about any row; None when there is nothing."""
        there = next(iter(self._rows.values()), None) if id is None else self._rows.get(id)
        return there[0] if there else None

    def written(self, one: Waiting) -> None:
        """Lets go what `first` gave."""
        there = self._rows[one.id]
        there.remove(one)
        if not there:
            del self._rows[one.id]


def _says(evidence: Evidence) -> Evidence:
    """What it says of the transaction, without its words."""
    return replace(evidence, message=None, advice=None, detail=None, http_status=None)
