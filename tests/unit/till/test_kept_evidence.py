"""What a full disk could not take is kept in memory, and counts when it came."""

import pytest

from cashier.domain.states import State
from cashier.ledger.errors import DiskFull
from tests.fakes.gateway import unclear, unsent
from tests.unit.till.virtual_till import PHONE, VirtualTill

HOUR = 3600.0


def test_evidence_the_disk_could_not_take_is_kept_and_written_later(
    virtual: VirtualTill, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = virtual.till.charge(PHONE, 1500)
    settle = virtual.ledger.settle

    def full(*_: object) -> object:
        raise DiskFull("The disk is full: no sales.")

    monkeypatch.setattr(virtual.ledger, "settle", full)
    virtual.time.run(1)
    assert virtual.row(row.id).state is State.CREATED
    assert "full" in (virtual.health.health.ledger_trouble or "")
    monkeypatch.setattr(virtual.ledger, "settle", settle)
    virtual.time.run(2)
    assert virtual.row(row.id).state is State.PENDING
    assert virtual.health.health.ledger_trouble is None


def _fill_the_disk(virtual: VirtualTill, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> object:
        raise DiskFull("The disk is full: no sales.")

    monkeypatch.setattr(virtual.ledger, "settle", full)


def test_an_answer_kept_while_the_disk_was_full_counts_when_it_came(
    virtual: VirtualTill, monkeypatch: pytest.MonkeyPatch
) -> None:
    virtual.gateway.next_submission.append(unclear())
    row = virtual.till.charge(PHONE, 1500)
    virtual.time.run(1)
    settle = virtual.ledger.settle
    _fill_the_disk(virtual, monkeypatch)
    virtual.time.run(2)
    asked = virtual.gateway.asked(row.id)
    assert asked >= 1
    monkeypatch.setattr(virtual.gateway, "status", lambda **_: unsent())
    virtual.time.run(600)
    monkeypatch.setattr(virtual.ledger, "settle", settle)
    virtual.time.run(5)
    assert virtual.door._tallies[row.id].last < 10.0


def test_an_end_kept_while_the_disk_was_full_ends_the_asking(
    virtual: VirtualTill, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = virtual.till.charge(PHONE, 1500)
    virtual.time.run(1)
    virtual.gateway.end(row.id, "01")
    settle = virtual.ledger.settle
    _fill_the_disk(virtual, monkeypatch)
    virtual.time.run(1.5)
    monkeypatch.setattr(virtual.ledger, "settle", settle)
    monkeypatch.setattr(virtual.gateway, "status", lambda **_: unsent())
    virtual.time.run(10)
    assert virtual.row(row.id).state is State.SUCCESSFUL
    assert virtual.poller.watched() == []
