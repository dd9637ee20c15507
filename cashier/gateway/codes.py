"""Every response code, per function, with what it does to a row: docs/gateway.md, section "Response codes".

The same number means different things: a code is looked up only in the table of the function that returned it.
A status answer about a payment may carry the codes of RequestPayment, one about a payout those of RequestDeposit.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from cashier.domain.evidence import Meaning
from cashier.domain.states import Kind
from cashier.gateway.outcomes import Function


@dataclass(frozen=True)
class Code:
    """One line of a table: what it means as the direct answer and in a status answer, and words for people."""

    direct: Meaning
    later: Meaning
    sentence: str
    advice: str = ""


def _refused(sentence: str, advice: str) -> Code:
    return Code(Meaning.REFUSED, Meaning.REFUSED, sentence, advice)


def _uncertain(sentence: str) -> Code:
    return Code(Meaning.NOTHING, Meaning.NOTHING, sentence, _WAIT)


def _failed_later(sentence: str) -> Code:
    """Not certain as a direct answer, an end when the status call says it."""
    return Code(Meaning.NOTHING, Meaning.REFUSED, sentence, "Ask again or take cash.")


def _ours(sentence: str, advice: str) -> Code:
    """Refuses a submission; in a status answer it is about our call, not about the transaction."""
    return Code(Meaning.REFUSED, Meaning.NOTHING, sentence, advice)


_WAIT = "Wait, we keep checking."
_OWNER = "Tell the owner: the account at IntouchPay must be looked at."
_ACCOUNT = "Check user name, account number and partner password in Settings."
_OTHER_NUMBER = "Check the number with the customer, or offer another way to pay."

AUTHENTICATION: Mapping[str, Code] = {
    "0002": _ours("The gateway says the user name is missing.", _ACCOUNT),
    "0003": _ours("The gateway says the password is missing.", _ACCOUNT),
    "0004": _ours("The gateway says the date is missing.", "Check date and time of this computer."),
    "0005": _ours("The gateway refused the password.", "Check the partner password and the clock of this computer."),
    "0006": _ours("This user has no IntouchPay account.", _ACCOUNT),
    "0007": _ours("The gateway does not know this user.", _ACCOUNT),
    "0008": _ours("The gateway could not sign us in.", _ACCOUNT),
}

PAYMENT: Mapping[str, Code] = {
    "1000": Code(Meaning.WAITING, Meaning.WAITING, "Waiting for the customer."),
    "01": Code(Meaning.DONE, Meaning.DONE, "Paid."),
    "2100": _refused("The amount must be more than 0.", "Type another amount."),
    "2200": _refused("The amount is below what the gateway takes.", "Type a larger amount."),
    "2300": _refused("The amount is above what the gateway takes.", "Type a smaller amount or charge twice."),
    "2400": Code(Meaning.DUPLICATE, Meaning.NOTHING, "The gateway has seen this id before.", _WAIT),
    "2500": _refused("The gateway found no way to the operator.", "Try again later or take cash."),
    "2600": _refused("The gateway does not allow this payment.", _OWNER),
    "2700": _failed_later("The payment could not be completed."),
    "1005": _refused("The customer does not have enough money.", "Ask for a smaller amount or another way to pay."),
    "1002": _refused("This number is not registered for mobile money.", _OTHER_NUMBER),
    "1008": _failed_later("The payment failed at the operator."),
    "1200": _refused("This is not a valid number.", _OTHER_NUMBER),
    "1100": _refused("This number's network is not supported.", _OTHER_NUMBER),
    "1300": _failed_later("The payment failed for an unknown reason."),
}

PAYOUT: Mapping[str, Code] = {
    "1000": Code(Meaning.WAITING, Meaning.WAITING, "The payout is on its way."),
    "2001": Code(Meaning.DONE, Meaning.DONE, "Sent."),
    "1100": _uncertain("The gateway found an error in the request."),
    "1101": _refused("The service id is not known.", "Check the service id in Settings."),
    "1102": _refused("This is not a valid number.", "Check the number with the receiver."),
    "1103": _refused("The amount is above what the gateway sends.", "Send a smaller amount."),
    "1104": _refused("The amount is below what the gateway sends.", "Send a larger amount."),
    "1105": _refused("This number's network is not supported.", "Use a number of MTN or Airtel."),
    "1106": _refused("This account may not pay out.", _OWNER),
    "1107": _refused("The account for payouts is not set up.", _OWNER),
    "1108": _refused("There is not enough money on the account.", "Top up the account or send less."),
    "1110": Code(Meaning.DUPLICATE, Meaning.NOTHING, "The gateway has seen this id before.", _WAIT),
    "2000": _uncertain("The payout ended with a general failure."),
    "2003": _refused("The operator does not allow this payout.", _OWNER),
    "2102": _refused("The receiver could not be identified.", "Check the number with the receiver."),
    "2105": _refused("This number has no mobile money account.", "Check the number with the receiver."),
    "2106": _refused("This is the shop's own number.", "Type the receiver's number."),
    "2107": _refused("The gateway could not read the amount.", "Type the amount again."),
    "2108": _refused("There is not enough money on the paying account.", "Top up the account or send less."),
    "2109": _refused("The daily limit is used up.", "Send the rest tomorrow."),
    "2110": _refused("The paying account is not active.", _OWNER),
    "2111": _refused("The receiver's mobile account is not active.", "Ask the receiver to call the operator."),
    "2500": _uncertain("The payout service failed."),
    "2510": _uncertain("The payout service is not available now."),
    "2518": _uncertain("The operator could not do this."),
    "2520": _refused("The operator refused the account's password.", _OWNER),
    "2522": _refused("The operator refused the amount.", "Type another amount."),
    "2525": _refused("A part that the payout needs is not active.", _OWNER),
    "2600": _uncertain("The operator's network did not answer in time."),
    "2800": _uncertain("The payout channel failed."),
}

# What only a status call can say; the meanings of the other kind's success stand in `look_up`.
STATUS: Mapping[str, Code] = {
    "3000": Code(Meaning.NOTHING, Meaning.NOTHING, "The gateway misses its own id in our question.", _WAIT),
    "3200": Code(Meaning.NOTHING, Meaning.NOTHING, "The gateway misses our id in our question.", _WAIT),
    "3100": Code(Meaning.NOTHING, Meaning.NOT_FOUND, "The gateway does not know this transaction.", _WAIT),
}

_DONE_OTHER = Code(
    Meaning.NOTHING, Meaning.DONE_OTHER, "The gateway reports the other kind of transaction.", "Call the manager."
)

# Ends that the status call tells by a word alone, without a code.
FAILED_WORDS: Mapping[str, tuple[str, str]] = {
    "failed": ("The customer declined or did not answer.", "Ask the customer, then try again or take cash."),
    "cancelled": ("The payment was cancelled.", "Ask the customer, then try again or take cash."),
    "declined": ("The customer declined.", "Ask the customer, then try again or take cash."),
    "rejected": ("The payment was rejected.", "Ask the customer, then try again or take cash."),
    "expired": ("The customer did not answer in time.", "Ask the customer, then try again or take cash."),
}
SUCCESS_WORDS = frozenset({"successfull", "successfully", "successful", "success"})


def look_up(function: Function, kind: Kind, code: str) -> Code | None:
    """The line for `code`, or None for one that is not listed for this function (and kind, in a status answer)."""
    if code in AUTHENTICATION:
        return AUTHENTICATION[code]
    if function is Function.STATUS:
        own, other = (PAYMENT, "2001") if kind is Kind.PAYMENT else (PAYOUT, "01")
        return _DONE_OTHER if code == other else STATUS.get(code) or own.get(code)
    if function is Function.BALANCE:
        return None
    return (PAYMENT if function is Function.PAYMENT else PAYOUT).get(code)
