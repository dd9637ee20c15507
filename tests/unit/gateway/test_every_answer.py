"""Each code of each function at each HTTP status, from the bytes to what becomes of the row.

The tables below are the protocol notes written down once more: they share nothing with `codes.py`.
"""

import itertools
import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from cashier.domain.evidence import Source
from cashier.domain.states import Kind, State
from cashier.till import rules
from cashier.till.rules import Tally
from tests.unit.gateway.judging import Becomes, judge
from tests.unit.till.rows import ROW

HTTP = (200, 201, 400, 401, 403, 404, 409, 422, 429, 500, 502, 503, 504)
AUTHENTICATION = ["0002", "0003", "0004", "0005", "0006", "0007", "0008"]
REFUSALS = {
    Kind.PAYMENT: ["1002", "1005", "1100", "1200", "2100", "2200", "2300", "2500", "2600"],
    Kind.PAYOUT: [
        *("1101", "1102", "1103", "1104", "1105", "1106", "1107", "1108", "2003", "2102"),
        *("2105", "2106", "2107", "2108", "2109", "2110", "2111", "2520", "2522", "2525"),
    ],
}
UNSURE = {
    Kind.PAYMENT: ["1008", "1300", "2700"],
    Kind.PAYOUT: ["1100", "2000", "2500", "2510", "2518", "2600", "2800"],
}
LATER_FAILED = {Kind.PAYMENT: ["1008", "1300", "2700"], Kind.PAYOUT: []}
DONE = {Kind.PAYMENT: "01", Kind.PAYOUT: "2001"}
OTHER_DONE = {Kind.PAYMENT: "2001", Kind.PAYOUT: "01"}
DUPLICATES = {Kind.PAYMENT: "2400", Kind.PAYOUT: "1110"}
STATUS_ONLY = ["3000", "3100", "3200"]
UNLISTED = [
    *("0001", "001", "0009", "02", "07", "02001", "01000", "1001", "1400", "1999", "2002"),
    *("3001", "4000", "9999", "0000", "99999", "OK", "success"),
]
WRITTEN = {"01": ("01", "1", 1, " 01 "), "0007": ("0007", "007", 7, "7")}
SUCCESS = (True, False, None)


def directly(kind: Kind, code: str, success: bool | None) -> Becomes:
    """The direct answer's column of the table in the notes."""
    if code in (DONE[kind], "1000"):
        if success is False:
            return Becomes(State.UNKNOWN)
        return Becomes(State.SUCCESSFUL if (kind, code) == (Kind.PAYOUT, "2001") else State.PENDING)
    if code in AUTHENTICATION + REFUSALS[kind]:
        return Becomes(State.UNKNOWN if success is True else State.FAILED)
    if code == DUPLICATES[kind]:
        return Becomes(State.UNKNOWN, None if success is True else rules.REVIEW_DUPLICATE)
    return Becomes(State.UNKNOWN)


def by_status(kind: Kind, code: str, success: bool | None) -> Becomes:
    """The status answer's column."""
    if code == DONE[kind]:
        return Becomes(State.UNKNOWN if success is False else State.SUCCESSFUL)
    if code == "1000":
        return Becomes(State.UNKNOWN if success is False else State.PENDING)
    if code == OTHER_DONE[kind]:
        return Becomes(State.UNKNOWN, None if success is False else rules.REVIEW_OTHER_KIND)
    if code in REFUSALS[kind] + LATER_FAILED[kind]:
        return Becomes(State.UNKNOWN if success is True else State.FAILED)
    return Becomes(State.UNKNOWN)


def codes(kind: Kind) -> Iterator[tuple[str, Any]]:
    """Every code of every function, in the writings seen in the wild."""
    other = Kind.PAYOUT if kind is Kind.PAYMENT else Kind.PAYMENT
    listed = {
        *("1000", "01", "2001", "2400", "1110", *AUTHENTICATION, *STATUS_ONLY, *UNLISTED),
        *(REFUSALS[kind] + UNSURE[kind] + REFUSALS[other] + UNSURE[other]),
    }
    for code in sorted(listed):
        for written in WRITTEN.get(code, (code, int(code)) if code.isdecimal() and code[0] != "0" else (code,)):
            yield code, written


