"""What a manager does by hand: close what no answer will settle, and say that an alarm was seen. Pure."""

from cashier.domain.errors import BadInputError
from cashier.domain.events import Decision
from cashier.domain.evidence import Source
from cashier.domain.signs import refuse_signs
from cashier.domain.states import State
from cashier.domain.transaction import CLOSED_AS, Transaction

LONGEST_NAME = 60
LONGEST_NOTE = 500
_BREAKS = str.maketrans("\t\r\n", "   ")


def closed_by_hand(
    row: Transaction,
    *,
    received: bool,
    name: str,
    note: str,
    reference: str | None = None,
    seen: State | None = None,
) -> Decision:
    """The decision that closes `row` with a verdict: whether the money was received. The state stays as it is.

    `reference` is the operator's, as the statement or the customer's message shows it; `seen` is the state that the
    person saw: another one must be looked at first. Raises BadInputError for a row
    that is not under review, and for an empty or overlong name or note.
    """
    who, what = checked_name(name), checked_note(note)
    if row.is_closed:
        raise BadInputError(f"{row.number} was closed by hand already.")
    if not row.is_under_review:
        why = "it is settled" if row.is_final else "it is still being asked about"
        raise BadInputError(f"{row.number} is not under review: {why}. Only what needs a manager is closed by hand.")
    if seen is not None and row.state is not seen:
        raise BadInputError(f"{row.number} has changed meanwhile. Go back and look at it again.")
    if not row.can_be_closed:
        raise BadInputError(f"{row.number} is still being sent. Wait a minute, then close it.")
    data: dict[str, object] = {"verdict": "received" if received else "not received", "name": who, "note": what}
    if reference and reference.strip():
        data["operator_reference"] = _checked(reference, "reference", LONGEST_NAME)
    return Decision(
        event="closed by hand", source=Source.OPERATOR.value, review=f"{CLOSED_AS[received]} ({who})", data=data
    )


def alarm_seen(row: Transaction, *, name: str, note: str = "", shown: str | None = None) -> Decision:
    """The decision that ends the alarm of `row`. Raises BadInputError where there is none, or no name.

    `shown` is what the person read: an alarm that says more by now is not ended.
    """
    who = checked_name(name)
    if row.alarm is None:
        raise BadInputError(f"{row.number} has no alarm.")
    if shown is not None and row.alarm != shown:
        raise BadInputError(f"There is something new about {row.number}. Read it first.")
    data: dict[str, object] = {"name": who, "seen": row.alarm}
    if note.strip():
        data["note"] = checked_note(note)
    return Decision(event="alarm seen", source=Source.OPERATOR.value, alarm="", data=data)


def hidden_from_sight(row: Transaction, *, hidden: bool) -> Decision | None:
    """The decision that takes `row` out of the cashier's sight or brings it back; None where it is so already."""
    if row.hidden is hidden:
        return None
    return Decision(event="hidden" if hidden else "shown", source=Source.OPERATOR.value, hidden=hidden)


def checked_name(name: str) -> str:
    """The name without spaces around it. Raises BadInputError."""
    if not name.strip():
        raise BadInputError("Write your name.")
    return _checked(name, "name", LONGEST_NAME)


def checked_note(note: str) -> str:
    """The note without spaces around it. Raises BadInputError."""
    if not note.strip():
        raise BadInputError("Write what you found out.")
    return _checked(note, "note", LONGEST_NOTE)


def _checked(text: str, what: str, longest: int) -> str:
    refuse_signs(text.translate(_BREAKS), f"The {what}")
    text = " ".join(text.split())
    if len(text) > longest:
        raise BadInputError(f"The {what} is longer than {longest} letters. Make it shorter.")
    if not text.isprintable():
        raise BadInputError(f"The {what} holds a sign that cannot be printed. Type it again.")
    return text
