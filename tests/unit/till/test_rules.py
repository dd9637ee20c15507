"""The table of docs/gateway.md, section "What an answer does to our row", line by line."""

from datetime import timedelta
from typing import Any

import pytest

from cashier.domain.events import Decision
from cashier.domain.evidence import Evidence, Meaning, Source
from cashier.domain.states import FINAL, Kind, State, may_move
from cashier.domain.transaction import Transaction
from cashier.till import rules
from cashier.till.rules import Tally, decide, tally_after
from tests.unit.till.rows import NOW, direct, mark_of, row, status

PAYOUT = {"kind": Kind.PAYOUT}
ENOUGH = Tally(5, 0.0, 901.0)


def judge(
    before: Transaction,
    found: Evidence,
    *,
    tally: Tally | None = None,
    checks: int = 0,
    clash: bool = False,
    **more: Any,
) -> Decision:
    told: frozenset[str] = more.get("told", frozenset())
    return decide(
        before, found, tally=tally or Tally(), checks=checks, now=more.get("now", NOW), clash=clash, told=told
    )


@pytest.mark.parametrize(
    ("before", "found", "after"),
    [
        (row(), direct(Meaning.NOT_SENT, answered=False), State.FAILED),
        (row(**PAYOUT), direct(Meaning.NOT_SENT, answered=False), State.FAILED),
        (row(), direct(Meaning.WAITING), State.PENDING),
        (row(), direct(Meaning.DONE), State.PENDING),
        (row(**PAYOUT), direct(Meaning.DONE), State.SUCCESSFUL),
        (row(**PAYOUT), direct(Meaning.WAITING), State.PENDING),
        (row(), direct(Meaning.REFUSED), State.FAILED),
        (row(**PAYOUT), direct(Meaning.REFUSED), State.FAILED),
        (row(), direct(Meaning.NOTHING), State.UNKNOWN),
        (row(), direct(Meaning.UNCLEAR, answered=False), State.UNKNOWN),
        (row(), direct(Meaning.CONTRADICTION), State.UNKNOWN),
        (row(), direct(Meaning.DONE_OTHER), State.UNKNOWN),
        (row(), direct(Meaning.DUPLICATE), State.UNKNOWN),
        (row(state=State.PENDING), direct(Meaning.DUPLICATE), State.UNKNOWN),
        (row(state=State.PENDING), direct(Meaning.UNCLEAR, answered=False), None),
        (row(state=State.UNKNOWN), status(Meaning.WAITING), State.PENDING),
        (row(), status(Meaning.DONE), State.SUCCESSFUL),
        (row(state=State.PENDING), status(Meaning.DONE), State.SUCCESSFUL),
        (row(state=State.UNKNOWN, **PAYOUT), status(Meaning.DONE), State.SUCCESSFUL),
        (row(state=State.PENDING), status(Meaning.REFUSED), State.FAILED),
        (row(state=State.PENDING), status(Meaning.DONE_OTHER), None),
        (row(state=State.UNKNOWN), status(Meaning.NOTHING), None),
        (row(state=State.UNKNOWN), status(Meaning.CONTRADICTION), None),
        (row(state=State.UNKNOWN), status(Meaning.UNCLEAR, answered=False), None),
        (row(state=State.UNKNOWN), status(Meaning.DUPLICATE), None),
        (row(state=State.UNKNOWN), status(Meaning.NOT_FOUND), None),
        (row(), Evidence(Source.RECOVERY, Meaning.UNCLEAR), State.UNKNOWN),
        (row(state=State.PENDING), Evidence(Source.RECOVERY, Meaning.UNCLEAR), None),
    ],
)
def test_what_an_answer_does(before: Transaction, found: Evidence, after: State | None) -> None:
    assert judge(before, found).state == after


@pytest.mark.parametrize("before", list(State))
@pytest.mark.parametrize("meaning", list(Meaning))
@pytest.mark.parametrize("source", [Source.SUBMIT, Source.STATUS, Source.RECOVERY])
@pytest.mark.parametrize("kind", list(Kind))
def test_never_a_forbidden_move(before: State, meaning: Meaning, source: Source, kind: Kind) -> None:
    for clash in (False, True):
        for tally in (Tally(), ENOUGH):
            made = judge(
                row(state=before, kind=kind), Evidence(source, meaning, answered=True), tally=tally, clash=clash
            )
            assert made.state is None or made.state is before or may_move(before, made.state)


@pytest.mark.parametrize("source", [Source.SUBMIT, Source.STATUS, Source.RECOVERY])
@pytest.mark.parametrize("meaning", [meaning for meaning in Meaning if meaning is not Meaning.DONE])
def test_only_a_success_makes_successful(source: Source, meaning: Meaning) -> None:
    for kind in Kind:
        for state in State:
            found = Evidence(source, meaning, answered=True)
            assert judge(row(state=state, kind=kind), found, tally=ENOUGH).state is not State.SUCCESSFUL


