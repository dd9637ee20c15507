"""Handles one request: the book, the scripted faults, the protocol, and what follows later."""

import asyncio
import json
from collections.abc import Callable, Coroutine
from datetime import datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qsl

from cashier.simulator.bank import Bank, Entry, iso
from cashier.simulator.callbacks import Caller
from cashier.simulator.faults import REMOVE, Fault, Script
from cashier.simulator.http import Asked, Reply
from cashier.simulator.numbers import AnswerFault
from cashier.simulator.protocol import FUNCTIONS, Protocol, Request, accepted, refusal

BASE = "/api/"
_GARBAGE = b"<html><body>502 Bad Gateway</body></html>"
_SECRET = frozenset({"password"})


class Desk:
    """The gateway's front desk, on the loop's thread alone."""

    def __init__(
        self,
        protocol: Protocol,
        bank: Bank,
        caller: Caller,
        script: Script,
        *,
        speed: float,
        now: Callable[[], datetime],
    ) -> None:
        self._protocol = protocol
        self._bank = bank
        self._caller = caller
        self._script = script
        self._speed = speed
        self._now = now
        self._tasks: set[asyncio.Task[None]] = set()
        self._first_asked: dict[str, float] = {}
        self.tell: Callable[[dict[str, Any]], None] | None = None

    async def handle(self, asked: Asked) -> Reply:
        """The reply to one request."""
        function = asked.path.removeprefix(BASE).rstrip("/")
        if asked.path == "/book" and asked.method == "GET":
            return _json(200, self._bank.book())
        if not asked.path.startswith(BASE) or function not in FUNCTIONS or not asked.path.endswith("/"):
            return _json(404, {"message": "no Route matched"})
        if asked.method != "POST":
            return _json(405, {"message": "POST only"})
        fields = _fields(asked)
        if fields is None:
            return _json(400, {"success": False, "message": "unreadable body"})
        noted: dict[str, Any] = {
            "function": function,
            "fields": {name: value for name, value in fields.items() if name not in _SECRET},
            "at": iso(self._now()),
            "status": None,
            "answer": None,
        }
        self._bank.note_request(noted)
        reply = await self._reply(function, fields)
        with self._bank.changed:
            silent = reply.cut or reply.reset
            noted["status"] = None if silent else reply.status
            noted["answer"] = (
                "reset" if reply.reset else "cut" if reply.cut else reply.body.decode("utf-8", "replace")[:500]
            )
            self._bank.changed.notify_all()
        if self.tell is not None:
            self.tell(dict(noted))
        return reply

    async def _reply(self, function: str, fields: dict[str, str]) -> Reply:
        phone = fields.get("mobilephone") or fields.get("mobilephoneno")
        fault = self._script.strike(function, phone, fields.get("requesttransactionid"))
        if fault is not None and fault.arrive_after is not None:
            self.later(fault.arrive_after, self._arrive(function, fields))
            return Reply(cut=True)
        if fault is not None and not fault.take:
            return await self._spoil(fault, _json(503, {"message": "not taken"}))
        reply = self._answer(function, fields)
        return reply if fault is None else await self._spoil(fault, reply)

    async def _arrive(self, function: str, fields: dict[str, str]) -> None:
        self._answer(function, fields)

    def _answer(self, function: str, fields: dict[str, str]) -> Reply:
        """What a gateway in good health does with the request, and what the practice numbers add."""
        code = self._protocol.authenticate(fields)
        if code is not None:
            return _json(200, refusal(code), self._now())
        if function == "getbalance":
            return _json(200, {"balance": f"{self._bank.balance}.0", "success": True}, self._now())
        if function == "gettransactionstatus":
            entry = self._bank.find(fields.get("requesttransactionid", ""))
            if entry is not None and self._is_down(entry.phone, 0.0):
                return Reply(503, _GARBAGE, "text/html")
            return _json(200, self._protocol.status(fields), self._now())
        found = self._protocol.payment(fields) if function == "requestpayment" else self._protocol.payout(fields)
        if isinstance(found, str):
            return _json(200, refusal(found), self._now())
        return self._take(found)

    def _take(self, request: Request) -> Reply:
        behaviour = request.behaviour
        down = self._is_down(request.phone, behaviour.down_for)
        delay = max(behaviour.after, behaviour.down_for) / self._speed
        entry = Entry(
            id=request.id,
            gateway_id=self._bank.next_id(),
            kind="payment" if request.kind == "payment" else "payout",
            phone=request.phone,
            amount=request.amount,
            callback_url=request.callback_url,
            end=behaviour.end,
            ends_at=asyncio.get_running_loop().time() + delay,
            created_at=self._now(),
            callbacks=behaviour.callbacks,
            fee=request.fee,
        )
        self._bank.take(entry)
        if delay <= 0:
            self.end(entry)
        else:
            self.later(delay, self._end_later(entry))
        if down:
            return Reply(503, _GARBAGE, "text/html")
        if behaviour.answer is AnswerFault.LOST:
            return Reply(cut=True)
        if behaviour.answer is AnswerFault.GARBAGE:
            return Reply(200, _GARBAGE, "text/html")
        return _json(200, accepted(entry), self._now())

    def _is_down(self, phone: str, down_for: float) -> bool:
        """Whether the gateway is down for this number: for a while from its first request on."""
        now = asyncio.get_running_loop().time()
        if down_for:
            self._first_asked.setdefault(phone, now + down_for / self._speed)
        return now < self._first_asked.get(phone, 0.0)

    async def _end_later(self, entry: Entry) -> None:
        self.end(entry)

    def end(self, entry: Entry) -> None:
        """Settles `entry` and reports it by callback."""
        if entry.state != "pending":
            return
        self._bank.settle(entry, entry.end, self._now())
        if entry.callbacks:
            self.later(0.0, self._caller.deliver(entry, entry.callbacks))

    def later(self, seconds: float, work: Coroutine[Any, Any, None]) -> None:
        """Does `work` after `seconds`, unless the gateway stops before."""

        async def wait() -> None:
            try:
                await asyncio.sleep(seconds)
            except asyncio.CancelledError:
                work.close()
                raise
            await work

        task = asyncio.get_running_loop().create_task(wait())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _spoil(self, fault: Fault, reply: Reply) -> Reply:
        if fault.stall:
            await asyncio.sleep(fault.stall)
        body = reply.body if fault.body is None else fault.body
        if fault.code is not None:
            body = json.dumps({**refusal(fault.code), "success": fault.code in ("1000", "01", "2001")}).encode()
        if fault.fields:
            answer = {**json.loads(body), **fault.fields}
            body = json.dumps({name: value for name, value in answer.items() if value is not REMOVE}).encode()
        return Reply(
            status=fault.status or (200 if fault.body is not None or fault.code is not None else reply.status),
            body=body,
            content_type=fault.content_type or reply.content_type,
            headers={**reply.headers, **fault.headers},
            cut=fault.cut or (reply.cut and fault.body is None),
            reset=fault.reset,
            claim_length=fault.claim_length,
            drip=fault.drip,
        )


def _json(status: int, answer: dict[str, Any], now: datetime | None = None) -> Reply:
    headers = {"Date": format_datetime(now, usegmt=True)} if now is not None else {}
    return Reply(status, json.dumps(answer).encode(), headers=headers)


def _fields(asked: Asked) -> dict[str, str] | None:
    """The fields of a form or a JSON body as text, or None when it is neither."""
    try:
        if "json" in asked.content_type.lower():
            found = json.loads(asked.body)
            return {name: str(value) for name, value in found.items()} if isinstance(found, dict) else None
        return dict(parse_qsl(asked.body.decode("utf-8"), keep_blank_values=True))
    except (ValueError, RecursionError):
        return None
