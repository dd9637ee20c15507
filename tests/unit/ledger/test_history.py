"""The history's queries: every way to an answer gives what looking at each row gives."""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cashier.domain.events import Decision
from cashier.domain.states import Kind, State
from cashier.domain.transaction import NewTransaction, Transaction
from cashier.ledger import finding
from cashier.ledger.backup import back_up
from cashier.ledger.export import export
from cashier.ledger.history import History
from cashier.ledger.ledger import Ledger
from cashier.ledger.query import Query, Shown, looks_of
from cashier.ledger.restore import restore
from tests.unit.ledger.conftest import ACCOUNT, START, Clock
from tests.unit.ledger.images import open_at
from tests.unit.ledger.older import as_first_version
from tests.unit.ledger.test_ledger import begin

REFERENCES = (None, "Order 88", "order 1500", "Café É", "T7-000003", "7", "88", "a", '"quoted"', "x" * 40)
PHONES = ("250788123456", "250733000001", "250788000002", "250791500000")
AMOUNTS = (15, 150, 1500, 15_999, 88, 880, 788, 2_000_000)
REVIEWS = (None, None, None, "Another amount.", "closed: received")
STATES = (State.CREATED, State.PENDING, State.UNKNOWN, State.SUCCESSFUL, State.FAILED)


def fill(ledger: Ledger, clock: Clock, count: int) -> list[Transaction]:
    """Rows that walk through all of the above, a few hours apart. Newest first."""
    rows = []
    for number in range(count):
        clock.step(hours=5)
        new = NewTransaction(
            f"01ID{number:04d}",
            Kind.PAYOUT if number % 4 == 0 else Kind.PAYMENT,
            PHONES[number % len(PHONES)],
            AMOUNTS[number * 3 % len(AMOUNTS)],
            REFERENCES[number * 7 % len(REFERENCES)],
        )
        row = ledger.create(new, not_while_open=False, not_same_since=None).transaction
        state, review = STATES[number * 3 % 5], REVIEWS[number * 2 % 5]
        if state is not State.CREATED or review:
            move = Decision("checked", "status", state=state, review=review)
            row = ledger.settle(new.id, lambda _row, _facts, move=move: move).transaction  # type: ignore[misc]  # mypy and defaults of lambdas
        rows.append(row)
    return rows[::-1]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Ledger, list[Transaction]]]:
    clock = Clock()
    ledger = Ledger(tmp_path_factory.mktemp("ledger") / "practice", ACCOUNT, now=clock.now, till_number=7)
    ledger.open()
    rows = fill(ledger, clock, 300)
    yield ledger, rows
    ledger.close()


def found(ledger: Ledger, query: Query) -> list[str]:
    history = History(ledger.reader)
    positions = [one for piece in history.find(query, lambda: False) for one in piece]
    rows: dict[int, Transaction] = {}
    for start in range(0, len(positions), 100):
        rows |= history.rows(positions[start : start + 100])
    return [rows[position].id for position in positions]


def fits(row: Transaction, query: Query) -> bool:
    looks = looks_of(query.text)
    text = (
        not looks.reference
        or (row.reference is not None and looks.reference.lower() in row.reference.lower())
        or (looks.phone is not None and row.phone.startswith(looks.phone))
        or (looks.amount is not None and str(row.amount).startswith(looks.amount))
        or (looks.id is not None and row.id.startswith(looks.id))
        or (looks.number is not None and row.number.startswith(looks.number))
        or row.number == looks.whole_number
    )
    return (
        text
        and query.kind in (None, row.kind)
        and (query.since is None or row.created_at >= query.since)
        and (query.until is None or row.created_at < query.until)
        and query.shown in (None, shown(row))
    )


def shown(row: Transaction) -> Shown:
    """As the chip says it; what is closed by hand is found as such whatever became of it later."""
    if row.review is not None and not row.is_closed:
        return Shown.REVIEW
    if row.is_closed and not row.is_final:
        return Shown.CLOSED
    return Shown.WAITING if row.state in (State.CREATED, State.PENDING) else Shown(row.state)


TEXTS = [
    *(
        "",
        "order",
        "ORDER 8",
        "er",
        "8",
        "88",
        "7",
        "788",
        "0788",
        "+25073",
        "15",
        "1500",
        "15 9",
        "t7",
        "T7-0001",
        "T7-12",
    ),
    *(
        "01id00",
        "01ID0042",
        "é",
        "caf",
        "Café É",
        "É",
        '"quo',
        '"',
        "%",
        "_",
        "*",
        "xx",
        "xxxx",
        "nothing like it",
        "'",
    ),
]
MOMENTS = [None, START + timedelta(days=3), START + timedelta(days=30), START + timedelta(days=50)]


@pytest.mark.parametrize("few", [4096, 10, 0], ids=["by the index", "some by the index", "row by row"])
@pytest.mark.parametrize("text", TEXTS)
def test_each_text_alone(
    filled: tuple[Ledger, list[Transaction]], text: str, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "FEW", few)
    ledger, rows = filled
    wanted = [row.id for row in rows if fits(row, Query(text))]
    assert found(ledger, Query(text)) == wanted


