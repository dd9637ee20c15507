"""Whatever a gateway says, in bytes or in JSON of any type: no exception, no wrong `successful`, no wrong `failed`.

What may lead to an end is judged here by a reading of its own, from the notes, that shares nothing with the product's.
"""

import contextlib
import json
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from cashier.domain.evidence import Source
from cashier.domain.states import Kind, State
from cashier.domain.transaction import Transaction
from cashier.till.rules import Tally
from tests.unit.gateway.judging import judge
from tests.unit.till.rows import ROW

REFUSALS = {
    Kind.PAYMENT: {1002, 1005, 1100, 1200, 2100, 2200, 2300, 2500, 2600},
    Kind.PAYOUT: {*range(1101, 1109), 2003, 2102, *range(2105, 2112), 2520, 2522, 2525},
}
DONE = {Kind.PAYMENT: 1, Kind.PAYOUT: 2001}
WORDS = {"failed", "cancelled", "declined", "rejected", "expired"}
ENOUGH = Tally(5, 0.0, 901.0)

_SCALARS: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(allow_nan=True, allow_infinity=True),
    st.text(max_size=12),
)
_ANYTHING = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=4,
)


def _near(*values: Any) -> st.SearchStrategy[Any]:
    """Mostly one of `values`, at times anything."""
    usual = st.sampled_from(values)
    return st.integers(0, 7).flatmap(lambda dice: usual if dice else _ANYTHING)


_CODES = (
    *(
        "01",
        "1",
        1,
        "2001",
        2001,
        "1000",
        1000,
        "0001",
        "1002",
        1005,
        "1100",
        "1108",
        2500,
        "2600",
        "1008",
        "1300",
        "2700",
    ),
    *("0005", 7, "007", "3100", "3200", "2400", "1110", "2000", "2510", "", None, "01 ", "1.0", 1.0, "٠١", "9999"),
)
_FIELDS: Mapping[str, st.SearchStrategy[Any]] = {
    "responsecode": st.one_of(st.sampled_from(["01", "2001", "1005", "2500", "1102", "2510"]), _near(*_CODES)),
    "success": _near(True, False, "true", "false", "True", 1, 0, None, "yes", None, None),
    "status": _near("Failed", "Declined", "Expired", "Successfull", "Pending", "success", "failed "),
    "message": _ANYTHING,
    "transactionid": _near("77", 77, "78", "", None, "77 "),
    "requesttransactionid": _near(ROW.id, "other", "", None, 5),
    "referenceid": _ANYTHING,
    "amount": _near(1500, "1500", "1500.0", 1500.0, None, 1501, "1500.01", "1e3", 15e2, "", None, "١٥٠٠", True),
    "mobilephone": _near(ROW.phone, "+" + ROW.phone, "0788123456", 788123456, "250788123457", "", None),
    "mobilephoneno": _near(ROW.phone, "250788123457"),
    "balance": _ANYTHING,
}


@st.composite
def bodies(draw: st.DrawFn) -> bytes:
    """JSON about like an answer: some fields absent, some of wrong types, at times a key twice, a BOM or a cut."""
    names = draw(st.lists(st.sampled_from(sorted(_FIELDS)), unique=True, max_size=5))
    if draw(st.booleans()) and "responsecode" not in names:
        names.append("responsecode")
    fields = [f"{json.dumps(name)}:{json.dumps(draw(_FIELDS[name]))}" for name in names]
    oddity = draw(st.integers(0, 20))
    if oddity == 0 and fields:
        fields.append(fields[0])
    body = ("{" + ",".join(fields) + "}").encode()
    if oddity == 1:
        body = b"\xef\xbb\xbf" + body
    if oddity == 3:
        body = body.replace(b"Successful", b"R\xe9ussi")
    return body[:-1] if oddity == 2 else body


ROWS = st.builds(
    lambda kind, state, accepted: replace(
        ROW, kind=kind, state=state, accepted=accepted, gateway_transaction_id="77" if accepted else None
    ),
    st.sampled_from(Kind),
    st.sampled_from([State.CREATED, State.PENDING, State.UNKNOWN]),
    st.booleans(),
)


def _code(value: Any) -> int | str | None:
    """The number of a code that is one; None for none at all."""
    if value is None or isinstance(value, bool) or (isinstance(value, str) and not value.strip()):
        return None
    if isinstance(value, int):
        return value
    text = value.strip() if isinstance(value, str) else "odd"
    plain = text.isascii() and text.isdecimal() and (text[0] != "0" or text in ("01", "0005", "007"))
    return int(text) if plain else "odd"


def _says(value: Any) -> bool | None:
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.strip().lower())
    return value if isinstance(value, bool) else None


def _is_ours(said: Mapping[str, Any], row: Transaction) -> bool:
    """Whether nothing in the answer tells of another transaction."""
    amount = said.get("amount")
    # What is no number, or one that can be read in two ways, proves nothing.
    with contextlib.suppress(ArithmeticError):
        if not isinstance(amount, bool | None) and str(amount).isascii() and Decimal(str(amount)) != row.amount:
            return False
    id = said.get("requesttransactionid")
    if isinstance(id, str) and id.strip() not in ("", row.id):
        return False
    phone = said.get("mobilephone", said.get("mobilephoneno"))
    figures = str(phone).lstrip("+")
    # A masked, hashed or shortened one proves nothing.
    whole = isinstance(phone, int | str) and figures.isascii() and figures.isdecimal() and 9 <= len(figures) <= 15
    return not whole or figures.endswith(row.phone[3:])


