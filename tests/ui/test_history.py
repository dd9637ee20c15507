"""History on the real till: the table, the search, live news, the story, the export. Every row is in a real ledger."""

import csv
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from benchmarks.ledger_maker import make
from cashier.domain.events import Decision
from cashier.domain.money import format_amount
from cashier.domain.states import State
from cashier.domain.transaction import Transaction
from cashier.ledger.ledger import Account
from cashier.ledger.query import Shown
from cashier.simulator import Fault
from cashier.ui.models.history import PAGE, ROW, Column
from cashier.ui.moments import Moments
from cashier.ui.screens.history import Door, HistoryScreen
from cashier.zones import zone_named
from tests.ui.counter_window import Cashier, cashier_at
from tests.ui.seeing import cut_off

ACCOUNT = Account("practice", "250160000011")
MANY = 5_000


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger with more rows than the table keeps in memory."""
    folder = tmp_path_factory.mktemp("many")
    make(folder / "practice-250160000011", ACCOUNT, MANY)
    return folder


class Manager:
    """The cashier's window on History."""

    def __init__(self, cashier: Cashier) -> None:
        self.cashier = cashier
        cashier.window.main.show_screen("history")
        self.screen = cashier.window.history
        self.model, self.table, self.bar = self.screen.model, self.screen.table, self.screen.bar
        self.until(self.known)

    def until(self, ready: Callable[[], bool]) -> None:
        self.cashier.until(ready)

    def known(self) -> bool:
        return self.screen.count() is not None

    def listed(self) -> list[Transaction]:
        """All rows of a short list, once they are read."""
        self.until(lambda: all(self.model.transaction(place) is not None for place in range(self.model.rowCount())))
        return [row for place in range(self.model.rowCount()) if (row := self.model.transaction(place)) is not None]

    def nothing_cut(self) -> None:
        """Once the window is laid out."""
        self.until(lambda: cut_off(self.screen) == [])

    def search(self, text: str) -> None:
        self.bar.search.edit.setFocus()
        self.bar.search.edit.selectAll()
        if text:
            QTest.keyClicks(self.bar.search.edit, text)
        else:
            QTest.keyClick(self.bar.search.edit, Qt.Key.Key_Delete)
        self.until(lambda: self.known() and self.screen.feed.query.text == text)


@contextmanager
def manager_at(qtbot: QtBot, folder: Path, *, sales: tuple[tuple[str, str], ...] = ()) -> Iterator[Manager]:
    with cashier_at(qtbot, folder) as cashier:
        for phone, amount in sales:
            cashier.sell(phone, amount)
        yield Manager(cashier)


def test_nothing_yet(qtbot: QtBot, tmp_path: Path) -> None:
    with manager_at(qtbot, tmp_path / "d") as manager:
        assert manager.screen.is_empty()
        assert manager.bar.search.count.text() == "0 transactions"
        assert manager.screen.story.row() is None
        manager.nothing_cut()


def test_f4_opens_it_with_the_newest_on_top_and_its_story(qtbot: QtBot, tmp_path: Path) -> None:
    with cashier_at(qtbot, tmp_path / "d") as cashier:
        assert not cashier.window.main.has_screen("history")
        cashier.sell("0788123456", "12500")
        cashier.until(lambda: cashier.charge.results.covers())
        cashier.rest(1.0)
        cashier.enter()
        cashier.sell("0788000002", "700")
        cashier.until(lambda: cashier.charge.results.covers())
        cashier.rest(1.0)
        cashier.enter()
        cashier.press(Qt.Key.Key_F4)
        manager = Manager(cashier)
        assert manager.bar.search.edit.hasFocus()
        assert [row.amount for row in manager.listed()] == [700, 12500]
        cells = [str(manager.model.index(1, column).data()) for column in Column]
        assert cells[2:] == ["In", "12\u00a0500", "0788 123 456", "Paid", "T1-000001"]
        kigali = datetime.now(UTC).astimezone(zone_named("Africa/Kigali"))
        assert cells[0] == f"{kigali.day} {kigali:%b}"
        QTest.keyClick(manager.bar.search.edit, Qt.Key.Key_Down)
        assert manager.table.hasFocus()
        QTest.keyClick(manager.table, Qt.Key.Key_Down)
        story = manager.screen.story
        manager.until(lambda: bool(story.lines()) and story.number.text() == "T1-000001")
        titles = [line.title for line in story.lines()]
        assert titles[0] == "Written down"
        assert "Request sent" in titles
        assert titles[-1] == "Paid"
        assert "code 01" in story.lines()[-1].detail
        manager.nothing_cut()
        QTest.keyClick(manager.table, Qt.Key.Key_Return)
        assert story.copy_button.hasFocus()
        QTest.keyClick(story.copy_button, Qt.Key.Key_Space)
        assert QGuiApplication.clipboard().text() == manager.listed()[1].id
        assert story.copy_button.text() == "Copied"


