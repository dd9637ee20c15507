"""Commands at their edges: an output that goes nowhere, bytes that are no text, a signal at the wrong moment."""

import contextlib
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from cashier.simulator import Fault, Simulator
from tests.e2e.program import LONG, Program

pytestmark = pytest.mark.e2e


def piped(program: Program, line: str, **more: str) -> subprocess.CompletedProcess[str]:
    """The program's words as `$cashier` in a line of bash."""
    # No quotes: the shell takes words apart after it put the variable in, and would keep them as part of the path.
    command = f"{sys.executable} -m cashier --data-dir {program.data}"
    env = {**program.env, **more, "cashier": command}
    return subprocess.run(["bash", "-c", line], env=env, capture_output=True, text=True, timeout=LONG, check=False)


@pytest.mark.parametrize("kind", ["charge", "payout"])
def test_what_cannot_be_printed_has_happened_all_the_same(program: Program, gateway: Simulator, kind: str) -> None:
    what = "0788123456 1000" + (" --reason x --yes" if kind == "payout" else "")
    ended = piped(program, f"$cashier {kind} {what} --json >/dev/full; echo $?")
    assert ended.stdout == "0\n"
    assert ended.stderr == "The output could not be written: No space left on device.\n"
    ended = piped(program, f"$cashier {kind} 0788123457 1000 {what[15:]} --json | true; echo ${{PIPESTATUS[0]}}")
    assert (ended.stdout, ended.stderr) == ("0\n", "")
    ended = piped(program, "$cashier history --json >/dev/full; echo $?")
    assert (ended.stdout, "could not be written" in ended.stderr) == ("4\n", True)
    assert len(gateway.book()["transactions"]) == 2


def test_a_word_among_the_arguments_is_no_command(program: Program, gateway: Simulator) -> None:
    line = "$cashier charge 0788123456 1000 --reference history --json >/dev/full; echo $?"
    assert piped(program, line).stdout == "0\n"
    line = "$cashier payout 0788123457 1000 --reason balance --yes --json >/dev/full; echo $?"
    assert piped(program, line).stdout == "0\n"
    assert len(gateway.book()["transactions"]) == 2


@pytest.mark.parametrize("wait", ["inf", "1e400", "9223372036"])
def test_a_wait_without_end_ends_with_the_payment(program: Program, wait: str) -> None:
    ended = program.run("charge", "0788123456", "1000", "--wait", wait, "--json")
    assert (ended.code, ended.json["state"]) == (0, "successful")


def test_a_wait_that_is_no_number_writes_nothing(program: Program) -> None:
    ended = program.run("charge", "0788123456", "1000", "--wait", "nan")
    assert (ended.code, ended.out) == (2, "")
    assert program.run("history", "--json").json == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("after", [0.12, 0.2, 0.28, 0.4])
def test_stopped_early_nothing_is_written_or_it_is_sent(
    program: Program, gateway: Simulator, number: signal.Signals, after: float
) -> None:
    running = program.start("payout", "0728000001", "500", "--reason", "x", "--yes", "--json")
    try:
        running.wait(after)
    except subprocess.TimeoutExpired:
        running.send_signal(number)
    running.communicate(timeout=LONG)
    rows = program.run("history", "--json").json
    sent = [one for one in gateway.book()["requests"] if one["function"] == "requestdeposit"]
    assert len(rows) == len(sent)


def test_bytes_that_are_no_text_are_wrong_input(program: Program, gateway: Simulator) -> None:
    ended = piped(program, r"$cashier charge 0788123456 1000 --reference $'a\xff'; echo $?")
    assert (ended.stdout, ended.stderr) == ("2\n", "Argument 7 is not text in UTF-8. Write it again.\n")
    ended = piped(program, r"CASHIER_USERNAME=$'u\xe9' $cashier balance; echo $?")
    assert (ended.stdout, "CASHIER_USERNAME is not text" in ended.stderr) == ("2\n", True)
    assert gateway.book()["requests"] == []


def test_a_sign_that_the_output_does_not_know_is_spelled_out(program: Program) -> None:
    program.run("charge", "0788123456", "1000", "--reference", "☕")
    ended = piped(program, "$cashier history >/dev/null; echo $?", PYTHONIOENCODING="ascii")
    assert (ended.stdout, ended.stderr) == ("0\n", "")


def test_an_export_of_a_ledger_that_is_gone_replaces_nothing(program: Program, tmp_path: Path) -> None:
    program.run("charge", "0788123456", "1000")
    file = tmp_path / "all.csv"
    assert program.run("export", str(file)).code == 0
    before = file.read_bytes()
    for one in program.data.glob("*/ledger.db*"):
        if not one.name.endswith(".mark"):
            one.unlink()
    ended = program.run("export", str(file))
    assert (ended.code, ended.out) == (4, "")
    assert file.read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"garbage" * 1000])
