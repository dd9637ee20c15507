"""Callbacks on their way: honest, forged, repeated, late, malformed. They end where the listener hands the hint on."""

import json
from random import Random
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from cashier.gateway import callback as gateway_callback
from tests.model.book import Entry

if TYPE_CHECKING:
    from tests.model.computer import Computer
    from tests.model.world import World

_JSON, _FORM = "application/json", "application/x-www-form-urlencoded"
_MALFORMED = (
    b"",
    b"{",
    b"[]",
    b'{"jsonpayload": 5}',
    b'{"requesttransactionid": 7}',
    b"a=1&a=2",
    b"\xff\xfe",
    b"x" * 9000,
)

Message = tuple[str, bytes]


def shaped(fields: dict[str, str], shape: int) -> Message:
    """One of the five shapes in which the gateway is seen to report."""
    text = json.dumps(fields)
    return (
        (_JSON, json.dumps({"jsonpayload": fields}).encode()),
        (_FORM, urlencode({"jsonpayload": text}).encode()),
        (_JSON, json.dumps({"jsonpayload": text}).encode()),
        (_JSON, text.encode()),
        (_FORM, urlencode(fields).encode()),
    )[shape % 5]


def forged(id: str, code: str, shape: int) -> Message:
    """What anybody who knows an id could send."""
    fields = {"requesttransactionid": id, "transactionid": "666", "responsecode": code, "status": "Successfully"}
    return shaped({**fields, "statusdesc": "Paid", "referenceno": "1"}, shape)


class Post:
    """The way from the gateway to the computers."""

    def __init__(self, world: "World") -> None:
        self.world = world
        self.sent: list[Message] = []

    def settled(self, entry: Entry) -> None:
        """The gateway reports an end, twice when the first was not acknowledged."""
        if entry.callback_url is None:
            return
        code = ("01" if entry.kind == "payment" else "2001") if entry.moved else entry.fate.end or "1300"
        fields = {"requesttransactionid": entry.id, "transactionid": entry.gateway_id, "responsecode": code}
        random = Random(int(entry.gateway_id) + self.world.seed)
        message = shaped(fields, random.randrange(5))
        self.sent.append(message)
        for _ in range(random.choice((1, 1, 2, 5))):
            self.world.time.at(
                self.world.time.elapsed + random.choice((0.05, 0.05, 3.0, 400.0)), lambda: self.deliver(message)
            )

    def deliver(self, message: Message) -> None:
        """To every computer that is there to take it."""
        for computer in self.world.computers:
            if not self.world.blocked and computer.running and computer.asleep_until <= self.world.time.elapsed:
                receive(computer, message)

    def forge(self, ids: list[str], random: Random) -> None:
        """Somebody sends nonsense, or a success for an id that may be known."""
        for _ in range(random.choice((1, 3, 12))):
            chance = random.random()
            if chance < 0.2 or not ids:
                self.deliver((_JSON, random.choice(_MALFORMED)))
            elif chance < 0.35:
                self.deliver(forged(f"01UNKNOWN{random.getrandbits(40)}", "01", random.randrange(5)))
            else:
                code = random.choice(("01", "2001", "1005", "3100"))
                self.deliver(forged(random.choice(ids), code, random.randrange(5)))

    def replay(self) -> None:
        """Everything that was ever reported comes again, the newest first."""
        for message in self.sent[::-1]:
            self.deliver(message)


def receive(computer: "Computer", message: Message) -> None:
    """What the listener does with one body: read it, acknowledge it, hand on its id."""
    try:
        found = gateway_callback.parse_callback(*message)
    except gateway_callback.BadCallback:
        return
    gateway_callback.acknowledgement(found.request_id)
    computer.till.hint(found.request_id)
