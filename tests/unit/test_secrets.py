"""No part shows a secret when it is printed, crashes or is told one back by the gateway."""

import json
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from cashier.assembly import Callbacks, RunningTill
from cashier.credentials import MemoryStore, Name
from cashier.domain.states import State
from cashier.effective import from_environment
from cashier.errors import SettingsError
from cashier.gateway.client import Client
from cashier.gateway.messages import without_secrets
from cashier.gateway.profile import Profile, Secret
from cashier.gateway.roundtrip import post_to_ourselves
from cashier.ledger.ledger import Account
from cashier.settings import Settings
from cashier.simulator.protocol import Who
from cashier.till.clock import SystemClock
from cashier.till.listener import CallbackListener
from cashier.till.listener_http import Rules
from cashier.till.options import TillOptions
from tests.canaries import BASIC, PASSWORD, TOKEN, found_in, note_digest
from tests.integration.running import Watcher

URL = f"https://till.example.rw/callback/{TOKEN}"
ENV = {
    "CASHIER_GATEWAY_URL": "https://gateway.example.rw/api/",
    "CASHIER_USERNAME": "shop",
    "CASHIER_ACCOUNT_NO": "250160000011",
    "CASHIER_PARTNER_PASSWORD": PASSWORD,
    "CASHIER_CALLBACK_URL": URL,
}


def store() -> MemoryStore:
    made = MemoryStore()
    made.set(Name.PARTNER_PASSWORD, "live-1", PASSWORD)
    return made


@pytest.mark.parametrize(
    "part",
    [
        Secret(PASSWORD),
        Profile("https://gateway.example.rw/api/", "shop", "1", Secret(PASSWORD)),
        Callbacks(TOKEN, URL, basic=BASIC),
        TillOptions(callback_url=URL),
        Rules(f"/callback/{TOKEN}".encode(), frozenset(), BASIC),
        CallbackListener(token=TOKEN, on_hint=print, basic=BASIC),
        from_environment(ENV, None),
        Who("shop", "1", PASSWORD),
        store(),
        Client(Profile("https://gateway.example.rw/api/", "shop", "1", Secret(PASSWORD)), now=SystemClock().now),
    ],
    ids=lambda part: type(part).__name__,
)
def test_no_part_shows_its_secret(part: object) -> None:
    for text in (repr(part), str(part), f"{part}", repr([part]), repr({"it": part})):
        assert found_in(text.encode()) == []


def test_settings_take_no_address_with_a_token() -> None:
    settings = Settings("live", "https://gateway.example.rw/api/", "shop", "1", callback_url=URL)
    with pytest.raises(SettingsError, match="before /callback/") as wrong:
        settings.checked()
    assert found_in(str(wrong.value).encode()) == []


@pytest.mark.parametrize(
    "url", [f"http://127.0.0.1:1/callback/{TOKEN}", f"http://[::1/callback/{TOKEN}"], ids=["nobody", "no address"]
)
def test_a_round_trip_that_fails_does_not_quote_the_address(url: str) -> None:
    assert found_in((post_to_ourselves(url, "01ABC") or "").encode()) == []


@pytest.mark.parametrize("encoded", [False, True])
def test_what_we_sent_is_taken_out_of_an_answer(encoded: bool) -> None:
    digest = "0123456789abcdef" * 4
    text = json.dumps({"message": f"no such {digest.upper()} at {URL}"})
    if encoded:
        text = text.replace("/", "\\/")
    shown = json.loads(without_secrets(text.encode(), digest, URL))["message"]
    assert shown == "no such [hidden] at https://till.example.rw/callback/[hidden]"
    assert without_secrets(b"01 short", digest, "http://127.0.0.1/callback/short") == b"01 short"


class Echo(BaseHTTPRequestHandler):
    """A gateway that says back whatever it was sent."""

    def do_POST(self) -> None:
        asked = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        digest, url = asked["password"][0], asked.get("callbackurl", [""])[0]
        note_digest(digest)
        told = {"success": True, "responsecode": "1000", "message": f"{asked}", "status": digest}
        ids = {"transactionid": digest, "referenceid": url.rpartition("/")[2]}
        body = json.dumps({**told, **ids}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Not on stderr."""


@pytest.fixture
def echo() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Echo) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/api/"
        server.shutdown()
        thread.join()


def test_a_gateway_that_repeats_a_request_brings_no_secret_into_the_ledger(echo: str, tmp_path: Path) -> None:
    profile = Profile(echo, "shop", "1", Secret(PASSWORD))
    running = RunningTill(tmp_path / "x", Account("practice", "1"), profile, callbacks=Callbacks(TOKEN))
    with running:
        row = running.till.charge("250788123456", 1500)
        after = Watcher(running.till).wait_for(row.id, lambda one: one.state is not State.CREATED)
        assert "hidden" in f"{after.gateway_transaction_id} {after.operator_reference}"
        with closing(sqlite3.connect(running.ledger.file)) as connection:
            told = str(connection.execute("SELECT data FROM events").fetchall())
    assert found_in(told.encode()) == []


CRASH = """
import sys, threading
from cashier import logs
from tests.canaries import PASSWORD, TOKEN
logs.register_secret(PASSWORD)
logs.register_secret(TOKEN)
logs.catch_the_rest()

def fail():
    try:
        raise ConnectionError(f"https://till.example.rw/callback/{TOKEN}")
    except ConnectionError as cause:
        raise RuntimeError(f"asked 0788123456 with {PASSWORD!r}") from cause

class Broken:
    def __del__(self):
        fail()

if sys.argv[1] == "log":
    import logging
    logging.getLogger("cashier").error("0788123456 with %s", PASSWORD)
elif sys.argv[1] == "thread":
    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
elif sys.argv[1] == "end of an object":
    Broken()
else:
    fail()
"""


@pytest.mark.parametrize("where", ["main", "thread", "end of an object", "log"])
def test_what_nobody_caught_is_told_without_secrets(where: str) -> None:
    done = subprocess.run([sys.executable, "-c", CRASH, where], capture_output=True, text=True, timeout=60, check=False)
    assert "[hidden]" in done.stderr
    assert found_in(done.stderr.encode()) == []
    assert "788123456" not in done.stderr
    assert ("Traceback" in done.stderr) == (where != "log")