def test_the_last_of_many_is_there_at_once(qtbot: QtBot, many: Path) -> None:
    with manager_at(qtbot, many) as manager:
        assert manager.model.rowCount() == MANY
        assert manager.bar.search.count.text() == "5\u00a0000 transactions"
        manager.table.setFocus()
        QTest.keyClick(manager.table, Qt.Key.Key_End)
        manager.until(
            lambda: manager.screen.story.row() is not None and manager.screen.story.number.text() == "T1-000001"
        )
        assert manager.model.in_memory() < 8 * PAGE
        for place in range(0, MANY, PAGE):
            index = manager.model.index(place, 0)
            manager.table.scrollTo(index)
            manager.until(lambda index=index: index.data(ROW) is not None)  # type: ignore[misc]  # mypy and defaults of lambdas
        assert manager.model.in_memory() <= 32 * PAGE
        assert manager.model.transaction(MANY // 2 // PAGE * PAGE) is None  # passed by long ago; it would be read again


def test_search_as_one_types(qtbot: QtBot, many: Path) -> None:
    with manager_at(qtbot, many) as manager:
        for text, fits in (
            ("order 1", lambda row: "order 1" in (row.reference or "").lower()),
            ("0733 1", lambda row: row.phone.startswith("2507331")),
            ("T1-0049", lambda row: row.number.startswith("T1-0049")),
            ("01M8", lambda row: row.id.startswith("01M8")),
        ):
            manager.search(text)
            count = manager.screen.count()
            assert count
            assert manager.bar.search.count.text().startswith(str(count)[:1])
            shown = [manager.model.transaction(place) for place in range(min(count, PAGE))]
            assert all(row is not None and fits(row) for row in shown)
        manager.search("nothing like it")
        assert manager.screen.is_empty()
        assert manager.screen.story.row() is None
        QTest.keyClick(manager.bar.search.edit, Qt.Key.Key_Escape)
        manager.until(lambda: manager.screen.count() == MANY)
        assert manager.bar.search.text() == ""


def test_typing_and_escape_in_the_table_are_meant_for_the_search(qtbot: QtBot, many: Path) -> None:
    with manager_at(qtbot, many) as manager:
        manager.table.setFocus()
        QTest.keyClicks(manager.table, "0")
        assert manager.bar.search.edit.hasFocus()
        QTest.keyClicks(manager.bar.search.edit, "79")
        manager.until(lambda: manager.screen.count() not in (None, MANY))
        manager.table.setFocus()
        QTest.keyClick(manager.table, Qt.Key.Key_Escape)
        manager.until(lambda: manager.screen.count() == MANY)
        QTest.keyClick(manager.table, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
        assert manager.bar.search.edit.hasFocus()


def test_only_the_last_of_many_searches_is_shown(qtbot: QtBot, many: Path) -> None:
    with manager_at(qtbot, many) as manager:
        counts: list[int | None] = []
        manager.screen.feed.counted.connect(counts.append)
        for text in ("7", "78", "788", "8", "o", "order", "zzz", "kitchen"):
            manager.bar.search.edit.setText(text)
        assert counts == [None] * 8
        assert manager.bar.search.count.text() == "…"
        manager.until(manager.known)
        assert [count for count in counts if count is not None] == [manager.model.rowCount()]
        assert all("kitchen" in (row.reference or "").lower() for row in manager.listed()[:PAGE])


def test_filters_and_their_words(qtbot: QtBot, tmp_path: Path) -> None:
    sales = (("0788000002", "700"), ("0788000004", "900"))
    with manager_at(qtbot, tmp_path / "d", sales=sales) as manager:
        manager.until(lambda: {row.state for row in manager.listed()} == {State.FAILED, State.PENDING})
        manager.bar.states._pick(Shown.FAILED)
        manager.until(lambda: manager.screen.count() == 1)
        assert manager.bar.states.text() == "Not paid or sent"
        assert manager.bar.states.isChecked()
        manager.bar.ways._pick("payout")
        manager.until(lambda: manager.screen.count() == 0)
        assert manager.screen.is_empty()
        QTest.keyClick(manager.bar.search.edit, Qt.Key.Key_Escape)
        manager.until(lambda: manager.screen.count() == 2)
        assert not manager.bar.states.isChecked()
        manager.bar.days._pick("yesterday")
        manager.until(lambda: manager.screen.count() == 0)
        manager.bar.days._pick("today")
        manager.until(lambda: manager.screen.count() == 2)
        today = manager.screen._moments.today()
        manager.bar.show_range(today, today)
        manager.until(lambda: manager.screen.count() == 2)
        assert manager.bar.days.text().startswith(str(today.day))


@pytest.mark.parametrize("pc", ["America/Los_Angeles", "Asia/Tokyo", "UTC"])
def test_days_and_times_are_the_shops_whatever_the_pc_says(pc: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    monkeypatch.setenv("TZ", pc)
    time.tzset()
    try:
        moments = Moments(zone_named("Africa/Kigali"))
        late = datetime(2026, 11, 23, 22, 30, tzinfo=UTC)
        assert moments.day(late).startswith("24 Nov")
        assert moments.clock(late) == "00:30:00"
        day = late.astimezone(moments.zone).date()
        assert moments.begin_of(day) == datetime(2026, 11, 23, 22, 0, tzinfo=UTC)
        assert moments.end_of(day) == datetime(2026, 11, 24, 22, 0, tzinfo=UTC)
    finally:
        monkeypatch.undo()
        time.tzset()


def test_news_come_on_top_and_take_nothing_away(qtbot: QtBot, many: Path, tmp_path: Path) -> None:
    with manager_at(qtbot, Path(shutil.copytree(many, tmp_path / "own"))) as manager:
        count = manager.model.rowCount()
        manager.table.setFocus()
        manager.table.choose(500)
        manager.until(lambda: manager.screen.story.row() is not None)
        chosen = manager.screen.story.row()
        top = manager.table.indexAt(manager.table.viewport().rect().topLeft()).row()
        above = manager.model.position(top)
        till = manager.cashier.window.bridge.till
        assert till is not None
        manager.cashier.window.bridge.run(partial(till.charge, "250788123456", 4321))
        manager.until(lambda: manager.screen.count() == count + 1)
        assert manager.table.chosen_row() == chosen
        now_top = manager.table.indexAt(manager.table.viewport().rect().topLeft()).row()
        assert manager.model.position(now_top) == above
        newest = manager.model.transaction(0)
        assert newest is not None
        assert newest.amount == 4321
        manager.until(lambda: _state_at(manager, 0) is State.SUCCESSFUL)
        assert manager.table.chosen_row() == chosen


def _state_at(manager: Manager, place: int) -> State | None:
    row = manager.model.transaction(place)
    return None if row is None else row.state


def test_a_filtered_list_gets_what_fits_now(qtbot: QtBot, tmp_path: Path) -> None:
    with manager_at(qtbot, tmp_path / "d", sales=(("0788000004", "900"),)) as manager:
        manager.bar.states._pick(Shown.FAILED)
        manager.until(lambda: manager.screen.count() == 0)
        manager.cashier.gateway.wait_for(lambda book: len(book["transactions"]) == 1)
        open_one = next(iter(manager.cashier.window.charge._rows))
        manager.cashier.gateway.settle_now(open_one)
        manager.until(lambda: manager.screen.count() == 1)
        assert not manager.screen.is_empty()
        manager.until(lambda: manager.screen.story.row() is not None)


def test_check_now_asks_the_gateway(qtbot: QtBot, tmp_path: Path) -> None:
    with cashier_at(qtbot, tmp_path / "d", speed=1.0) as cashier:
        cashier.gateway.script(Fault(function="requestpayment", cut=True))
        cashier.sell("0788000004", "900")
        manager = Manager(cashier)
        story = manager.screen.story
        manager.until(lambda: story.row() is not None and _state_of(story.row()) in (State.UNKNOWN, State.PENDING))
        row = story.row()
        assert row is not None
        cashier.gateway.settle_now(row.id)
        QTest.mouseClick(story.check_button, Qt.MouseButton.LeftButton)
        manager.until(lambda: _state_of(story.row()) is State.FAILED)
        assert story.check_button.isHidden()
        manager.until(lambda: [line.title for line in story.lines()][-1:] == ["Not paid"])


def _state_of(row: Transaction | None) -> State | None:
    return None if row is None else row.state


def test_doors_have_buttons_only_where_they_lead_somewhere(qtbot: QtBot, tmp_path: Path) -> None:
    with cashier_at(qtbot, tmp_path / "d") as cashier:
        cashier.sell("0788123456", "12500")
        cashier.until(lambda: cashier.charge.results.covers())
        bridge = cashier.window.bridge
        refunds: list[Transaction] = []
        bare = _screen(qtbot, cashier, None)
        cashier.until(lambda: bare.story.row() is not None)
        assert bare.story.refund_button is None
        full = _screen(qtbot, cashier, refunds.append)
        cashier.until(lambda: full.story.row() is not None)
        assert full.story.refund_button is not None
        assert full.story.close_button.isHidden()
        full.story.refund_button.click()
        assert refunds == [full.story.row()]
        till = bridge.till
        assert till is not None
        review = Decision("checked", "status", review="The gateway reports another amount.")
        till._door.apply(refunds[0].id, lambda _row: review)
        cashier.until(lambda: not full.story.close_button.isHidden())
        assert full.story.refund_button.isHidden()
        cashier.until(lambda: [line.title for line in full.story.lines()][-1:] == ["Needs a manager"])
        full.story.close_button.click()
        panel = full.closing.panel
        assert panel is not None
        panel.verdict.chip(True).click()
        panel.name.set_text("Aline")
        panel.note.set_text("On the statement.")
        panel.close_button.click()
        cashier.until(lambda: full.closing.panel is None)
        cashier.until(lambda: [line.title for line in full.story.lines()][-1:] == ["Closed by hand"])
        assert "Aline" in full.story.lines()[-1].detail
        assert full.story.close_button.isHidden()


def test_a_refund_begins_in_history_and_is_shown_on_both(qtbot: QtBot, tmp_path: Path) -> None:
    with cashier_at(qtbot, tmp_path / "d") as cashier:
        cashier.sell("0788123456", "12500")
        cashier.until(lambda: cashier.charge.results.covers())
        cashier.window.main.show_screen("history")
        screen = cashier.window.history
        cashier.until(lambda: screen.story.row() is not None)
        assert screen.story.refund_button is not None
        assert screen.story.refunds.isHidden()
        screen.story.refund_button.click()
        assert cashier.window.money.payout.isVisible()
        payment = screen.story.row()
        assert payment is not None
        till = cashier.window.bridge.till
        assert till is not None
        refund = till.refund(payment.id, 2500, "wrong size")
        cashier.until(lambda: refund.number in screen.story.refunds.text())
        cashier.until(lambda: "Sent" in screen.story.refunds.text())
        assert format_amount(10_000) in screen.story.refunds.text()
        screen.table.choose(0)
        cashier.until(lambda: payment.number in screen.story.refunds.text())
        assert screen.story.refund_button.isHidden()


def _screen(qtbot: QtBot, cashier: Cashier, refund: Door | None) -> HistoryScreen:
    moments = Moments(zone_named("Africa/Kigali"))
    screen = HistoryScreen(cashier.window.bridge, moments, refund=refund)
    qtbot.addWidget(screen)
    screen.resize(1200, 700)
    screen.show()
    return screen


def test_export_of_what_is_listed(qtbot: QtBot, many: Path, tmp_path: Path) -> None:
    file = tmp_path / "out.csv"
    with manager_at(qtbot, many) as manager:
        manager.screen.exporting.choose_file = lambda _parent, _name: str(file)
        manager.search("kitchen 1")
        count = manager.screen.count()
        QTest.keyClick(manager.bar.search.edit, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
        manager.until(manager.screen.banner.isVisible)
        assert str(count) in manager.screen.banner.text()
        assert not manager.screen.exporting.isVisible()
        numbers = [row.number for row in manager.listed()]
    with open(file, encoding="utf-8-sig", newline="") as text:
        assert [row["number"] for row in csv.DictReader(text)] == numbers


def test_a_stopped_export_leaves_nothing(qtbot: QtBot, many: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    with manager_at(qtbot, many) as manager:
        manager.screen.exporting.choose_file = lambda _parent, _name: str(folder / "out.xlsx")
        manager.bar.export_button.click()
        assert manager.screen.exporting.isVisible()
        QTest.mouseClick(manager.screen.exporting.stop_button, Qt.MouseButton.LeftButton)
        manager.until(manager.screen.banner.isVisible)
        assert "stopped" in manager.screen.banner.text()
        assert list(folder.iterdir()) == []
        manager.screen.exporting.choose_file = lambda _parent, _name: str(folder / "no such" / "a.csv")
        manager.screen.export()
        manager.until(manager.screen.banner.isVisible)
        assert "No such file" in manager.screen.banner.text()


@pytest.mark.parametrize("size", [(1366, 768), (1024, 600), (911, 512)])
def test_nothing_is_cut_off(qtbot: QtBot, many: Path, size: tuple[int, int]) -> None:
    with manager_at(qtbot, many) as manager:
        manager.cashier.window.main.resize(*size)
        manager.until(lambda: bool(manager.screen.story.lines()))
        manager.nothing_cut()
        widths = [manager.table.columnWidth(column) for column in Column if not manager.table.isColumnHidden(column)]
        assert sum(widths) <= manager.table.viewport().width()
