"""`charge`, `payout`, `check`, `balance`: options, JSON and exit codes of the contract."""

import re
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cashier.simulator import Fault, Simulator
from tests.canaries import PASSWORD, TOKEN
from tests.e2e.program import Program, program_for

pytestmark = pytest.mark.e2e

KEYS = [
    "id",
    "number",
    "kind",
    "phone",
    "amount",
    "state",
    "review",
    "response_code",
    "message",
    "gateway_transaction_id",
    "reference",
    "created_at",
    "decided_at",
]
UTC_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)")


def sent(gateway: Simulator, function: str) -> int:
    return sum(1 for request in gateway.book()["requests"] if request["function"] == function)


def test_a_charge_by_polling_alone(program: Program, gateway: Simulator) -> None:
    ended = program.run("charge", "0788123456", "1500", "--reference", "table 4", "--json")
    assert (ended.code, ended.err) == (0, "")
    row = ended.json
    assert list(row) == KEYS
    assert row["state"] == "successful"
    assert (row["kind"], row["phone"], row["amount"], row["reference"]) == ("payment", "250788123456", 1500, "table 4")
    assert (row["response_code"], row["review"]) == ("01", None)
    assert row["gateway_transaction_id"] == gateway.book()["transactions"][0]["transactionid"]
    assert re.fullmatch(r"T1-\d{6}", row["number"])
    assert UTC_TIME.fullmatch(row["created_at"])
    assert UTC_TIME.fullmatch(row["decided_at"])
    assert sent(gateway, "requestpayment") == 1


def test_a_charge_with_the_listener(program: Program, gateway: Simulator) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    listening = program.with_env(
        CASHIER_CALLBACK_URL=f"http://127.0.0.1:{port}/callback/{TOKEN}", CASHIER_CALLBACK_PORT=str(port)
    )
    ended = listening.run("charge", "0788123456", "1500", "--json")
    assert (ended.code, ended.json["state"]) == (0, "successful")
    assert gateway.book()["callbacks"][0]["acknowledged"]


def test_json_form_works_too(program: Program) -> None:
    assert program.with_env(CASHIER_ENCODING="json").run("charge", "0788123456", "1500").code == 0


def test_a_refused_charge_exits_1(program: Program) -> None:
    ended = program.run("charge", "0788000002", "1500", "--json")
    assert (ended.code, ended.json["state"], ended.json["response_code"]) == (1, "failed", "1002")
    assert ended.json["message"]


def test_a_charge_that_was_never_sent_exits_1(program: Program, gateway: Simulator) -> None:
    gateway.stop()
    ended = program.run("charge", "0788123456", "1500", "--json")
    assert (ended.code, ended.json["state"], ended.json["response_code"]) == (1, "failed", None)
    assert ended.json["message"].startswith("Not sent")


def test_an_open_charge_exits_3_after_the_wait(program: Program, gateway: Simulator) -> None:
    ended = program.run("charge", "0788000004", "1500", "--wait", "0.5", "--json")
    assert (ended.code, ended.json["state"]) == (3, "pending")


def test_the_same_charge_again_prints_the_first_and_sends_nothing(program: Program, gateway: Simulator) -> None:
    first = program.run("charge", "0788123456", "1500", "--json").json
    again = program.run("charge", "0788 123 456", "1 500", "--json")
    assert (again.code, again.json["id"]) == (3, first["id"])
    assert sent(gateway, "requestpayment") == 1
    assert program.run("charge", "0788123456", "1500", "--again", "--json").json["id"] != first["id"]
    assert sent(gateway, "requestpayment") == 2


def test_another_charge_to_a_phone_with_an_open_one_is_held(program: Program, gateway: Simulator) -> None:
    first = program.run("charge", "0788000004", "1500", "--wait", "0", "--json").json
    other = program.run("charge", "0788000004", "900", "--json")
    assert (other.code, other.json["id"]) == (3, first["id"])
    assert sent(gateway, "requestpayment") == 1


def test_a_payout_is_sent_once_and_moves_the_balance(program: Program, gateway: Simulator) -> None:
    ended = program.run("payout", "0788123456", "2000", "--reason", "supplier", "--yes", "--json")
    assert (ended.code, ended.json["kind"], ended.json["state"]) == (0, "payout", "successful")
    assert ended.json["response_code"] == "2001"
    assert sent(gateway, "requestdeposit") == 1
    assert program.run("balance", "--json").json["balance"] == 998_000


