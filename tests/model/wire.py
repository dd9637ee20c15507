"""The network between one run of the program and the gateway: below the real client, above the modelled book."""

import json
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from random import Random
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from greenlet import getcurrent

from cashier.gateway.bounds import RawAnswer
from cashier.gateway.outcomes import NotSent, NotSentReason, Unclear, UnclearReason
from cashier.gateway.sentences import NOT_SENT, UNCLEAR
from tests.model.book import Body, signed
from tests.model.mangle import WAYS, Wired, plain
from tests.model.time import Host

if TYPE_CHECKING:
    from tests.model.world import World

KINDS = {"requestpayment": "payment", "requestdeposit": "payout"}
BALANCE = "getbalance"
_LATENCY = 0.15
_PER_SECOND = 5


@dataclass(frozen=True)
class Net:
    """What the network does to one call. `kind`: see `_route`; `secs` and `variant` shape it, `seed` feeds the rest."""

    kind: str = "calm"
    secs: float = 0.0
    variant: int = 0
    seed: int = 0


CALM = Net()


@dataclass
class Call:
    """One call in flight. `resume` wakes the worker that waits for it; `refusal`: it is not signed rightly."""

    function: str
    id: str
    fields: dict[str, str]
    total: float
    began: float
    resume: Callable[[], object]
    refusal: Body | None = None
    ended: RawAnswer | NotSent | Unclear | None = None


@dataclass
class Heard:
    """What answers told this computer about one row, as far as they were whole; apart from the program's memory."""

    done: bool = False
    refused: bool = False
    not_found: list[float] = field(default_factory=list)