@pytest.fixture(autouse=True)
def _no_line_for_each_call(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING, "cashier.gateway.client")


@pytest.mark.parametrize("http", HTTP)
@pytest.mark.parametrize("kind", list(Kind))
def test_every_code_of_a_direct_answer(kind: Kind, http: int) -> None:
    row = replace(ROW, kind=kind)
    for (code, written), success in itertools.product(codes(kind), SUCCESS):
        body = json.dumps({"responsecode": written, "success": success}).encode()
        assert judge(row, Source.SUBMIT, body, http) == directly(kind, code, success), body


@pytest.mark.parametrize("http", HTTP)
@pytest.mark.parametrize("kind", list(Kind))
def test_every_code_of_a_status_answer(kind: Kind, http: int) -> None:
    row = replace(ROW, kind=kind, state=State.UNKNOWN)
    for (code, written), success in itertools.product(codes(kind), SUCCESS):
        body = json.dumps({"responsecode": written, "success": success}).encode()
        assert judge(row, Source.STATUS, body, http) == by_status(kind, code, success), body


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        *(("true", True), ("TRUE ", True), ("false", False), ("False", False)),
        *(("yes", None), ("", None), (1, None), (0, None), (1.0, None), ([True], None), ({}, None)),
    ],
)
@pytest.mark.parametrize("kind", list(Kind))
def test_success_in_other_types(kind: Kind, written: Any, meant: bool | None) -> None:
    for code in (DONE[kind], "1000", REFUSALS[kind][0]):
        body = json.dumps({"responsecode": code, "success": written}).encode()
        assert judge(replace(ROW, kind=kind), Source.SUBMIT, body, 200) == directly(kind, code, meant)
        asked = judge(replace(ROW, kind=kind, state=State.UNKNOWN), Source.STATUS, body, 200)
        assert asked == by_status(kind, code, meant)


@pytest.mark.parametrize("http", HTTP)
@pytest.mark.parametrize("kind", list(Kind))
def test_does_not_exist_five_times(kind: Kind, http: int) -> None:
    enough = Tally(5, 0.0, 901.0)
    body = b'{"responsecode":"3100","success":false}'
    unknown = replace(ROW, kind=kind, state=State.UNKNOWN)
    accepted = replace(unknown, accepted=True)
    if kind is Kind.PAYMENT:
        assert judge(unknown, Source.STATUS, body, http, enough) == Becomes(State.FAILED)
        assert judge(accepted, Source.STATUS, body, http, enough) == Becomes(State.UNKNOWN, rules.REVIEW_GONE)
    else:
        for row in (unknown, accepted):
            found = judge(row, Source.STATUS, body, http, enough)
            assert found == Becomes(State.UNKNOWN, rules.REVIEW_NOT_FOUND_PAYOUT)
    # Anything but a status call's own 3100 never ends a row so.
    assert judge(replace(ROW, kind=kind), Source.SUBMIT, body, http, enough) == Becomes(State.UNKNOWN)


WORDS = ["Failed", "FAILED", "cancelled", "Declined", "Rejected", "expired"]
NO_FAILURE = ["Successfull", "Successfully", "Successful", "Success", "Pending", "failed to load", "fail", "", None, 5]


@pytest.mark.parametrize("http", HTTP)
@pytest.mark.parametrize("kind", list(Kind))
def test_a_word_without_a_code(kind: Kind, http: int) -> None:
    no_code: list[dict[str, Any]] = [{}, {"responsecode": ""}, {"responsecode": None}, {"responsecode": "  "}]
    for word, success, code in itertools.product([*WORDS, *NO_FAILURE], SUCCESS, no_code):
        body = json.dumps({**code, "status": word, "success": success}).encode()
        fails = word in WORDS and http == 200 and success is not True
        asked = judge(replace(ROW, kind=kind, state=State.UNKNOWN), Source.STATUS, body, http)
        assert asked == Becomes(State.FAILED if fails else State.UNKNOWN), body
        # A direct answer without a code concludes nothing, whatever its words.
        assert judge(replace(ROW, kind=kind), Source.SUBMIT, body, http) == Becomes(State.UNKNOWN), body


