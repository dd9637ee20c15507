"""A commit that SQLite reports as failed, and that is there all the same."""

import sqlite3
from pathlib import Path

import pytest

from cashier.domain.states import State
from cashier.ledger.errors import AlreadyBegun, LedgerError
from cashier.ledger.ledger import Ledger
from tests.unit.till.virtual_till import PHONE, VirtualTill


def test_its_row_is_asked_about_and_never_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    till = VirtualTill(tmp_path).start()
    real = Ledger.create

    def create(self: Ledger, *arguments: object, **more: object) -> object:
        real(self, *arguments, **more)  # type: ignore[arg-type]  # handed on as it came
        raise LedgerError("The disk reports an error.") from sqlite3.OperationalError("disk I/O error")

    with monkeypatch.context() as patch:
        patch.setattr(Ledger, "create", create)
        with pytest.raises(LedgerError):
            till.till.charge(PHONE, 1500, action_id="press")
    (row,) = till.ledger.reader.open_rows()
    assert row.state is State.CREATED
    with pytest.raises(AlreadyBegun):
        till.till.charge(PHONE, 1500, action_id="press")
    assert till.row(row.id).state is State.UNKNOWN
    till.time.run(30)
    assert till.gateway.sent() == []
    assert any("status" in str(call) for call in till.gateway.calls)
    till.ledger.close()


def test_a_second_press_while_the_first_is_on_its_way_changes_nothing(tmp_path: Path) -> None:
    till = VirtualTill(tmp_path).start()
    row = till.till.charge(PHONE, 1500, action_id="press")
    with pytest.raises(AlreadyBegun):
        till.till.charge(PHONE, 1500, action_id="press")
    assert till.row(row.id).state is State.CREATED
    till.ledger.close()