class Link:
    """The transport of one run of the program (`cashier.gateway.bounds.Post`)."""

    def __init__(self, world: "World", host: Host, till: int) -> None:
        self.world = world
        self.host = host
        self.till = till
        self.closed = False
        self._calls: list[Call] = []
        self._status_times: deque[float] = deque(maxlen=_PER_SECOND)

    def post(self, url: str, body: bytes, content_type: str, total: float) -> RawAnswer | NotSent | Unclear:
        """Sends `body` once, within `total` virtual seconds in all."""
        world = self.world
        world.reach(self.till, "before send")
        function, fields = _read(url, body, content_type)
        call = Call(
            function,
            fields.get("requesttransactionid", ""),
            fields,
            total,
            self.host.monotonic(),
            getcurrent().switch,
        )
        if self.closed:
            return _not_sent(0.0)
        status = function not in KINDS
        net = world.net_of_status(self.till, call.id) if status else world.net_of_submission(call.id)
        if world.tells:
            world.tell(self.till, _story(call, net))
        if net.kind == "not sent":
            return self._end_after(call, net.secs, lambda: _not_sent(net.secs))
        code = signed(fields, world.time.truth())
        if code is not None:
            call.refusal = {"success": False, "responsecode": code, "message": "Authentication failed"}
        world.watch.sending(self, call)
        self._check_rate(status and function != BALANCE)
        self._route(call, net)
        self._calls.append(call)
        world.reach(self.till, "after send")
        return self._wait(call)

    def close(self) -> None:
        """Ends the calls under way, each with an outcome."""
        self.closed = True
        for call in list(self._calls):
            self._finish(call, _unclear(UnclearReason.CLOSED))

    def in_flight(self, id: str) -> int:
        """How many status calls about `id` are under way."""
        return sum(1 for call in self._calls if call.id == id and call.function not in KINDS)

    def _check_rate(self, status: bool) -> None:
        if not status or self.world.time.elapsed < self.host.woke + 1.0:
            return  # what was begun before the computer dozed leaves when it wakes
        now = self.host.monotonic()
        if len(self._status_times) == _PER_SECOND and now - self._status_times[0] < 0.999:
            self.world.watch.broken("I13", "more than five status calls within a second")
        self._status_times.append(now)

    def _wait(self, call: Call) -> RawAnswer | NotSent | Unclear:
        while call.ended is None:
            self.world.time.give_turn()
        self._calls.remove(call)
        if isinstance(call.ended, RawAnswer):
            self.world.reach(self.till, "answer in hand")
        return call.ended

    def _end_after(self, call: Call, secs: float, make: Callable[[], NotSent]) -> NotSent | RawAnswer | Unclear:
        self._calls.append(call)
        if call.function in KINDS:
            self.world.heard(self.till, call.id).refused = True
        self._later(secs, lambda: self._finish(call, make()))
        return self._wait(call)

    def _later(self, secs: float, work: Callable[[], None]) -> None:
        self.world.time.at(self.world.time.elapsed + secs, work, self.host)

    def _finish(self, call: Call, ended: RawAnswer | NotSent | Unclear) -> None:
        if call.ended is None:
            call.ended = ended
            call.resume()

    # --- the routes ---------------------------------------------------------------------------------------------

    def _route(self, call: Call, net: Net) -> None:
        """Arranges when the request arrives, how often, and what comes back of the answer."""
        arrive, random = partial(self._arrives, call), Random(net.seed)
        soon = _LATENCY
        match net.kind:
            case "lost":
                self._no_answer(call, net)
            case "delayed" | "very late":
                arrive(net.secs, lambda _: None)
                self._no_answer(call, net)
            case "answer lost":
                arrive(soon, lambda _: None)
                self._no_answer(call, net)
            case "slow":
                arrive(soon, lambda wired: self._back(call, wired, net.secs))
                self._later(call.total, lambda: self._finish(call, _unclear(UnclearReason.TIMEOUT)))
            case "twice":
                first, second = (lambda wired: self._back(call, wired, soon)), (lambda _: None)
                if net.variant % 2:
                    first, second = second, first
                arrive(soon, first)
                arrive(soon + net.secs, second)
                self._later(call.total, lambda: self._finish(call, _unclear(UnclearReason.TIMEOUT)))
            case "portal":
                page = WAYS["garbage" if net.variant % 3 else "redirect"](
                    {"responsecode": "01", "success": True}, random
                )
                self._later(soon, lambda: self._back(call, page, 0.0))
            case way if way in WAYS:
                arrive(soon, lambda wired: self._back(call, _mangled(wired, way, random), soon))
            case _:
                arrive(soon, lambda wired: self._back(call, wired, soon))

    def _no_answer(self, call: Call, net: Net) -> None:
        if net.variant % 2:
            self._later(call.total, lambda: self._finish(call, _unclear(UnclearReason.TIMEOUT)))
        else:
            self._later(0.3, lambda: self._finish(call, _unclear(UnclearReason.RESET)))

    def _arrives(self, call: Call, secs: float, answer: Callable[[Wired], None]) -> None:
        """A copy of the request reaches the gateway after `secs`, whatever becomes of the computer meanwhile."""
        world, host = self.world, None
        if call.function in KINDS:
            world.underway[call.id] = world.underway.get(call.id, 0) + 1
        else:
            host = self.host  # a question that nobody waits for any more changes nothing
        world.time.at(world.time.elapsed + secs, lambda: answer(world.answer(call)), host)

    def _back(self, call: Call, wired: Wired, secs: float) -> None:
        self._later(secs, partial(self._delivered, call, wired))

    def _delivered(self, call: Call, wired: Wired) -> None:
        if call.ended is not None:
            return
        elapsed = self.host.monotonic() - call.began
        if elapsed > call.total:
            self._finish(call, _unclear(UnclearReason.TIMEOUT))
            return
        self.world.watch.answered(self, call, wired)
        self._finish(
            call, RawAnswer(wired.http_status, wired.content_type, wired.body, self.world.time.truth(), elapsed)
        )


def _mangled(wired: Wired, way: str, random: Random) -> Wired:
    body: Body = json.loads(wired.body)
    if str(body.get("responsecode", "")).startswith("000"):
        return plain(body, 401)
    return WAYS[way](body, random)


def _read(url: str, body: bytes, content_type: str) -> tuple[str, dict[str, str]]:
    function = url.rstrip("/").rsplit("/", 1)[1]
    if content_type == "application/json":
        return function, json.loads(body)
    return function, dict(parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=True))


def _not_sent(secs: float) -> NotSent:
    return NotSent(NotSentReason.REFUSED, NOT_SENT[NotSentReason.REFUSED], "", secs)


def _unclear(reason: UnclearReason) -> Unclear:
    return Unclear(reason, UNCLEAR[reason], "", 0.0)


def _story(call: Call, net: Net) -> str:
    what = {"payment": "asks for the payment", "payout": "sends the payout"}.get(
        KINDS.get(call.function, ""), "asks the gateway how it stands about"
    )
    fault = "" if net.kind == "calm" else f"; on the network: {net.kind}"
    if net.kind in ("delayed", "very late"):
        fault += f", it arrives after {net.secs:.0f} s"
    return f"{what} {call.id[-6:]}{fault}"
