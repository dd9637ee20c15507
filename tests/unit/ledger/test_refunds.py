"""Refunds in the ledger: bound to a paid payment, judged in the transaction that writes them."""

import sqlite3
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from cashier.domain.refund import left_to_refund
from cashier.domain.states import Kind, State
from cashier.domain.transaction import CLOSED_AS, NewTransaction, Transaction
from cashier.ledger import step_refunds
from cashier.ledger.errors import LedgerError, MoreThanLeft, NothingLeft, NotPaid, OpenAlready
from cashier.ledger.ledger import Ledger
from cashier.ledger.pen import Pen
from cashier.ledger.schema import STEPS
from tests.unit.ledger.conftest import ACCOUNT, Clock
from tests.unit.ledger.test_ledger import PHONE, begin, move


def refund(ledger: Ledger, id: str, amount: int, payment: str = "PAID", **more: Any) -> Transaction:
    new = NewTransaction(
        **{"id": id, "kind": Kind.PAYOUT, "phone": PHONE, "amount": amount, "refund_of": payment, **more}
    )
    return ledger.create(new, not_while_open=False, not_same_since=None).transaction


def paid(ledger: Ledger, id: str = "PAID", amount: int = 1000) -> None:
    begin(ledger, id, amount=amount)
    move(ledger, id, State.SUCCESSFUL)


def test_a_refund_is_linked_and_counted(ledger: Ledger) -> None:
    paid(ledger)
    first = refund(ledger, "R1", 400)
    assert first.refund_of == "PAID"
    payment = ledger.reader.get("PAID")
    assert payment is not None
    assert payment.refund_of is None
    assert ledger.reader.refunds_of("PAID") == [first]
    assert left_to_refund(payment, [first]) == 600
    with pytest.raises(MoreThanLeft) as more:
        refund(ledger, "R2", 601)
    assert more.value.left == 600
    assert "600" in str(more.value)
    second = refund(ledger, "R2", 600)
    with pytest.raises(NothingLeft):
        refund(ledger, "R3", 1)
    assert left_to_refund(payment, [first, second]) == 0
    assert ledger.reader.events("R1")[0].data["refund_of"] == "PAID"
    assert ledger.reader.verify().ok


def test_only_a_failed_refund_gives_its_amount_free(ledger: Ledger) -> None:
    paid(ledger)
    refund(ledger, "R1", 1000)
    for state in (State.UNKNOWN, State.PENDING):
        move(ledger, "R1", state)
        with pytest.raises(NothingLeft):
            refund(ledger, "R2", 100)
    move(ledger, "R1", State.FAILED)
    assert refund(ledger, "R2", 1000).amount == 1000


@pytest.mark.parametrize("state", [None, State.PENDING, State.UNKNOWN, State.FAILED])
def test_what_is_not_paid_is_not_refunded(ledger: Ledger, state: State | None) -> None:
    begin(ledger, "A")
    if state is not None:
        move(ledger, "A", state)
    with pytest.raises(NotPaid):
        refund(ledger, "R", 100, "A")
    with pytest.raises(NotPaid):
        refund(ledger, "R", 100, "NOWHERE")
    assert len(ledger.reader.history()) == 1


def test_a_contradiction_waits_for_its_manager(ledger: Ledger) -> None:
    paid(ledger)
    move(ledger, "PAID", None, review="The gateway says it failed after it was settled as successful.")
    with pytest.raises(NotPaid):
        refund(ledger, "R", 100)
    move(ledger, "PAID", None, review=CLOSED_AS[False])
    with pytest.raises(NotPaid):  # money that never came is not given back
        refund(ledger, "R", 100)
    move(ledger, "PAID", None, review=CLOSED_AS[True])
    assert refund(ledger, "R", 100).amount == 100


def test_a_payout_is_never_refunded(ledger: Ledger) -> None:
    begin(ledger, "OUT", kind=Kind.PAYOUT)
    move(ledger, "OUT", State.SUCCESSFUL)
    with pytest.raises(NotPaid):
        refund(ledger, "R", 100, "OUT")


