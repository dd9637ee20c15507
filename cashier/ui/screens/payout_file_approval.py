"""Approves a list of payouts from a file on a worker, as its page says."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cashier.till.payout_rows import PayoutList
    from cashier.till.payout_run import PayoutRuns
    from cashier.till.till import Till


@dataclass(frozen=True)
class Approval:
    """What stood on the page when it was approved. `repeated` rows go out once more."""

    name: str
    again: bool
    hidden: bool
    repeated: int
    fee: bool


def approve(runs: "PayoutRuns", till: "Till", found: "PayoutList", wishes: Approval, change_told: bool) -> str:
    """On a worker: one commit keeps the list, then its first row is begun.

    Returns what to say where the file has changed and nobody was told: then nothing is done.
    """
    from cashier.till.payout_file import change_of

    change = "" if change_told else change_of(found.path, found.content_hash)
    if not change:
        new = found.to_approve(
            till.new_id(), wishes.name, till.new_id, again=wishes.again, hidden=wishes.hidden, fee=wishes.fee
        )
        runs.approve(new, again=wishes.repeated)
        runs.go_on()
    return change
