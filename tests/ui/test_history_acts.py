"""What is done with a transaction in History: its story, asking, doors, export. Every row is in a real ledger."""

import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from cashier.domain.events import Decision
from cashier.domain.money import format_amount
from cashier.domain.states import State
from cashier.domain.transaction import Transaction
from cashier.simulator import Fault
from cashier.ui.models.history import Column
from cashier.ui.moments import Moments
from cashier.ui.screens.history import Door, HistoryScreen
from cashier.zones import zone_named
from tests.ui.counter_window import Cashier, cashier_at
from tests.ui.manager import Manager, manager_at


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
        assert "code\u00a001" in story.lines()[-1].detail
        manager.nothing_cut()
        QTest.keyClick(manager.table, Qt.Key.Key_Return)
        assert story.refund_button is not None
        assert story.refund_button.hasFocus()
        QTest.keyClick(story.copy_button, Qt.Key.Key_Space)
        assert QGuiApplication.clipboard().text() == manager.listed()[1].id
        assert story.copy_button.text() == "Copied"


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


def test_an_export_into_the_folder_of_a_ledger_writes_nothing_and_says_why(qtbot: QtBot, many: Path) -> None:
    account = next(many.rglob("ledger.db")).parent
    before = {one.name for one in account.iterdir()}
    with manager_at(qtbot, many) as manager:
        manager.screen.exporting.choose_file = lambda _parent, _name: str(account / "all.csv")
        QTest.keyClick(manager.bar.search.edit, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
        manager.until(manager.screen.banner.isVisible)
        assert "Nothing was exported." in manager.screen.banner.text()
        assert "where Cashier keeps its own files" in manager.screen.banner.text()
    assert not {name for name in {one.name for one in account.iterdir()} - before if "csv" in name or "part" in name}


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


def test_excel_is_offered_first_and_named_as_what_keeps_phones_ids_and_codes(
    qtbot: QtBot, many: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, str]] = []

    def choose(_parent: object, _title: str, place: str, kinds: str) -> tuple[str, str]:
        asked.append((Path(place).suffix, kinds))
        return str(tmp_path / "all"), kinds.split(";;")[len(asked) - 1]

    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)
    with manager_at(qtbot, many) as manager:
        manager.search("kitchen 1")
        for name, told in (("all.xlsx", False), ("all.csv", True)):
            manager.screen.export()
            manager.until((tmp_path / name).exists)
            manager.until(manager.screen.banner.isVisible)
            assert name in manager.screen.banner.text()
            assert ("Excel changes phones and codes in a CSV" in manager.screen.banner.text()) is told
    excel, csv_kind = asked[0][1].split(";;")
    assert asked[0][0] == ".xlsx"
    assert excel == "Excel, keeps phones, ids and codes (*.xlsx)"
    assert csv_kind == "CSV, for other programs (*.csv)"


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


def test_an_export_ends_with_the_program_and_leaves_nothing(qtbot: QtBot, many: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    with manager_at(qtbot, many) as manager:
        manager.screen.exporting.choose_file = lambda _parent, _name: str(folder / "out.xlsx")
        manager.screen.export()
        assert manager.screen.exporting.is_running()
        manager.cashier.window.end()
        assert list(folder.iterdir()) == []