def test_a_direct_success_of_a_payment_still_needs_a_status_call() -> None:
    made = judge(row(), direct(Meaning.DONE, code="01", message="Paid"))
    assert (made.state, made.accepted) == (State.PENDING, True)


@pytest.mark.parametrize("kind", list(Kind))
def test_a_duplicate_is_unknown_and_reviewed_and_teaches_no_id(kind: Kind) -> None:
    made = judge(row(kind=kind), direct(Meaning.DUPLICATE, code="2400", gateway_transaction_id="77"))
    assert (made.state, made.review) == (State.UNKNOWN, rules.REVIEW_DUPLICATE)
    assert made.gateway_transaction_id is None


def test_after_a_duplicate_only_a_success_with_our_amount_and_phone_counts() -> None:
    before = row(state=State.UNKNOWN, review=rules.REVIEW_DUPLICATE)
    assert judge(before, status(Meaning.DONE)).state is None
    assert judge(before, status(Meaning.DONE, amount="1500")).state is None
    ours = status(Meaning.DONE, amount="1500.0", phone="250788123456")
    assert judge(before, ours).state is State.SUCCESSFUL


@pytest.mark.parametrize(
    ("claims", "review"),
    [
        ({"amount": "1501"}, rules.REVIEW_AMOUNT),
        ({"amount": "NaN"}, rules.REVIEW_AMOUNT),
        ({"amount": "much"}, rules.REVIEW_AMOUNT),
        ({"phone": "250788123457"}, rules.REVIEW_PHONE),
        ({"request_id": "another"}, rules.REVIEW_OTHER_TRANSACTION),
        ({"gateway_transaction_id": "9"}, rules.REVIEW_OTHER_TRANSACTION),
    ],
)
def test_an_answer_about_something_else_concludes_nothing(claims: dict[str, str], review: str) -> None:
    for meaning in (Meaning.DONE, Meaning.REFUSED, Meaning.WAITING):
        pending = row(state=State.PENDING, gateway_transaction_id="8")
        made = judge(pending, status(meaning, **claims))
        assert (made.state, mark_of(made)) == (None, review)
        fresh = judge(row(gateway_transaction_id="8"), direct(meaning, **claims))
        assert (fresh.state, mark_of(fresh)) == (State.UNKNOWN, review)


@pytest.mark.parametrize(
    ("claims", "words"),
    [
        ({"amount": "9900"}, "Another amount: the gateway says 9\u00a0900, asked was 1\u00a0500."),
        ({"amount": "9900.00"}, "Another amount: the gateway says 9\u00a0900, asked was 1\u00a0500."),
        ({"amount": "1500.5"}, "Another amount: the gateway says 1500.5, asked was 1\u00a0500."),
        ({"amount": "1E+300"}, "Another amount: the gateway says 1E+300, asked was 1\u00a0500."),
        ({"amount": "9" * 90}, f"Another amount: the gateway says {'9' * 39}…, asked was 1\u00a0500."),
        ({"amount": "NaN"}, "Another amount: the gateway says NaN, asked was 1\u00a0500."),
        (
            {"phone": "250733123456"},
            "Another phone: the gateway says 0733\u00a0123\u00a0456, asked was 0788\u00a0123\u00a0456.",
        ),
        ({"phone": "254712345678"}, "Another phone: the gateway says 254712345678, asked was 0788\u00a0123\u00a0456."),
    ],
)
def test_a_review_says_what_the_gateway_says_and_what_was_asked(claims: dict[str, str], words: str) -> None:
    made = judge(row(state=State.PENDING), status(Meaning.DONE, **claims))
    assert made.review == words
    settled = judge(row(state=State.FAILED), status(Meaning.DONE, **claims))
    assert (settled.review, settled.alarm) == (words, words)


@pytest.mark.parametrize("mark", sorted(rules.CODES))
def test_a_code_beside_the_sentence_decides(mark: str) -> None:
    """Whatever the sentence is: that of a ledger of before, or one with figures."""
    code = frozenset({rules.CODES[mark]})
    ours = status(Meaning.DONE, amount="1500", phone="250788123456")
    for held, told in ((row(state=State.PENDING, review=mark), frozenset[str]()), (row(review="Any words."), code)):
        assert judge(held, status(Meaning.DONE), told=told).state is None
        assert judge(held, ours, told=told).state is State.SUCCESSFUL
    failed = row(state=State.FAILED, review="Any words.")
    for claims in ({"amount": "9900"}, {"phone": "250733123456"}):
        other = mark_of(judge(failed, status(Meaning.DONE, **claims), told=code))
        assert other in (None, *(one for one in rules.CODES if one != mark))


def test_the_same_amount_in_another_writing_is_ours() -> None:
    for text in ("1500", "1500.0", "1500.00"):
        assert judge(row(), status(Meaning.DONE, amount=text)).state is State.SUCCESSFUL