@settings(deadline=None, max_examples=150)
@given(
    st.sampled_from(TEXTS),
    st.sampled_from([None, *Kind]),
    st.sampled_from([None, *(one for one in Shown if one is not Shown.CLOSED)]),
    st.sampled_from(MOMENTS),
    st.sampled_from(MOMENTS),
    st.sampled_from([4096, 40, 3, 0]),
)
def test_everything_together(
    filled: tuple[Ledger, list[Transaction]],
    text: str,
    kind: Kind | None,
    state: Shown | None,
    since: datetime | None,
    until: datetime | None,
    few: int,
) -> None:
    ledger, rows = filled
    query = Query(text, kind, state, since, until)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(finding, "FEW", few)
        assert found(ledger, query) == [row.id for row in rows if fits(row, query)]


def test_closed_by_hand_is_found_also_after_it_was_settled(filled: tuple[Ledger, list[Transaction]]) -> None:
    ledger, rows = filled
    assert found(ledger, Query(shown=Shown.CLOSED)) == [row.id for row in rows if row.is_closed]


def test_only_what_came_since(filled: tuple[Ledger, list[Transaction]]) -> None:
    ledger, rows = filled
    history = History(ledger.reader)
    for query in (Query(), Query("order"), Query(shown=Shown.SUCCESSFUL)):
        above = [one for piece in history.find(query, lambda: False, above=250) for one in piece]
        assert [history.rows([one])[one].id for one in above] == [row.id for row in rows[:50] if fits(row, query)]


def test_a_search_that_is_not_wanted_ends_within_its_statement(filled: tuple[Ledger, list[Transaction]]) -> None:
    ledger, _ = filled
    asked: list[int] = []

    def stopped() -> bool:
        asked.append(1)
        return True

    assert list(History(ledger.reader).find(Query(), stopped)) == []
    assert asked
    with sqlite3.connect(":memory:") as connection:
        connection.set_progress_handler(lambda: 1, 1000)
        with pytest.raises(sqlite3.OperationalError) as ended:
            connection.execute("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n")
        assert ended.value.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT


def test_without_a_ledger_there_is_nothing(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "none", ACCOUNT, now=lambda: START)
    assert list(History(ledger.reader).find(Query("a"), lambda: False)) == []
    assert History(ledger.reader).rows([1]) == {}


def test_an_older_ledger_becomes_searchable(folder: Path, clock: Clock) -> None:
    old = Ledger(folder, ACCOUNT, now=clock.now, till_number=7)
    old.open()
    rows = fill(old, clock, 20)
    old.close()
    as_first_version(old.file)
    new = Ledger(folder, ACCOUNT, now=clock.now, till_number=7)
    new.open()
    rows = fill_more(new, clock) + rows
    assert found(new, Query("order")) == [row.id for row in rows if fits(row, Query("order"))]
    assert new.reader.verify().ok
    new.close()
    old.reader.close()


def fill_more(ledger: Ledger, clock: Clock) -> list[Transaction]:
    clock.step(hours=1)
    new = NewTransaction("01LATER", Kind.PAYMENT, PHONES[0], 100, "another ORDER")
    return [ledger.create(new, not_while_open=False, not_same_since=None).transaction]


@pytest.mark.parametrize("text", ["T7-0000", "01ID00", "order", "zz", "+250733"])
def test_what_is_only_long_ago_is_found_by_its_index(
    filled: tuple[Ledger, list[Transaction]], text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The newest rows are looked at first; where they hold nothing, the index says where to go on."""
    for name, value in {"FEW": 0, "_WINDOW": 16, "_LARGEST": 64}.items():
        monkeypatch.setattr(finding, name, value)
    ledger, rows = filled
    for query in (Query(text), Query(text, kind=Kind.PAYMENT)):
        assert found(ledger, query) == [row.id for row in rows if fits(row, query)]


@pytest.mark.parametrize("wide", [False, True], ids=["numbers of a known ledger", "numbers of a lost one"])
def test_after_a_restore_only_rows_that_exist_are_found(tmp_path: Path, wide: bool) -> None:
    """The numbers that the ledger before gave out stay free, so positions have a gap then."""
    clock = Clock()
    ledger = Ledger(tmp_path / "practice", ACCOUNT, now=clock.now, till_number=7)
    ledger.open()
    fill(ledger, clock, 5)
    copy = back_up(ledger.file, tmp_path / "copy.db").file
    begin(ledger, "LOST0")
    begin(ledger, "LOST1")
    ledger.close()
    if wide:
        ledger.file.unlink()
    restore(ledger.file.parent, copy, ACCOUNT, clock.now())
    back = open_at(ledger.file.parent, clock.now())
    kept = [f"01ID{number:04d}" for number in range(4, -1, -1)]
    assert found(back, Query()) == kept
    after = [begin(back, f"NEW{number}").id for number in range(2)]
    assert found(back, Query()) == [*reversed(after), *kept]
    assert found(back, Query("new")) == [*reversed(after)]
    history = History(back.reader)
    (newest, *_rest) = [one for piece in history.find(Query(), lambda: False) for one in piece]
    assert [one for piece in history.find(Query(), lambda: False, above=newest - 1) for one in piece] == [newest]
    assert [one for piece in history.find(Query(), lambda: False, above=5) for one in piece] == [newest, newest - 1]
    file = tmp_path / "all.csv"
    assert export(back.reader, Query(), file, zone=UTC, stopped=lambda: False) == 7
    back.close()
