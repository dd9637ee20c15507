"""History after a restore, and over the change from one ledger to another: only rows that exist, each as it is here."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from pytestqt.qtbot import QtBot

from cashier.domain.states import Kind
from cashier.domain.transaction import NewTransaction
from cashier.ledger.backup import back_up
from cashier.ledger.ledger import Account, Ledger
from cashier.ledger.restore import restore
from cashier.ui.bridge import Bridge, Purpose
from cashier.ui.models.history import HistoryModel
from cashier.ui.moments import Moments
from cashier.ui.screens.history_feed import HistoryFeed
from tests.ui.manager import manager_at
from tests.unit.till.virtual_till import VirtualTill

ACCOUNT = Account("practice", "250160000011")


def now() -> datetime:
    return datetime.now(UTC)


def begin(ledger: Ledger, *amounts: int) -> None:
    for amount in amounts:
        new = NewTransaction(f"01ID{amount}", Kind.PAYMENT, "250788000004", amount)
        ledger.create(new, not_while_open=False, not_same_since=None)


def restored(data: Path, tmp_path: Path) -> None:
    """A ledger brought back to three payments, over one that had five."""
    ledger = Ledger(data / "practice-250160000011", ACCOUNT, now=now)
    ledger.open()
    begin(ledger, 100, 200, 300)
    copy = back_up(ledger.file, tmp_path / "copy.db").file
    begin(ledger, 400, 500)
    ledger.close()
    restore(ledger.file.parent, copy, ACCOUNT, now())


def test_what_a_restore_took_away_is_not_listed(qtbot: QtBot, tmp_path: Path) -> None:
    restored(tmp_path / "d", tmp_path)
    with manager_at(qtbot, tmp_path / "d") as manager:
        assert [row.amount for row in manager.listed()] == [300, 200, 100]
        till = manager.cashier.window.bridge.till
        assert till is not None
        manager.cashier.window.bridge.run(partial(till.charge, "250788123456", 4321), purpose=Purpose.COMMIT)
        manager.until(lambda: manager.model.rowCount() == 4)
        assert [row.number for row in manager.listed()] == ["T1-000006", "T1-000003", "T1-000002", "T1-000001"]
        assert manager.bar.search.count.text() == "4 transactions"
        manager.search("0788")
        manager.search("")
        assert [row.amount for row in manager.listed()] == [4321, 300, 200, 100]
        manager.table.choose(1)
        manager.until(lambda: manager.screen.story.number.text() == "T1-000003")


class HeldBridge(Bridge):
    """Does what is asked of it when the test says so, so that an answer can come after another ledger was opened."""

    def __init__(self) -> None:
        super().__init__()
        self.held: list[Callable[[], None]] = []

    def run(
        self,
        work: Callable[[], Any],
        done: Callable[[Any], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
        purpose: Purpose = Purpose.READ,
    ) -> None:
        def do() -> None:
            result = work()
            if done is not None:
                done(result)

        self.held.append(do)

    def let_go(self) -> None:
        while self.held:
            self.held.pop(0)()


def test_rows_of_the_ledger_before_never_stand_in_the_list_of_the_one_opened_since(
    qtbot: QtBot, tmp_path: Path
) -> None:
    """What was asked of the ledger before and answered later is not a row of this one, however often it changed."""
    before, after = VirtualTill(tmp_path / "before").start(), VirtualTill(tmp_path / "after").start()
    for number in range(100):
        before.till.charge(f"2507881234{number:02d}", 100)
        before.time.run()
    after.till.charge("250733123456", 777)
    bridge = HeldBridge()
    model = HistoryModel(Moments(UTC))
    feed = HistoryFeed(bridge, model)
    bridge.attach(before.till)
    feed.open()
    bridge.let_go()
    assert model.rowCount() == 100
    model.wanted.emit([1])  # the eye is on its first row: asked for, not yet answered
    late = bridge.held.pop()
    bridge.attach(after.till)
    feed.open()
    assert model.rowCount() == 0
    bridge.let_go()
    late()
    row = model.transaction(0)
    assert row is not None
    assert (model.rowCount(), row.amount) == (1, 777)
    feed.close()
    before.ledger.close()
    after.ledger.close()