def test_an_open_payout_to_the_phone_goes_before(ledger: Ledger) -> None:
    paid(ledger)
    begin(ledger, "OUT", kind=Kind.PAYOUT)
    new = NewTransaction("R", Kind.PAYOUT, PHONE, 100, refund_of="PAID")
    with pytest.raises(OpenAlready) as there:
        ledger.create(new, not_while_open=True, not_same_since=None)
    assert there.value.existing.id == "OUT"
    assert ledger.reader.open_payout_to(PHONE) == there.value.existing
    assert ledger.reader.open_payout_to("250722000000") is None


def test_many_threads_on_two_ledgers_never_give_back_more(ledger: Ledger, clock: Clock) -> None:
    paid(ledger)
    other = Ledger(ledger.file.parent, ACCOUNT, now=clock.now, till_number=7)
    other.open()
    done: list[str] = []
    together = threading.Barrier(8)

    def work(one: Ledger, id: str) -> None:
        together.wait()
        try:
            refund(one, id, 300)
        except LedgerError as why:
            done.append(type(why).__name__)
        else:
            done.append("written")

    threads = [threading.Thread(target=work, args=((ledger, other)[n % 2], f"R{n}")) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    other.close()
    assert sorted(done) == ["MoreThanLeft"] * 5 + ["written"] * 3
    assert sum(row.amount for row in ledger.reader.refunds_of("PAID")) == 900


INSERT = (
    "INSERT INTO transactions (id, number, kind, phone, amount, fee, created_at, state, refund_of)"
    " VALUES ('N', 'N', {kind}, {phone}, {amount}, {fee}, '', 'created', {of})"
)
FITS = {"kind": "'payout'", "phone": f"'{PHONE}'", "amount": "600", "fee": "0", "of": "'PAID'"}


@pytest.mark.parametrize(
    "other",
    [
        {"amount": "601"},
        {"kind": "'payment'"},
        {"phone": "'250788000000'"},
        {"fee": "1"},
        {"of": "'OPEN'"},
        {"of": "'NOWHERE'"},
    ],
)
def test_the_database_itself_keeps_refunds(ledger: Ledger, other: dict[str, str]) -> None:
    paid(ledger)
    begin(ledger, "OPEN")
    refund(ledger, "R", 400)
    with closing(sqlite3.connect(ledger.file, isolation_level=None)) as connection:
        with pytest.raises(sqlite3.IntegrityError):
            connection.execute(INSERT.format(**(FITS | other)))
        with pytest.raises(sqlite3.IntegrityError):
            connection.execute("UPDATE transactions SET refund_of = NULL WHERE id = 'R'")
        connection.execute(INSERT.format(**FITS))


def test_verify_names_a_refund_moved_to_another_payment(ledger: Ledger) -> None:
    paid(ledger)
    refund(ledger, "R", 400)
    with closing(sqlite3.connect(ledger.file, isolation_level=None)) as connection:
        connection.execute("DROP TRIGGER refund_stays")
        connection.execute("UPDATE transactions SET refund_of = NULL WHERE id = 'R'")
    found = ledger.reader.verify()
    assert not found.ok
    assert "refund_of" in found.sentence


def _written_before(pen: Pen) -> None:
    """A row and its event as a program wrote them that knew of no refunds."""
    facts: dict[str, object] = {
        "number": "T7-000001",
        "kind": "payment",
        "phone": PHONE,
        "amount": 1000,
        "fee": False,
        "created_at": pen.at,
    }
    pen.connection.execute(
        "INSERT INTO transactions (id, number, kind, phone, amount, fee, created_at, state)"
        " VALUES ('OLD', :number, :kind, :phone, :amount, :fee, :created_at, 'created')",
        facts,
    )
    pen.append("OLD", "created", "till", State.CREATED, facts)


def test_rows_of_before_stay_whole(folder: Path, clock: Clock) -> None:
    before = [step for step in STEPS if step is not step_refunds.step]
    old = Ledger(folder, ACCOUNT, now=clock.now, steps=before)
    old.open()
    old.write(_written_before)
    old.close()
    assert [(row.id, row.refund_of) for row in old.reader.history()] == [("OLD", None)]
    now = Ledger(folder, ACCOUNT, now=clock.now, steps=[*before, step_refunds.step])
    now.open()
    row = now.reader.get("OLD")
    assert row is not None
    assert row.refund_of is None
    paid(now)
    assert refund(now, "R", 100).refund_of == "PAID"
    assert now.reader.verify().ok
    now.close()
