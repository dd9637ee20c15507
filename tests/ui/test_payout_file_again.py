"""Rows that went out before: marked, left out, paid again only where their count is typed."""

from pathlib import Path

from pytestqt.qtbot import QtBot

from cashier.domain.payout_run import RunState
from cashier.ui.models.payout_rows import STATE
from tests.ui.list_manager import GOOD, manager_at


def test_a_corrected_list_pays_nobody_twice(qtbot: QtBot, tmp_path: Path) -> None:
    with manager_at(qtbot, tmp_path) as manager:
        bad, mended = "0788 123;9 000;Salary", "0788 555 444;9 000;Salary"
        manager.open(*GOOD[:2], bad)
        manager.approve()
        manager.until_state(RunState.DONE)
        manager.click(manager.run.another_button)
        manager.open(*GOOD[:2], mended)
        preview, approval = manager.screen.preview, manager.screen.approval
        marks = [preview.model.text(row, STATE) for row in range(3)]
        assert marks[0].startswith("Sent on ")
        assert marks[0].endswith(" as T1-000001.")
        assert marks[1].endswith(" as T1-000002.")
        assert marks[2] == ""
        assert preview.figures.text("again").startswith("2")
        assert preview.new_only_button.text() == "Only the new rows: 1"
        assert preview.new_only_button.hasFocus()
        assert not preview.approve_button.isVisible()
        manager.click(preview.new_only_button)
        assert approval.left_out.text() == "2 rows that went out before are left out"
        assert not approval.again.isVisible()
        approval.name.set_text("Claudine")
        manager.click(approval.send_button)
        manager.until_state(RunState.DONE)
        manager.until(lambda: len(manager.sent()) == 3)


def test_rows_are_paid_again_only_where_their_count_is_typed(qtbot: QtBot, tmp_path: Path) -> None:
    with manager_at(qtbot, tmp_path) as manager:
        manager.open(*GOOD)
        manager.approve()
        manager.until_state(RunState.DONE)
        manager.click(manager.run.another_button)
        manager.open(*reversed(GOOD), name="other.csv")
        preview, approval = manager.screen.preview, manager.screen.approval
        assert preview.advice.text().startswith("Every row that can be sent went out before")
        assert not preview.new_only_button.isVisible()
        assert preview.other_button.hasFocus()
        manager.click(preview.again_button)
        assert "3 of these rows went out before" in approval.seen.text()
        approval.name.set_text("Claudine")
        for typed in ("", "yes", "2", "30"):
            approval.again.set_text(typed)
            manager.click(approval.send_button)
            assert approval.again.field.is_wrong()
            assert manager.screen.page() is approval
        approval.again.set_text(" 3 ")
        manager.click(approval.send_button)
        manager.until(lambda: len(manager.sent()) == 6)
        manager.until_state(RunState.DONE)
