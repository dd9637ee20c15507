"""Payouts from a file in the real window, on a real till and the practice gateway."""

import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from cashier.domain.payout_run import Counts, Progress, Run, RunState
from cashier.simulator import Fault
from cashier.ui.models.payout_rows import PHONE, STATE
from cashier.ui.screens.payout_file_run import RunPage
from tests.ui.list_manager import GOOD, manager_at
from tests.ui.seeing import assert_nothing_cut

BAD = ("0791 004 777;1,500;Transport", "078812345;8000;Guard", "0788 123 456;45000;Salary")


def test_a_good_file_is_previewed_approved_and_sent_once_each(qtbot: QtBot, tmp_path: Path) -> None:
    with manager_at(qtbot, tmp_path) as manager:
        manager.open(*GOOD)
        preview = manager.screen.preview
        assert manager.screen.page() is preview
        manager.until(lambda: "left" in preview.figures.text("balance"))
        assert preview.figures.text("rows") == "3 of 3 rows"
        assert preview.figures.text("total").startswith("95\u00a0500\u00a0RWF")
        assert preview.figures.text("balance") == "1\u00a0000\u00a0000\u00a0RWF 904\u00a0500\u00a0RWF left after it"
        assert not preview.good_only_button.isVisible()
        manager.click(preview.approve_button)
        approval = manager.screen.approval
        assert (approval.count.text(), approval.total.text()) == ("3", "95\u00a0500")
        assert approval.name.field.edit.hasFocus()
        for _ in range(50):
            manager.click(approval.send_button)
        assert approval.name.field.is_wrong()
        assert manager.sent() == {}
        approval.name.set_text("Claudine")
        for _ in range(50):
            manager.click(approval.send_button)
        manager.until_state(RunState.DONE)
        assert list(manager.sent().values()) == [1, 1, 1]
        manager.until(lambda: manager.states() == ["Sent", "Sent", "Sent"])
        manager.until(lambda: "may-results.csv, beside the file" in manager.run.notice.text())
        with (tmp_path / "may-results.csv").open(encoding="utf-8-sig", newline="") as file:
            assert [(row["row"], row["state"]) for row in csv.DictReader(file)] == [
                ("2", "successful"),
                ("3", "successful"),
                ("4", "successful"),
            ]
        assert manager.run.bar.share() == 1.0
        manager.click(manager.run.another_button)
        assert manager.screen.page() is manager.screen.choose


def test_bad_rows_are_marked_and_left_out_only_by_choice(qtbot: QtBot, tmp_path: Path) -> None:
    with manager_at(qtbot, tmp_path) as manager:
        manager.open(*GOOD, *BAD)
        preview = manager.screen.preview
        model = preview.model
        problems = [model.text(row, STATE) for row in range(model.rowCount())]
        assert problems[:3] == ["", "", ""]
        assert problems[5] == "The same as row 2: phone, amount and reason."
        grounds = [model.data(model.index(row, PHONE), Qt.ItemDataRole.BackgroundRole) for row in range(6)]
        assert [ground is not None for ground in grounds] == [False, False, False, True, True, True]
        assert not preview.approve_button.isVisible()
        assert preview.other_button.hasFocus()
        manager.click(preview.shown.button("bad"))
        assert model.rowCount() == 3
        manager.approve()
        assert manager.screen.approval.left_out.text() == "3 rows with errors are left out"
        manager.until_state(RunState.DONE)
        assert len(manager.sent()) == 3


def test_a_file_without_a_good_row_cannot_go_on(qtbot: QtBot, tmp_path: Path) -> None:
    with manager_at(qtbot, tmp_path) as manager:
        manager.open(*BAD[:2])
        preview = manager.screen.preview
        assert not preview.good_only_button.isVisible()
        assert not preview.approve_button.isVisible()
        assert preview.advice.text().startswith("No row can be sent.")