@pytest.mark.parametrize("http", HTTP)
@pytest.mark.parametrize("kind", list(Kind))
def test_a_failing_word_beside_a_success_code_concludes_nothing(kind: Kind, http: int) -> None:
    for word in WORDS:
        body = json.dumps({"responsecode": DONE[kind], "success": True, "status": word}).encode()
        assert judge(replace(ROW, kind=kind, state=State.PENDING), Source.STATUS, body, http).state is State.PENDING
        assert judge(replace(ROW, kind=kind), Source.SUBMIT, body, http) == Becomes(State.UNKNOWN)


_OTHER_AMOUNTS: list[Any] = [1501, "1501", 1500.5, "1,501.00", "1501 RWF", "1.6E3", -1, 1e300]
_OTHER_PHONES: list[Any] = ["250788123457", "0788123457", "254712345678", 250788123457]
_OUR_IDS: list[Any] = [ROW.id, None, "", []]
# Ours, or proof of nothing: no number, two readings, masked, hashed.
_OUR_AMOUNTS: list[Any] = [1500, "1500", "1500.00", 1500.0, "1,500.00", "1500 RWF", "1,500", "x", True, [], None, ""]
_OUR_PHONES: list[Any] = ["250788123456", "+250788123456", "0788 123 456", 250788123456, "2507*****457", "9f" * 20, ""]
STRANGERS: list[tuple[dict[str, Any], str]] = [
    *(({"amount": amount}, rules.REVIEW_AMOUNT) for amount in _OTHER_AMOUNTS),
    *(({"mobilephone": phone}, rules.REVIEW_PHONE) for phone in _OTHER_PHONES),
    *(({"mobilephoneno": phone}, rules.REVIEW_PHONE) for phone in ("250788123457", "25078812345678")),
    *(({"requesttransactionid": id}, rules.REVIEW_OTHER_TRANSACTION) for id in ("other", ROW.id.lower(), 5)),
    ({"transactionid": "8888"}, rules.REVIEW_OTHER_TRANSACTION),
]
OURS: list[dict[str, Any]] = [
    *({"amount": amount} for amount in _OUR_AMOUNTS),
    *({"mobilephone": phone} for phone in _OUR_PHONES),
    *({"requesttransactionid": id} for id in _OUR_IDS),
    *({"transactionid": id} for id in ("77", 77, None, "")),
]


@pytest.mark.parametrize("http", HTTP)
@pytest.mark.parametrize("kind", list(Kind))
def test_an_answer_with_another_amount_phone_or_id_concludes_nothing(kind: Kind, http: int) -> None:
    learned = replace(ROW, kind=kind, state=State.PENDING, accepted=True, gateway_transaction_id="77")
    fresh = replace(ROW, kind=kind, gateway_transaction_id="77")
    for claim, review in STRANGERS:
        for code, success in ((DONE[kind], True), ("1000", True), (REFUSALS[kind][0], False)):
            body = json.dumps({"responsecode": code, "success": success, **claim}).encode()
            assert judge(learned, Source.STATUS, body, http) == Becomes(State.PENDING, review), body
            assert judge(fresh, Source.SUBMIT, body, http) == Becomes(State.UNKNOWN, review), body
    for claim in OURS:
        body = json.dumps({"responsecode": DONE[kind], "success": True, **claim}).encode()
        assert judge(learned, Source.STATUS, body, http) == Becomes(State.SUCCESSFUL), body


@pytest.mark.parametrize("http", [300, 301, 302, 303, 304, 307, 308, 399])
@pytest.mark.parametrize("kind", list(Kind))
def test_a_redirect_concludes_nothing_whatever_its_body_says(kind: Kind, http: int) -> None:
    for code, success in ((DONE[kind], True), ("1000", True), (REFUSALS[kind][0], False), ("3100", False)):
        body = json.dumps({"responsecode": code, "success": success}).encode()
        assert judge(replace(ROW, kind=kind), Source.SUBMIT, body, http) == Becomes(State.UNKNOWN)
        enough = Tally(5, 0.0, 901.0)
        row = replace(ROW, kind=kind, state=State.UNKNOWN)
        assert judge(row, Source.STATUS, body, http, enough) == Becomes(State.UNKNOWN)
