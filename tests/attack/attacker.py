"""Malformed requests and held connections against one port of this computer, for some seconds, then a report.

`python -m tests.attack.attacker PORT SECONDS`. It ends by itself. Loopback alone.
"""

import asyncio
import contextlib
import itertools
import json
import sys
from collections import Counter

PER_SECOND = 150
HELD = 300
_TOKEN = "w" * 43  # a wrong one
_PATIENCE = 12.0
# Who holds connections and loses one comes back, again and again.
_COMES_BACK = 1.0


def malformed(port: int) -> list[bytes]:
    """Requests that must cost next to nothing and change nothing."""
    host = f"Host: 127.0.0.1:{port}\r\n"
    head = f"POST /callback/{_TOKEN} HTTP/1.1\r\n{host}"
    body = '{"jsonpayload":{"requesttransactionid":"01ABC","responsecode":"01"}}'
    whole = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}"
    texts = [
        head + whole,
        head + f"Origin: https://evil.example\r\n{whole}",
        head + f"Sec-Fetch-Site: cross-site\r\n{whole}",
        f"POST /callback/{_TOKEN} HTTP/1.1\r\nHost: evil.example\r\n{whole}",
        head + "Content-Length: 1073741824\r\n\r\n",
        head + "Content-Length: -1\r\n\r\n",
        head + f"Content-Length: {'9' * 5000}\r\n\r\n",
        head + "Transfer-Encoding: chunked\r\n\r\n" + f"1000\r\n{'x' * 4096}\r\n" * 8,
        head + "".join(f"X-{number}: {'y' * 200}\r\n" for number in range(60)) + "\r\n",
        f"GET / HTTP/1.1\r\n{host}\r\n",
        f"OPTIONS * HTTP/1.1\r\n{host}\r\n",
        "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        "\0" * 512,
        "GET " + "/a" * 6000 + " HTTP/1.1\r\n\r\n",
        f"POST /callback/{_TOKEN} HTTP/9.9\r\n\r\n",
    ]
    return [text.encode("latin-1") for text in texts]


class Attack:
    """One run. `told` counts what came back."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.told: Counter[str] = Counter()

    async def run(self, seconds: float) -> None:
        tasks = [asyncio.create_task(self._hold()) for _ in range(HELD)]
        requests = itertools.cycle(malformed(self._port))
        clock = asyncio.get_running_loop().time
        begun, sent = clock(), 0
        sending = set[asyncio.Task[None]]()
        while (now := clock()) < begun + seconds:
            while sent < (now - begun) * PER_SECOND:
                task = asyncio.create_task(self._send(next(requests)))
                sending.add(task)
                task.add_done_callback(sending.discard)
                sent += 1
            await asyncio.sleep(0.005)
        for task in (*tasks, *sending):
            task.cancel()
        await asyncio.gather(*tasks, *sending, return_exceptions=True)

    async def _send(self, content: bytes) -> None:
        answer = b""
        with contextlib.suppress(OSError, TimeoutError):
            async with asyncio.timeout(_PATIENCE):
                reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
                try:
                    writer.write(content)
                    answer = await reader.read(64)
                finally:
                    writer.close()
        self.told["sent"] += 1
        self.told[answer[9:12].decode("latin-1") or "closed"] += 1

    async def _hold(self) -> None:
        while True:
            with contextlib.suppress(OSError):
                reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
                try:
                    self.told["held"] += 1
                    writer.write(b"POST /callback/")
                    await reader.read()
                finally:
                    writer.close()
            await asyncio.sleep(_COMES_BACK)


def main() -> None:
    port, seconds = int(sys.argv[1]), float(sys.argv[2])
    attack = Attack(port)
    asyncio.run(attack.run(seconds))
    print(json.dumps(attack.told))


if __name__ == "__main__":
    main()
