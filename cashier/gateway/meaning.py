"""What an outcome means for a transaction: docs/gateway.md, section "What an answer does to our row". Pure."""

import re
from dataclasses import dataclass, replace

from cashier.domain.evidence import Evidence, Meaning, Source
from cashier.domain.states import Kind
from cashier.gateway.codes import FAILED_WORDS, SUCCESS_WORDS, look_up
from cashier.gateway.outcomes import Answer, Answered, Function, NotSent, Outcome, Unclear
from cashier.gateway.sentences import KEEP_CHECKING, SET_THE_CLOCK, clock_sentence

_OK = 200
_SUCCEEDING = frozenset({Meaning.DONE, Meaning.DONE_OTHER, Meaning.WAITING})


def evidence(function: Function, kind: Kind, source: Source, outcome: Outcome) -> Evidence:
    """The evidence in `outcome` about a transaction of `kind`, for the settling door."""
    if isinstance(outcome, NotSent):
        return Evidence(source, Meaning.NOT_SENT, message=f"Not sent: {outcome.sentence}", detail=outcome.detail)
    if isinstance(outcome, Unclear):
        return Evidence(
            source,
            Meaning.UNCLEAR,
            message=f"{outcome.sentence} {KEEP_CHECKING}",
            detail=outcome.detail,
            http_status=outcome.http_status,
        )
    answer = outcome.answer
    carried = Evidence(
        source,
        Meaning.NOTHING,
        code=answer.code,
        request_id=answer.request_id,
        gateway_transaction_id=answer.gateway_transaction_id,
        operator_reference=answer.operator_reference,
        amount=answer.amount,
        phone=answer.phone,
        http_status=outcome.http_status,
        answered=True,
    )
    if answer.code is None:
        return _by_word(carried, function, outcome)
    found = _by_code(carried, function, kind, source, answer)
    if outcome.clock_ahead is not None:
        return replace(found, message=clock_sentence(outcome.clock_ahead), advice=SET_THE_CLOCK)
    return found


def _by_code(carried: Evidence, function: Function, kind: Kind, source: Source, answer: Answer) -> Evidence:
    code = answer.code or ""
    line = look_up(function, kind, code)
    if line is None:
        return replace(
            carried,
            message=f"The gateway answered with code {code}, which is not in its list.",
            advice="We keep checking.",
        )
    meaning = line.direct if source is Source.SUBMIT else line.later
    found = replace(carried, meaning=meaning, message=line.sentence, advice=line.advice or None)
    if _disagrees(meaning, answer):
        return replace(
            found, meaning=Meaning.CONTRADICTION, message="The gateway contradicts itself. We keep checking."
        )
    return found


def _disagrees(meaning: Meaning, answer: Answer) -> bool:
    """Whether `success` says the opposite of the code, or of a word that stands beside a success code."""
    if meaning in _SUCCEEDING:
        word = (answer.status or "").lower()
        return answer.success is False or (meaning is not Meaning.WAITING and word in FAILED_WORDS)
    return meaning in (Meaning.REFUSED, Meaning.NOT_FOUND, Meaning.DUPLICATE) and answer.success is True


def _by_word(carried: Evidence, function: Function, outcome: Answered) -> Evidence:
    """Without a code only a failing word in a plain status answer concludes anything."""
    answer = outcome.answer
    word = (answer.status or "").lower()
    if (
        function is Function.STATUS
        and outcome.http_status == _OK
        and word in FAILED_WORDS
        and answer.success is not True
    ):
        sentence, advice = FAILED_WORDS[word]
        return replace(carried, meaning=Meaning.REFUSED, message=sentence, advice=advice)
    readable = word in FAILED_WORDS or word in SUCCESS_WORDS or word == "pending"
    message = (
        "The gateway answered without a code." if readable else "The gateway answered strangely. We keep checking."
    )
    return replace(carried, message=message, answered=readable)


@dataclass(frozen=True)
class BalanceReading:
    """The account's balance in whole RWF, rounded down, and the text it came as."""

    balance: int
    text: str


@dataclass(frozen=True)
class NoBalance:
    """Why there is no balance, for a person; `code` where the gateway gave one."""

    sentence: str
    advice: str
    code: str | None = None


def read_balance(outcome: Outcome) -> BalanceReading | NoBalance:
    """The balance in the answer to a balance call, or why there is none."""
    if not isinstance(outcome, Answered):
        return NoBalance(outcome.sentence, "Try again in a moment.")
    answer = outcome.answer
    line = look_up(Function.BALANCE, Kind.PAYMENT, answer.code) if answer.code else None
    if line is not None and outcome.clock_ahead is not None:
        return NoBalance(clock_sentence(outcome.clock_ahead), SET_THE_CLOCK, answer.code)
    if line is not None:
        return NoBalance(line.sentence, line.advice, answer.code)
    said_yes = answer.success is True or (
        answer.success is None and (answer.status or "").lower() in SUCCESS_WORDS and outcome.http_status == _OK
    )
    whole = re.match(r"-?[0-9]+", answer.balance) if answer.balance is not None else None
    if not said_yes or answer.balance is None or whole is None:
        said = f": {answer.message}" if answer.message else ""
        return NoBalance(f"The gateway gave no balance{said}.", "Try again in a moment.", answer.code)
    negative_fraction = answer.balance.startswith("-") and re.search(r"\.0*[1-9]", answer.balance) is not None
    return BalanceReading(int(whole[0]) - (1 if negative_fraction else 0), answer.balance)
