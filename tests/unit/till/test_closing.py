"""What a manager does by hand, and what evidence does to a row closed by hand: never the other way in silence."""

from datetime import timedelta
from itertools import product

import pytest

from cashier.domain.errors import BadInputError
from cashier.domain.events import Decision
from cashier.domain.evidence import Evidence, Meaning
from cashier.domain.states import FINAL, Kind, State
from cashier.domain.transaction import CLOSED_AS, Transaction
from cashier.till import rules
from cashier.till.cadence import pause_for
from cashier.till.closing import alarm_seen, closed_by_hand
from cashier.till.figures import amount_words
from cashier.till.rules import Tally, decide
from tests.unit.till.rows import NOW, direct, mark_of, row, status

CLOSED = {verdict: f"{text} (Aline)" for verdict, text in CLOSED_AS.items()}
ENOUGH = Tally(5, 0.0, 900.0)
MARKS = sorted(text for name, text in vars(rules).items() if name.startswith("REVIEW_"))


def judge(before: Transaction, found: Evidence, told: frozenset[str] = frozenset(), tally: Tally = ENOUGH) -> Decision:
    return decide(before, found, tally=tally, checks=99, now=NOW + timedelta(days=9), clash=False, told=told)


@pytest.mark.parametrize(("received", "review"), [(True, CLOSED[True]), (False, CLOSED[False])])
@pytest.mark.parametrize("state", [state for state in State if state is not State.CREATED])
def test_closing_leaves_the_state_and_keeps_who_and_why(state: State, received: bool, review: str) -> None:
    held = row(state=state, review=rules.REVIEW_OLD)
    made = closed_by_hand(held, received=received, name=" Aline ", note="On the\nstatement.", reference=" 31233 ")
    assert (made.state, made.review, made.event, made.source) == (None, review, "closed by hand", "operator")
    verdict = "received" if received else "not received"
    said = {"verdict": verdict, "name": "Aline", "note": "On the statement.", "operator_reference": "31233"}
    assert made.data == said


def test_without_a_reference_none_is_written() -> None:
    held = row(state=State.UNKNOWN, review=rules.REVIEW_OLD)
    assert "operator_reference" not in closed_by_hand(held, received=True, name="A", note="b", reference=" ").data


@pytest.mark.parametrize(
    ("before", "sentence"),
    [
        (row(state=State.UNKNOWN), "still being asked about"),
        (row(state=State.CREATED, review=rules.REVIEW_AMOUNT), "still being sent"),
        (row(state=State.FAILED), "it is settled"),
        (row(state=State.UNKNOWN, review=CLOSED[True]), "closed by hand already"),
    ],
)
def test_only_what_is_under_review_is_closed(before: Transaction, sentence: str) -> None:
    with pytest.raises(BadInputError, match=sentence):
        closed_by_hand(before, received=True, name="Aline", note="Seen.")


@pytest.mark.parametrize(
    ("name", "note", "reference", "sentence"),
    [
        (" ", "Seen.", None, "your name"),
        ("Aline", "\t", None, "what you found out"),
        ("A" * 61, "Seen.", None, "longer than 60"),
        ("Aline", "x" * 501, None, "longer than 500"),
        ("Aline", "Seen.", "1" * 61, "longer than 60"),
        ("Ali\x07ne", "Seen.", None, "U\\+0007, at place 4"),
        ("Aline", "Seen.", "12\u202e3", "The reference has a sign that cannot be seen, U\\+202E, at place 3"),
    ],
)
def test_who_and_why_must_be_told(name: str, note: str, reference: str | None, sentence: str) -> None:
    with pytest.raises(BadInputError, match=sentence):
        closed_by_hand(row(state=State.UNKNOWN, review="x"), received=True, name=name, note=note, reference=reference)


@pytest.mark.parametrize("received", [True, False])
@pytest.mark.parametrize(("meaning", "end"), [(Meaning.DONE, State.SUCCESSFUL), (Meaning.REFUSED, State.FAILED)])
@pytest.mark.parametrize("before", [State.PENDING, State.UNKNOWN])
def test_later_evidence_settles_it_with_an_alarm(before: State, received: bool, meaning: Meaning, end: State) -> None:
    made = judge(row(state=before, review=CLOSED[received]), status(meaning))
    assert (made.state, made.review) == (end, None)
    assert made.alarm == rules.AFTER_CLOSE[received, end is State.SUCCESSFUL]
    assert made.data["alarm"] == made.alarm


