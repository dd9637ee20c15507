"""The gateway's truth: which requests it took, and what became of the money. Written from the protocol alone."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

USERNAME, ACCOUNTNO = "shop.kigali", "250160000011"
PASSWORD = '+$J<w"h5=<PH#'  # the protocol's own example of an awkward one
_WINDOW = 300.0
_FIRST_ID = 1425

Body = dict[str, Any]


@dataclass(frozen=True)
class Fate:
    """What the gateway and the customer will do with one request, settled before it is sent.

    `direct` is the code of the direct answer; `end` the code of the end (`""`: a word without a code, None: it never
    ends) reached `after` seconds; `takes` tells whether the gateway takes it at all (an uncertain direct answer can be
    either). For `lag` seconds after its arrival a status call is told that it does not exist. `claims` is how much of
    amount and phone a status answer carries: 0 nothing, else one of the ways to write them.
    """

    direct: str
    end: str | None
    after: float
    takes: bool = True
    lag: float = 0.0
    claims: int = 0
    word: str = "Failed"


@dataclass
class Entry:
    """One transaction in the gateway's book."""

    id: str
    kind: str
    phone: str
    amount: int
    gateway_id: str
    fate: Fate
    arrived: float
    callback_url: str | None
    state: str = "waiting"

    @property
    def moved(self) -> bool:
        return self.state == "successful"


@dataclass
class Book:
    """Every request that was taken, by our id. Times are true seconds."""

    entries: dict[str, Entry] = field(default_factory=dict)
    arrivals: dict[str, int] = field(default_factory=dict)

    def submit(self, kind: str, fields: dict[str, str], fate: Fate, now: float) -> tuple[Body, Entry | None]:
        """The direct answer, and the new entry if there is one. A second copy of a request is a duplicate."""
        id = fields["requesttransactionid"]
        self.arrivals[id] = self.arrivals.get(id, 0) + 1
        if id in self.entries:
            code = "2400" if kind == "payment" else "1110"
            return {"success": False, "responsecode": code, "message": "Duplicate"}, None
        done = fate.direct in ("01", "2001")
        accepted = done or fate.direct == "1000"
        body: Body = {"requesttransactionid": id, "success": accepted, "responsecode": fate.direct}
        if not fate.takes:
            return {**body, "message": "Refused"}, None
        gateway_id = str(_FIRST_ID + len(self.entries))
        entry = Entry(
            id,
            kind,
            fields["mobilephone"],
            int(fields["amount"]),
            gateway_id,
            fate,
            now,
            fields.get("callbackurl"),
        )
        self.entries[id] = entry
        if fate.direct == "1000":
            body |= {"status": "Pending", "transactionid": gateway_id, "message": "Transaction Pending"}
        if fate.direct == "2001":
            entry.state = "successful"
            body["referenceid"] = f"3123{gateway_id}"
        if fate.direct == "01":
            entry.state = "successful"
            body["transactionid"] = gateway_id
        return body, entry

    def end(self, entry: Entry) -> None:
        """The customer has answered, or let it lapse."""
        if entry.state == "waiting" and entry.fate.end is not None:
            entry.state = "successful" if entry.fate.end in ("01", "2001") else "failed"

    def status(self, id: str, now: float) -> Body:
        """The honest answer to a status call."""
        entry = self.entries.get(id)
        if entry is None or now < entry.arrived + entry.fate.lag:
            return {"success": False, "responsecode": "3100", "message": "Transaction does not exist"}
        body: Body = {"requesttransactionid": id, "transactionid": entry.gateway_id, **_claims(entry)}
        if entry.state == "waiting":
            return {**body, "success": True, "responsecode": "1000", "status": "Pending"}
        if entry.state == "successful":
            code = "01" if entry.kind == "payment" else "2001"
            return {**body, "success": True, "responsecode": code, "status": "Successfully"}
        if entry.fate.end:
            return {**body, "success": False, "responsecode": entry.fate.end, "status": "Failed"}
        return {**body, "status": entry.fate.word}


def _claims(entry: Entry) -> Body:
    """Amount and phone in the ways they are seen."""
    amount, phone = entry.amount, entry.phone
    return (
        {},
        {"amount": amount, "mobilephone": phone},
        {"amount": f"{amount}.00", "mobilephoneno": f"+{phone}"},
        {"amount": float(amount), "mobilephone": f"0{phone[3:]}"},
        {"amount": str(amount)},
    )[entry.fate.claims]


def signed(fields: dict[str, str], now: datetime) -> str | None:
    """None for a request that is signed rightly and lately, else the code of the refusal."""
    stamp = fields.get("timestamp", "")
    if fields.get("username") != USERNAME:
        return "0007"
    wanted = hashlib.sha256(f"{USERNAME}{ACCOUNTNO}{PASSWORD}{stamp}".encode()).hexdigest()
    if fields.get("accountno") != ACCOUNTNO or fields.get("password") != wanted:
        return "0005"
    try:
        then = datetime.fromisoformat(f"{stamp[:8]}T{stamp[8:]}Z")
    except ValueError:
        return "0004"
    return None if abs((now - then).total_seconds()) <= _WINDOW else "0005"
