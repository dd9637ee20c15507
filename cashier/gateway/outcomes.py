"""The three outcomes of any call (docs/gateway.md, section "Three outcomes") and what an answer carries."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Function(StrEnum):
    """The four functions, by their paths under the base URL."""

    PAYMENT = "requestpayment"
    PAYOUT = "requestdeposit"
    BALANCE = "getbalance"
    STATUS = "gettransactionstatus"


class NotSentReason(StrEnum):
    """Why no request byte was written."""

    DNS = "no such host"
    REFUSED = "connection refused"
    TLS = "connection not secure"
    TIMEOUT = "no connection in time"
    NETWORK = "no network"


class UnclearReason(StrEnum):
    """Why there is no answer that can be read."""

    TIMEOUT = "no answer in time"
    RESET = "connection broken"
    REDIRECT = "redirected"
    LOGIN_PAGE = "web page instead of an answer"
    SERVER = "server error without an answer"
    UNREADABLE = "unreadable answer"
    TOO_LARGE = "answer too large"
    CLOSED = "the program is closing"


@dataclass(frozen=True)
class Answer:
    """A JSON object of the gateway, normalised. What it did not carry, or not in a readable form, is None.

    `code` has the form of the tables (`"01"`, `"0007"`, `"1000"`), or is the text as it came when it is no number;
    `amount` is decimal text; `phone` is `2507` and eight digits where it could be read so; `balance` is the text.
    """

    function: Function
    success: bool | None = None
    code: str | None = None
    status: str | None = None
    message: str | None = None
    gateway_transaction_id: str | None = None
    request_id: str | None = None
    operator_reference: str | None = None
    amount: str | None = None
    phone: str | None = None
    balance: str | None = None


@dataclass(frozen=True)
class NotSent:
    """Proven by our own connection: no request byte was written. `sentence` says what to do; `elapsed` in seconds."""

    reason: NotSentReason
    sentence: str
    detail: str
    elapsed: float


@dataclass(frozen=True)
class Answered:
    """A readable answer came, whatever the HTTP status. `date` is the gateway's clock (UTC) where it told it.

    `clock_ahead`: how many seconds the gateway's clock is ahead of ours, where it refused us and the clocks differ.
    """

    answer: Answer
    http_status: int
    elapsed: float
    date: datetime | None = None
    clock_ahead: float | None = None


@dataclass(frozen=True)
class Unclear:
    """Bytes were written and no readable answer came: money may have moved."""

    reason: UnclearReason
    sentence: str
    detail: str
    elapsed: float
    http_status: int | None = None


Outcome = NotSent | Answered | Unclear