def test_what_never_arrived_fails_a_closed_payment_with_an_alarm() -> None:
    made = judge(row(state=State.UNKNOWN, review=CLOSED[True]), status(Meaning.NOT_FOUND, code="3100"))
    assert (made.state, made.alarm) == (State.FAILED, rules.AFTER_CLOSE[True, False])


@pytest.mark.parametrize("kind", list(Kind))
def test_a_closed_row_never_ends_in_silence(kind: Kind) -> None:
    for state, meaning, received in product((State.PENDING, State.UNKNOWN), Meaning, (True, False)):
        for found in (status(meaning), direct(meaning)):
            made = judge(row(state=state, kind=kind, review=CLOSED[received]), found)
            assert made.review is None  # it stays closed
            assert made.state not in FINAL or made.alarm


def test_what_is_new_about_a_closed_row_is_an_alarm_once() -> None:
    closed = row(state=State.UNKNOWN, review=CLOSED[False])
    other = status(Meaning.DONE, amount="9")
    assert judge(closed, other).alarm == amount_words("9", 1500)
    made = judge(closed, other, told=frozenset({rules.REVIEW_AMOUNT}))
    assert (made.state, made.review, made.alarm) == (None, None, None)


@pytest.mark.parametrize("mark", sorted(rules.STRICT))
def test_closing_does_not_make_a_doubtful_success_count(mark: str) -> None:
    closed = row(state=State.UNKNOWN, review=CLOSED[False])
    told = frozenset({mark})
    assert judge(closed, status(Meaning.DONE), told=told).state is None
    whole = status(Meaning.DONE, amount="1500", phone="250788123456")
    assert judge(closed, whole, told=told).state is State.SUCCESSFUL


@pytest.mark.parametrize(
    ("state", "meaning", "text"),
    [
        (State.FAILED, Meaning.DONE, rules.REVIEW_LATE_SUCCESS),
        (State.SUCCESSFUL, Meaning.REFUSED, rules.REVIEW_LATE_FAILURE),
    ],
)
@pytest.mark.parametrize("review", [None, rules.REVIEW_OLD, rules.REVIEW_AMOUNT, CLOSED[True], CLOSED[False]])
def test_a_contradiction_of_a_settled_row_is_marked_with_an_alarm_once(
    state: State, meaning: Meaning, text: str, review: str | None
) -> None:
    settled = row(state=state, review=review)
    made = judge(settled, status(meaning))
    assert (made.state, made.review, made.alarm) == (None, text, text)
    again = judge(row(state=state, review=text), status(meaning))
    assert (again.review, again.alarm) == (None, None)
    closed = judge(row(state=state, review=CLOSED[True]), status(meaning), told=frozenset({text}))
    assert (closed.review, closed.alarm) == (None, None)


def test_a_success_of_another_amount_after_a_failure_is_a_matter_for_a_manager() -> None:
    made = judge(row(state=State.FAILED, response_code="3100"), status(Meaning.DONE, amount="9"))
    assert (made.state, made.review, made.alarm) == (None, amount_words("9", 1500), amount_words("9", 1500))
    foreign = judge(row(state=State.FAILED, response_code="3100"), status(Meaning.DONE, request_id="other"))
    assert (foreign.review, foreign.alarm) == (None, None)


def test_a_mark_that_asks_for_more_takes_the_place_of_one_that_asks_for_less() -> None:
    held = row(state=State.PENDING, review=rules.REVIEW_GONE)
    assert judge(held, status(Meaning.WAITING, amount="9")).review == amount_words("9", 1500)


def test_an_alarm_nobody_has_seen_is_not_written_over() -> None:
    closed = row(state=State.UNKNOWN, review=CLOSED[False], alarm=rules.REVIEW_AMOUNT)
    made = judge(closed, status(Meaning.DONE))
    assert made.alarm == f"{rules.REVIEW_AMOUNT} {rules.AFTER_CLOSE[False, True]}"
    assert made.data["alarm"] == rules.AFTER_CLOSE[False, True]


