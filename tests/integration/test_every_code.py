"""Each code over the real socket into the real ledger; the whole table: tests/unit/gateway/test_every_answer.py."""

from itertools import cycle
from pathlib import Path

import pytest

from cashier.domain.states import Kind, State
from cashier.simulator import Fault, Simulator
from tests.integration.running import Watcher, till_on
from tests.unit.gateway.test_every_answer import HTTP, codes, directly

FUNCTIONS = {Kind.PAYMENT: "requestpayment", Kind.PAYOUT: "requestdeposit"}


@pytest.mark.parametrize("kind", list(Kind))
def test_every_code_of_a_direct_answer_into_the_ledger(tmp_path: Path, kind: Kind) -> None:
    listed = sorted({code for code, _ in codes(kind)})
    with Simulator() as gateway, till_on(gateway, tmp_path / "x", callbacks=False) as running:
        watcher = Watcher(running.till)
        for number, (code, http) in enumerate(zip(listed, cycle(HTTP), strict=False)):
            phone = f"2507881234{number:02d}"
            gateway.script(Fault(function=FUNCTIONS[kind], phone=phone, code=code, status=http))
            if kind is Kind.PAYMENT:
                row = running.till.charge(phone, 1500)
            else:
                row = running.till.pay_out(phone, 1500, "test")
            after = watcher.wait_for(row.id, lambda one: one.state is not State.CREATED)
            expected = directly(kind, code, code in ("1000", "01", "2001"))
            assert (after.state, after.review) == (expected.state, expected.review), (code, http)
        assert running.ledger.reader.verify().ok
