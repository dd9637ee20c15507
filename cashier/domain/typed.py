"""What people type beside phone and amount: the reference of a payment, the reason of a payout."""

from cashier.domain.errors import BadInputError
from cashier.domain.signs import refuse_signs

_BLANKS = " \t\r\n"


def checked_reference(reference: str | None) -> str | None:
    """The reference, or None for an empty one. Raises BadInputError for a sign that cannot be seen, with its place."""
    refuse_signs((reference or "").rstrip(_BLANKS), "The reference")
    return reference or None


def checked_reason(reason: str) -> str:
    """The reason without blanks around it. Raises BadInputError for none, or for a sign that cannot be seen."""
    refuse_signs(reason.rstrip(_BLANKS), "The reason")
    if not reason.strip():
        raise BadInputError("Write what the payout is for.")
    return reason.strip()
