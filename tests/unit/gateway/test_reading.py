"""As liberal as the notes say, and no more."""

import json
from typing import Any

import pytest

from cashier.gateway.outcomes import Function
from cashier.gateway.reading import UnreadableError, normal_code, parse_object, read_answer


def read(function: Function = Function.STATUS, **answer: Any) -> Any:
    return read_answer(function, json.dumps(answer).encode())


@pytest.mark.parametrize(
    ("came", "normal"),
    [
        ("01", "01"),
        ("1", "01"),
        (1, "01"),
        (2001, "2001"),
        ("007", "0007"),
        (7, "0007"),
        ("0005", "0005"),
        (" 1000 ", "1000"),
    ],
)
def test_codes_have_one_form(came: Any, normal: str) -> None:
    assert read(responsecode=came).code == normal


@pytest.mark.parametrize("came", [None, "", "  ", True, False])
def test_no_code(came: Any) -> None:
    assert read(responsecode=came).code is None


@pytest.mark.parametrize("came", [[1], {"a": 1}, 1.5, -1, 10**30])
def test_a_code_of_a_wrong_type_is_there_and_says_nothing(came: Any) -> None:
    assert read(responsecode=came).code == "unreadable"


def test_success_is_a_truth_or_its_text() -> None:
    assert read(success=True).success is True
    assert read(success="true").success is True
    assert read(success="false").success is False
    assert read(success=False).success is False
    strange: Any
    for strange in (1, 0, "yes", None, [], "1"):
        assert read(success=strange).success is None


def test_the_message_has_three_names() -> None:
    assert read(message="a", statusdesc="b").message == "a"
    assert read(statusdesc="b").message == "b"
    assert read(detail="c").message == "c"
    assert read(message=5).message is None


def test_ids_may_be_numbers() -> None:
    assert read(transactionid=1425).gateway_transaction_id == "1425"
    assert read(transactionid="1425").gateway_transaction_id == "1425"
    assert read(transactionid=True).gateway_transaction_id is None
    assert read(referenceid="31").operator_reference == "31"
    assert read(referenceno=32).operator_reference == "32"
    assert read(transactionid="8", referenceid="9").gateway_transaction_id == "8"


@pytest.mark.parametrize(
    ("came", "read_as"),
    [(1500, "1500"), ("1500", "1500"), ("1500.0", "1500.0"), (1500.0, "1500.0"), (None, None), ("", None)],
)
def test_amounts(came: Any, read_as: str | None) -> None:
    assert read(amount=came).amount == read_as


@pytest.mark.parametrize(
    ("came", "read_as"),
    [
        ("1,004.00", "1004.00"),
        ("1.004,00", "1004.00"),
        ("1500,00", "1500.00"),
        ("1007 RWF", "1007"),
        ("RWF 1,007.00", "1007.00"),
        ("1 500 Frw", "1500"),
        ("1\u202f500", "1500"),
        ("1\u00a0500\u00a0000", "1500000"),
        ("1,500,000", "1500000"),
        ("1.500.000", "1500000"),
        ("1.006E3", "1006"),
        ("1e3", "1000"),
        ("0.500", "0.500"),
        ("1500.000", "1500.000"),
        ("-1500", "-1500"),
    ],
)
def test_an_amount_is_read_where_one_reading_is_possible(came: str, read_as: str) -> None:
    assert read(amount=came).amount == read_as


@pytest.mark.parametrize(
    "came",
    [
        *(
            "1,500",
            "1.006",
            "150.000 RWF",
            "1,50,000",
            "1,500.000,00",
            "15 00",
            "1 5",
            "abc",
            "-",
            "RWF",
            " ",
            "1.006E2",
        ),
        *(True, [], {}, "١٥٠٠", "1٬500", "1500\u00a0٣"),
    ],
)
def test_an_amount_with_two_readings_or_none_proves_nothing(came: Any) -> None:
    assert read(amount=came).amount is None


