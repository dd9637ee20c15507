"""IntouchPay from the gateway's side: who may ask, what is wrong with a request, what is answered.

Checks come in this order: the three fields of signing (0002, 0003, 0004), the user (0007), its account (0006), the
form of the date (0008), its age of at most 15 minutes and the digest (0005); then the function's own fields.
"""

import hashlib
import hmac
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from cashier.simulator.bank import MAXIMUM, MINIMUM, Bank, Entry, withdrawal_fee
from cashier.simulator.net import is_private
from cashier.simulator.numbers import Behaviour, payment_to, payout_to

FUNCTIONS = ("requestpayment", "requestdeposit", "getbalance", "gettransactionstatus")
_WINDOW = timedelta(minutes=15)
_ID = re.compile(r"[A-Za-z0-9-]{1,40}")
_WORDS = {
    "0002": "Missing username",
    "0003": "Missing password",
    "0004": "Missing date",
    "0005": "Invalid password",
    "0006": "User has no IntouchPay account",
    "0007": "No such user",
    "0008": "Failed to authenticate",
    "1002": "Number not registered for mobile money",
    "1005": "Insufficient funds",
    "1100": "Number not supported on this network",
    "1102": "Invalid phone number",
    "1103": "Amount above maximum",
    "1104": "Amount below minimum",
    "1105": "Network not supported",
    "1106": "Operation not permitted: callbackurl must be a public address",
    "1108": "Insufficient account balance",
    "1110": "Duplicate remit id",
    "1200": "Invalid number",
    "2100": "Amount must be above 0",
    "2105": "Non-existent mobile account",
    "2107": "Invalid amount format",
    "2200": "Amount below minimum",
    "2300": "Amount above maximum",
    "2400": "Duplicate transaction id",
    "2600": "Operation not allowed: callbackurl must be a public address",
    "3000": "Missing transaction id",
    "3100": "Transaction does not exist",
    "3200": "Missing request transaction id",
}


@dataclass(frozen=True)
class Who:
    """The one partner of this gateway."""

    username: str
    accountno: str
    partnerpassword: str = field(repr=False)


@dataclass(frozen=True)
class Request:
    """A request that was accepted, before it takes effect."""

    id: str
    kind: str
    phone: str
    amount: int
    fee: int
    callback_url: str | None
    behaviour: Behaviour


def refusal(code: str) -> dict[str, Any]:
    return {"success": False, "responsecode": code, "message": _WORDS.get(code, "Refused")}


class Protocol:
    """Validates and answers; changes nothing itself."""

    def __init__(self, who: Who, bank: Bank, now: Callable[[], datetime], *, refuse_private: bool) -> None:
        self._who = who
        self._bank = bank
        self._now = now
        self._refuse_private = refuse_private

    def authenticate(self, fields: Mapping[str, str]) -> str | None:
        """The code of the first thing wrong with the signing, or None."""
        for name, code in (("username", "0002"), ("password", "0003"), ("timestamp", "0004")):
            if not fields.get(name):
                return code
        stamp = fields["timestamp"]
        if fields["username"] != self._who.username:
            return "0007"
        # Some clients leave the account out; the digest below covers it all the same.
        if fields.get("accountno") not in (None, "", self._who.accountno):
            return "0006"
        if not re.fullmatch(r"[0-9]{14}", stamp):
            return "0008"
        try:
            moment = datetime.strptime(stamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        except ValueError:
            return "0008"
        who = self._who
        expected = hashlib.sha256((who.username + who.accountno + who.partnerpassword + stamp).encode()).hexdigest()
        fresh = abs(self._now() - moment) <= _WINDOW
        return None if fresh and hmac.compare_digest(expected.encode(), fields["password"].encode()) else "0005"

    def payment(self, fields: Mapping[str, str]) -> Request | str:
        """The request, or the code that refuses it."""
        id = fields.get("requesttransactionid", "")
        amount = _amount(fields.get("amount"))
        if not _ID.fullmatch(id):
            return "3200"
        if amount is None or amount <= 0:
            return "2100"
        if amount < MINIMUM:
            return "2200"
        if amount > MAXIMUM:
            return "2300"
        if self._bank.find(id) is not None:
            return "2400"
        phone = _phone(fields)
        behaviour = payment_to(phone)
        url = fields.get("callbackurl") or None
        if behaviour.refused in ("1200", "1100"):
            return behaviour.refused
        if self._refuse_private and url is not None and is_private(url):
            return "2600"
        return behaviour.refused or Request(id, "payment", phone, amount, 0, url, behaviour)

    def payout(self, fields: Mapping[str, str]) -> Request | str:
        """The request, or the code that refuses it."""
        id = fields.get("requesttransactionid", "")
        amount = _amount(fields.get("amount"))
        if not _ID.fullmatch(id):
            return "3200"
        if amount is None:
            return "2107"
        if amount < MINIMUM:
            return "1104"
        if amount > MAXIMUM:
            return "1103"
        if self._bank.find(id) is not None:
            return "1110"
        phone = _phone(fields)
        behaviour = payout_to(phone)
        url = fields.get("callbackurl") or None
        if self._refuse_private and url is not None and is_private(url):
            return "1106"
        if behaviour.refused:
            return behaviour.refused
        fee = withdrawal_fee(amount) if fields.get("withdrawcharge") == "1" else 0
        if amount + fee > self._bank.balance:
            return "1108"
        return Request(id, "payout", phone, amount, fee, url, behaviour)

    def status(self, fields: Mapping[str, str]) -> dict[str, Any]:
        """The whole answer: an absent `transactionid` is missed, an empty one is not."""
        if "transactionid" not in fields:
            return refusal("3000")
        if not fields.get("requesttransactionid"):
            return refusal("3200")
        entry = self._bank.find(fields["requesttransactionid"])
        if entry is None or fields["transactionid"] not in ("", entry.gateway_id):
            return refusal("3100")
        return told(entry)


def accepted(entry: Entry) -> dict[str, Any]:
    """The direct answer to a request that was taken."""
    if entry.kind == "payout" and entry.state == "successful":
        return {
            "requesttransactionid": entry.id,
            "referenceid": entry.reference,
            "responsecode": "2001",
            "success": True,
        }
    return {
        "status": "Pending",
        "requesttransactionid": entry.id,
        "success": True,
        "responsecode": "1000",
        "transactionid": entry.gateway_id,
        "message": "Transaction Pending",
    }


def told(entry: Entry) -> dict[str, Any]:
    """The answer to a status call about `entry`."""
    if entry.state == "pending":
        return {"success": True, "responsecode": "1000", "status": "Pending", "message": "Transaction Pending"}
    if entry.state == "successful":
        return {
            "success": True,
            "responsecode": entry.code,
            "status": "Successfully",
            "message": "Transaction Successful",
        }
    if entry.code is None:
        return {"success": False, "status": "Failed", "message": "Transaction Failed"}
    return {**refusal(entry.code), "status": "Failed"}


def _amount(text: str | None) -> int | None:
    return int(text) if text and re.fullmatch(r"-?[0-9]{1,12}", text) else None


def _phone(fields: Mapping[str, str]) -> str:
    return fields.get("mobilephone") or fields.get("mobilephoneno") or ""
