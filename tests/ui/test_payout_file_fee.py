"""The withdrawal fee on the approve page of a list: ticked by choice, shown while it is sent, sent with each row."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from cashier.domain.payout_run import RunState
from tests.ui.list_manager import GOOD, manager_at


@pytest.mark.parametrize("fee", [True, False])
def test_a_list_with_the_fee_sends_it_with_each_row_and_says_so(qtbot: QtBot, tmp_path: Path, fee: bool) -> None:
    with manager_at(qtbot, tmp_path) as manager:
        manager.open(*GOOD)
        manager.click(manager.screen.preview.approve_button)
        approval = manager.screen.approval
        assert not approval.fee.isChecked()
        if fee:
            manager.click(approval.fee)
        approval.name.set_text("Claudine")
        manager.click(approval.send_button)
        manager.until_state(RunState.DONE)
        requests = [one["fields"] for one in manager.gateway.book()["requests"] if one["function"] == "requestdeposit"]
        assert [fields.get("withdrawcharge") == "1" for fields in requests] == [fee] * 3
        assert ("with the withdrawal fee" in manager.run.figures.text("sent")) is fee
        # The next list begins without it.
        manager.click(manager.run.another_button)
        manager.open("0788 555 001;1000;Salary", name="june.csv")
        manager.click(manager.screen.preview.approve_button)
        assert not approval.fee.isChecked()
