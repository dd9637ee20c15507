"""Signing, fields, profiles, callbacks: what goes out and what is read of a hint."""

import hashlib
import json
from datetime import UTC, datetime, timedelta, timezone
from urllib.parse import parse_qs, quote_plus, urlencode

import pytest

from cashier.domain.errors import BadInputError
from cashier.gateway.callback import BadCallback, acknowledgement, parse_callback
from cashier.gateway.messages import FIELDS, Level, MissingFieldError, encode, fields_of
from cashier.gateway.outcomes import Function
from cashier.gateway.profile import Profile, Secret
from cashier.gateway.signing import digest, timestamp

WHO = {"username": "u", "timestamp": "20261123120000", "password": "d", "accountno": "25"}
MONEY = {**WHO, "amount": "1500", "mobilephone": "250788123456", "requesttransactionid": "01ABC"}
GIVEN = {
    Function.PAYMENT: MONEY,
    Function.PAYOUT: MONEY,
    Function.BALANCE: WHO,
    Function.STATUS: {**WHO, "requesttransactionid": "01ABC", "transactionid": ""},
}


def test_the_timestamp_is_utc() -> None:
    kigali = datetime(2026, 11, 23, 14, 5, 6, tzinfo=timezone(timedelta(hours=2)))
    assert timestamp(kigali) == timestamp(kigali.astimezone(UTC)) == "20261123120506"


def test_the_digest_is_of_the_four_texts_as_they_are() -> None:
    password = '+$J<w"h5=<PH# é'
    expected = hashlib.sha256(("user" + "250160000011" + password + "20261123120506").encode()).hexdigest()
    assert digest("user", "250160000011", password, "20261123120506") == expected
    assert expected == expected.lower()


@pytest.mark.parametrize("function", list(Function))
def test_a_missing_mandatory_field_is_refused(function: Function) -> None:
    assert fields_of(function, GIVEN[function])
    for name, level in FIELDS[function].items():
        if level is Level.OPTIONAL:
            continue
        with pytest.raises(MissingFieldError):
            fields_of(function, {key: value for key, value in GIVEN[function].items() if key != name})
        if level is Level.MANDATORY:
            with pytest.raises(MissingFieldError):
                fields_of(function, {**GIVEN[function], name: ""})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("amount", "1500.0"),
        ("amount", "0"),
        ("amount", "-5"),
        ("amount", "٣"),
        ("mobilephone", "0788123456"),
        ("mobilephone", "+250788123456"),
        ("requesttransactionid", "x" * 41),
        ("requesttransactionid", "a b"),
        ("unheard", "x"),
    ],
)
def test_a_malformed_field_is_refused(name: str, value: str) -> None:
    with pytest.raises(MissingFieldError):
        fields_of(Function.PAYMENT, {**MONEY, name: value})


def test_an_optional_field_is_left_out() -> None:
    assert "callbackurl" not in fields_of(Function.PAYMENT, {**MONEY, "callbackurl": None})
    assert fields_of(Function.STATUS, GIVEN[Function.STATUS])["transactionid"] == ""


def test_both_encodings_keep_every_character() -> None:
    fields = {"reason": 'a+b & c="é" #', "amount": "1500"}
    body, content_type = encode(fields, "form")
    assert content_type == "application/x-www-form-urlencoded"
    assert {name: value[0] for name, value in parse_qs(body.decode()).items()} == fields
    body, content_type = encode(fields, "json")
    assert content_type == "application/json"
    assert json.loads(body) == fields


def test_a_secret_never_shows_itself() -> None:
    profile = Profile("https://gateway.example.com/api", "u", "25", Secret("canary"))
    assert "canary" not in repr(profile) + str(profile) + f"{profile.password}" + f"{profile.password!r}"
    assert profile.password.reveal() == "canary"
    assert profile.base_url.endswith("/api/")


@pytest.mark.parametrize("url", ["http://gateway.example.com/api/", "ftp://x/", "gateway.example.com", "https://", ""])
def test_an_address_that_must_not_be_used(url: str) -> None:
    with pytest.raises(BadInputError):
        Profile(url, "u", "25", Secret("p"))


