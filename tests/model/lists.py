"""What must hold of lists of payouts, of refunds and after a restore: nothing leaves without a person's press."""

from typing import TYPE_CHECKING

from cashier.domain.transaction import CLOSED
from tests.model.ledger_watch import Seen

if TYPE_CHECKING:
    from tests.model.invariants import Watch

_FINAL = ("successful", "failed")


class ListWatch:
    """The lists of every computer, and which ledgers wait for a signature."""

    def __init__(self, watch: "Watch") -> None:
        self._watch = watch
        self._lists: dict[str, list[str]] = {}
        self._till: dict[str, int] = {}
        self._locked: set[int] = set()
        self._older: set[int] = set()

    def approved(self, till: int, ids: list[str]) -> None:
        for id in ids:
            self._lists[id] = ids
            self._till[id] = till

    def restored(self, till: int) -> None:
        self._locked.add(till)

    def signed(self, till: int) -> None:
        self._locked.discard(till)

    def replaced(self, till: int) -> None:
        """Somebody put an older folder in place behind the program's back: it cannot know what it sent since."""
        self._older.add(till)

    def may_repeat(self, id: str) -> bool:
        """Whether `id` may go out again: only the id itself, which the gateway knows, tells the two apart."""
        return self._till.get(id) in self._older

    def sending(self, till: int, row: Seen) -> None:
        """Just before a payout leaves."""
        if till in self._locked:
            self._watch.broken("restore", f"{row.id} leaves before anybody signed for the restored ledger")
        ids = self._lists.get(row.id)
        if ids is None:
            return
        if not self._watch.world.computers[till].pressed_go_on:
            self._watch.broken("list", f"{row.id} leaves though nobody pressed Go on since the start")
        for other in ids:
            before = None if other == row.id else self._watch.ledgers[till].row(other)
            if before is not None and before.state not in _FINAL and not _closed(before):
                self._watch.broken("list", f"{row.id} leaves while {other} is {before.state}")

    def refund(self, till: int, row: Seen) -> None:
        """A refund has changed: with the others of its payment it is not above what was paid."""
        paid, phone, given = self._watch.ledgers[till].refunds_of(str(row.refund_of))
        if given > paid:
            self._watch.broken("refund", f"{given} RWF are given back of {paid}")
        if row.phone != phone:
            self._watch.broken("refund", f"{row.id} goes to another phone than the payment came from")


def _closed(row: Seen) -> bool:
    return row.review is not None and row.review.startswith(CLOSED)
