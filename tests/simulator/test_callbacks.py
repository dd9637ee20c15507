"""The callbacks of the practice gateway: their shapes, tries, losses and addresses."""

import pytest

from cashier.gateway.callback import parse_callback
from cashier.simulator import SHAPES, Simulator
from tests.simulator.talking import Shop, pay, pay_out


@pytest.mark.parametrize("shape", SHAPES)
def test_a_callback_in_each_shape(shape: str) -> None:
    with Shop() as shop, Simulator(speed=100, callback_shapes=[shape], callback_basic=("u", "p")) as gateway:
        pay(gateway, callbackurl=shop.url)
        book = gateway.wait_for(lambda book: bool(book["callbacks"]))
    assert (book["callbacks"][0]["shape"], book["callbacks"][0]["acknowledged"]) == (shape, True)
    content_type, body, authorization = shop.seen[0]
    assert parse_callback(content_type, body).request_id == "A"
    assert authorization == "Basic dTpw"


def test_the_shapes_are_sent_in_turn() -> None:
    with Shop() as shop, Simulator(speed=100) as gateway:
        for number in range(len(SHAPES)):
            pay(gateway, id=f"A{number}", callbackurl=shop.url)
        book = gateway.wait_for(lambda book: len(book["callbacks"]) == len(SHAPES))
    assert {one["shape"] for one in book["callbacks"]} == set(SHAPES)


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
