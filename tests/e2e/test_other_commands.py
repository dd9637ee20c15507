"""`watch`, `history`, `verify`, `doctor`, `simulator`, `demo`, and what stops a command."""

import json
import signal
import sqlite3
import subprocess
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from cashier.simulator import Simulator
from tests.canaries import PASSWORD, TOKEN, note_secret
from tests.e2e.program import LONG, Program, bare_environment, clean

pytestmark = pytest.mark.e2e


def line(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return clean(process.stdout.readline())


def end(process: "subprocess.Popen[str]") -> int:
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=LONG)
    return process.returncode


def test_the_simulator_tells_its_credentials_first_and_ends_on_sigterm(tmp_path: Path) -> None:
    process = Program(tmp_path, bare_environment()).start("simulator")
    # The one place where a secret is printed, by contract.
    assert process.stdout is not None
    first = json.loads(process.stdout.readline())
    note_secret(first["partnerpassword"])
    assert list(first) == ["url", "username", "accountno", "partnerpassword"]
    assert first["accountno"] == "250160000011"
    assert first["url"].endswith("/")
    book_url = first["url"].split("/api/")[0] + "/book"
    with urllib.request.urlopen(book_url) as answer:
        assert json.load(answer)["balance"] == 1_000_000
    assert end(process) == 0


def test_two_simulators_cannot_share_a_port(tmp_path: Path) -> None:
    with Simulator() as other:
        ended = Program(tmp_path, bare_environment()).run("simulator", "--port", str(other.port))
    assert (ended.code, ended.out) == (4, "")
    assert str(other.port) in ended.err


def test_watch_tells_its_port_then_each_change(program: Program, gateway: Simulator) -> None:
    row = program.run("charge", "0788000004", "1500", "--wait", "0", "--json").json
    watch = program.with_env(CASHIER_CALLBACK_PORT="0").start("watch", "--json", "--mask-phones")
    listening = json.loads(line(watch))["listening"]
    assert isinstance(listening, int)
    gateway.settle_now(row["id"])
    told = json.loads(line(watch))
    while told["state"] != "failed":
        told = json.loads(line(watch))
    assert told["id"] == row["id"]
    assert told["phone"] == "0788 ••• 004"
    assert end(watch) == 0


def test_watch_without_callbacks_listens_nowhere(program: Program) -> None:
    watch = program.start("watch")
    assert json.loads(line(watch)) == {"listening": None}
    assert end(watch) == 0


def test_watch_on_a_taken_port_works_on_and_says_so(program: Program, gateway: Simulator) -> None:
    watch = program.with_env(CASHIER_CALLBACK_PORT=str(gateway.port)).start("watch", "--json")
    assert json.loads(line(watch)) == {"listening": None}
    watch.send_signal(signal.SIGTERM)
    _, err = watch.communicate(timeout=LONG)
    assert watch.returncode == 0
    assert str(gateway.port) in err


def test_history_is_newest_first_and_can_be_filtered(program: Program) -> None:
    program.run("charge", "0788123456", "1500")
    program.run("charge", "0788000002", "700")
    everything = program.run("history", "--json")
    assert [row["amount"] for row in everything.json] == [700, 1500]
    assert [row["amount"] for row in program.run("history", "--state", "successful", "--json").json] == [1500]
    assert len(program.run("history", "--limit", "1", "--json").json) == 1


def test_history_before_the_first_sale(program: Program) -> None:
    assert program.run("history", "--json").json == []


def test_verify_finds_what_was_altered(program: Program) -> None:
    assert program.run("verify").code == 4
    program.run("charge", "0788000002", "700")
    whole = program.run("verify")
    assert whole.code == 0
    file = next(program.data.glob("*/ledger.db"))
    with sqlite3.connect(file) as connection:
        connection.execute("DROP TRIGGER events_stay")
        connection.execute("UPDATE events SET data = replace(data, '700', '900') WHERE sequence = 1")
    connection.close()
    broken = program.run("verify")
    assert broken.code == 1
    assert "event 1" in broken.out


def test_doctor_looks_at_everything(program: Program, gateway: Simulator) -> None:
    well = program.run("doctor")
    assert well.code == 0
    for what in ("settings", "keyring", "clock", "gateway", "listener", "printers", "disk"):
        assert f" {what}: " in well.out
    gateway.stop()
    ill = program.run("doctor")
    assert ill.code == 4
    assert "NOT  gateway" in ill.out