@pytest.mark.parametrize(
    ("came", "kept"),
    [
        *(("100,000.00", "100000.00"), ("100 000 RWF", "100000"), ("100000.0", "100000.0"), (125000, "125000")),
        *(("100,000", None), ("100.000", None), ("much", None), (True, None), ([], None)),
    ],
)
def test_a_balance_is_read_where_one_reading_is_possible(came: Any, kept: str | None) -> None:
    assert read(Function.BALANCE, balance=came, success=True).balance == kept


@pytest.mark.parametrize("came", ["250788123456", "+250788123456", "0788123456", "788123456", 250788123456])
def test_phones(came: Any) -> None:
    assert read(mobilephone=came).phone == "250788123456"
    assert read(mobilephoneno=came).phone == "250788123456"


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        (b"15e2", "1500"),
        (b"1500.00000000000000000001", "unreadable"),
        (b"1499.9999999999999999", "unreadable"),
        (b"9007199254740993.0", "unreadable"),
        (b"1e999", "unreadable"),
        (b"0e999999", "unreadable"),
        (b"1e-999999", "unreadable"),
    ],
)
def test_a_number_is_as_exact_as_it_was_written(written: bytes, read_as: str) -> None:
    assert read_answer(Function.STATUS, b'{"amount":' + written + b"}").amount == read_as


def test_a_code_that_cannot_be_shown_says_nothing() -> None:
    assert read(responsecode="\x1b[2J").code == "unreadable"


@pytest.mark.parametrize(
    "came",
    ["2507*****456", "25078812XXXX", "•••456", "456", "94c392c311d522da950619227b336175", "9" * 64, "nobody", True, []],
)
def test_a_masked_hashed_or_shortened_phone_proves_nothing(came: Any) -> None:
    assert read(mobilephone=came).phone is None


@pytest.mark.parametrize("came", ["254712345678", "+44 20 7946 0958", 254712345678, "250252500000"])
def test_a_phone_of_another_country_is_another_phone(came: Any) -> None:
    assert read(mobilephone=came).phone not in (None, "250788123456")


def test_a_byte_order_mark_is_skipped() -> None:
    assert read_answer(Function.STATUS, b'\xef\xbb\xbf{"responsecode":"01"}').code == "01"


def test_a_latin_1_letter_in_a_message_is_that_letter() -> None:
    found = read_answer(Function.STATUS, b'{"responsecode":"01","message":"Pay\xe9 \xc3\xa9 \xa0"}')
    assert (found.code, found.message) == ("01", "Payé é")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"null",
        b'"success"',
        b"<html>success</html>",
        b'{"success": true',
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b'{"a": 1, "a": 2}',
        b'{"a": {"b": 1, "b": 2}}',
        b"\xef\xbb\xbf\xef\xbb\xbf{}",
        b'{"a"\xe9:1}',
        b"\xff\xfe{}",
        b"[" * 100_000,
        b'{"a": ' * 100_000,
        b'{"a": ' + b"9" * 5_000 + b"}",
        b'{"balance":"1" "success":true}',
        b'{"transactionid":"\\ud800"}',
        b'{"\\udfff":1}',
        b'{"amount":1e99999999999999999999}',
    ],
)
def test_what_is_not_strict_json(body: bytes) -> None:
    with pytest.raises(UnreadableError):
        read_answer(Function.STATUS, body)


def test_only_the_balance_reader_takes_the_missing_comma() -> None:
    found = read_answer(Function.BALANCE, b'{ "balance":"100000.0" \n "success":true }')
    assert (found.balance, found.success) == ("100000.0", True)
    marked = read_answer(Function.BALANCE, b'\xef\xbb\xbf{"balance":"100,000.00" "success":true}')
    assert (marked.balance, marked.success) == ("100000.00", True)
    with pytest.raises(UnreadableError):
        read_answer(Function.BALANCE, b'{"balance":"1" "success":true "more":1}')


def test_parse_object_gives_what_stands_there() -> None:
    assert parse_object(b' {"a": {"b": [1]}} ') == {"a": {"b": [1]}}
    assert normal_code("abc") == "abc"
    assert normal_code("02") == "02"
    assert normal_code("007") == "0007"
