"""History on the real till: the table, the search, live news, the story, the export. Every row is in a real ledger."""

import shutil
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from cashier.domain.states import State
from cashier.ledger.query import Shown
from cashier.ui.models.history import PAGE, ROW
from cashier.ui.moments import Moments
from cashier.zones import zone_named
from tests.ui.manager import MANY, Manager, manager_at


def test_nothing_yet(qtbot: QtBot, tmp_path: Path) -> None:
    with manager_at(qtbot, tmp_path / "d") as manager:
        assert manager.screen.is_empty()
        assert manager.bar.search.count.text() == "0 transactions"
        assert manager.screen.story.row() is None
        manager.nothing_cut()


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
        manager.until(manager.bar.search.edit.hasFocus)
        QTest.keyClicks(manager.bar.search.edit, "79")
        manager.until(lambda: manager.screen.count() not in (None, MANY))
        manager.table.setFocus()
        QTest.keyClick(manager.table, Qt.Key.Key_Escape)
        manager.until(lambda: manager.screen.count() == MANY)
        manager.until(manager.table.hasFocus)

        def pressed() -> bool:
            """Offscreen a shortcut is now and then lost right after the list changed; a hand presses again."""
            QTest.keyClick(manager.table, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
            return manager.bar.search.edit.hasFocus()

        manager.until(pressed)


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
