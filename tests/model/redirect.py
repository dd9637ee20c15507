"""The planted bug that only a socket shows: a followed redirect hands the digest to another host."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from unittest import mock

import requests

from cashier.gateway.calls import Call
from cashier.gateway.client import Client
from cashier.gateway.profile import Profile, Secret
from cashier.gateway.transport import _Session


@contextlib.contextmanager
def _server(status: int, location: str | None) -> Iterator[tuple[str, list[bytes]]]:
    """A server that answers every POST alike, and what it was sent."""
    received: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            received.append(self.rfile.read(int(self.headers.get("Content-Length", "0"))))
            self.send_response(status)
            if location is not None:
                self.send_header("Location", location)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/", received
        finally:
            server.shutdown()
            thread.join()


@contextlib.contextmanager
def followed() -> Iterator[None]:
    """The planted bug: `requests` does what it does by itself."""
    real, real_use = requests.Session.post, Call.use

    def use(self: Call, sock: socket.socket) -> None:
        self.done()  # the second connection of one call, which the program never has
        real_use(self, sock)

    def post(self: requests.Session, *arguments: Any, **more: Any) -> requests.Response:
        return real(self, *arguments, **{**more, "allow_redirects": True})

    target = requests.Session.get_redirect_target
    with (
        mock.patch.object(requests.Session, "post", post),
        mock.patch.object(_Session, "get_redirect_target", target),
        mock.patch.object(Call, "use", use),
    ):
        yield


def redirect_leaks(status: int = 307) -> bool:
    """Whether the other host gets to see a request that the gateway's own address redirects to it."""
    with _server(200, None) as (elsewhere, leaked), _server(status, elsewhere) as (gateway, received):
        client = Client(Profile(gateway, "u", "1", Secret("s")), now=lambda: datetime.now(UTC))
        try:
            client.request_payment(id="01TEST", phone="250788123456", amount=1500)
        finally:
            client.close()
        if len(received) != 1:
            raise AssertionError("the request did not reach the first host")
        return bool(leaked)


def finds_followed_redirect() -> bool:
    """Whether the check is silent on the program and finds the planted bug in it."""
    if redirect_leaks():
        raise AssertionError("the program follows a redirect")
    with followed():
        return redirect_leaks()
