"""A gateway that repeats the password under a code of its own: no command prints it, and none keeps it."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.canaries import PASSWORD, found_below
from tests.e2e.program import Program, bare_environment

pytestmark = pytest.mark.e2e


class _Repeats(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        told = {"success": False, "responsecode": PASSWORD, "status": PASSWORD, "message": f"{PASSWORD} is wrong"}
        body = json.dumps(told).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Not on stderr."""


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Repeats) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        env = {
            **bare_environment(),
            "CASHIER_GATEWAY_URL": f"http://127.0.0.1:{server.server_port}/api/",
            "CASHIER_USERNAME": "shop",
            "CASHIER_ACCOUNT_NO": "250160000011",
            "CASHIER_PARTNER_PASSWORD": PASSWORD,
        }
        yield Program(tmp_path / "data", env)
        server.shutdown()
        thread.join()


def test_no_command_prints_or_keeps_it(program: Program) -> None:
    # What a command prints is searched for secrets as it ends.
    assert program.run("charge", "0788123456", "1500", "--wait", "1", "--json").code == 3
    refused = program.run("balance")
    assert refused.code == 1
    assert "[hidden]" in refused.err + refused.out
    assert "[hidden]" in program.run("doctor").out
    assert "[hidden]" in program.run("history", "--json").out
    assert list(found_below(program.data)) == []


def test_doctor_tells_that_the_password_is_too_short(program: Program, tmp_path: Path) -> None:
    nobody = Program(tmp_path / "data", {**program.env, "CASHIER_GATEWAY_URL": "http://127.0.0.1:9/api/"})
    out = nobody.with_env(CASHIER_PARTNER_PASSWORD="12345").run("doctor").out
    line = next(line for line in out.splitlines() if "password:" in line)
    assert line.startswith("NOT  password: It is too short")
    assert "12345" not in line
    assert "password:" not in nobody.run("doctor").out
