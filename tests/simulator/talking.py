"""Talking to the practice gateway as a shop does, and a server that takes its callbacks."""

import hashlib
import http.client
import json
import threading
from contextlib import closing
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import urlencode

from cashier.gateway.callback import acknowledgement, parse_callback
from cashier.simulator import Simulator

LONG = 10.0


PHONE = "250788123456"


def sign(gateway: Simulator, moment: datetime | None = None, **changed: Any) -> dict[str, Any]:
    stamp = (moment or datetime.now(UTC)).strftime("%Y%m%d%H%M%S")
    text = gateway.username + gateway.accountno + gateway.partnerpassword + stamp
    who = {
        "username": gateway.username,
        "accountno": gateway.accountno,
        "timestamp": stamp,
        "password": hashlib.sha256(text.encode()).hexdigest(),
    }
    return {name: value for name, value in {**who, **changed}.items() if value is not None}


def send(gateway: Simulator, path: str, fields: dict[str, Any], as_json: bool = False) -> tuple[int, dict[str, Any]]:
    connection = http.client.HTTPConnection("127.0.0.1", gateway.port, timeout=LONG)
    with closing(connection):
        body = json.dumps(fields) if as_json else urlencode(fields)
        content_type = "application/json" if as_json else "application/x-www-form-urlencoded"
        connection.request("POST", f"/api/{path}/", body, {"Content-Type": content_type})
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())


def ask(gateway: Simulator, path: str, **fields: Any) -> dict[str, Any]:
    return send(gateway, path, sign(gateway, **fields))[1]


def pay(gateway: Simulator, id: str = "A", phone: str = PHONE, amount: Any = 1500, **more: Any) -> dict[str, Any]:
    return ask(gateway, "requestpayment", requesttransactionid=id, mobilephone=phone, amount=amount, **more)


def pay_out(gateway: Simulator, id: str = "A", phone: str = PHONE, amount: Any = 1500, **more: Any) -> dict[str, Any]:
    return ask(gateway, "requestdeposit", requesttransactionid=id, mobilephone=phone, amount=amount, **more)


def status(gateway: Simulator, id: str | None = "A", transactionid: str | None = "") -> dict[str, Any]:
    return ask(gateway, "gettransactionstatus", requesttransactionid=id, transactionid=transactionid)


def entry(gateway: Simulator, id: str = "A") -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in gateway.book()["transactions"] if one["requesttransactionid"] == id)
    return found


class Shop:
    """A real server that takes callbacks, refusing the first `refusals`."""

    def __init__(self, refusals: int = 0) -> None:
        self.seen: list[tuple[str, bytes, str | None]] = []
        shop = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                shop.seen.append((self.headers["Content-Type"], body, self.headers["Authorization"]))
                self.send_response(500 if len(shop.seen) <= refusals else 200)
                self.end_headers()
                self.wfile.write(acknowledgement(parse_callback(self.headers["Content-Type"], body).request_id))

            def log_message(self, *_: object) -> None:
                """Tests print nothing."""

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/callback/t"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    def __enter__(self) -> "Shop":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
