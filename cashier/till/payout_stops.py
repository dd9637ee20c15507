"""When a list of payouts goes no further, and the sentence that says why."""

from collections.abc import Callable, Iterable

from cashier.domain.events import Event
from cashier.domain.payout_run import RunLine
from cashier.domain.states import State
from cashier.domain.transaction import Transaction
from cashier.gateway.codes import AUTHENTICATION

# Refusals that are about our account, so that the next line would get the same.
OF_THE_ACCOUNT = frozenset(
    {*AUTHENTICATION, "1101", "1106", "1107", "1108", "2003", "2108", "2109", "2110", "2520", "2525"}
)
AFTER_A_START = "The list was interrupted. Nothing more is sent until you press Go on."
OUR_FAULT = "The program failed. Nothing more is sent. Look at the last row before you press Go on."
ENDED_BY_HAND = "The list was ended before this row."


def reason_to_stop(row: Transaction, events: Callable[[str], Iterable[Event]]) -> str:
    """Why nothing follows the line that became `row`; empty where the next one may. `events` reads its story."""
    if row.review is not None:
        return f"{row.number} needs a manager: {row.review}"
    if row.state is State.UNKNOWN:
        return (
            f"It is not known yet whether {row.number} went out. Do not send it again: it is being checked. "
            "Once it is settled or closed by hand, press Go on."
        )
    if row.state is not State.FAILED:
        return ""
    if row.response_code in OF_THE_ACCOUNT:
        return f"{row.number} was refused: {row.message} The next rows would be refused too."
    if any(event.data.get("meaning") == "not sent" for event in events(row.id)):
        return f"{row.number} was not sent, so nothing more is. {row.message or ''}".strip()
    return ""


def still_open(line: RunLine) -> str:
    """A line that was begun earlier is not settled."""
    number = line.transaction.number if line.transaction is not None else ""
    return f"Row {line.row}, {number}, is not settled yet. Nothing more is sent before it is settled or closed by hand."


def phone_is_taken(line: RunLine, there: Transaction) -> str:
    """Another payout to the phone of `line` is open: it is not left out, it waits."""
    return (
        f"Row {line.row}: {there.number} to this phone is not settled yet. "
        "Once it is settled or closed by hand, press Go on for this row."
    )


def settled_meanwhile(row: Transaction) -> str:
    """What the list waited for has come to its end."""
    end = "was sent" if row.state is State.SUCCESSFUL else "was not sent"
    end = "was closed by hand" if row.is_closed else end
    return f"{row.number} is settled now: it {end}. Press Go on for the next row."
