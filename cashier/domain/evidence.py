"""Evidence: what one answer, or the lack of one, says about a transaction, before the row is looked at."""

from dataclasses import dataclass
from enum import StrEnum


class Source(StrEnum):
    """Where evidence comes from."""

    SUBMIT = "submit"  # the direct answer to the request for payment or payout
    STATUS = "status"  # the answer to a status call
    RECOVERY = "recovery"  # a start of the program after it ended with the row in flight
    OPERATOR = "operator"  # a person at the till


class Meaning(StrEnum):
    """What it says, from the tables in docs/gateway.md, section "What an answer does to our row"."""

    NOT_SENT = "not sent"  # our own connection proves that no request byte was written
    WAITING = "waiting"  # 1000
    DONE = "done"  # the function's own success
    DONE_OTHER = "done as the other kind"  # 2001 for a payment, 01 for a payout
    REFUSED = "refused"  # refused for good
    DUPLICATE = "duplicate"  # 2400, 1110
    NOT_FOUND = "not found"  # 3100 to a status call
    NOTHING = "nothing"  # answered, but it says nothing about the transaction (or not for certain)
    CONTRADICTION = "contradiction"  # `success` and code disagree
    UNCLEAR = "unclear"  # no answer, or one that cannot be read


@dataclass(frozen=True)
class Evidence:
    """One finding, ready for the settling door.

    `code` is the normalised response code (`"01"`, `"1000"`) or None; `message` a plain sentence for the screen.
    The claims (`request_id`, `gateway_transaction_id`, `amount` as normalised decimal text, `phone` as `2507…`) are
    what the answer itself carried; None means that it carried none, which proves nothing. `answered` tells that a
    readable answer came at all.
    """

    source: Source
    meaning: Meaning
    code: str | None = None
    message: str | None = None
    advice: str | None = None
    request_id: str | None = None
    gateway_transaction_id: str | None = None
    operator_reference: str | None = None
    amount: str | None = None
    phone: str | None = None
    http_status: int | None = None
    detail: str | None = None
    answered: bool = False
