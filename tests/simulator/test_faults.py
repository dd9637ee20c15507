"""What goes wrong on wish: the practice numbers and the scripted faults."""

import http.client
import time

import pytest

from cashier.simulator import REMOVE, Fault, Simulator
from tests.simulator.talking import PHONE, ask, entry, pay, send, sign, status


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