@pytest.mark.parametrize(
    ("text", "said"), [("", "may.csv is empty."), ("a;b\n1;2\n", "Row 1 names no column for the phone")]
)
def test_a_file_that_is_no_list_is_explained_and_loses_nothing(
    qtbot: QtBot, tmp_path: Path, text: str, said: str
) -> None:
    with manager_at(qtbot, tmp_path) as manager:
        path = tmp_path / "may.csv"
        path.write_text(text)
        manager.screen.open_file(path)
        manager.until(manager.screen.choose.notice.isVisible)
        assert said in manager.screen.choose.notice.text()
        assert manager.screen.choose.button.isEnabled()
        assert manager.screen.choose.button.hasFocus()


def test_a_dropped_file_is_opened(qtbot: QtBot, tmp_path: Path) -> None:
    with manager_at(qtbot, tmp_path) as manager:
        (tmp_path / "may.csv").write_text("phone,amount,reason\n0788123456,1500,x\n")
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(tmp_path / "may.csv"))])
        event = QDropEvent(
            QPointF(5, 5),
            Qt.DropAction.CopyAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
        manager.screen.choose.dropEvent(event)
        manager.until(lambda: manager.screen.page() is manager.screen.preview)


def test_it_stops_at_an_unknown_payout_and_goes_on_by_a_press(qtbot: QtBot, tmp_path: Path) -> None:
    with manager_at(qtbot, tmp_path) as manager:
        manager.gateway.script(Fault(function="requestdeposit", after=1, cut=True))
        manager.gateway.script(Fault(function="gettransactionstatus", times=99, cut=True))
        manager.open(*GOOD)
        manager.approve()
        manager.until_state(RunState.STOPPED)
        assert "It is not known yet whether T1-000002 went out." in manager.run.notice.text()
        manager.until(lambda: manager.states() == ["Sent", "Not known yet", "To go"])
        manager.click(manager.run.go_button)
        manager.until(lambda: "is not settled yet" in manager.run.notice.text())
        assert len(manager.sent()) == 2
        manager.gateway.clear_script()
        manager.settle()
        manager.until(lambda: "T1-000002 is settled now: it was sent." in manager.run.notice.text())
        assert len(manager.sent()) == 2
        manager.click(manager.run.go_button)
        manager.until_state(RunState.DONE)
        assert list(manager.sent().values()) == [1, 1, 1]


def test_a_pause_and_the_end_by_hand(qtbot: QtBot, tmp_path: Path) -> None:
    with manager_at(qtbot, tmp_path) as manager:
        manager.hold_the_first()
        manager.open(*GOOD)
        manager.approve()
        manager.until(lambda: manager.run.pause_button.isVisible() and len(manager.sent()) == 1)
        manager.run.pause_button.setFocus()
        QTest.keyClick(manager.run.pause_button, Qt.Key.Key_Return)
        manager.until(lambda: not manager.run.pause_button.isVisible())
        # A second Enter, meant for Pause, must not go on.
        assert not manager.run.go_button.hasFocus()
        manager.until_state(RunState.PAUSED)
        manager.until(lambda: manager.states() == ["Sent", "To go", "To go"])
        manager.click(manager.run.end_button)
        manager.click(manager.run.end_now)
        assert manager.run.name.field.is_wrong()
        assert manager.state() is RunState.PAUSED
        manager.run.name.set_text("Eric")
        manager.click(manager.run.end_now)
        manager.until_state(RunState.DONE)
        assert manager.run.notice.text().startswith("Eric ended the list at ")
        manager.until(lambda: manager.states()[1:] == ["Left out: The list was ended before this row."] * 2)
        assert len(manager.sent()) == 1


def test_a_list_left_by_an_earlier_run_is_shown_and_not_sent_by_itself(qtbot: QtBot, tmp_path: Path) -> None:
    with manager_at(qtbot, tmp_path) as manager:
        manager.hold_the_first()
        manager.open(*GOOD)
        manager.approve()
        manager.until(lambda: len(manager.sent()) == 1)
        manager.run.pause.emit()
        manager.until_state(RunState.PAUSED)
    with manager_at(qtbot, tmp_path) as manager:
        manager.until(lambda: manager.screen.page() is manager.run)
        assert "The list was interrupted. Nothing more is sent until you press Go on." in manager.run.notice.text()
        manager.until(lambda: manager.states() == ["Sent", "To go", "To go"])
        assert manager.sent() == {}
        manager.click(manager.run.go_button)
        manager.until_state(RunState.DONE)
        assert len(manager.sent()) == 2


def test_results_go_where_a_person_says(qtbot: QtBot, tmp_path: Path) -> None:
    with manager_at(qtbot, tmp_path) as manager:
        manager.open(*GOOD)
        manager.approve()
        manager.until_state(RunState.DONE)
        manager.until(lambda: "beside the file" in manager.run.notice.text())
        (tmp_path / "else").mkdir()
        manager.run.save.emit(tmp_path / "else" / "mine.csv")
        manager.until(lambda: "The results are in mine.csv." in manager.run.notice.text())
        manager.run.save.emit(tmp_path / "nowhere" / "mine.csv")
        manager.until(manager.run.trouble.isVisible)
        assert "could not be written as mine.csv: No such file or directory." in manager.run.trouble.text()


def test_ten_thousand_rows_stay_quick(qtbot: QtBot, tmp_path: Path) -> None:
    with manager_at(qtbot, tmp_path) as manager:
        rows = [f"078{number:07d};{1000 + number};Salary {number}" for number in range(10_000)]
        rows[7_000] = "0788;1;x"
        stalls: list[float] = []
        _watch_stalls(qtbot, stalls)
        manager.open(*rows)
        preview = manager.screen.preview
        assert preview.model.rowCount() == 10_000
        assert preview.figures.text("bad").startswith("1 ")
        preview.table.scrollToBottom()
        qtbot.wait(1)
        manager.click(preview.shown.button("bad"))
        assert preview.model.text(0, 0) == "7002"
        assert max(stalls) < 1.0  # 0.1 s here; a file read on this thread would hold it for the whole second


def test_a_row_closed_by_hand_is_shown_as_closed_and_not_as_being_checked(qtbot: QtBot) -> None:
    at = datetime(2026, 11, 26, 8, tzinfo=UTC)
    run = Run("RUN", at, "may.csv", "Claudine", 3, 3000, at, "Eric")
    page = RunPage()
    qtbot.addWidget(page)
    page.show_progress(Progress(run, RunState.DONE, Counts(1, 0, 1, 0, 0, 1000, closed=1)))
    assert page.figures.text("open") == "0 1 closed by hand"
    page.show_progress(Progress(run, RunState.DONE, Counts(1, 0, 0, 1, 0, 1000, closed=1)))
    assert page.figures.text("open") == "1 being checked, 1 closed by hand"


def _watch_stalls(qtbot: QtBot, stalls: list[float]) -> None:
    import time

    from PySide6.QtCore import QTimer

    timer = QTimer(qtbot._request.getfixturevalue("qapp"))
    last = [time.monotonic()]

    def beat() -> None:
        now = time.monotonic()
        stalls.append(now - last[0])
        last[0] = now

    timer.timeout.connect(beat)
    timer.start(5)


@pytest.mark.parametrize("size", [(1366, 768), (1024, 600), (960, 560)])
def test_nothing_is_cut_off(qtbot: QtBot, tmp_path: Path, size: tuple[int, int]) -> None:
    with manager_at(qtbot, tmp_path) as manager:
        manager.cashier.window.main.resize(*size)
        qtbot.wait(1)
        assert_nothing_cut(manager.screen)
        manager.open(*GOOD, *BAD)
        manager.until(lambda: "left" in manager.screen.preview.figures.text("balance"))
        qtbot.wait(1)
        assert_nothing_cut(manager.screen)
        manager.gateway.script(Fault(function="requestdeposit", after=1, cut=True))
        manager.gateway.script(Fault(function="gettransactionstatus", times=99, cut=True))
        manager.approve()
        manager.until_state(RunState.STOPPED)
        qtbot.wait(1)
        assert_nothing_cut(manager.screen)
        manager.click(manager.run.end_button)
        qtbot.wait(1)
        assert_nothing_cut(manager.screen)
        manager.run.name.set_text("Eric")
        manager.click(manager.run.end_now)
        manager.until_state(RunState.DONE)
        manager.gateway.clear_script()
        manager.settle()
        manager.click(manager.run.another_button)
        manager.open(*GOOD)
        manager.click(manager.screen.preview.approve_button)
        qtbot.wait(1)
        assert_nothing_cut(manager.screen)