def test_a_broken_ledger_is_verified_as_broken(program: Program, content: bytes) -> None:
    program.run("charge", "0788123456", "1000")
    ledger = next(program.data.glob("*/ledger.db"))
    ledger.write_bytes(content)
    ended = program.run("verify")
    assert (ended.code, ended.out) == (1, "")
    assert "damaged" in ended.err


def test_where_a_backup_cannot_be_a_sentence_says_so(program: Program, tmp_path: Path) -> None:
    program.run("charge", "0788123456", "1000")
    ended = program.run("backup", str(tmp_path / ("x" * 300)))
    assert (ended.code, ended.out) == (4, "")
    assert "cannot be written" in ended.err


def test_check_of_what_is_not_there_opens_nothing(program: Program) -> None:
    ended = program.run("check", "nobody")
    assert (ended.code, ended.out) == (2, "")
    assert list(program.data.glob("*/ledger.db")) == []


def test_a_check_named_twice_is_listed_once(program: Program) -> None:
    row = program.run("charge", "0788000002", "700", "--json").json
    assert len(program.run("check", row["id"], row["number"], "--json").json) == 1


def test_the_simulator_answers_though_nobody_reads_its_lines(tmp_path: Path) -> None:
    read, write = os.pipe()
    command = [sys.executable, "-m", "cashier", "simulator", "--json"]
    with subprocess.Popen(command, stdout=write, stderr=subprocess.DEVNULL, text=True) as running:
        os.close(write)
        with os.fdopen(read) as lines:
            told = json.loads(lines.readline())
        env = {
            **os.environ,
            "CASHIER_GATEWAY_URL": told["url"],
            "CASHIER_USERNAME": told["username"],
            "CASHIER_ACCOUNT_NO": told["accountno"],
            "CASHIER_PARTNER_PASSWORD": told["partnerpassword"],
        }
        for _ in range(2):
            asked = subprocess.run(
                [sys.executable, "-m", "cashier", "--data-dir", str(tmp_path / "d"), "balance", "--json"],
                env=env,
                capture_output=True,
                text=True,
                timeout=LONG,
                check=False,
            )
            assert (asked.returncode, '"balance": 1000000' in asked.stdout) == (0, True)
        running.send_signal(signal.SIGTERM)
        assert running.wait(LONG) == 0


def test_an_empty_data_folder_is_not_the_one_somebody_stands_in(program: Program, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "cashier", "--data-dir", "", "history"]
    ended = subprocess.run(
        command, env=program.env, cwd=tmp_path, capture_output=True, text=True, timeout=LONG, check=False
    )
    assert (ended.returncode, ended.stdout) == (2, "")
    assert not list(tmp_path.glob("**/ledger.db"))


def test_a_terminal_obeys_no_word_of_the_gateway(program: Program, gateway: Simulator) -> None:
    gateway.script(Fault(function="requestpayment", fields={"message": "no\x1b[31m\x07"}))
    ended = program.run("charge", "0788000002", "700")
    assert ended.code == 1
    assert "\x1b" not in program.run("history").out + ended.out


def test_watch_ends_when_nobody_reads_it_any_more(program: Program, gateway: Simulator) -> None:
    program.run("charge", "0788000004", "700", "--wait", "0")
    watch = program.start("watch", "--json")
    assert watch.stdout is not None
    assert watch.stderr is not None
    watch.stdout.readline()
    watch.stdout.close()
    gateway.settle_now(program.run("history", "--json").json[0]["id"])
    with watch.stderr:
        assert watch.wait(LONG) == 0


def test_the_end_of_the_terminal_ends_watch_in_order(program: Program) -> None:
    watch = program.start("watch", "--json")
    assert watch.stdout is not None
    watch.stdout.readline()
    watch.send_signal(signal.SIGHUP)
    watch.communicate(timeout=LONG)
    assert watch.returncode == 0


def test_doctor_sees_a_ledger_that_no_sale_could_write(program: Program) -> None:
    program.run("charge", "0788123456", "1000")
    assert program.run("doctor").code == 0
    ledger = next(program.data.glob("*/ledger.db"))
    with contextlib.closing(sqlite3.connect(ledger)) as connection:
        connection.execute("PRAGMA user_version=99")
    ended = program.run("doctor")
    assert ended.code == 4
    assert "NOT  ledger: This ledger was written by a newer Cashier." in ended.out


def test_doctor_beside_an_open_till_finds_nothing_wrong_with_its_port(program: Program) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    callbacks = {
        "CASHIER_CALLBACK_URL": "https://till.example.com/callback/0123456789abcdef0123456789abcdef",
        "CASHIER_CALLBACK_PORT": port,
    }
    beside = Program(program.data, {**program.env, **callbacks})
    watch = beside.start("watch", "--json")
    assert watch.stdout is not None
    assert f'"listening": {port}' in watch.stdout.readline()
    assert f"ok   listener: port {port} is held by the Cashier that is open" in beside.run("doctor").out
    watch.terminate()
    watch.communicate(timeout=LONG)
