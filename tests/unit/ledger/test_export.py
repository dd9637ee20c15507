"""The exported files: whole or not there, nothing a formula, everything to be had back."""

import csv
import os
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape

from cashier.domain.events import Decision
from cashier.domain.states import Kind, State
from cashier.domain.transaction import NewTransaction
from cashier.errors import EnvironmentStop, WrongInput
from cashier.ledger import export as exporting
from cashier.ledger.export import COLUMNS, export
from cashier.ledger.ledger import Ledger
from cashier.ledger.pen import Pen
from cashier.ledger.query import Query
from tests.unit.ledger.conftest import ACCOUNT, START, Clock

KIGALI = ZoneInfo("Africa/Kigali")
FORMULAS = "=+-@\t\r\n＝＋－＠−'"


def begin(ledger: Ledger, *texts: str | None) -> None:
    """A row for each, `A0`, `A1`, … by its place in the ledger, with this text as reference and reason."""
    first = len(ledger.reader.history(limit=10_000))

    def write(pen: Pen) -> None:
        for number, text in enumerate(texts, start=first):
            new = NewTransaction(f"A{number}", Kind.PAYMENT, "250788123456", 1500, text, text)
            pen.create(new, not_while_open=False, not_same_since=None)

    ledger.write(write)


def read_csv(file: Path) -> list[dict[str, str]]:
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")
    with open(file, encoding="utf-8-sig", newline="") as text:
        return list(csv.DictReader(text))


def read_xlsx(file: Path) -> list[dict[str, object]]:
    book = openpyxl.load_workbook(file)
    rows: list[dict[str, object]] = []
    for sheet in book.worksheets:
        head, *lines = sheet.iter_rows()
        for line in lines:
            for cell in line:
                assert cell.data_type != "f"
            rows.append({str(name.value): cell.value for name, cell in zip(head, line, strict=True)})
    book.close()
    return rows


def undone(text: str) -> str:
    """The rule of the module."""
    return text.removeprefix("'")


def test_every_field_in_utc_and_in_the_shops_time(ledger: Ledger, clock: Clock, tmp_path: Path) -> None:
    begin(ledger, "Order 88")
    clock.step(seconds=19, milliseconds=340)
    moved = Decision(
        "checked", "status", state=State.SUCCESSFUL, response_code="01", message="Done.", gateway_transaction_id="7"
    )
    ledger.settle("A0", lambda _row, _facts: moved)
    begin(ledger, None)
    told: list[int] = []
    assert export(ledger.reader, Query(), tmp_path / "a.csv", zone=KIGALI, progress=told.append) == 2
    assert told[-1] == 2
    newest, oldest = read_csv(tmp_path / "a.csv")
    assert tuple(oldest) == COLUMNS
    assert newest["id"] == "A1"
    assert oldest == {
        "id": "A0",
        "number": "T7-000001",
        "kind": "payment",
        "phone": "250788123456",
        "amount": "1500",
        "state": "successful",
        "review": "",
        "response_code": "01",
        "message": "Done.",
        "gateway_transaction_id": "7",
        "operator_reference": "",
        "reference": "Order 88",
        "reason": "Order 88",
        "refund_of": "",
        "created_at": "2026-11-23T12:00:00.000Z",
        "decided_at": "2026-11-23T12:00:19.340Z",
        "created_local": "2026-11-23 14:00:00",
        "decided_local": "2026-11-23 14:00:19",
    }
    assert export(ledger.reader, Query(), tmp_path / "a.XLSX", zone=KIGALI) == 2
    same = read_xlsx(tmp_path / "a.XLSX")[1]
    assert same["amount"] == 1500
    assert same["response_code"] == "01"
    assert str(same["created_local"]) == "2026-11-23 14:00:00"
    for name in ("id", "phone", "reference", "created_at", "decided_at"):
        assert same[name] == oldest[name]


@pytest.mark.parametrize("name", ["Africa/Kigali", "Europe/Brussels", "Asia/Kathmandu", "America/St_Johns", "UTC"])
def test_local_times_of_any_zone_and_season(name: str) -> None:
    times = exporting._LocalTimes(ZoneInfo(name))
    for hour in range(0, 24 * 365, 5):
        moment = datetime.fromtimestamp(START.timestamp() + hour * 3600 + 61, UTC)
        text = moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        local = moment.astimezone(ZoneInfo(name)).strftime("%Y-%m-%d %H:%M:%S")
        assert times.add_to([("x", text, None)]) == [("x", text[:23] + "Z", None, local, None)]
        assert times.add_to([("x", text, text)])[0][-1] == local