def test_a_payout_needs_a_yes(program: Program, gateway: Simulator) -> None:
    ended = program.run("payout", "0788123456", "2000", "--reason", "supplier")
    assert (ended.code, ended.out) == (2, "")
    assert "--yes" in ended.err
    assert sent(gateway, "requestdeposit") == 0


def test_while_a_payout_is_open_its_phone_gets_no_other(program: Program, gateway: Simulator) -> None:
    gateway.script(Fault(function="gettransactionstatus", times=99, take=False))
    first = program.run("payout", "0788000005", "2000", "--reason", "x", "--yes", "--wait", "0", "--json")
    assert (first.code, first.json["state"]) == (3, "unknown")
    other = program.run("payout", "0788000005", "700", "--reason", "y", "--yes", "--json")
    assert (other.code, other.json["id"]) == (3, first.json["id"])
    assert sent(gateway, "requestdeposit") == 1


def test_check_asks_and_prints_an_array(program: Program, gateway: Simulator) -> None:
    row = program.run("charge", "0788000004", "1500", "--wait", "0.2", "--json").json
    still = program.run("check", "--json")
    assert (still.code, [one["state"] for one in still.json]) == (3, ["pending"])
    gateway.settle_now(row["id"])
    settled = program.run("check", row["id"], "--json")
    assert (settled.code, [one["state"] for one in settled.json]) == (0, ["failed"])
    nothing = program.run("check", "--json")
    assert (nothing.code, nothing.json) == (0, [])


def test_check_of_an_id_that_is_not_there(program: Program) -> None:
    ended = program.run("check", "nothing", "--json")
    assert (ended.code, ended.out) == (2, "")


def test_balance(program: Program) -> None:
    ended = program.run("balance", "--json")
    assert ended.code == 0
    assert list(ended.json) == ["balance", "read_at"]
    assert ended.json["balance"] == 1_000_000
    assert UTC_TIME.fullmatch(ended.json["read_at"])


def test_balance_refused_and_unreachable(program: Program, gateway: Simulator) -> None:
    refused = program.with_env(CASHIER_PARTNER_PASSWORD=PASSWORD).run("balance", "--json")
    assert (refused.code, refused.out) == (1, "")
    assert refused.err.strip()
    gateway.stop()
    unreachable = program.run("balance", "--json")
    assert (unreachable.code, unreachable.out) == (4, "")
    assert unreachable.err.strip()


def test_a_wrong_password_fails_the_row(program: Program) -> None:
    ended = program.with_env(CASHIER_PARTNER_PASSWORD=PASSWORD).run("charge", "0788123456", "1500", "--json")
    assert (ended.code, ended.json["state"], ended.json["response_code"]) == (1, "failed", "0005")


def test_a_wrong_clock_fails_the_row_and_is_named(tmp_path: Path) -> None:
    with Simulator(now=lambda: datetime.now(UTC) + timedelta(hours=3)) as ahead:
        ended = program_for(ahead, tmp_path / "data").run("charge", "0788123456", "1500", "--json")
    assert (ended.code, ended.json["state"], ended.json["response_code"]) == (1, "failed", "0005")
    assert ended.json["message"] == "The clock of this computer is 3 h 00 min slow."


def test_a_login_page_leaves_the_row_unknown_and_says_what_to_do(program: Program, gateway: Simulator) -> None:
    page = b"<html>Welcome to the Wi-Fi. Sign in: success</html>"
    gateway.script(Fault(times=99, take=False, status=200, body=page, content_type="text/html"))
    ended = program.run("charge", "0788123456", "1500", "--wait", "1", "--json")
    assert (ended.code, ended.json["state"]) == (3, "unknown")
    assert "Wi-Fi" in ended.json["message"]


def test_no_internet_is_a_proven_not_sent(program: Program) -> None:
    nowhere = program.with_env(CASHIER_GATEWAY_URL="https://gateway.invalid/api/")
    ended = nowhere.run("charge", "0788123456", "1500", "--json")
    assert (ended.code, ended.json["state"], ended.json["response_code"]) == (1, "failed", None)
    assert "No internet" in ended.json["message"]
