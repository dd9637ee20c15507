"""Thirteen bugs that programs like this one really have had, each planted by a switch here and never in the product.

The model-based run must find every one of them (`docs/reliability.md`, "Planted bugs").
"""

import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from unittest import mock

from cashier.domain.events import Decision
from cashier.domain.evidence import Evidence, Meaning, Source
from cashier.domain.states import Kind, State, may_move
from cashier.domain.transaction import NewTransaction, Transaction
from cashier.gateway import callback, client, codes, signing
from cashier.gateway.meaning import evidence
from cashier.gateway.outcomes import Function, Outcome, Unclear, UnclearReason
from cashier.ledger import pen, rows
from cashier.till import poller, rules, till
from cashier.till.settle import Door
from cashier.till.till import Till
from tests.model import disk

Switch = Callable[[], contextlib.AbstractContextManager[Any]]
_patch = mock.patch.object


@contextlib.contextmanager
def _all(*switches: contextlib.AbstractContextManager[Any]) -> Iterator[None]:
    with contextlib.ExitStack() as stack:
        for one in switches:
            stack.enter_context(one)
        yield


def _new_id_on_retry() -> contextlib.AbstractContextManager[Any]:
    real = Till._send

    def send(self: Till, row: Transaction, url: str | None) -> tuple[Function, Outcome]:
        function, outcome = real(self, row, url)
        if isinstance(outcome, Unclear):
            return real(self, replace(row, id=self._new_id()), url)
        return function, outcome

    return _patch(Till, "_send", send)


def _trust_the_callback() -> contextlib.AbstractContextManager[Any]:
    """The id and the code of a callback are believed."""
    real_parse, real_hint = callback.parse_callback, Till.hint
    said: list[bool] = []

    def parse(content_type: str | None, body: bytes) -> callback.Callback:
        found = real_parse(content_type, body)
        said[:] = [b"Successfully" in body]
        return found

    def hint(self: Till, request_id: str) -> None:
        row = self.ledger.reader.get(request_id)
        if row is not None and not row.is_final and said[-1]:
            self._door.settle(request_id, Evidence(Source.STATUS, Meaning.DONE, code="01", answered=True))
        real_hint(self, request_id)

    return _all(_patch(callback, "parse_callback", parse), _patch(Till, "hint", hint))


def _send_before_the_commit() -> contextlib.AbstractContextManager[Any]:
    """The request goes out while the row is still being written."""
    real_create, real_submit = Door.create, Till._submit
    sent: dict[str, tuple[Function, Outcome]] = {}
    tills: list[Till] = []

    def create(self: Door, new: NewTransaction, **more: Any) -> Transaction:
        early = _row_of(new)
        sent[new.id] = tills[-1]._send(early, tills[-1].options.callback_url)
        return real_create(self, new, **more)

    def begin(self: Till, new: NewTransaction, **more: Any) -> Transaction:
        tills.append(self)
        return real_begin(self, new, **more)

    def submit(self: Till, row: Transaction) -> None:
        with _patch(Till, "_send", lambda *_: sent[row.id]):
            real_submit(self, row)

    real_begin = Till._begin
    return _all(_patch(Door, "create", create), _patch(Till, "_begin", begin), _patch(Till, "_submit", submit))


def _row_of(new: NewTransaction) -> Transaction:
    moment = datetime(2026, 11, 23, 12, 0).astimezone()
    nothing = dict.fromkeys(
        ("review", "response_code", "message", "gateway_transaction_id", "operator_reference", "decided_at")
    )
    return Transaction(
        id=new.id,
        number="",
        kind=new.kind,
        phone=new.phone,
        amount=new.amount,
        state=State.CREATED,
        reference=new.reference,
        reason=new.reason,
        fee=new.fee,
        accepted=False,
        hidden=False,
        created_at=moment,
        version=1,
        **nothing,
    )


def _meaning(change: Callable[[Outcome, Evidence], Evidence]) -> contextlib.AbstractContextManager[Any]:
    """Another reading of outcomes, wherever the till reads them."""
    real = evidence

    def read(function: Function, kind: Kind, source: Source, outcome: Outcome) -> Evidence:
        return change(outcome, real(function, kind, source, outcome))

    return _all(_patch(till, "evidence", read), _patch(poller, "evidence", read))


