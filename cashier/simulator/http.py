"""HTTP on asyncio with a real parser, so that every way of answering wrongly is open."""

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import h11

_MOST_BODY = 64 * 1024
_READ = 16 * 1024
_IDLE = 60.0


@dataclass(frozen=True)
class Asked:
    """A whole request."""

    method: str
    path: str
    content_type: str
    body: bytes


@dataclass(frozen=True)
class Reply:
    """How to answer. With `cut` or `reset` nothing is answered at all."""

    status: int = 200
    body: bytes = b""
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    cut: bool = False
    reset: bool = False
    claim_length: int | None = None
    drip: float | None = None


Handler = Callable[[Asked], Awaitable[Reply]]


async def serve_connection(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, handle: Handler) -> None:
    """Serves one connection until either side has enough."""
    try:
        connection = h11.Connection(h11.SERVER, max_incomplete_event_size=_READ)
        while True:
            asked = await _read(connection, reader)
            if asked is None:
                return
            reply = await handle(asked)
            if not await _write(writer, reply) or connection.their_state is h11.MUST_CLOSE:
                return
            # The answer is written raw, since it may break the rules; the parser is told of a plain one.
            connection.send(h11.Response(status_code=200, headers=[("Content-Length", "0")]))
            connection.send(h11.EndOfMessage())
            if connection.our_state is not h11.DONE or connection.their_state is not h11.DONE:
                return
            connection.start_next_cycle()
    except (OSError, h11.ProtocolError, TimeoutError):
        pass  # the other side left, or does not speak HTTP
    finally:
        writer.close()


async def _read(connection: h11.Connection, reader: asyncio.StreamReader) -> Asked | None:
    head: h11.Request | None = None
    body = b""
    while True:
        event = connection.next_event()
        if event is h11.NEED_DATA:
            connection.receive_data(await asyncio.wait_for(reader.read(_READ), _IDLE))
        elif isinstance(event, h11.Request):
            head = event
        elif isinstance(event, h11.Data):
            body += event.data
            if len(body) > _MOST_BODY:
                return None
        elif isinstance(event, h11.EndOfMessage) and head is not None:
            types = [value.decode("latin-1") for name, value in head.headers if name == b"content-type"]
            path = head.target.decode("latin-1").partition("?")[0]
            return Asked(head.method.decode("latin-1"), path, types[0] if types else "", body)
        else:
            return None


async def _write(writer: asyncio.StreamWriter, reply: Reply) -> bool:
    """Writes the reply. Returns whether the connection can go on."""
    if reply.reset:
        sock: socket.socket = writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()
        return False
    if reply.cut:
        return False
    length = len(reply.body) if reply.claim_length is None else reply.claim_length
    headers = {"Content-Type": reply.content_type, "Content-Length": str(length), **reply.headers}
    head = f"HTTP/1.1 {reply.status} -\r\n" + "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    raw = head.encode("latin-1") + b"\r\n" + reply.body
    if reply.drip is None:
        writer.write(raw)
    else:
        for position in range(len(raw)):
            writer.write(raw[position : position + 1])
            await writer.drain()
            await asyncio.sleep(reply.drip)
    await writer.drain()
    return reply.claim_length is None
