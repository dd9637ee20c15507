"""The practice gateway speaks the protocol: validation, codes, balance, book."""

import http.client
import json
import socket
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cashier.simulator import Simulator
from tests.simulator.talking import LONG, PHONE, ask, pay, pay_out, send, sign, status


@pytest.mark.parametrize("as_json", [False, True])
@pytest.mark.parametrize("phone_field", ["mobilephone", "mobilephoneno"])
def test_a_payment_in_both_encodings_and_both_names(gateway: Simulator, as_json: bool, phone_field: str) -> None:
    fields = {**sign(gateway, requesttransactionid="A", amount=1500), phone_field: PHONE}
    http_status, answer = send(gateway, "requestpayment", fields, as_json)
    assert http_status == 200
    assert list(answer) == ["status", "requesttransactionid", "success", "responsecode", "transactionid", "message"]
    assert (answer["responsecode"], answer["success"], answer["requesttransactionid"]) == ("1000", True, "A")
    assert status(gateway)["responsecode"] == "1000"
    gateway.wait_for(lambda book: book["transactions"][0]["state"] == "successful")
    assert status(gateway)["responsecode"] == "01"
    assert status(gateway, transactionid=answer["transactionid"])["responsecode"] == "01"
    assert gateway.book()["balance"] == 1_001_500


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"username": None}, "0002"),
        ({"password": None}, "0003"),
        ({"timestamp": None}, "0004"),
        ({"username": "nobody"}, "0007"),
        ({"accountno": "1"}, "0006"),
        ({"accountno": None, "password": "0" * 64}, "0005"),
        ({"timestamp": "yesterday"}, "0008"),
        ({"timestamp": "20269999999999"}, "0008"),
        ({"password": "0" * 64}, "0005"),
    ],
)
@pytest.mark.parametrize("path", ["requestpayment", "requestdeposit", "getbalance", "gettransactionstatus"])
def test_who_may_ask(gateway: Simulator, path: str, changed: dict[str, Any], code: str) -> None:
    answer = ask(gateway, path, **changed)
    assert (answer["success"], answer["responsecode"]) == (False, code)


@pytest.mark.parametrize("left_out", [None, ""])
def test_the_account_may_be_left_out_where_the_digest_is_right(gateway: Simulator, left_out: str | None) -> None:
    assert ask(gateway, "getbalance", accountno=left_out)["success"] is True
    assert pay(gateway, accountno=left_out)["responsecode"] == "1000"
    assert ask(gateway, "gettransactionstatus", requesttransactionid="A", transactionid="", accountno=left_out)[
        "responsecode"
    ] in ("1000", "01")
    assert pay_out(gateway, id="B", accountno=left_out)["responsecode"] == "2001"


@pytest.mark.parametrize(("minutes", "good"), [(-16, False), (-14, True), (14, True), (16, False)])
def test_a_digest_is_fresh_for_fifteen_minutes(gateway: Simulator, minutes: int, good: bool) -> None:
    fields = sign(gateway, datetime.now(UTC) + timedelta(minutes=minutes))
    _, answer = send(gateway, "getbalance", fields)
    assert answer == {"balance": "1000000.0", "success": True} if good else answer["responsecode"] == "0005"


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"amount": 0}, "2100"),
        ({"amount": -5}, "2100"),
        ({"amount": "x"}, "2100"),
        ({"amount": "1500.5"}, "2100"),
        ({"amount": 99}, "2200"),
        ({"amount": 100}, "1000"),
        ({"amount": 2_000_000}, "1000"),
        ({"amount": 2_000_001}, "2300"),
        ({"phone": "0788123456"}, "1200"),
        ({"phone": "250288123456"}, "1200"),
        ({"phone": "250741123456"}, "1100"),
        ({"phone": "250788000002"}, "1002"),
        ({"id": ""}, "3200"),
    ],
)
def test_what_a_payment_may_be(gateway: Simulator, more: dict[str, Any], code: str) -> None:
    assert pay(gateway, **more)["responsecode"] == code


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"amount": 99}, "1104"),
        ({"amount": 2_000_001}, "1103"),
        ({"amount": 1_000_001}, "1108"),
        ({"amount": 1_000_000, "withdrawcharge": "1"}, "1108"),
        ({"amount": "x"}, "2107"),
        ({"phone": "0788123456"}, "1102"),
        ({"phone": "250741123456"}, "1105"),
        ({"phone": "250788000001"}, "1108"),
        ({"phone": "250788000002"}, "2105"),
        ({}, "2001"),
    ],
)
def test_what_a_payout_may_be(gateway: Simulator, more: dict[str, Any], code: str) -> None:
    answer = pay_out(gateway, **more)
    assert answer["responsecode"] == code
    assert ("referenceid" in answer) == (code == "2001")