SIX = {
    "requesttransactionid": "01ABC-x",
    "transactionid": "77",
    "responsecode": "01",
    "status": "Successfull",
    "statusdesc": "done",
    "referenceno": "5",
}
TEXT = json.dumps(SIX)


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", json.dumps({"jsonpayload": SIX})),
        ("application/x-www-form-urlencoded", f"jsonpayload={quote_plus(TEXT)}"),
        ("application/json", json.dumps({"jsonpayload": TEXT})),
        ("application/json", TEXT),
        ("application/x-www-form-urlencoded", urlencode(SIX)),
        (None, TEXT),
        ("text/plain", urlencode(SIX)),
    ],
)
def test_a_callback_is_read_in_each_shape(content_type: str | None, body: str) -> None:
    assert parse_callback(content_type, body.encode()).request_id == "01ABC-x"


def _parts(fields: dict[str, str], boundary: str = "----xY") -> bytes:
    parts = "".join(
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    )
    return f"{parts}--{boundary}--\r\n".encode()


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/x-www-form-urlencoded", json.dumps({"jsonpayload": SIX}).encode()),
        ("application/x-www-form-urlencoded", TEXT.encode()),
        ("application/json", urlencode(SIX).encode()),
        ("application/json", b"\xef\xbb\xbf" + TEXT.encode()),
        (None, b"\xef\xbb\xbf\r\n" + TEXT.encode() + b"\r\n\x00"),
        ("application/x-www-form-urlencoded", b"jsonpayload=%EF%BB%BF" + quote_plus(TEXT).encode()),
        ("application/json", TEXT.encode().replace(b"done", b"pay\xe9")),
        ("application/x-www-form-urlencoded", urlencode(SIX).encode().replace(b"done", b"pay%E9")),
        ("application/x-www-form-urlencoded", urlencode(SIX).encode().replace(b"done", b"pay\xe9")),
        ("application/json", json.dumps({"jsonpayload": json.dumps(TEXT)}).encode()),
        ("multipart/form-data; boundary=----xY", _parts(SIX)),
        ('multipart/form-data; boundary="----xY"', _parts({"jsonpayload": TEXT})),
        ("multipart/form-data", _parts(SIX, "another")),
        (None, _parts({"jsonpayload": TEXT})),
        ("application/json", _parts(SIX)),
        ("multipart/form-data; boundary=----xY", _parts(SIX).replace(b"done", b"pay\xe9")),
        ("multipart/form-data; boundary=----xY", TEXT.encode()),
    ],
)
def test_a_callback_is_read_however_it_is_sent(content_type: str | None, body: bytes) -> None:
    assert parse_callback(content_type, body).request_id == "01ABC-x"


@pytest.mark.parametrize(
    "body",
    [
        b"--",
        b"--x\r\n\r\n--x--",
        _parts({"requesttransactionid": "A", "transactionid": "B"}).replace(
            b'"transactionid"', b'"requesttransactionid"'
        ),
        _parts({f"a{number}": "1" for number in range(60)}),
        _parts(SIX).replace(b'name="requesttransactionid"', b"name"),
    ],
)
def test_parts_that_are_no_callback(body: bytes) -> None:
    with pytest.raises(BadCallback):
        parse_callback("multipart/form-data; boundary=----xY", body)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"[]",
        b"\xff\xfe",
        b"jsonpayload=nothing",
        b'{"jsonpayload": 5}',
        b'{"requesttransactionid": 5}',
        b'{"requesttransactionid": "a b"}',
        b'{"requesttransactionid": "' + b"a" * 41 + b'"}',
        b"requesttransactionid=a&requesttransactionid=b",
        b"&".join(b"a%d=1" % number for number in range(60)),
        b'{"jsonpayload": ' * 5_000,
    ],
)
def test_what_is_no_callback(body: bytes) -> None:
    with pytest.raises(BadCallback):
        parse_callback("application/json" if body[:1] == b"{" else "application/x-www-form-urlencoded", body)


def test_the_acknowledgement_is_exact() -> None:
    assert acknowledgement("01ABC-x") == b'{"message":"success","success":true,"request_id":"01ABC-x"}'
    for strange in (None, "", "a b", "x" * 41, '"'):
        assert acknowledgement(strange) == b'{"message":"success","success":true,"request_id":""}'
