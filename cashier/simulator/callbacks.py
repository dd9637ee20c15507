"""Callbacks in the five shapes, with ten seconds of patience and repeated tries."""

import asyncio
import base64
import itertools
import json
import ssl
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

import h11

from cashier.simulator.bank import Bank, Entry, iso

PATIENCE = 10.0
SHAPES = ("wrapped", "form-wrapped", "text-wrapped", "bare", "form")
_PAUSES = (2.0, 5.0, 15.0, 30.0)  # between tries, at speed 1
_JSON, _FORM = "application/json", "application/x-www-form-urlencoded"
_MOST_ANSWER = 4096


def shape_body(shape: str, payload: Mapping[str, str]) -> tuple[bytes, str]:
    """Body and content type of one of the five shapes."""
    text = json.dumps(dict(payload))
    if shape == "wrapped":
        return json.dumps({"jsonpayload": dict(payload)}).encode(), _JSON
    if shape == "form-wrapped":
        return urlencode({"jsonpayload": text}).encode(), _FORM
    if shape == "text-wrapped":
        return json.dumps({"jsonpayload": text}).encode(), _JSON
    if shape == "bare":
        return text.encode(), _JSON
    if shape == "form":
        return urlencode(dict(payload)).encode(), _FORM
    raise ValueError(f"no such shape: {shape}")


def payload_of(entry: Entry) -> dict[str, str]:
    """The six fields about a settled transaction."""
    paid = entry.state == "successful"
    return {
        "requesttransactionid": entry.id,
        "transactionid": entry.gateway_id,
        "responsecode": entry.code or "",
        "status": "Successfull" if paid else "Failed",
        "statusdesc": "Transaction Successful" if paid else "Transaction Failed",
        "referenceno": entry.reference or "",
    }


class Caller:
    """Delivers callbacks on the gateway's loop and writes each try into the book."""

    def __init__(
        self,
        bank: Bank,
        *,
        speed: float,
        shapes: Sequence[str],
        basic: tuple[str, str] | None,
        now: Callable[[], datetime],
    ) -> None:
        self._bank = bank
        self._speed = speed
        self._shapes = itertools.cycle(shapes)
        self._basic = basic
        self._now = now

    async def deliver(self, entry: Entry, times: int) -> None:
        """Reports the end of `entry`, `times` times, each in the next shape, until it is acknowledged."""
        if entry.callback_url is None:
            return
        for _ in range(times):
            shape = next(self._shapes)
            for attempt, pause in enumerate((*_PAUSES, 0.0), start=1):
                if await self.post(entry.callback_url, shape, payload_of(entry), attempt):
                    break
                await asyncio.sleep(pause / self._speed)

    async def post(self, url: str, shape: str, payload: Mapping[str, str], attempt: int = 1) -> bool:
        """One try. Returns whether it was acknowledged as the protocol asks."""
        body, content_type = shape_body(shape, payload)
        status: int | None = None
        acknowledged = False
        try:
            async with asyncio.timeout(PATIENCE):
                status, answer = await self._exchange(url, body, content_type)
            acknowledged = status == 200 and _is_acknowledgement(answer, payload.get("requesttransactionid", ""))
        except (OSError, TimeoutError, h11.ProtocolError, ValueError):
            pass  # not reached: the book says so by a status of None
        self._bank.note_callback(
            {
                "requesttransactionid": payload.get("requesttransactionid"),
                "shape": shape,
                "attempt": attempt,
                "status": status,
                "acknowledged": acknowledged,
                "at": iso(self._now()),
            }
        )
        return acknowledged

    async def _exchange(self, url: str, body: bytes, content_type: str) -> tuple[int, bytes]:
        parts = urlsplit(url)
        secure = ssl.create_default_context() if parts.scheme == "https" else None
        port = parts.port or (443 if secure else 80)
        reader, writer = await asyncio.open_connection(parts.hostname, port, ssl=secure)
        try:
            headers = [
                ("Host", parts.netloc.rpartition("@")[2]),
                ("Content-Type", content_type),
                ("Content-Length", str(len(body))),
                ("Connection", "close"),
            ]
            if self._basic is not None:
                headers.append(("Authorization", "Basic " + base64.b64encode(":".join(self._basic).encode()).decode()))
            connection = h11.Connection(h11.CLIENT)
            target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            request = connection.send(h11.Request(method="POST", target=target, headers=headers)) or b""
            writer.write(request + (connection.send(h11.Data(data=body)) or b""))
            connection.send(h11.EndOfMessage())
            return await _response(connection, reader)
        finally:
            writer.close()


async def _response(connection: h11.Connection, reader: asyncio.StreamReader) -> tuple[int, bytes]:
    status, answer = 0, b""
    while True:
        event: Any = connection.next_event()
        if event is h11.NEED_DATA:
            connection.receive_data(await reader.read(_MOST_ANSWER))
        elif isinstance(event, h11.Response):
            status = event.status_code
        elif isinstance(event, h11.Data):
            answer += event.data
            if len(answer) > _MOST_ANSWER:
                raise ValueError("too long an answer")
        elif isinstance(event, h11.EndOfMessage):
            return status, answer
        elif isinstance(event, h11.ConnectionClosed):
            raise ValueError("no answer")


def _is_acknowledgement(answer: bytes, id: str) -> bool:
    try:
        return bool(json.loads(answer) == {"message": "success", "success": True, "request_id": id})
    except ValueError:
        return False