def _time_out_means_failed() -> contextlib.AbstractContextManager[Any]:
    def change(outcome: Outcome, found: Evidence) -> Evidence:
        timed_out = isinstance(outcome, Unclear) and outcome.reason is UnclearReason.TIMEOUT
        return replace(found, meaning=Meaning.REFUSED) if timed_out else found

    return _meaning(change)


def _garbage_means_paid() -> contextlib.AbstractContextManager[Any]:
    def change(outcome: Outcome, found: Evidence) -> Evidence:
        garbage = isinstance(outcome, Unclear) and outcome.reason is UnclearReason.UNREADABLE
        return replace(found, meaning=Meaning.DONE, answered=True) if garbage else found

    return _meaning(change)


def _duplicate_means_failed() -> contextlib.AbstractContextManager[Any]:
    def refused(table: Mapping[str, codes.Code], code: str) -> Mapping[str, codes.Code]:
        return {**table, code: replace(table[code], direct=Meaning.REFUSED)}

    return _all(
        _patch(codes, "PAYMENT", refused(codes.PAYMENT, "2400")),
        _patch(codes, "PAYOUT", refused(codes.PAYOUT, "1110")),
    )


def _a_final_state_reversed() -> contextlib.AbstractContextManager[Any]:
    """The later answer wins, in the rules, in the table of moves and in the database."""

    def after_final(row: Transaction, found: Evidence, outcome: Decision, _stranger: str | None) -> Decision:
        if row.state is State.FAILED and found.meaning is Meaning.DONE:
            return replace(outcome, state=State.SUCCESSFUL, response_code=found.code, message=found.message)
        if row.state is State.SUCCESSFUL and found.meaning is Meaning.REFUSED:
            return replace(outcome, state=State.FAILED, response_code=found.code, message=found.message)
        return outcome

    return _all(
        _patch(rules, "_after_final", after_final),
        _patch(pen, "may_move", lambda old, new: old in (State.SUCCESSFUL, State.FAILED) or may_move(old, new)),
        _patch(disk, "DROPPED", ("final_stays", "facts_stay")),
    )


def _a_double_click_makes_two_ids() -> contextlib.AbstractContextManager[Any]:
    real = Till._begin

    def begin(self: Till, new: NewTransaction, **more: Any) -> Transaction:
        return real(self, replace(new, action_id=None), **more)

    return _patch(Till, "_begin", begin)


def _does_not_exist_means_failed_at_once() -> contextlib.AbstractContextManager[Any]:
    return _patch(rules.Tally, "is_enough", property(lambda self: self.count > 0))


def _amount_mismatch_ignored() -> contextlib.AbstractContextManager[Any]:
    return _patch(rules, "_same_amount", lambda *_: True)


def _local_time_for_utc() -> contextlib.AbstractContextManager[Any]:
    """What `datetime.now()` gives in Kigali."""
    return _patch(client, "timestamp", lambda moment: signing.timestamp(moment + timedelta(hours=2)))


def _a_payout_sent_again_by_itself() -> contextlib.AbstractContextManager[Any]:
    """A payout without an answer is put into the lane once more."""
    real = Till._submit

    def submit(self: Till, row: Transaction, *, again: bool = False) -> None:
        real(self, row)
        after = self.ledger.reader.get(row.id)
        if row.kind is Kind.PAYOUT and after is not None and after.state is State.UNKNOWN and not again:
            self._submissions.submit(partial(submit, self, row, again=True))

    return _patch(Till, "_submit", submit)


def _with_float(row: Transaction) -> Transaction:
    amount: Any = float(row.amount)
    return replace(row, amount=amount)


def _float_money() -> contextlib.AbstractContextManager[Any]:
    """Amounts become floats on their way out of the database."""
    real = rows.transaction
    return _patch(rows, "transaction", lambda row: _with_float(real(row)))


PLANTED: Mapping[str, Switch] = {
    "a new id on retry": _new_id_on_retry,
    "trust the callback": _trust_the_callback,
    "send before the commit": _send_before_the_commit,
    "time-out means failed": _time_out_means_failed,
    "duplicate means failed": _duplicate_means_failed,
    "garbage means paid": _garbage_means_paid,
    "a final state reversed": _a_final_state_reversed,
    "a double click makes two ids": _a_double_click_makes_two_ids,
    '"does not exist" means failed at once': _does_not_exist_means_failed_at_once,
    "amount mismatch ignored": _amount_mismatch_ignored,
    "local time for UTC": _local_time_for_utc,
    "a payout sent again by itself": _a_payout_sent_again_by_itself,
    "float money": _float_money,
}
