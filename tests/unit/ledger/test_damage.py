"""Damaged, foreign and newer files: each ends in a sentence, and what is on the disk is left untouched."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from cashier.domain.states import State
from cashier.ledger import verification
from cashier.ledger.connections import open_reader, open_untouched
from cashier.ledger.errors import DamagedLedger, LedgerError, NewerLedger, OtherAccount
from cashier.ledger.ledger import Account, Ledger
from cashier.ledger.schema import STEPS
from cashier.ledger.verification import _FOLDED, Verification, verify, verify_newest
from tests.unit.ledger.conftest import START
from tests.unit.ledger.images import files, filled, open_at
from tests.unit.ledger.test_ledger import begin, move

_CONTENT = (
    "SELECT environment, accountno, install_id FROM ledger",
    f"SELECT id, {', '.join(_FOLDED)} FROM transactions ORDER BY position",
    "SELECT * FROM events",
)


def content(file: Path) -> list[list[tuple[object, ...]]]:
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
        return [connection.execute(question).fetchall() for question in _CONTENT]


def found_by(check: Callable[[sqlite3.Connection], Verification], file: Path) -> bool:
    """Whether this check finds something, in a sentence."""
    try:
        with closing(open_untouched(file)) as connection:
            found = check(connection)
    except LedgerError as trouble:
        return trouble.sentence.endswith(".")
    return not found.ok and found.sentence.endswith(".")


@pytest.fixture
def sample(ledger: Ledger) -> Path:
    filled(ledger, 60)
    ledger.close()
    return ledger.file


def test_flipped_bits_in_every_page_are_found_or_change_nothing(sample: Path) -> None:
    """At the start, or by the whole check of each day; what neither finds was in bytes that hold nothing."""
    whole = sample.read_bytes()
    wanted = content(sample)
    page = int.from_bytes(whole[16:18], "big")
    at_start = by_check = 0
    for number in range(len(whole) // page):
        for within in (0, 3, 9, page // 3, page * 2 // 3, page - 40, page - 2):
            spoiled = bytearray(whole)
            spoiled[number * page + within] ^= 0xFF
            sample.write_bytes(spoiled)
            before = files(sample.parent)
            if not found_by(verify_newest, sample):
                if found_by(verify, sample):
                    by_check += 1
                else:
                    assert content(sample) == wanted, (number, within)
            else:
                at_start += 1
                with pytest.raises(LedgerError) as refusal:
                    open_at(sample.parent)
                assert refusal.value.sentence.endswith(".")
            assert files(sample.parent) == before
    assert at_start > 20
    assert by_check < at_start


def cut(part: float) -> Callable[[bytes], bytes]:
    return lambda whole: whole[: int(len(whole) * part)]


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda _: b"", id="nothing"),
        pytest.param(lambda _: b"\0" * 8192, id="zeros"),
        pytest.param(lambda _: b"PK\x03\x04" + b"not ours" * 5000, id="another kind of file"),
        pytest.param(cut(0.99), id="the last page cut"),
        pytest.param(cut(0.5), id="half"),
        pytest.param(lambda whole: whole[:100], id="the header only"),
        pytest.param(lambda whole: whole[:4096] + bytes(len(whole) - 4096), id="zeros behind the first page"),
        pytest.param(lambda whole: whole[:-8192] + whole[-4096:] + whole[-4096:], id="a page twice"),
    ],
)
def test_what_is_not_a_whole_ledger_is_refused_and_left(sample: Path, spoil: Callable[[bytes], bytes]) -> None:
    sample.write_bytes(spoil(sample.read_bytes()))
    before = files(sample.parent)
    with pytest.raises(DamagedLedger) as damaged:
        open_at(sample.parent)
    assert damaged.value.sentence.endswith(".")
    assert files(sample.parent) == before


def test_a_database_of_another_program_is_left(sample: Path) -> None:
    sample.unlink()
    with closing(sqlite3.connect(sample)) as connection:
        connection.execute("CREATE TABLE theirs (x)")
    before = files(sample.parent)
    with pytest.raises(DamagedLedger, match="not a ledger of Cashier"):
        open_at(sample.parent)
    assert files(sample.parent) == before


def test_a_newer_ledger_is_left(sample: Path) -> None:
    with closing(sqlite3.connect(sample)) as connection:
        connection.execute(f"PRAGMA user_version={len(STEPS) + 1}")
    before = files(sample.parent)
    with pytest.raises(NewerLedger, match="Update the program"):
        open_at(sample.parent)
    assert files(sample.parent) == before


def test_the_ledger_of_another_account_is_left(sample: Path) -> None:
    before = files(sample.parent)
    other = Ledger(sample.parent, Account("practice", "1"), now=lambda: START, threaded=False)
    with pytest.raises(OtherAccount):
        other.open()
    assert files(sample.parent) == before


def test_the_start_looks_at_the_newest_events_and_their_rows_only(ledger: Ledger) -> None:
    filled(ledger, 10)
    begin(ledger, "LAST")
    move(ledger, "LAST", State.PENDING)
    with closing(sqlite3.connect(ledger.file, isolation_level=None)) as connection:
        connection.execute("DROP TRIGGER facts_stay")
        connection.execute("UPDATE transactions SET amount = 9 WHERE id = 'A1'")
    with closing(open_untouched(ledger.file)) as connection:
        assert verify_newest(connection, 2).ok
        assert not verify_newest(connection).ok
        assert not verify(connection).ok
    with closing(sqlite3.connect(ledger.file, isolation_level=None)) as connection:
        connection.execute("UPDATE transactions SET amount = 1500 WHERE id = 'A1'")
        connection.execute("UPDATE transactions SET amount = 9 WHERE id = 'LAST'")
    with closing(open_untouched(ledger.file)) as connection:
        assert "amount of T7-000011" in verify_newest(connection, 2).sentence
        # Its birth lies before the newest event: only what that one tells can be compared.
        assert verify_newest(connection, 1).ok


def test_a_ledger_whose_file_became_a_folder(sample: Path) -> None:
    sample.unlink()
    os.mkdir(sample)
    with pytest.raises(LedgerError) as trouble:
        open_at(sample.parent)
    assert trouble.value.sentence.endswith(".")


def test_not_every_page_of_a_large_file_is_read_at_the_start(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    begin(ledger, "A")
    asked: list[str] = []
    with closing(open_reader(ledger.file)) as connection:
        connection.set_trace_callback(asked.append)
        assert verification.verify_newest(connection).ok
        assert "PRAGMA quick_check(1)" in asked
        asked.clear()
        monkeypatch.setattr(verification, "QUICK_BYTES", 0)
        assert verification.verify_newest(connection).ok
        assert "PRAGMA quick_check(1)" not in asked
        assert verification.verify(connection).ok
        assert "PRAGMA integrity_check(1)" in asked
