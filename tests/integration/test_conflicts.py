"""The gateway, its callbacks and the answers disagree: the status answer about our row decides, or a manager does.

Faults rows 18, 19, 20, 25 and 54, over real sockets.
"""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cashier.assembly import RunningTill
from cashier.domain.states import Kind, State
from cashier.gateway.client import Client
from cashier.simulator import Fault, Simulator
from cashier.till import rules
from cashier.till.figures import amount_words, phone_words
from tests.integration.running import LONG, Watcher, profile_of, till_on

PHONE, OTHER_PHONE = "250788123456", "250788123457"


@pytest.fixture
def gateway() -> Iterator[Simulator]:
    with Simulator() as one:
        yield one


def submitted(gateway: Simulator, id: str) -> int:
    return sum(
        one["fields"]["requesttransactionid"] == id and one["function"] in ("requestpayment", "requestdeposit")
        for one in gateway.book()["requests"]
    )


def check(running: RunningTill, id: str) -> None:
    """Returns once a status answer was settled."""
    answered = threading.Event()
    assert running.till.check([id], answered.set) == [id]
    assert answered.wait(LONG)


@pytest.mark.parametrize("kind", list(Kind))
def test_an_id_that_somebody_else_used_is_a_matter_for_a_manager(
    gateway: Simulator, tmp_path: Path, kind: Kind
) -> None:
    """The id was at the gateway before we sent it: the other transaction is paid, and it is not ours."""
    other = Client(profile_of(gateway), now=lambda: datetime.now(UTC))
    if kind is Kind.PAYMENT:
        other.request_payment(id="TAKEN-1", phone=OTHER_PHONE, amount=9_000)
        gateway.settle_now("TAKEN-1")
    else:
        other.request_payout(id="TAKEN-1", phone=OTHER_PHONE, amount=9_000)
    other.close()
    with till_on(gateway, tmp_path / "x", callbacks=False) as running:
        watcher = Watcher(running.till)
        running.till._new_id = lambda: "TAKEN-1"
        if kind is Kind.PAYMENT:
            running.till.charge(PHONE, 1500)
        else:
            running.till.pay_out(PHONE, 1500, "test")
        held = watcher.wait_for("TAKEN-1", lambda one: one.state is State.UNKNOWN)
        assert held.review == rules.REVIEW_DUPLICATE
        check(running, "TAKEN-1")  # the gateway says "successful", of the other one
        row = running.ledger.reader.get("TAKEN-1")
        assert row is not None
        assert (row.state, row.review, row.gateway_transaction_id) == (State.UNKNOWN, rules.REVIEW_DUPLICATE, None)
        assert submitted(gateway, "TAKEN-1") == 2  # theirs and ours, once each


@pytest.mark.parametrize("kind", list(Kind))
def test_a_duplicate_answer_to_what_was_sent_once_is_never_failed(
    gateway: Simulator, tmp_path: Path, kind: Kind
) -> None:
    """Something below us sent it twice: the second answer says "duplicate", the first transaction is ours."""
    function, code = ("requestpayment", "2400") if kind is Kind.PAYMENT else ("requestdeposit", "1110")
    with till_on(gateway, tmp_path / "x", callbacks=False) as running:
        watcher = Watcher(running.till)
        gateway.script(Fault(function=function, code=code, status=409))
        row = running.till.charge(PHONE, 1500) if kind is Kind.PAYMENT else running.till.pay_out(PHONE, 1500, "test")
        held = watcher.wait_for(row.id, lambda one: one.state is not State.CREATED)
        assert (held.state, held.review) == (State.UNKNOWN, rules.REVIEW_DUPLICATE)
        if kind is Kind.PAYMENT:
            gateway.settle_now(row.id)
        ours = {"amount": "1500", "mobilephone": PHONE}
        gateway.script(Fault(function="gettransactionstatus", id=row.id, fields=ours))
        running.till.check([row.id])
        assert watcher.wait_final(row.id).state is State.SUCCESSFUL
        assert submitted(gateway, row.id) == 1


@pytest.mark.parametrize(
    ("claim", "review"),
    [
        ({"amount": 1501}, amount_words("1501", 1500)),
        ({"amount": "15000"}, amount_words("15000", 1500)),
        ({"mobilephone": OTHER_PHONE}, phone_words(OTHER_PHONE, PHONE)),
        ({"transactionid": "1"}, rules.REVIEW_OTHER_TRANSACTION),
        ({"requesttransactionid": "another"}, rules.REVIEW_OTHER_TRANSACTION),
    ],
)
def test_a_success_about_something_else_is_not_ours(
    gateway: Simulator, tmp_path: Path, claim: dict[str, Any], review: str
) -> None:
    with till_on(gateway, tmp_path / "x", callbacks=False) as running:
        watcher = Watcher(running.till)
        row = running.till.charge(PHONE, 1500)
        watcher.wait_for(row.id, lambda one: one.state is State.PENDING)
        gateway.script(Fault(function="gettransactionstatus", id=row.id, fields=claim))
        gateway.settle_now(row.id)
        check(running, row.id)
        after = running.ledger.reader.get(row.id)
        assert after is not None
        assert (after.state, after.review) == (State.PENDING, review)


def test_a_callback_before_the_answer_makes_one_result(gateway: Simulator, tmp_path: Path) -> None:
    with till_on(gateway, tmp_path / "x") as running:
        watcher = Watcher(running.till)
        gateway.script(Fault(function="requestpayment", stall=1.0))
        row = running.till.charge(PHONE, 1500)
        gateway.wait_for(lambda book: bool(book["transactions"]))
        gateway.settle_now(row.id)
        assert watcher.wait_final(row.id).state is State.SUCCESSFUL
        gateway.wait_for(lambda book: bool(book["requests"][0]["answer"]))
    with till_on(gateway, tmp_path / "x") as running:
        # The late "pending" is at most an event of the story and changes nothing.
        after = running.ledger.reader.get(row.id)
        assert after is not None
        assert (after.state, after.review) == (State.SUCCESSFUL, None)
        assert submitted(gateway, row.id) == 1
        assert sum(one.became_final for one in watcher.changes) == 1


@pytest.mark.parametrize("truth", ["successful", "failed"])
def test_the_phone_says_one_thing_and_the_gateway_another(gateway: Simulator, tmp_path: Path, truth: str) -> None:
    """The customer presses cancel as the payment goes through: both callbacks come, only the status answer counts."""
    with till_on(gateway, tmp_path / "x") as running:
        watcher = Watcher(running.till)
        phone = PHONE if truth == "successful" else "250788000001"
        row = running.till.charge(phone, 1500)
        watcher.wait_for(row.id, lambda one: one.state is State.PENDING)
        url = running.till.options.callback_url
        assert url is not None
        for code, status in (("", "Cancelled"), ("01", "Successfull"), ("1005", "Failed")):
            assert gateway.send_callback(
                url, {"requesttransactionid": row.id, "responsecode": code, "status": status, "statusdesc": "x"}
            )
        gateway.settle_now(row.id)
        end = watcher.wait_final(row.id)
        assert (end.state.value, end.review) == (truth, None)
        assert [one.transaction.state for one in watcher.changes if one.became_final] == [end.state]
