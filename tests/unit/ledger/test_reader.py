"""Questions to the ledger: beside its writer, before there is one, by an index."""

from pathlib import Path

from cashier.domain.states import State
from cashier.ledger.ledger import Ledger
from cashier.ledger.reader import Reader
from tests.unit.ledger.conftest import Clock
from tests.unit.ledger.raw import raw
from tests.unit.ledger.test_ledger import begin, move


def test_readers_work_beside_the_writer_and_before_there_is_a_ledger(ledger: Ledger, tmp_path: Path) -> None:
    nothing = Reader(tmp_path / "nowhere")
    assert (nothing.exists, nothing.history(), nothing.open_rows(), nothing.get("A"), nothing.events("A")) == (
        False,
        [],
        [],
        None,
        [],
    )
    begin(ledger, "A")
    beside = Reader(ledger.file.parent)
    assert beside.get("A") is not None
    begin(ledger, "B")
    assert [row.id for row in beside.history()] == ["B", "A"]
    beside.close()
    nothing.close()


def test_questions_use_an_index(ledger: Ledger) -> None:
    begin(ledger, "A")
    for question in (
        "SELECT * FROM transactions WHERE state IN ('created', 'pending', 'unknown') ORDER BY position DESC",
        "SELECT * FROM transactions WHERE state = 'failed' AND response_code = '3100' AND decided_at >= '2026'",
        "SELECT * FROM transactions WHERE phone >= '250788' AND phone < '250789' AND kind = 'payment'",
        "SELECT * FROM transactions WHERE phone = '250788123456' AND kind = 'payment' ORDER BY position DESC LIMIT 1",
        "SELECT * FROM transactions WHERE state = 'failed' ORDER BY position DESC LIMIT 50",
        "SELECT * FROM events WHERE transaction_id = 'A' ORDER BY sequence",
    ):
        with raw(ledger) as connection:
            plan = " ".join(row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {question}"))
        assert "SEARCH" in plan, (question, plan)
        assert "SCAN" not in plan, (question, plan)


def test_what_the_poller_must_know_at_start(ledger: Ledger, clock: Clock) -> None:
    for id in ("OPEN", "GONE", "PAID", "REVIEW"):
        begin(ledger, id)
    move(ledger, "GONE", State.FAILED, response_code="3100")
    move(ledger, "PAID", State.SUCCESSFUL)
    move(ledger, "REVIEW", State.UNKNOWN, review="closed: received")
    assert [row.id for row in ledger.reader.to_ask(clock.now())] == ["REVIEW", "OPEN", "GONE"]
    assert [row.id for row in ledger.reader.open_rows()] == ["OPEN"]
    clock.step(days=31)
    assert [row.id for row in ledger.reader.to_ask(clock.now())] == ["REVIEW", "OPEN"]


def test_history_comes_in_pages(ledger: Ledger) -> None:
    for number in range(5):
        begin(ledger, f"A{number}")
    first = ledger.reader.history(limit=2)
    assert [row.id for row in first] == ["A4", "A3"]
    assert [row.id for row in ledger.reader.history(limit=2, before_number=first[-1].number)] == ["A2", "A1"]
    assert ledger.reader.history(state=State.FAILED) == []


def test_earlier_customers(ledger: Ledger, clock: Clock) -> None:
    for id, phone in (("A", "250788123456"), ("B", "250788123456"), ("C", "250788129999"), ("D", "250722123456")):
        begin(ledger, id, phone=phone)
        move(ledger, id, State.SUCCESSFUL)
        clock.step(minutes=1)
    begin(ledger, "E", phone="250788120000")
    found = ledger.reader.customers("25078812")
    assert [(one.phone, one.paid) for one in found] == [("250788129999", 1), ("250788123456", 2)]
    assert ledger.reader.customers("nothing") == []