def test_an_id_is_taken_once(gateway: Simulator) -> None:
    assert pay(gateway)["responsecode"] == "1000"
    assert pay(gateway, phone="250722123456")["responsecode"] == "2400"
    assert pay_out(gateway, id="B")["responsecode"] == "2001"
    assert pay_out(gateway, id="B")["responsecode"] == "1110"
    assert len(gateway.book()["transactions"]) == 2


def test_what_a_status_call_needs(gateway: Simulator) -> None:
    assert status(gateway, id="A", transactionid=None)["responsecode"] == "3000"
    assert status(gateway, id="")["responsecode"] == "3200"
    assert status(gateway, id=None)["responsecode"] == "3200"
    assert status(gateway, id="A")["responsecode"] == "3100"
    pay(gateway)
    assert status(gateway, transactionid="wrong")["responsecode"] == "3100"


def test_money_moves_with_payouts_and_fees(gateway: Simulator) -> None:
    pay_out(gateway, id="A", amount=2000)
    assert gateway.book()["balance"] == 998_000
    pay_out(gateway, id="B", amount=2000, withdrawcharge="1")
    assert gateway.book()["balance"] == 995_900
    assert ask(gateway, "getbalance") == {"balance": "995900.0", "success": True}


def test_gateway_ids_are_never_repeated_by_a_later_run() -> None:
    seen = set()
    for _ in range(3):
        with Simulator() as one:
            seen.add(pay(one)["transactionid"])
    assert len(seen) == 3


def test_the_book_tells_everything_but_the_digest(gateway: Simulator) -> None:
    pay(gateway)
    connection = http.client.HTTPConnection("127.0.0.1", gateway.port, timeout=LONG)
    with closing(connection):
        connection.request("GET", "/book")
        book = json.loads(connection.getresponse().read())
    assert set(book) == {"balance", "requests", "transactions", "callbacks"}
    request = book["requests"][0]
    assert (request["n"], request["function"], request["status"]) == (1, "requestpayment", 200)
    assert "password" not in request["fields"]
    assert request["fields"]["amount"] == "1500"


@pytest.mark.parametrize(
    ("method", "path", "code"),
    [("GET", "/api/getbalance/", 405), ("POST", "/api/getbalance", 404), ("POST", "/api/v1/x/", 404)],
)
def test_other_paths_and_methods(gateway: Simulator, method: str, path: str, code: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", gateway.port, timeout=LONG)
    with closing(connection):
        connection.request(method, path, "")
        assert connection.getresponse().status == code


def test_rubbish_does_not_stop_it(gateway: Simulator) -> None:
    for content in (b"\0\0\0\r\n\r\n", b"GET\r\n\r\n", b"POST /api/getbalance/ HTTP/1.1\r\nContent-Length: x\r\n\r\n"):
        with socket.create_connection(("127.0.0.1", gateway.port), timeout=LONG) as connection:
            connection.sendall(content)
            connection.recv(100)
    assert ask(gateway, "getbalance")["success"] is True


def test_a_taken_port_is_the_callers_error_and_a_second_stop_does_nothing(gateway: Simulator) -> None:
    with pytest.raises(OSError, match="in use"):
        Simulator(port=gateway.port).start()
    gateway.stop()
    gateway.stop()