def may_succeed(said: Mapping[str, Any], row: Transaction, source: Source) -> bool:
    """The least that `successful` takes: the function's own success code, not contradicted, about this row."""
    proof = source is Source.STATUS or row.kind is Kind.PAYOUT
    return (
        proof
        and _code(said.get("responsecode")) == DONE[row.kind]
        and _says(said.get("success")) is not False
        and _is_ours(said, row)
    )


def may_fail(said: Mapping[str, Any], row: Transaction, source: Source, http: int) -> bool:
    """The least that `failed` takes: a refusal of this function, its "does not exist", or a failing word alone."""
    code = _code(said.get("responsecode"))
    if _says(said.get("success")) is True or not _is_ours(said, row):
        return False
    if code is None:
        word = said.get("status")
        return source is Source.STATUS and http == 200 and isinstance(word, str) and word.strip().lower() in WORDS
    if code in REFUSALS[row.kind]:
        return True
    if source is Source.SUBMIT:
        return code in range(2, 9)
    never_accepted = row.kind is Kind.PAYMENT and not row.accepted
    return (row.kind is Kind.PAYMENT and code in (1008, 1300, 2700)) or (never_accepted and code == 3100)


@pytest.fixture(scope="module", autouse=True)
def _no_line_for_each_call() -> None:
    import logging

    logging.getLogger("cashier.gateway.client").setLevel(logging.WARNING)


@settings(max_examples=800, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(bodies(), ROWS, st.sampled_from([Source.SUBMIT, Source.STATUS]), st.sampled_from([200, 200, 400, 409, 500, 503]))
def test_json_of_any_type(body: bytes, row: Transaction, source: Source, http: int) -> None:
    after = judge(row, source, body, http, ENOUGH)
    event(after.state.value)
    if after.state is State.SUCCESSFUL:
        assert may_succeed(json.loads(_as_text(body)), row, source)
    if after.state is State.FAILED:
        assert may_fail(json.loads(_as_text(body)), row, source, http)


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(st.binary(max_size=200), st.text(max_size=100).map(lambda text: json.dumps(text).encode())),
    ROWS,
    st.sampled_from([Source.SUBMIT, Source.STATUS]),
    st.integers(100, 999),
)
def test_bytes_of_any_kind(body: bytes, row: Transaction, source: Source, http: int) -> None:
    assert judge(row, source, body, http, ENOUGH).state not in (State.SUCCESSFUL, State.FAILED)


@settings(max_examples=300, deadline=None)
@given(st.data(), ROWS, st.sampled_from([Source.SUBMIT, Source.STATUS]))
def test_a_good_answer_with_some_bytes_changed(data: st.DataObject, row: Transaction, source: Source) -> None:
    """One answer in transit with a byte flipped, cut or doubled: an end needs the same proof as ever."""
    good = json.dumps({"success": True, "responsecode": "01", "requesttransactionid": row.id, "amount": 1500}).encode()
    at = data.draw(st.integers(0, len(good) - 1))
    put = data.draw(st.binary(max_size=3))
    body = good[:at] + put + good[at + data.draw(st.integers(0, 3)) :]
    after = judge(row, source, body, 200)
    assert after.state is not State.FAILED
    if after.state is State.SUCCESSFUL:
        # A stray byte is the letter that it is in Latin-1.
        assert may_succeed(json.loads(_as_text(body)), row, source)


def _as_text(body: bytes) -> str:
    body = body.removeprefix(b"\xef\xbb\xbf")
    try:
        return body.decode()
    except UnicodeDecodeError as trouble:
        stray = body[trouble.start : trouble.end].decode("latin-1").encode()
        return _as_text(body[: trouble.start] + stray + body[trouble.end :])


@pytest.mark.parametrize("source", [Source.SUBMIT, Source.STATUS])
@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize(
    "body",
    [
        b"<html><h1>success</h1> 2001 01 Successful</html>",
        b'{"success":true,"responsecode":"01","responsecode":"2001"}',
        b'{"success":true,"success":true,"responsecode":"2001"}',
        b'[{"success":true,"responsecode":"2001"}]',
        b'{"success":true,"responsecode":["01"]}',
        b'{"success":true,"responsecode":{"code":"01"}}',
        b'{"success":true,"responsecode":1.0}',
        b'{"success":true,"responsecode":2001.0}',
        b'{"success":true,"responsecode":2.001e3}',
        b'{"success":true,"responsecode":true}',
        b'{"success":true,"responsecode":"\\u0660\\u0661"}',
        b'{"success":true,"responsecode":"2001","amount":NaN}',
        b'{"success":true,"responsecode":"01","amount":-Infinity}',
        b'{"success":true,"responsecode":"01","amount":1e99999999999999999999}',
        b'{"success":true,"responsecode":"01","amount":' + b"9" * 5_000 + b"}",
        b'{"success":true,"responsecode":"01","x":' + b"[" * 20_000 + b"]" * 20_000 + b"}",
        b'{"success":true,"responsecode":"01","x":"\\ud800"}',
        b'{"success":true,"responsecode":"01"} trailing',
        b'{"success":true,"responsecode":"01"',
        b'\xef\xbb\xbf\xef\xbb\xbf{"success":true,"responsecode":"01"}',
        b'{"success":true,\xe9"responsecode":"01"}',
        b'{"success":true,"responsecode":"01\xe9"}',
        '{"success":true,"responsecode":"01"}'.encode("utf-16"),
        b"{'success':true,'responsecode':'01'}",
        b'{"success":"true" "responsecode":"01"}',
        b"success=true&responsecode=01",
    ],
)
def test_nothing_like_this_proves_anything(kind: Kind, source: Source, body: bytes) -> None:
    row = replace(ROW, kind=kind)
    assert judge(row, source, body, 200).state in (State.CREATED, State.UNKNOWN)
