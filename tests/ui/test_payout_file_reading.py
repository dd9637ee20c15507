"""While a file is read: how far it is, and Stop; several sheets are asked about; what is hidden is left out."""

import os
import threading
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from cashier.domain.payout_run import RunState
from cashier.ui.models.payout_rows import STATE
from tests.ui.list_manager import GOOD, manager_at
from tests.ui.seeing import assert_nothing_cut
from tests.unit.spreadsheets.books import HEADER, NAMES, book, by_hand, payout

ROW = ("0788 123 456", 1500, "Salary")


def test_reading_says_how_far_it_is_and_stops_at_once(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("phone,amount,reason\n" + "0788123456,1500,Salary\n" * 40_000)
    with manager_at(qtbot, tmp_path) as manager:
        screen, choose = manager.screen, manager.screen.choose
        shown: list[str] = []
        show = choose.show_percent

        def show_and_stop(percent: int) -> None:
            show(percent)
            shown.append(choose.button.text())
            if len(shown) == 2:
                manager.click(choose.stop_button)

        choose.show_percent = show_and_stop  # type: ignore[method-assign]  # the moment between two pieces
        choose.button.setFocus()
        screen.open_file(path)
        assert choose.button.text() == "Reading list.csv…"
        assert choose.stop_button.isVisible()
        assert choose.stop_button.hasFocus()
        manager.until(lambda: screen._reading is None)
        assert shown[0].startswith("Reading list.csv: ")
        assert choose.notice.text().startswith("The reading was stopped.")
        assert screen.page() is choose
        assert not choose.stop_button.isVisible()
        assert choose.button.isEnabled()
        assert choose.button.hasFocus()
        manager.open(*GOOD)
        assert screen.page() is screen.preview
        assert screen.preview.model.rowCount() == 3


def test_several_sheets_are_asked_about_and_one_is_read(qtbot: QtBot, tmp_path: Path) -> None:
    path = book(tmp_path / "list.xlsx", ("May", [HEADER, ROW]), ("June", [HEADER, ROW, ("0788 123 457", 700, "x")]))
    with manager_at(qtbot, tmp_path) as manager:
        screen, choose = manager.screen, manager.screen.choose
        screen.open_file(path)
        manager.until(lambda: screen._reading is None)
        assert screen.page() is choose
        assert "list.xlsx has several sheets." in choose.notice.text()
        assert [choose.sheets.item(place).text() for place in range(2)] == ["May", "June"]
        assert choose.sheets.hasFocus()
        assert_nothing_cut(choose)
        manager.click(choose.sheet_button)
        assert screen.page() is choose
        choose.sheets.setFocus()
        QTest.keyClick(choose.sheets, Qt.Key.Key_Down)
        QTest.keyClick(choose.sheets, Qt.Key.Key_Down)
        QTest.keyClick(choose.sheets, Qt.Key.Key_Return)
        manager.until(lambda: screen.page() is screen.preview)
        assert screen.preview.model.rowCount() == 2
        assert "Only the sheet June is read, not May." in screen.preview.advice.text()


def test_hidden_rows_are_marked_named_and_left_out(qtbot: QtBot, tmp_path: Path) -> None:
    rows = payout(2, ' hidden="1"') + payout(3) + payout(4, ' hidden="1"')
    with manager_at(qtbot, tmp_path) as manager:
        screen, preview = manager.screen, manager.screen.preview
        screen.open_file(by_hand(tmp_path / "list.xlsx", NAMES + rows))
        manager.until(lambda: screen.page() is preview)
        assert [preview.model.text(row, STATE) for row in range(3)] == [
            "Hidden in the file.",
            "",
            "Hidden in the file.",
        ]
        assert "Rows 2 and 4 are hidden." in preview.advice.text()
        assert "2 hidden rows are left out unless their count is typed." in preview.advice.text()
        assert preview.figures.text("rows") == "1 of 3 rows"
        assert preview.figures.text("total").startswith("1\u00a0500\u00a0RWF")
        manager.approve()
        assert screen.approval.count.text() == "1"
        manager.until_state(RunState.DONE)
        assert len(manager.sent()) == 1


def test_hidden_rows_are_paid_where_their_count_is_typed(qtbot: QtBot, tmp_path: Path) -> None:
    rows = payout(2, ' hidden="1"') + payout(3)
    with manager_at(qtbot, tmp_path) as manager:
        screen, preview, approval = manager.screen, manager.screen.preview, manager.screen.approval
        screen.open_file(by_hand(tmp_path / "list.xlsx", NAMES + rows))
        manager.until(lambda: screen.page() is preview)
        manager.click(preview.approve_button)
        assert approval.left_out.text() == "1 hidden row is left out"
        approval.name.set_text("Claudine")
        approval.hidden.set_text("2")
        manager.click(approval.send_button)
        assert approval.hidden.field.is_wrong()
        assert approval.count.text() == "1"
        approval.hidden.set_text(" 1 ")
        assert (approval.count.text(), approval.left_out.isVisible()) == ("2", False)
        assert approval.send_button.text() == "Approve and send 2 payouts"
        manager.click(approval.send_button)
        manager.until_state(RunState.DONE)
        assert len(manager.sent()) == 2


def test_a_list_of_hidden_rows_alone_needs_their_count(qtbot: QtBot, tmp_path: Path) -> None:
    with manager_at(qtbot, tmp_path) as manager:
        screen, preview, approval = manager.screen, manager.screen.preview, manager.screen.approval
        screen.open_file(by_hand(tmp_path / "list.xlsx", NAMES + payout(2, ' hidden="1"')))
        manager.until(lambda: screen.page() is preview)
        assert "1 hidden row is left out unless its count is typed." in preview.advice.text()
        manager.click(preview.approve_button)
        approval.name.set_text("Claudine")
        manager.click(approval.send_button)
        assert "the others are not paid" in approval.hidden.field.note()
        assert manager.sent() == {}


def test_a_pipe_is_refused_and_holds_no_worker(qtbot: QtBot, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "list.csv")
    with manager_at(qtbot, tmp_path) as manager:
        before = threading.active_count()
        manager.screen.open_file(tmp_path / "list.csv")
        manager.until(lambda: manager.screen._reading is None)
        assert "list.csv is a pipe, not a file." in manager.screen.choose.notice.text()
        assert threading.active_count() <= before + 1


def test_a_file_that_changed_is_said_and_what_was_shown_is_sent(qtbot: QtBot, tmp_path: Path) -> None:
    with manager_at(qtbot, tmp_path) as manager:
        manager.open(*GOOD)
        path = tmp_path / "may.csv"
        before = path.read_text(encoding="utf-8")
        path.write_text(before.replace("45 000", "95 000"), encoding="utf-8")
        manager.approve()
        approval = manager.screen.approval
        manager.until(lambda: "may.csv was changed after it was read here." in approval.notice.text())
        assert manager.sent() == {}
        assert approval.name.text() == "Claudine"
        assert approval.send_button.isEnabled()
        assert_nothing_cut(approval)
        manager.click(approval.send_button)
        manager.until_state(RunState.DONE)
        amounts = [row["fields"]["amount"] for row in manager.gateway.book()["requests"] if "amount" in row["fields"]]
        assert "45000" in {str(amount) for amount in amounts}
        assert "95000" not in {str(amount) for amount in amounts}


def test_a_file_that_is_gone_is_said_too(qtbot: QtBot, tmp_path: Path) -> None:
    with manager_at(qtbot, tmp_path) as manager:
        manager.open(*GOOD)
        (tmp_path / "may.csv").unlink()
        manager.approve()
        said = manager.screen.approval.notice
        manager.until(lambda: "may.csv is not there any more" in said.text())
        assert manager.sent() == {}
