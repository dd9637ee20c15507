"""What one piece of evidence does to one row: docs/gateway.md, section "What an answer does to our row". Pure."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation

from cashier.domain.events import Decision
from cashier.domain.evidence import Evidence, Meaning, Source
from cashier.domain.states import FINAL, Kind, State
from cashier.domain.transaction import Transaction
from cashier.till.evidence_data import data_of, event_name
from cashier.till.figures import ANOTHER_AMOUNT, ANOTHER_PHONE, amount_words, phone_words

NEVER_ARRIVED = "3100"
NEVER_ARRIVED_ANSWERS = 5
NEVER_ARRIVED_SPAN = 15 * 60.0
NEVER_ARRIVED_GAP = 60.0

OLD_AGE = timedelta(days=3)
OLD_CHECKS = 24

# What stands in `review`. The screens show it as it is, so each is a sentence for the manager. Those of CODES stand
# there with both figures, known by the code in the event; as they are here they stand in ledgers of before.
REVIEW_DUPLICATE = "The gateway says this id was used before, though it was sent once."
REVIEW_OTHER_KIND = "The gateway reports the other kind of transaction under this id."
REVIEW_OTHER_TRANSACTION = "The gateway answered about another transaction."
REVIEW_AMOUNT = "The gateway reports another amount."
REVIEW_PHONE = "The gateway reports another phone number."
REVIEW_CLASH = "The gateway gave this transaction an id that belongs to another one."
REVIEW_GONE = "The gateway had accepted this transaction and now says it does not exist."
REVIEW_NOT_FOUND_PAYOUT = "The gateway says this payout does not exist. Compare with the provider's statement."
REVIEW_OLD = "No final answer for three days."
REVIEW_LATE_SUCCESS = "The gateway says it went through after it was settled as failed."
REVIEW_LATE_FAILURE = "The gateway says it failed after it was settled as successful."
REVIEW_REFUSED_ACCEPTED = "The gateway refused this transaction after it had accepted it."

# What an alarm says of a row closed by hand: by its verdict (received), and whether it went through.
AFTER_CLOSE = {
    (True, True): "Closed by hand as received. The gateway now says it went through.",
    (True, False): "Closed by hand as received. The gateway now says it failed.",
    (False, True): "Closed by hand as not received. The gateway now says it went through.",
    (False, False): "Closed by hand as not received. The gateway now says it failed.",
}

CODES = {REVIEW_AMOUNT: ANOTHER_AMOUNT, REVIEW_PHONE: ANOTHER_PHONE}

# Under these marks a success counts only when the answer itself carries our amount and our phone.
STRICT = frozenset({REVIEW_DUPLICATE, REVIEW_AMOUNT, REVIEW_PHONE, REVIEW_CLASH})


@dataclass(frozen=True)
class Tally:
    """How often one row "does not exist" in this run: what counted, the first and the last time (monotonic seconds)."""

    count: int = 0
    first: float = 0.0
    last: float = 0.0

    def add(self, at: float) -> "Tally":
        """Counts one more, at most one a minute."""
        if self.count == 0:
            return Tally(1, at, at)
        if at - self.last < NEVER_ARRIVED_GAP:
            return self
        return replace(self, count=self.count + 1, last=at)

    @property
    def is_enough(self) -> bool:
        return self.count >= NEVER_ARRIVED_ANSWERS and self.last - self.first >= NEVER_ARRIVED_SPAN


def tally_after(tally: Tally, evidence: Evidence, at: float, *, stranger: bool = False) -> Tally:
    """The tally with this evidence counted: another "does not exist", or a fresh start after any other answer.

    One about another transaction (`stranger`) is such another answer, whatever it says.
    """
    if evidence.source is Source.STATUS and evidence.meaning is Meaning.NOT_FOUND and not stranger:
        return tally.add(at)
    return Tally() if evidence.answered else tally


def decide(
    row: Transaction,
    evidence: Evidence,
    *,
    tally: Tally,
    checks: int,
    now: datetime,
    clash: bool,
    told: frozenset[str] = frozenset(),
) -> Decision:
    """What `evidence` does to `row`.

    `tally` already counts this evidence, `checks` is the number of answered status calls before it, `clash` tells
    that the gateway id in it belongs to another row of the same kind, `told` is every mark, code of a mark and alarm
    that a row with a mark, or a settled one, ever had. Never raises for what a gateway can send.
    """
    told = told | {mark for mark, code in CODES.items() if code in told}
    outcome = _decided(row, evidence, tally, checks, now, clash, told)
    return _resolved(row, outcome, told, _words(row, evidence, outcome.review))


def _decided(
    row: Transaction, evidence: Evidence, tally: Tally, checks: int, now: datetime, clash: bool, told: frozenset[str]
) -> Decision:
    """The decision as if the row had no mark yet."""
    strict = _is_strict(row, told)
    direct = evidence.source is Source.SUBMIT
    outcome = Decision(event=event_name(evidence), source=evidence.source.value, data=data_of(evidence))
    stranger = _stranger(row, evidence, clash)
    if row.is_final:
        return _after_final(row, evidence, outcome, stranger)
    if stranger:
        to_unknown = State.UNKNOWN if direct and row.state is State.CREATED else None
        return replace(outcome, state=to_unknown, review=stranger)
    outcome = replace(
        outcome,
        gateway_transaction_id=evidence.gateway_transaction_id if row.gateway_transaction_id is None else None,
        operator_reference=evidence.operator_reference,
        accepted=True if evidence.gateway_transaction_id else None,
    )
    outcome = _direct(row, evidence, outcome, strict) if direct else _later(row, evidence, outcome, tally, strict)
    if outcome.state in (None, row.state) or outcome.state is State.PENDING:
        return _too_old(row, evidence, outcome, checks, now)
    return outcome


def _direct(row: Transaction, evidence: Evidence, outcome: Decision, strict: bool) -> Decision:
    """The answer, or the lack of one, to the request itself."""
    match evidence.meaning:
        case Meaning.WAITING:
            return _waiting(row, evidence, outcome)
        case Meaning.DONE if row.kind is Kind.PAYMENT:
            return _waiting(row, replace(evidence, message=None), outcome)  # a status call must confirm it
        case Meaning.DONE:
            return _success(evidence, outcome, strict)
        case Meaning.NOT_SENT | Meaning.REFUSED if row.accepted:
            return replace(outcome, review=REVIEW_REFUSED_ACCEPTED)
        case Meaning.NOT_SENT | Meaning.REFUSED:
            return _failure(evidence, outcome)
        case Meaning.DUPLICATE:
            return replace(
                outcome,
                state=State.UNKNOWN,
                review=REVIEW_DUPLICATE,
                response_code=evidence.code,
                message=evidence.message,
                accepted=row.accepted or None,
                gateway_transaction_id=None,
            )
        case _ if row.state is State.CREATED:
            return replace(outcome, state=State.UNKNOWN, response_code=evidence.code, message=evidence.message)
        case _:
            return outcome


def _later(row: Transaction, evidence: Evidence, outcome: Decision, tally: Tally, strict: bool) -> Decision:
    """A status answer, or the start after a crash."""
    match evidence.meaning:
        case Meaning.DONE:
            return _success(evidence, outcome, strict)
        case Meaning.WAITING:
            return _waiting(row, evidence, outcome)
        case Meaning.REFUSED:
            return _failure(evidence, outcome)
        case Meaning.DONE_OTHER:
            return replace(outcome, review=REVIEW_OTHER_KIND)
        case Meaning.NOT_FOUND if tally.is_enough:
            return _never_arrived(row, evidence, outcome, strict)
        case _ if evidence.source is Source.RECOVERY and row.state is State.CREATED:
            return replace(outcome, state=State.UNKNOWN, message=evidence.message)
        case _:
            return outcome


def _waiting(row: Transaction, evidence: Evidence, outcome: Decision) -> Decision:
    return replace(
        outcome,
        state=State.PENDING if row.state is not State.PENDING else None,
        response_code=evidence.code,
        message=evidence.message,
        accepted=True,
    )


def _success(evidence: Evidence, outcome: Decision, strict: bool) -> Decision:
    if strict and not (evidence.amount and evidence.phone):
        return outcome
    return replace(
        outcome,
        state=State.SUCCESSFUL,
        response_code=evidence.code,
        message=evidence.message,
        accepted=True,
    )


def _failure(evidence: Evidence, outcome: Decision) -> Decision:
    return replace(outcome, state=State.FAILED, response_code=evidence.code, message=evidence.message)


def _never_arrived(row: Transaction, evidence: Evidence, outcome: Decision, strict: bool) -> Decision:
    if row.kind is Kind.PAYOUT:
        return replace(outcome, review=REVIEW_NOT_FOUND_PAYOUT)
    if row.accepted or strict:
        return replace(outcome, review=REVIEW_GONE)
    return replace(
        outcome, state=State.FAILED, response_code=evidence.code, message="The request never arrived at the gateway."
    )


def _after_final(row: Transaction, evidence: Evidence, outcome: Decision, stranger: str | None) -> Decision:
    """A final state stays; a later answer with the other end is written down and needs a manager."""
    if stranger:
        money = row.state is State.FAILED and evidence.meaning is Meaning.DONE
        return replace(outcome, review=stranger) if money and stranger in (REVIEW_AMOUNT, REVIEW_PHONE) else outcome
    if row.state is State.FAILED and evidence.meaning is Meaning.DONE:
        return replace(outcome, review=REVIEW_LATE_SUCCESS)
    if row.state is State.SUCCESSFUL and evidence.meaning is Meaning.REFUSED:
        return replace(outcome, review=REVIEW_LATE_FAILURE)
    return outcome


def _too_old(row: Transaction, evidence: Evidence, outcome: Decision, checks: int, now: datetime) -> Decision:
    answered = checks + (1 if evidence.answered and evidence.source is Source.STATUS else 0)
    if outcome.review or row.review or now - row.created_at < OLD_AGE or answered < OLD_CHECKS:
        return outcome
    return replace(outcome, review=REVIEW_OLD)


def _resolved(row: Transaction, outcome: Decision, told: frozenset[str], words: str | None) -> Decision:
    """The decision with its review mark as the row may take it, in `words` for the manager.

    A mark stays as it first was, unless the new one asks for more. A settled row gets one for the other end, with an
    alarm. A row closed by hand stays closed: what is new, and its end above all, is an alarm.
    """
    mark, outcome = outcome.review, replace(outcome, review=None)
    new = mark is not None and words is not None and mark != row.review and mark not in told
    if row.is_final:
        return _alarmed(row, _marked(outcome, mark, words), words) if new and words else outcome
    if row.is_closed:
        if outcome.state in FINAL:
            return _alarmed(row, outcome, AFTER_CLOSE[row.closed_as is True, outcome.state is State.SUCCESSFUL])
        return _alarmed(row, replace(_marked(outcome, mark, words), review=None), words) if new and words else outcome
    takes = row.review is None or row.review == REVIEW_OLD or (mark in STRICT and not _is_strict(row, told))
    return _marked(outcome, mark, words) if takes else outcome


def _is_strict(row: Transaction, told: frozenset[str]) -> bool:
    return row.review in STRICT or bool(told & STRICT)


def _marked(outcome: Decision, mark: str | None, words: str | None) -> Decision:
    """The decision with the mark in `words`, and its code where the sentence alone would not tell it."""
    data = {**outcome.data, "mark": CODES[mark]} if mark in CODES else outcome.data
    return replace(outcome, review=words, data=data)


def _words(row: Transaction, evidence: Evidence, mark: str | None) -> str | None:
    if mark == REVIEW_AMOUNT:
        return amount_words(evidence.amount, row.amount)
    return phone_words(evidence.phone, row.phone) if mark == REVIEW_PHONE else mark


def _alarmed(row: Transaction, outcome: Decision, text: str) -> Decision:
    """The decision with an alarm, beside one that nobody has seen yet."""
    unseen = f"{row.alarm} {text}" if row.alarm and text not in row.alarm else text
    return replace(outcome, alarm=unseen, data={**outcome.data, "alarm": text})


def is_stranger(row: Transaction, evidence: Evidence, clash: bool) -> bool:
    """Whether this answer cannot be about this row."""
    return _stranger(row, evidence, clash) is not None


def _stranger(row: Transaction, evidence: Evidence, clash: bool) -> str | None:
    """Why this answer cannot be about this row, or None. What an answer does not carry proves nothing."""
    if evidence.request_id is not None and evidence.request_id != row.id:
        return REVIEW_OTHER_TRANSACTION
    learned = row.gateway_transaction_id
    if (
        evidence.gateway_transaction_id is not None
        and learned is not None
        and evidence.gateway_transaction_id != learned
    ):
        return REVIEW_OTHER_TRANSACTION
    if evidence.amount is not None and not _same_amount(evidence.amount, row.amount):
        return REVIEW_AMOUNT
    if evidence.phone is not None and evidence.phone != row.phone:
        return REVIEW_PHONE
    return REVIEW_CLASH if clash else None


def _same_amount(text: str, amount: int) -> bool:
    try:
        return Decimal(text) == amount
    except InvalidOperation:
        return False
