"""The one table of words: complete, and what counter.md says."""

from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest

from cashier.domain.states import Kind, State
from cashier.ui.advice import advice_for
from cashier.ui.words import REVIEW, TABLE, words_for, words_of
from tests.ui.seeing import transaction


@pytest.mark.parametrize(("kind", "state"), list(product(Kind, State)))
@pytest.mark.parametrize("review", [None, "Amounts differ."])
def test_every_state_has_its_words(kind: Kind, state: State, review: str | None) -> None:
    words = words_for(transaction(state, kind=kind, review=review))
    assert words.word
    assert words.short
    assert len(words.short) <= len(words.word)
    if review:
        assert (words.word, words.tone, words.line) == (REVIEW.word, "review", "Amounts differ.")
    else:
        assert words.word == TABLE[kind, state].word


@pytest.mark.parametrize(
    ("state", "kind", "word", "tone"),
    [
        (State.CREATED, Kind.PAYMENT, "Sending", "idle"),
        (State.PENDING, Kind.PAYMENT, "Waiting for the customer", "wait"),
        (State.UNKNOWN, Kind.PAYMENT, "Not known yet", "unknown"),
        (State.SUCCESSFUL, Kind.PAYMENT, "Paid", "paid"),
        (State.FAILED, Kind.PAYMENT, "Not paid", "failed"),
        (State.SUCCESSFUL, Kind.PAYOUT, "Sent", "paid"),
        (State.FAILED, Kind.PAYOUT, "Not sent", "failed"),
    ],
)
def test_the_words_of_the_counter(state: State, kind: Kind, word: str, tone: str) -> None:
    words = words_of(kind, state)
    assert (words.word, words.tone) == (word, tone)


def test_what_is_not_known_says_what_not_to_do() -> None:
    assert words_of(Kind.PAYMENT, State.UNKNOWN).line == "Do not hand over. Do not ask again. We keep checking."
    assert words_of(Kind.PAYOUT, State.UNKNOWN).line == "Money may have gone out. Do not send again."


def test_a_failure_says_why_and_a_success_its_reference() -> None:
    assert words_for(transaction(State.FAILED, message="Not enough money.")).line == "Not enough money."
    assert words_for(transaction(State.SUCCESSFUL, operator_reference="31233")).line == "Reference 31233"


def test_closed_by_hand_is_no_review_and_evidence_speaks_after_it() -> None:
    assert words_for(transaction(State.UNKNOWN, review="closed: received")).word == "Closed by hand"
    assert words_for(transaction(State.SUCCESSFUL, review="closed: received")).word == "Paid"


def test_a_state_has_a_colour_of_its_own() -> None:
    tones = {TABLE[Kind.PAYMENT, state].tone for state in State} | {REVIEW.tone}
    assert len(tones) == len(State) + 1


@pytest.mark.parametrize(
    ("seconds", "line", "code"),
    [
        (19, "Ask the customer to enter the PIN", False),
        (20, "Nothing on the phone? The customer dials", True),
        (60, "Still checking. Nothing on the phone? The customer dials", True),
        (150, "Offer another number or cash; ask them to decline this one.", False),
    ],
)
def test_advice_comes_with_the_seconds(seconds: int, line: str, code: bool) -> None:
    advice = advice_for(transaction(), seconds)
    assert (advice.line, advice.code) == (line, code)


def test_only_mtn_gets_the_code_of_mtn() -> None:
    advice = advice_for(transaction(phone="250733555201"), 30)
    assert not advice.code
    assert "Nothing on the phone?" in advice.line


@pytest.mark.parametrize("state", [State.UNKNOWN, State.SUCCESSFUL, State.FAILED, State.CREATED])
def test_what_does_not_wait_for_a_customer_keeps_its_line(state: State) -> None:
    row = transaction(state)
    assert advice_for(row, 200).line == words_for(row).line


def test_a_payout_never_offers_a_code() -> None:
    assert not advice_for(transaction(kind=Kind.PAYOUT), 30).code


@pytest.mark.parametrize(
    ("taken", "hidden", "word"),
    [(149, False, "Paid"), (150, False, "Paid late"), (3, True, "Paid late"), (-5, False, "Paid")],
)
def test_a_payment_that_comes_after_the_customer_was_given_up_is_late(taken: int, hidden: bool, word: str) -> None:
    """At 150 s the card advises another number or cash; a hidden one is expected no more."""
    row = transaction(State.SUCCESSFUL, hidden=hidden)
    row = replace(row, decided_at=row.created_at + timedelta(seconds=taken))
    assert words_for(row).word == word
    assert words_for(replace(row, operator_reference="31233")).word == word
    assert words_for(replace(row, kind=Kind.PAYOUT)).word == "Sent"
    assert words_for(replace(row, review="Amounts differ.")).word == REVIEW.word