def test_a_gateway_id_of_another_row_concludes_nothing() -> None:
    made = judge(row(), status(Meaning.DONE, gateway_transaction_id="8"), clash=True)
    assert (made.state, made.review, made.gateway_transaction_id) == (None, rules.REVIEW_CLASH, None)


@pytest.mark.parametrize("meaning", [Meaning.REFUSED, Meaning.NOT_SENT])
def test_a_refusal_after_the_gateway_had_accepted_is_a_matter_for_a_manager(meaning: Meaning) -> None:
    made = judge(row(state=State.PENDING, accepted=True), direct(meaning, code="1005"))
    assert (made.state, made.review) == (None, rules.REVIEW_REFUSED_ACCEPTED)


def test_a_final_state_stays_and_the_other_end_is_reviewed() -> None:
    late = judge(row(state=State.FAILED), status(Meaning.DONE))
    assert (late.state, late.review) == (None, rules.REVIEW_LATE_SUCCESS)
    failed = judge(row(state=State.SUCCESSFUL), status(Meaning.REFUSED))
    assert (failed.state, failed.review) == (None, rules.REVIEW_LATE_FAILURE)
    for state in FINAL:
        for meaning in (Meaning.WAITING, Meaning.NOTHING, Meaning.NOT_FOUND, Meaning.UNCLEAR):
            made = judge(row(state=state), status(meaning), tally=ENOUGH)
            assert (made.state, made.review) == (None, None)


class TestDoesNotExist:
    def test_fails_a_payment_the_gateway_never_accepted(self) -> None:
        made = judge(row(state=State.UNKNOWN), status(Meaning.NOT_FOUND, code="3100"), tally=ENOUGH)
        assert (made.state, made.response_code) == (State.FAILED, rules.NEVER_ARRIVED)

    def test_reviews_one_that_was_accepted(self) -> None:
        made = judge(row(state=State.PENDING, accepted=True), status(Meaning.NOT_FOUND), tally=ENOUGH)
        assert (made.state, made.review) == (None, rules.REVIEW_GONE)

    def test_never_fails_a_payout(self) -> None:
        made = judge(row(state=State.UNKNOWN, **PAYOUT), status(Meaning.NOT_FOUND), tally=ENOUGH)
        assert (made.state, made.review) == (None, rules.REVIEW_NOT_FOUND_PAYOUT)

    def test_counts_once_a_minute_and_needs_five_over_fifteen_minutes(self) -> None:
        tally = Tally()
        for at in range(0, 240, 10):
            tally = tally_after(tally, status(Meaning.NOT_FOUND), float(at))
        assert tally.count == 4
        tally = tally_after(tally, status(Meaning.NOT_FOUND), 899.0)
        assert (tally.count, tally.is_enough) == (5, False)
        tally = tally_after(tally, status(Meaning.NOT_FOUND), 960.0)
        assert tally.is_enough

    def test_another_answer_between_starts_again(self) -> None:
        tally = tally_after(Tally(4, 0.0, 840.0), status(Meaning.NOTHING, code="3200"), 850.0)
        assert tally.count == 0

    def test_no_answer_between_changes_nothing(self) -> None:
        counted = Tally(4, 0.0, 840.0)
        assert tally_after(counted, status(Meaning.UNCLEAR, answered=False), 850.0) == counted


class TestOldRows:
    LATER = NOW + timedelta(days=3)

    def test_three_days_and_24_answers_make_a_review(self) -> None:
        made = judge(row(state=State.PENDING), status(Meaning.WAITING), checks=23, now=self.LATER)
        assert made.review == rules.REVIEW_OLD

    def test_neither_alone_does(self) -> None:
        assert judge(row(state=State.PENDING), status(Meaning.WAITING), checks=22, now=self.LATER).review is None
        young = self.LATER - timedelta(seconds=1)
        assert judge(row(state=State.PENDING), status(Meaning.WAITING), checks=99, now=young).review is None

    def test_a_final_answer_then_needs_no_review(self) -> None:
        made = judge(row(state=State.PENDING), status(Meaning.DONE), checks=99, now=self.LATER)
        assert (made.state, made.review) == (State.SUCCESSFUL, None)


def test_the_first_review_mark_stays() -> None:
    made = judge(row(state=State.UNKNOWN, review=rules.REVIEW_DUPLICATE), status(Meaning.DONE, amount="1"))
    assert made.review is None
    assert judge(row(state=State.PENDING, review=rules.REVIEW_OLD), status(Meaning.DONE_OTHER)).review is not None


def test_the_event_tells_what_was_learnt() -> None:
    made = judge(row(), direct(Meaning.WAITING, code="1000", gateway_transaction_id="8", http_status=200))
    assert made.event == "answered"
    assert made.source == "submit"
    assert made.data == {
        "meaning": "waiting",
        "answered": True,
        "code": "1000",
        "gateway_transaction_id": "8",
        "http_status": 200,
    }
    assert made.gateway_transaction_id == "8"
