"""A real till on its ledger: the daily backup beside sales, the start after a restore."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cashier.domain.states import State
from cashier.ledger.backup import Backup, back_up, daily, kept
from cashier.ledger.connections import FILE
from cashier.ledger.errors import PayoutsLocked
from cashier.ledger.identity import Account
from cashier.ledger.restore import restore
from cashier.simulator import Simulator
from cashier.till import backups
from tests.integration.running import LONG, Watcher, till_on

PHONE = "250788123456"


def test_the_daily_backup_is_made_beside_the_sales(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backups, "_FIRST", 0.0)
    folder = tmp_path / "x"
    made = threading.Event()

    def noting(folder: Path, now: datetime, go_on: Callable[[], bool]) -> Backup | None:
        backup = daily(folder, now, go_on)
        made.set()
        return backup

    with Simulator(speed=20) as gateway:
        monkeypatch.setattr("cashier.assembly.daily", noting)
        with till_on(gateway, folder) as running:
            row = running.till.charge(PHONE, 1500)
            assert made.wait(LONG)
            assert Watcher(running.till).wait_final(row.id).state is State.SUCCESSFUL
            assert len(kept(folder)) == 1
            assert running.health.health.backup_trouble is None


def test_after_a_restore_the_till_asks_says_so_and_pays_nothing_out(tmp_path: Path) -> None:
    folder = tmp_path / "x"
    with Simulator(speed=20) as gateway:
        with till_on(gateway, folder) as running:
            row = running.till.charge("250788000004", 1500)
            Watcher(running.till).wait_for(row.id, lambda row: row.state is State.PENDING)
            back_up(folder / FILE, tmp_path / "copy.db")
            gateway.settle_now(row.id)
            Watcher(running.till).wait_final(row.id)
            after = running.till.charge(PHONE, 700)
            Watcher(running.till).wait_final(after.id)
        restore(folder, tmp_path / "copy.db", Account("practice", gateway.accountno), datetime.now(UTC))
        with till_on(gateway, folder) as running:
            assert "Payouts are locked" in (running.health.health.ledger_notice or "")
            # What was open when the copy was taken is asked about and ends as the gateway says.
            assert Watcher(running.till).wait_final(row.id).state is State.FAILED
            with pytest.raises(PayoutsLocked):
                running.till.pay_out(PHONE, 500, "x")
            next_one = running.till.charge(PHONE, 800)
            assert next_one.number == "T1-000003"
            assert Watcher(running.till).wait_final(next_one.id).state is State.SUCCESSFUL
            assert running.ledger.sign("Anna", "compared")
            assert Watcher(running.till).wait_final(running.till.pay_out(PHONE, 500, "x").id).state is State.SUCCESSFUL
        paid_out = [one for one in gateway.book()["requests"] if one["function"] == "requestdeposit"]
        assert len(paid_out) == 1
