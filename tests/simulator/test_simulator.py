"""The practice gateway speaks the protocol: validation, codes, balance, callbacks, faults, book."""

import hashlib
import http.client
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import urlencode

import pytest

from cashier.gateway.callback import acknowledgement, parse_callback
from cashier.simulator import REMOVE, SHAPES, Fault, Simulator

LONG = 10.0
PHONE = "250788123456"


@pytest.fixture
def gateway() -> Iterator[Simulator]:
    with Simulator(speed=20) as one:
        yield one


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
        ({"accountno": None}, "0006"),
        ({"timestamp": "yesterday"}, "0008"),
        ({"timestamp": "20269999999999"}, "0008"),
        ({"password": "0" * 64}, "0005"),
    ],
)
@pytest.mark.parametrize("path", ["requestpayment", "requestdeposit", "getbalance", "gettransactionstatus"])
def test_who_may_ask(gateway: Simulator, path: str, changed: dict[str, Any], code: str) -> None:
    answer = ask(gateway, path, **changed)
    assert (answer["success"], answer["responsecode"]) == (False, code)


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


@pytest.mark.parametrize(
    ("phone", "state", "code"),
    [
        ("250788000001", "failed", "1005"),
        ("250788000003", "failed", None),
        ("250788000004", "failed", None),
        ("250788000006", "successful", "01"),
        ("250788000008", "successful", "01"),
    ],
)
def test_how_the_practice_numbers_end(gateway: Simulator, phone: str, state: str, code: str | None) -> None:
    assert pay(gateway, phone=phone)["responsecode"] == "1000"
    gateway.settle_now("A")
    assert (entry(gateway)["state"], entry(gateway)["code"]) == (state, code)
    answer = status(gateway)
    assert answer.get("responsecode") == code
    assert answer["status"] == ("Successfully" if state == "successful" else "Failed")


def test_the_times_of_the_practice_numbers() -> None:
    with Simulator(speed=100) as quick:
        for number, (phone, seconds) in enumerate({PHONE: 3.0, "250788000004": 120.0, "250788000008": 180.0}.items()):
            before = time.monotonic()
            pay(quick, id=f"A{number}", phone=phone)
            quick.wait_for(lambda book: all(one["state"] != "pending" for one in book["transactions"]))
            assert seconds / 100 <= time.monotonic() - before < seconds / 100 + 0.5


def test_a_lost_answer_and_a_garbage_one_are_of_requests_that_were_taken(gateway: Simulator) -> None:
    with pytest.raises((http.client.HTTPException, OSError)):
        pay(gateway, id="A", phone="250788000005")
    with pytest.raises(ValueError, match="Expecting value"):
        pay(gateway, id="B", phone="250788000010")
    gateway.wait_for(lambda book: [one["state"] for one in book["transactions"]] == ["successful"] * 2)


def test_a_gateway_that_is_down_for_one_number(gateway: Simulator) -> None:
    for path in ("requestpayment", "gettransactionstatus"):
        fields = sign(gateway, requesttransactionid="A", transactionid="", mobilephone="250788000009", amount=1500)
        with pytest.raises(ValueError, match="Expecting value"):
            send(gateway, path, fields)
    assert pay(gateway, id="B")["responsecode"] == "1000"
    gateway.wait_for(lambda book: book["transactions"][0]["state"] == "successful")
    assert status(gateway)["responsecode"] == "01"


def test_gateway_ids_are_never_repeated_by_a_later_run() -> None:
    seen = set()
    for _ in range(3):
        with Simulator() as one:
            seen.add(pay(one)["transactionid"])
    assert len(seen) == 3


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


@pytest.mark.parametrize("shape", SHAPES)
def test_a_callback_in_each_shape(shape: str) -> None:
    with Shop() as shop, Simulator(speed=100, callback_shapes=[shape], callback_basic=("u", "p")) as gateway:
        pay(gateway, callbackurl=shop.url)
        book = gateway.wait_for(lambda book: bool(book["callbacks"]))
    assert (book["callbacks"][0]["shape"], book["callbacks"][0]["acknowledged"]) == (shape, True)
    content_type, body, authorization = shop.seen[0]
    assert parse_callback(content_type, body).request_id == "A"
    assert authorization == "Basic dTpw"


def test_a_callback_is_tried_again_until_it_is_acknowledged() -> None:
    with Shop(refusals=2) as shop, Simulator(speed=200) as gateway:
        pay(gateway, callbackurl=shop.url)
        book = gateway.wait_for(lambda book: len(book["callbacks"]) == 3)
    assert [(one["attempt"], one["acknowledged"]) for one in book["callbacks"]] == [(1, False), (2, False), (3, True)]


def test_callbacks_lost_twice_and_of_payouts(gateway: Simulator) -> None:
    with Shop() as shop:
        pay(gateway, id="A", phone="250788000006", callbackurl=shop.url)
        pay(gateway, id="B", phone="250788000007", callbackurl=shop.url)
        pay_out(gateway, id="C", callbackurl=shop.url)
        gateway.settle_now("A")
        book = gateway.wait_for(lambda book: len(book["callbacks"]) == 3)
        told = [one["requesttransactionid"] for one in book["callbacks"]]
        assert sorted(told) == ["B", "B", "C"]
        shapes = [one["shape"] for one in book["callbacks"] if one["requesttransactionid"] == "B"]
        assert len(set(shapes)) == 2
        assert gateway.send_callback(shop.url, {"requesttransactionid": "FORGED"}, "form")
        assert b"FORGED" in shop.seen[-1][1]


def test_private_callback_addresses_are_refused_on_wish() -> None:
    with Simulator(refuse_private_callbacks=True) as strict:
        for number, url in enumerate(
            ("http://127.0.0.1:1/x", "https://10.0.0.1/x", "https://till.local/x", "https://till/x")
        ):
            assert pay(strict, id=f"A{number}", callbackurl=url)["responsecode"] == "2600"
            assert pay_out(strict, id=f"B{number}", callbackurl=url)["responsecode"] == "1106"
        assert strict.book()["transactions"] == []
        assert pay(strict, callbackurl="https://till.example.com/x")["responsecode"] == "1000"


def test_scripted_faults_strike_whom_they_name(gateway: Simulator) -> None:
    gateway.script(Fault(function="getbalance", after=1, fields={"balance": 5, "success": REMOVE}))
    assert ask(gateway, "getbalance")["success"] is True
    assert ask(gateway, "getbalance") == {"balance": 5}
    assert ask(gateway, "getbalance")["success"] is True
    gateway.script(Fault(phone="250722123456", code="2400", take=False))
    assert pay(gateway, id="A")["responsecode"] == "1000"
    assert pay(gateway, id="B", phone="250722123456")["responsecode"] == "2400"
    assert [one["requesttransactionid"] for one in gateway.book()["transactions"]] == ["A"]


def test_a_request_delayed_in_flight_arrives_after_it_was_said_not_to_exist(gateway: Simulator) -> None:
    gateway.script(Fault(function="requestpayment", arrive_after=0.3))
    with pytest.raises((http.client.HTTPException, OSError)):
        pay(gateway)
    assert status(gateway)["responsecode"] == "3100"
    gateway.wait_for(lambda book: bool(book["transactions"]))
    assert status(gateway)["responsecode"] == "1000"


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