def test_only_what_is_listed(ledger: Ledger, tmp_path: Path) -> None:
    begin(ledger, *(f"Order {number}" for number in range(30)))
    assert export(ledger.reader, Query("order 2"), tmp_path / "a.csv", zone=KIGALI) == 11
    assert {row["reference"][:7] for row in read_csv(tmp_path / "a.csv")} == {"Order 2"}


def test_without_a_ledger_only_the_names_of_the_columns(tmp_path: Path) -> None:
    reader = Ledger(tmp_path / "none", ACCOUNT, now=lambda: START).reader
    for ending in ("csv", "xlsx"):
        assert export(reader, Query(), tmp_path / f"a.{ending}", zone=KIGALI) == 0
    assert read_csv(tmp_path / "a.csv") == read_xlsx(tmp_path / "a.xlsx") == []


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1), max_size=8))
@example([first + rest for first in FORMULAS for rest in ("", "1+1", "cmd|' /C calc'!A0")])
@example([" =1+1", "\u00a0@SUM(A1)", "''", "' =1", "plain", "-1", "_x0041_", "é", "a\r\nb", '"', ",", ";"])
def test_no_cell_is_a_formula_and_every_text_comes_back(tmp_path: Path, texts: list[str]) -> None:
    clock = Clock()
    ledger = Ledger(Path(os.path.join(tmp_path, os.urandom(8).hex())), ACCOUNT, now=clock.now, threaded=False)
    ledger.open()
    try:
        begin(ledger, *texts)
        export(ledger.reader, Query(), tmp_path / "a.csv", zone=KIGALI)
        export(ledger.reader, Query(), tmp_path / "a.xlsx", zone=KIGALI)
    finally:
        ledger.close()
    rows = read_csv(tmp_path / "a.csv")[::-1]
    for row, text in zip(rows, texts, strict=True):
        for cell in (row["reference"], row["reason"]):
            assert undone(cell) == text
            assert cell[0] not in FORMULAS[:-1]
            assert cell.lstrip(" \u00a0\u202f\u3000")[:1] not in tuple(FORMULAS[:-1])
    for cells, text in zip(read_xlsx(tmp_path / "a.xlsx")[::-1], texts, strict=True):
        # XML knows one kind of line end; what it cannot hold is escaped by Excel's own rule.
        assert unescape(str(cells["reference"])).replace("\r\n", "\n") == text.replace("\r\n", "\n")


@pytest.fixture(params=["csv", "xlsx"])
def file(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    folder.mkdir()
    return folder / f"a.{request.param}"


def test_stopped_it_leaves_what_stood_there(ledger: Ledger, file: Path) -> None:
    begin(ledger, *[None] * 1500)
    file.write_text("before")
    written: list[int] = []
    done = export(ledger.reader, Query(), file, zone=KIGALI, progress=written.append, stopped=lambda: bool(written))
    assert done is None
    assert written == [1000]
    assert [one.name for one in file.parent.iterdir()] == [file.name]
    assert file.read_text() == "before"


def test_a_disk_in_trouble_leaves_no_half_file(ledger: Ledger, file: Path) -> None:
    begin(ledger, None)

    def full(_count: int) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(EnvironmentStop, match=r"could not be written: No space left on device"):
        export(ledger.reader, Query(), file, zone=KIGALI, progress=full)
    assert list(file.parent.iterdir()) == []
    with pytest.raises(EnvironmentStop, match="No such file or directory"):
        export(ledger.reader, Query(), file.parent / "no such" / file.name, zone=KIGALI)


def test_another_ending_is_wrong(ledger: Ledger, tmp_path: Path) -> None:
    for name in ("a.txt", "a", "a.csv.gz"):
        with pytest.raises(WrongInput, match=r"\.csv or \.xlsx"):
            export(ledger.reader, Query(), tmp_path / name, zone=KIGALI)


def test_a_sheet_that_is_full_goes_on_in_another(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "SHEET_ROWS", 3)
    begin(ledger, *[None] * 7)
    export(ledger.reader, Query(), tmp_path / "a.xlsx", zone=KIGALI)
    assert [row["id"] for row in read_xlsx(tmp_path / "a.xlsx")] == [f"A{number}" for number in range(6, -1, -1)]
