"""Somebody with a file of payouts, on the real window."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from cashier.domain.payout_run import RunState
from cashier.simulator import Fault
from cashier.ui.models.payout_rows import STATE
from cashier.ui.screens.payout_file import PayoutFileScreen
from tests.ui.counter_window import Cashier, cashier_at

GOOD = ("0788 123 456;45 000;Salary", "0733 555 201;38 000;Salary", "0722 410 998;12 500;Cleaning")


class Manager:
    """Somebody with a file."""

    def __init__(self, cashier: Cashier, folder: Path) -> None:
        self.cashier = cashier
        self.folder = folder
        self.until = cashier.until
        self.gateway = cashier.gateway
        cashier.window.main.show_screen("payout-file")
        self.screen = cast(PayoutFileScreen, cashier.window.main.screen_named("payout-file"))
        self.run = self.screen.run

    def open(self, *rows: str, name: str = "may.csv") -> None:
        path = self.folder / name
        path.write_text("Phone;Amount;Reason\n" + "\n".join(rows), encoding="utf-8")
        self.screen.open_file(path)
        self.until(lambda: self.screen._reading is None)

    def click(self, button: QAbstractButton) -> None:
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def approve(self, name: str = "Claudine") -> None:
        preview = self.screen.preview
        self.click(preview.approve_button if preview.approve_button.isVisible() else preview.good_only_button)
        self.screen.approval.name.set_text(name)
        self.click(self.screen.approval.send_button)

    def state(self) -> RunState | None:
        return None if self.run._progress is None else self.run._progress.state

    def until_state(self, state: RunState) -> None:
        self.until(lambda: self.state() is state)

    def states(self) -> list[str]:
        model = self.run.model
        return [model.text(row, STATE).split(",")[0] for row in range(model.rowCount())]

    def sent(self) -> Counter[str]:
        requests = self.gateway.book()["requests"]
        return Counter(one["fields"]["requesttransactionid"] for one in requests if one["function"] == "requestdeposit")

    def hold_the_first(self) -> None:
        """The first payout ends a second after it was sent, not sooner by its callback."""
        self.gateway.script(Fault(function="requestdeposit", stall=1.0))
        self.gateway.script(Fault(function="gettransactionstatus", times=3, stall=1.2))

    def settle(self) -> None:
        """Has the open payouts asked about until none is left."""
        till = self.cashier.window.bridge.till
        assert till is not None
        reader = till.ledger.reader
        self.until(lambda: not till.check([row.id for row in reader.open_rows()]))


@contextmanager
def manager_at(qtbot: QtBot, folder: Path) -> Iterator[Manager]:
    with cashier_at(qtbot, folder / "data") as cashier:
        cashier.until(lambda: cashier.window._settings._filled is not None)
        yield Manager(cashier, folder)
