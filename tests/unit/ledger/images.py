"""Folders of ledgers as they are found after a crash, and what a test looks at in them."""

import hashlib
import shutil
from datetime import datetime
from pathlib import Path

from cashier.domain.states import Kind, State
from cashier.ledger.backup import back_up
from cashier.ledger.ledger import Ledger
from tests.unit.ledger.conftest import ACCOUNT, START, Clock
from tests.unit.ledger.test_ledger import begin, move


def filled(ledger: Ledger, rows: int = 12, first: int = 0) -> Ledger:
    """Payments in every state, and payouts between them."""
    for number in range(first, first + rows):
        kind = Kind.PAYOUT if number % 4 == 3 else Kind.PAYMENT
        begin(ledger, f"A{number}", kind=kind, reference=f"table {number}" if kind is Kind.PAYMENT else None)
        if number % 3:
            move(ledger, f"A{number}", State.PENDING, gateway_transaction_id=str(number), message="Waiting.")
        if number % 3 == 2:
            move(ledger, f"A{number}", State.SUCCESSFUL, response_code="01")
    return ledger


def saved_from(ledger: Ledger, clock: Clock, target: Path) -> Path:
    """A backup of the ledger, filled first, which then went on for an hour and was closed."""
    made = back_up(filled(ledger).file, target).file
    clock.step(hours=1)
    move(ledger, "A0", State.SUCCESSFUL)
    begin(ledger, "AFTER")
    ledger.close()
    return made


def open_at(folder: Path, now: datetime = START) -> Ledger:
    """The ledger of `folder`, opened on the caller's thread."""
    ledger = Ledger(folder, ACCOUNT, now=lambda: now, till_number=7, threaded=False)
    try:
        ledger.open()
    except BaseException:
        ledger.close()
        raise
    return ledger


def crashed(ledger: Ledger, to: Path) -> Path:
    """What is on the disk when the process of an open ledger is killed now."""
    shutil.copytree(ledger.file.parent, to)
    return to


def files(folder: Path) -> dict[str, str]:
    """Every file below `folder` by name, with a digest of its content. SQLite's lock file is nobody's data."""
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and not file.name.endswith("-shm")
    }