def test_the_demo_plays_through_the_window_and_ends_well(tmp_path: Path) -> None:
    # Qt has words about such a locale; they are nothing for the person at the demo.
    program = Program(tmp_path / "data", {**bare_environment(), "LC_ALL": "C", "XDG_RUNTIME_DIR": "/nowhere"})
    ended = program.run("demo", "--play", str(tmp_path / "pictures"))
    rows: list[dict[str, Any]] = [json.loads(text) for text in ended.out.splitlines()]
    assert (ended.code, ended.err) == (0, "")
    assert [(row["state"], row["response_code"]) for row in rows] == [
        ("successful", "01"),
        ("failed", "1002"),
        ("successful", "01"),
    ]
    pictures = list((tmp_path / "pictures").glob("*.png"))
    assert len(pictures) == 10
    assert all(picture.read_bytes().startswith(b"\x89PNG") for picture in pictures)


def test_without_a_display_there_is_no_window(tmp_path: Path) -> None:
    ended = Program(tmp_path, bare_environment()).without_env("DISPLAY", "WAYLAND_DISPLAY").run()
    assert (ended.code, ended.out) == (4, "")
    assert "display" in ended.err


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (("charge", "0788", "1500"), "0788 123 456"),
        (("charge", "0788123456 or 0722123456", "1500"), "several"),
        (("charge", "0788123456", "1,500"), "without comma"),
        (("charge", "0788123456", "1.5"), "without comma"),
        (("charge", "0788123456", "99"), "100"),
        (("charge", "0788123456", "2000001"), "2\u00a0000\u00a0000"),
        (("charge", "0788123456", "٣٠٠"), "digits"),
        (("charge", "0788123456"), "AMOUNT"),
        (("payout", "0788123456", "1500", "--reason", " ", "--yes"), "what the payout is for"),
        (("charge", "0788123456", "1500", "--wait", "-1"), "wait"),
        (("history", "--state", "paid"), "state"),
        (("nonsense",), "nonsense"),
    ],
)
def test_wrong_input_says_what_to_do_and_does_nothing(
    program: Program, gateway: Simulator, arguments: tuple[str, ...], hint: str
) -> None:
    ended = program.run(*arguments)
    assert (ended.code, ended.out) == (2, "")
    assert hint in ended.err
    assert gateway.book()["requests"] == []
    assert not program.data.exists() or not list(program.data.glob("*/ledger.db"))


@pytest.mark.parametrize(
    "missing", ["CASHIER_GATEWAY_URL", "CASHIER_USERNAME", "CASHIER_ACCOUNT_NO", "CASHIER_PARTNER_PASSWORD"]
)
def test_without_settings_nothing_happens(program: Program, gateway: Simulator, missing: str) -> None:
    ended = program.without_env(missing).run("charge", "0788123456", "1500")
    assert (ended.code, ended.out) == (4, "")
    assert ended.err.strip()
    assert gateway.book()["requests"] == []


def test_a_private_callback_address_for_a_gateway_elsewhere_is_refused(program: Program) -> None:
    elsewhere = program.with_env(
        CASHIER_GATEWAY_URL="https://gateway.example.com/api/",
        CASHIER_CALLBACK_URL="http://192.168.1.4/callback/" + TOKEN,
    )
    ended = elsewhere.run("charge", "0788123456", "1500")
    assert (ended.code, ended.out) == (2, "")
    assert "public" in ended.err
    assert not list(program.data.glob("*/ledger.db"))


def test_a_second_writer_says_so(program: Program) -> None:
    watch = program.start("watch")
    line(watch)
    ended = program.run("charge", "0788123456", "1500")
    assert (ended.code, ended.out) == (4, "")
    assert "already open" in ended.err
    assert program.run("history", "--json").code == 0
    assert end(watch) == 0


def test_sigterm_during_a_charge_ends_it_in_order(program: Program, gateway: Simulator) -> None:
    charge = program.start("charge", "0788000004", "1500", "--json")
    gateway.wait_for(lambda book: any(one["answer"] for one in book["requests"]))
    charge.send_signal(signal.SIGTERM)
    out, _ = charge.communicate(timeout=LONG)
    assert charge.returncode == 3
    assert json.loads(out)["state"] in ("unknown", "pending")


def test_no_secret_in_any_file_or_stream(program: Program, gateway: Simulator) -> None:
    ended = program.run("charge", "0788123456", "1500", "--json")
    wrong = program.with_env(CASHIER_PARTNER_PASSWORD=PASSWORD).run("charge", "0788123457", "1500", "--json")
    seen = ended.out + ended.err + wrong.out + wrong.err
    for file in program.data.rglob("*"):
        if file.is_file():
            seen += file.read_bytes().decode("latin-1")
    assert gateway.partnerpassword not in seen
    assert PASSWORD not in seen
    logs = "".join(file.read_text() for file in program.data.rglob("*.log*"))
    assert "788123456" not in logs
