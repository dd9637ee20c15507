"""Every code of every function, direct and by status, whatever the HTTP status: docs/gateway.md."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cashier.domain.evidence import Evidence, Meaning, Source
from cashier.domain.states import Kind
from cashier.gateway.codes import AUTHENTICATION, PAYMENT, PAYOUT, look_up
from cashier.gateway.meaning import BalanceReading, NoBalance, evidence, read_balance
from cashier.gateway.outcomes import (
    Answer,
    Answered,
    Function,
    NotSent,
    NotSentReason,
    Unclear,
    UnclearReason,
)
from cashier.gateway.reading import UnreadableError, read_answer
from cashier.gateway.sentences import clock_sentence

REFUSED_PAYMENT = {"1002", "1005", "1100", "1200", "2100", "2200", "2300", "2500", "2600"}
REFUSED_PAYOUT = {
    *("1101", "1102", "1103", "1104", "1105", "1106", "1107", "1108", "2003", "2102"),
    *("2105", "2106", "2107", "2108", "2109", "2110", "2111", "2520", "2522", "2525"),
}
UNSURE_PAYOUT = {"1100", "2000", "2500", "2510", "2518", "2600", "2800"}
FAILED_BY_STATUS_ALONE = {"1008", "1300", "2700"}
AUTH = {f"000{number}" for number in range(2, 9)}
HTTP = (200, 400, 401, 403, 409, 422, 429, 500)


def told(function: Function, source: Source, kind: Kind, http: int = 200, **answer: Any) -> Evidence:
    return evidence(function, kind, source, Answered(Answer(function, **answer), http, 0.1))


def direct(kind: Kind, code: str, http: int = 200, success: bool | None = None) -> Meaning:
    function = Function.PAYMENT if kind is Kind.PAYMENT else Function.PAYOUT
    return told(function, Source.SUBMIT, kind, http, code=code, success=success).meaning


def by_status(kind: Kind, code: str, http: int = 200, success: bool | None = None) -> Meaning:
    return told(Function.STATUS, Source.STATUS, kind, http, code=code, success=success).meaning


def test_the_tables_hold_every_code_of_the_notes() -> None:
    assert set(AUTHENTICATION) == AUTH
    assert set(PAYMENT) == REFUSED_PAYMENT | FAILED_BY_STATUS_ALONE | {"1000", "01", "2400"}
    assert set(PAYOUT) == REFUSED_PAYOUT | UNSURE_PAYOUT | {"1000", "2001", "1110"}


@pytest.mark.parametrize("http", HTTP)
def test_direct_answers(http: int) -> None:
    for code in REFUSED_PAYMENT | AUTH:
        assert direct(Kind.PAYMENT, code, http) is Meaning.REFUSED, code
    for code in REFUSED_PAYOUT | AUTH:
        assert direct(Kind.PAYOUT, code, http) is Meaning.REFUSED, code
    for code in FAILED_BY_STATUS_ALONE | {"2001", "3000", "3100", "3200", "9999", "unreadable"}:
        assert direct(Kind.PAYMENT, code, http) is Meaning.NOTHING, code
    for code in UNSURE_PAYOUT | {"01", "3000", "3100", "3200", "9999"}:
        assert direct(Kind.PAYOUT, code, http) is Meaning.NOTHING, code
    assert direct(Kind.PAYMENT, "2400", http) is direct(Kind.PAYOUT, "1110", http) is Meaning.DUPLICATE
    assert direct(Kind.PAYMENT, "1000", http) is direct(Kind.PAYOUT, "1000", http) is Meaning.WAITING
    assert direct(Kind.PAYMENT, "01", http) is direct(Kind.PAYOUT, "2001", http) is Meaning.DONE


@pytest.mark.parametrize("http", HTTP)
def test_status_answers(http: int) -> None:
    for code in REFUSED_PAYMENT | FAILED_BY_STATUS_ALONE:
        assert by_status(Kind.PAYMENT, code, http) is Meaning.REFUSED, code
    for code in REFUSED_PAYOUT:
        assert by_status(Kind.PAYOUT, code, http) is Meaning.REFUSED, code
    for code in AUTH | {"2400", "3000", "3200", "9999"}:
        assert by_status(Kind.PAYMENT, code, http) is Meaning.NOTHING, code
    for code in AUTH | UNSURE_PAYOUT | {"1110", "3000", "3200", "9999"}:
        assert by_status(Kind.PAYOUT, code, http) is Meaning.NOTHING, code
    assert by_status(Kind.PAYMENT, "3100", http) is by_status(Kind.PAYOUT, "3100", http) is Meaning.NOT_FOUND
    assert by_status(Kind.PAYMENT, "01", http) is by_status(Kind.PAYOUT, "2001", http) is Meaning.DONE
    assert by_status(Kind.PAYMENT, "2001", http) is by_status(Kind.PAYOUT, "01", http) is Meaning.DONE_OTHER


@pytest.mark.parametrize("kind", list(Kind))
def test_success_against_the_code_concludes_nothing(kind: Kind) -> None:
    done = "01" if kind is Kind.PAYMENT else "2001"
    for code in (done, "1000"):
        assert direct(kind, code, success=False) is by_status(kind, code, success=False) is Meaning.CONTRADICTION
    for code in (REFUSED_PAYMENT if kind is Kind.PAYMENT else REFUSED_PAYOUT) | AUTH:
        assert direct(kind, code, success=True) is Meaning.CONTRADICTION
    assert by_status(kind, "3100", success=True) is Meaning.CONTRADICTION


@pytest.mark.parametrize("word", ["Failed", "CANCELLED", "declined", "Rejected", "Expired"])
def test_a_failing_word_alone_counts_only_in_a_plain_status_answer(word: str) -> None:
    assert told(Function.STATUS, Source.STATUS, Kind.PAYMENT, status=word).meaning is Meaning.REFUSED
    assert told(Function.STATUS, Source.STATUS, Kind.PAYMENT, status=word, success=False).meaning is Meaning.REFUSED
    assert told(Function.STATUS, Source.STATUS, Kind.PAYMENT, status=word, success=True).meaning is Meaning.NOTHING
    assert told(Function.STATUS, Source.STATUS, Kind.PAYMENT, 500, status=word).meaning is Meaning.NOTHING
    assert told(Function.PAYMENT, Source.SUBMIT, Kind.PAYMENT, status=word).meaning is Meaning.NOTHING
    assert told(Function.STATUS, Source.STATUS, Kind.PAYMENT, status=word, code="1000").meaning is Meaning.WAITING
    assert told(Function.STATUS, Source.STATUS, Kind.PAYMENT, status=word, code="01").meaning is Meaning.CONTRADICTION


def test_a_success_word_alone_proves_nothing() -> None:
    for word in ("Successfull", "Successfully", "Successful", "Success"):
        assert told(Function.STATUS, Source.STATUS, Kind.PAYMENT, status=word, success=True).meaning is Meaning.NOTHING


def test_every_code_has_a_sentence_and_a_refusal_an_advice() -> None:
    for table in (AUTHENTICATION, PAYMENT, PAYOUT):
        for code, line in table.items():
            assert line.sentence.endswith("."), code
            assert line.advice or line.direct in (Meaning.WAITING, Meaning.DONE), code


def test_the_same_number_is_looked_up_in_its_own_function() -> None:
    for code in ("1100", "2500", "2600"):
        assert look_up(Function.PAYMENT, Kind.PAYMENT, code) != look_up(Function.PAYOUT, Kind.PAYOUT, code)


def test_no_answer_is_unclear_and_a_proof_is_not_sent() -> None:
    unclear = Unclear(UnclearReason.TIMEOUT, "No answer.", "", 1.0)
    assert evidence(Function.PAYMENT, Kind.PAYMENT, Source.SUBMIT, unclear).meaning is Meaning.UNCLEAR
    not_sent = NotSent(NotSentReason.DNS, "No internet.", "", 1.0)
    found = evidence(Function.PAYMENT, Kind.PAYMENT, Source.SUBMIT, not_sent)
    assert (found.meaning, found.code, found.message) == (Meaning.NOT_SENT, None, "Not sent: No internet.")


def test_a_wrong_clock_is_named() -> None:
    answered = Answered(Answer(Function.PAYMENT, code="0005", success=False), 200, 0.1, clock_ahead=10_920.0)
    found = evidence(Function.PAYMENT, Kind.PAYMENT, Source.SUBMIT, answered)
    assert found.message == "The clock of this computer is 3 h 02 min slow."


@given(st.binary(max_size=200), st.sampled_from(Function), st.sampled_from(Kind), st.integers(100, 599))
def test_no_bytes_make_a_success_or_an_exception(body: bytes, function: Function, kind: Kind, http: int) -> None:
    try:
        answer = read_answer(function, body)
    except UnreadableError:
        return
    for source in (Source.SUBMIT, Source.STATUS):
        assert evidence(function, kind, source, Answered(answer, http, 0.1)).meaning is not Meaning.DONE


@pytest.mark.parametrize(
    ("answer", "balance"),
    [
        ({"success": True, "balance": "100000.0"}, 100_000),
        ({"status": "success", "balance": "125000"}, 125_000),
        ({"success": True, "balance": "99.99"}, 99),
        ({"success": True, "balance": "-0.5"}, -1),
        ({"success": True, "balance": "-5"}, -5),
    ],
)
def test_a_balance_is_rounded_down(answer: dict[str, Any], balance: int) -> None:
    reading = read_balance(Answered(Answer(Function.BALANCE, **answer), 200, 0.1))
    assert reading == BalanceReading(balance, answer["balance"])


def test_no_balance_has_a_sentence() -> None:
    for outcome in (
        Answered(Answer(Function.BALANCE, success=False, code="0005"), 401, 0.1),
        Answered(Answer(Function.BALANCE, success=False, balance="5"), 200, 0.1),
        Answered(Answer(Function.BALANCE), 200, 0.1),
        NotSent(NotSentReason.DNS, "No internet.", "", 0.1),
    ):
        found = read_balance(outcome)
        assert isinstance(found, NoBalance)
        assert found.sentence


@pytest.mark.parametrize(
    ("seconds", "span"),
    [
        (90, "2 min slow"),
        (-3599, "1 h 00 min fast"),
        (10_920, "3 h 02 min slow"),
        (86_399, "1 day slow"),
        (86_400, "1 day slow"),
        (-100_800, "1 day fast"),
        (172_800, "2 days slow"),
        (31_536_000, "365 days slow"),
        (-725_846_400, "8401 days fast"),
    ],
)
def test_how_far_the_clock_is_off_is_said_up_to_days(seconds: float, span: str) -> None:
    assert clock_sentence(seconds) == f"The clock of this computer is {span}."