def test_an_open_row_rings_no_alarm() -> None:
    for state, meaning in product((State.CREATED, State.PENDING, State.UNKNOWN), Meaning):
        for found in (status(meaning), direct(meaning)):
            assert judge(row(state=state), found).alarm is None


def test_an_alarm_is_seen_by_somebody_with_a_name() -> None:
    ringing = row(state=State.SUCCESSFUL, review=CLOSED[False], alarm="Look.")
    made = alarm_seen(ringing, name="Aline", note=" Told the owner. ")
    assert (made.alarm, made.state, made.review) == ("", None, None)
    assert made.data == {"name": "Aline", "seen": "Look.", "note": "Told the owner."}
    with pytest.raises(BadInputError, match="your name"):
        alarm_seen(ringing, name="")
    with pytest.raises(BadInputError, match="no alarm"):
        alarm_seen(row(), name="Aline")


@pytest.mark.parametrize("mark", MARKS)
def test_every_mark_is_asked_about_daily_once_it_is_three_days_old(mark: str) -> None:
    held = row(state=State.PENDING, review=mark)
    assert pause_for(held, 60, NOW + timedelta(minutes=1)) == 3.0
    for days in (4, 29):
        assert pause_for(held, days * 86400.0, NOW + timedelta(days=days)) == 86400.0
    assert pause_for(held, 31 * 86400.0, NOW + timedelta(days=31)) is None


def test_every_mark_arises_as_the_table_says() -> None:
    """docs/gateway.md: each text by the answer that it is for, from a row that it can happen to."""
    pending = row(state=State.PENDING, accepted=True, gateway_transaction_id="8")
    unknown = row(state=State.UNKNOWN)
    fresh = Tally()
    arises = {
        rules.REVIEW_DUPLICATE: judge(row(), direct(Meaning.DUPLICATE, code="2400"), tally=fresh),
        rules.REVIEW_OTHER_KIND: judge(pending, status(Meaning.DONE_OTHER), tally=fresh),
        rules.REVIEW_OTHER_TRANSACTION: judge(pending, status(Meaning.DONE, request_id="x"), tally=fresh),
        rules.REVIEW_AMOUNT: judge(pending, status(Meaning.DONE, amount="1"), tally=fresh),
        rules.REVIEW_PHONE: judge(pending, status(Meaning.DONE, phone="250788000000"), tally=fresh),
        rules.REVIEW_CLASH: decide(
            unknown, status(Meaning.DONE, gateway_transaction_id="8"), tally=fresh, checks=0, now=NOW, clash=True
        ),
        rules.REVIEW_GONE: judge(pending, status(Meaning.NOT_FOUND)),
        rules.REVIEW_NOT_FOUND_PAYOUT: judge(row(state=State.UNKNOWN, kind=Kind.PAYOUT), status(Meaning.NOT_FOUND)),
        rules.REVIEW_OLD: judge(pending, status(Meaning.WAITING), tally=fresh),
        rules.REVIEW_LATE_SUCCESS: judge(row(state=State.FAILED), status(Meaning.DONE)),
        rules.REVIEW_LATE_FAILURE: judge(row(state=State.SUCCESSFUL), status(Meaning.REFUSED)),
        rules.REVIEW_REFUSED_ACCEPTED: judge(pending, direct(Meaning.REFUSED, code="1005"), tally=fresh),
    }
    assert sorted(arises) == MARKS
    assert {text: mark_of(made) for text, made in arises.items()} == {text: text for text in arises}


def test_what_changed_while_the_person_typed_is_looked_at_first() -> None:
    marked = row(state=State.SUCCESSFUL, review=rules.REVIEW_OLD)
    with pytest.raises(BadInputError, match="changed meanwhile"):
        closed_by_hand(marked, received=False, name="Aline", note="x", seen=State.UNKNOWN)
    assert closed_by_hand(marked, received=False, name="Aline", note="x", seen=State.SUCCESSFUL).review
    ringing = row(state=State.FAILED, alarm="A B")
    with pytest.raises(BadInputError, match="something new"):
        alarm_seen(ringing, name="Aline", shown="A")
    assert alarm_seen(ringing, name="Aline", shown="A B").alarm == ""
