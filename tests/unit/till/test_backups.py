"""The daily backup of a running till, on virtual time: when, on what lane, and what is said when it fails."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path

from cashier.ledger.backup import Backup, BackupStopped, daily, kept
from cashier.ledger.errors import DiskFull
from cashier.till.backups import DailyBackups, MakeBackup
from tests.unit.till.virtual_till import PHONE, VirtualTill

_HOUR = 3600.0


def said(till: VirtualTill) -> str | None:
    return till.health.health.backup_trouble


def started(till: VirtualTill, make: MakeBackup) -> DailyBackups:
    backups = DailyBackups(make, till.health, clock=till.time, scheduler=till.time, lane=till.time)
    backups.start()
    return backups


def test_one_a_day_of_what_was_sold(tmp_path: Path) -> None:
    till = VirtualTill(tmp_path).start()
    started(till, partial(daily, tmp_path))
    till.till.charge(PHONE, 1500)
    till.time.run(30)
    assert kept(tmp_path) == []
    till.time.run(60)
    assert len(kept(tmp_path)) == 1
    till.time.run(3 * 24 * _HOUR)
    assert len(kept(tmp_path)) == 4
    assert said(till) is None
    till.ledger.close()


def test_a_failure_is_said_and_tried_again_within_the_hour(tmp_path: Path) -> None:
    till = VirtualTill(tmp_path).start()
    troubles = [DiskFull("The disk is full.")]

    def make(now: datetime, go_on: Callable[[], bool]) -> Backup | None:
        if troubles:
            raise troubles.pop()
        return daily(tmp_path, now, go_on)

    started(till, make)
    till.time.run(100)
    assert said(till) == "Today's backup failed. The disk is full."
    till.time.run(_HOUR)
    assert said(till) is None
    assert len(kept(tmp_path)) == 1
    till.ledger.close()


def test_the_end_of_the_program_gives_it_up_without_a_word(tmp_path: Path) -> None:
    till = VirtualTill(tmp_path).start()
    asked = []

    def make(_now: datetime, go_on: Callable[[], bool]) -> Backup | None:
        asked.append(go_on())
        backups.stop()
        asked.append(go_on())
        raise BackupStopped("The backup was given up.")

    backups = started(till, make)
    till.time.run(100)
    assert asked == [True, False]
    assert said(till) is None
    till.ledger.close()
