"""The whole window on small screens: nothing is cut off, whatever stands in it."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from cashier.domain.money import format_amount
from tests.ui.counter_window import cashier_at
from tests.ui.seeing import assert_nothing_cut, cut_off

# 1366×768, 1024×600, and the first at 150 %.
SIZES = [(1366, 768), (1024, 600), (911, 512)]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("still_open", [0, 1, 12])
def test_charge_with_a_result_above_a_typed_form(
    qtbot: QtBot, tmp_path: Path, size: tuple[int, int], still_open: int
) -> None:
    with cashier_at(qtbot, tmp_path / "d", speed=0.2) as cashier:
        main = cashier.window.main
        main.setMinimumSize(1, 1)
        main.resize(*size)
        for number in range(still_open):
            cashier.sell(f"07310000{number:02}", str(1000 + number))
            cashier.rest(1.0)
        cashier.sell("0788000002", "2000000")
        cashier.until(cashier.charge.results.covers)
        assert_nothing_cut(main)
        row = cashier.charge.results.waiting()[0]
        cashier.fill("0788123456", "999999")
        cashier.charge.results.add(row)  # one that comes while somebody types
        assert cashier.charge.results.band.isVisible()
        assert format_amount(2_000_000) in cashier.charge.results.band.accessibleName()
        cashier.until(lambda: not cut_off(main))
