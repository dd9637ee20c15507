"""Balance in the real window: read, kept, drawn, warned about, refused; and the words of its agreement."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from cashier.domain.reading import Agreement, Doubtful, Reading
from cashier.domain.states import Kind
from cashier.ledger import readings
from cashier.settings import Settings
from cashier.simulator import Fault
from cashier.till.till import Till
from cashier.ui import theme
from cashier.ui.screens.balance import BalanceScreen
from cashier.ui.screens.balance_words import agreement_words, has_fraction
from cashier.ui.widgets.readings_chart import ReadingsChart, amount_marks, time_marks
from tests.ui.counter_window import Cashier, cashier_at
from tests.ui.seeing import assert_nothing_cut

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@contextmanager
def owner_at(qtbot: QtBot, folder: Path) -> Iterator[tuple[Cashier, BalanceScreen]]:
    """Somebody who pressed F3 in practice; the balance is not read yet."""
    with cashier_at(qtbot, folder) as cashier:
        cashier.until(lambda: cashier.window._settings._filled is not None)
        cashier.gateway.script(Fault(function="getbalance", stall=0.2))
        cashier.press(Qt.Key.Key_F3)
        yield cashier, cast(BalanceScreen, cashier.window.main.screen_named("balance"))


def till_of(cashier: Cashier) -> Till:
    till = cashier.window.bridge.till
    assert till is not None
    return till


def keep(till: Till, at: datetime, balance: int) -> Reading:
    return till.ledger.write(
        lambda pen: readings.add(
            pen.connection, at=at, balance=balance, text=f"{balance}.0", why="asked", transaction_id=None
        )
    )


def test_opening_reads_and_nothing_waits(qtbot: QtBot, tmp_path: Path) -> None:
    with owner_at(qtbot, tmp_path) as (cashier, screen):
        cashier.until(lambda: screen.refresh.text() == "Asking…")
        assert "From the second on" in screen.no_chart.text()
        assert screen.when.text() == "Asking the gateway…"
        cashier.until(screen.amount.isVisible)
        assert screen.amount.text() == "1\u00a0000\u00a0000"
        assert screen.when.text().startswith("Read ")
        assert not screen.as_written.isVisible()
        assert screen.no_chart.text().startswith("One reading so far.")
        assert screen.chart() is None
        latest = till_of(cashier).ledger.reader.latest_reading()
        assert latest is not None
        assert latest.balance == 1_000_000


@pytest.mark.parametrize("modifier", [Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier])
def test_r_reads_again_and_what_this_till_moved_stands_beside(
    qtbot: QtBot, tmp_path: Path, modifier: Qt.KeyboardModifier
) -> None:
    with owner_at(qtbot, tmp_path) as (cashier, screen):
        cashier.until(screen.amount.isVisible)
        row = till_of(cashier).pay_out("250788123456", 6_000, "x")
        cashier.until(lambda: any(one.transaction.id == row.id and one.became_final for one in cashier.changes))
        cashier.gateway.script(Fault(function="getbalance", fields={"balance": "993500.75"}))
        cashier.press(Qt.Key.Key_R, modifier)
        cashier.until(screen.as_written.isVisible)
        assert screen.amount.text() == "993\u00a0500"
        assert screen.as_written.text() == "The gateway wrote 993500.75; shown rounded down."
        assert screen.moved.text() == (
            "Through this till: in 0, out 6\u00a0000, net −6\u00a0000. The balance changed by −6\u00a0500\u00a0RWF."
        )
        assert screen.verdict.text() == "500\u00a0RWF are not explained: fees, or another till on this account."
        chart = screen.chart()
        assert chart is not None
        assert chart.isVisible()


def test_ten_presses_ask_once(qtbot: QtBot, tmp_path: Path) -> None:
    with owner_at(qtbot, tmp_path) as (cashier, screen):
        for _ in range(10):
            QTest.mouseClick(screen.refresh, Qt.MouseButton.LeftButton)
        cashier.until(screen.amount.isVisible)
        cashier.until(lambda: screen.refresh.text() == "Read now")
        asked = [one for one in cashier.gateway.book()["requests"] if one["function"] == "getbalance"]
        assert len(asked) <= 2


def test_a_refusal_is_said_and_the_last_reading_stays(qtbot: QtBot, tmp_path: Path) -> None:
    with owner_at(qtbot, tmp_path) as (cashier, screen):
        cashier.until(screen.amount.isVisible)
        when = screen.when.text()
        cashier.gateway.script(Fault(function="getbalance", code="0005"))
        cashier.press(Qt.Key.Key_R)
        cashier.until(screen.notice.isVisible)
        assert screen.notice.text().startswith("The gateway refused the password.")
        assert screen.notice.text().endswith("Code 0005")
        assert (screen.amount.text(), screen.when.text()) == ("1\u00a0000\u00a0000", when)
        assert screen.refresh.hasFocus()
        cashier.press(Qt.Key.Key_R)
        cashier.until(lambda: not screen.notice.isVisible())


def test_an_unreachable_gateway_is_said(qtbot: QtBot, tmp_path: Path) -> None:
    with owner_at(qtbot, tmp_path) as (cashier, screen):
        cashier.until(screen.amount.isVisible)
        cashier.gateway.script(Fault(function="getbalance", cut=True))
        cashier.press(Qt.Key.Key_R)
        cashier.until(screen.notice.isVisible)
        assert "Try again in a moment." in screen.notice.text()


def test_a_low_balance_is_said_here_and_in_the_status_line(qtbot: QtBot, tmp_path: Path) -> None:
    with owner_at(qtbot, tmp_path) as (cashier, screen):
        cashier.until(screen.amount.isVisible)
        status = cashier.window.main.status
        assert not screen.low.isVisible()
        cashier.window.money.dress(replace(Settings("practice"), balance_warning=1_000_001))
        assert screen.low.text() == (
            "The balance is under 1\u00a0000\u00a0001\u00a0RWF. Payouts may be refused. Top up the account."
        )
        assert status._right["balance"].text() == "Balance low: 1\u00a0000\u00a0000\u00a0RWF"
        assert status._right["balance"].isVisible()
        cashier.window.money.dress(Settings("practice"))
        assert not screen.low.isVisible()
        assert not status._right["balance"].isVisible()


def test_the_warning_is_a_setting(qtbot: QtBot, tmp_path: Path) -> None:
    with owner_at(qtbot, tmp_path) as (cashier, screen):
        cashier.until(screen.amount.isVisible)
        settings = cashier.window.settings
        cashier.window.main.show_screen("settings")
        settings.show_page("limits")
        row = settings.limits.balance_warning
        for bad in ("1,500", "abc"):
            row.set_text(bad)
            settings.save_button.click()
            assert row.field.is_wrong()
        row.set_text("2 000 000")
        settings.save_button.click()
        cashier.until(lambda: "balance" in cashier.window.main.status._right)
        assert settings.limits.read(Settings("practice")).balance_warning == 2_000_000
        row.set_text("")
        assert settings.limits.read(Settings("practice")).balance_warning == 0


@pytest.mark.parametrize("size", [(1366, 768), (1024, 600), (960, 560)])
def test_nothing_is_cut_off(qtbot: QtBot, tmp_path: Path, size: tuple[int, int]) -> None:
    with owner_at(qtbot, tmp_path) as (cashier, screen):
        cashier.window.main.resize(*size)
        cashier.until(screen.amount.isVisible)
        for hours in (50, 30):
            keep(till_of(cashier), datetime.now(UTC) - timedelta(hours=hours), 100_000_000 + hours)
        cashier.window.money.dress(replace(Settings("practice"), balance_warning=2_000_000))
        cashier.gateway.script(Fault(function="getbalance", fields={"balance": "1000000.75"}))
        cashier.press(Qt.Key.Key_R)
        cashier.until(lambda: screen.as_written.isVisible() and screen.chart() is not None)
        qtbot.wait(1)
        assert_nothing_cut(screen)


@pytest.mark.parametrize(
    ("text", "has"), [("806300.0", False), ("806300", False), ("806300.75", True), ("-3.000", False), ("5.050", True)]
)
def test_a_fraction_is_seen_in_the_text(text: str, has: bool) -> None:
    assert has_fraction(text) is has


LATE = (Doubtful("T7-000012", Kind.PAYMENT, 1_500), Doubtful("T7-000013", Kind.PAYOUT, 900))


def agreed(change: int, *, payouts: tuple[str, ...] = (), payments: int = 0, **more: Any) -> Agreement:
    before = Reading(1, NOW, 100_000, "", "asked")
    after = Reading(2, NOW, 100_000 + change, "", "asked")
    return Agreement(before, after, 45_000, 6_000, payouts, payments, **more)


@pytest.mark.parametrize(
    ("found", "verdict", "unsettled"),
    [
        (agreed(39_000), "It agrees with this till.", ""),
        (agreed(38_500), "500\u00a0RWF are not explained: fees, or another till on this account.", ""),
        (agreed(39_001), "1\u00a0RWF more than this till took: another till, or a top-up of this account.", ""),
        (
            agreed(39_000, payouts=("A", "B", "C", "D"), payments=1),
            "It agrees with this till.",
            "Not settled at the reading: payout A, B, C and 1 more. One payment was not settled."
            " That money may be in the balance already, or not yet.",
        ),
        (
            agreed(39_000, payments=2),
            "It agrees with this till.",
            "2 payments were not settled. That money may be in the balance already, or not yet.",
        ),
        (agreed(39_000, late=LATE, by_hand=LATE), "It agrees with this till.", ""),
        (
            agreed(38_400, late=LATE),
            "600\u00a0RWF are not explained: what is named here, fees, or another till on this account.",
            "Not settled at the earlier reading: payment T7-000012 (1\u00a0500\u00a0RWF), payout T7-000013"
            " (900\u00a0RWF). That money may have moved before it.",
        ),
        (
            agreed(40_500, by_hand=LATE[:1], payments=1),
            "1\u00a0500\u00a0RWF more than this till took: what is named here, another till, or a top-up of this"
            " account.",
            "Closed by hand, not counted: payment T7-000012 (1\u00a0500\u00a0RWF). One payment was not settled."
            " That money may be in the balance already, or not yet.",
        ),
        (
            agreed(0, late=LATE * 2),
            "39\u00a0000\u00a0RWF are not explained: what is named here, fees, or another till on this account.",
            "Not settled at the earlier reading: payment T7-000012 (1\u00a0500\u00a0RWF), payout T7-000013"
            " (900\u00a0RWF), payment T7-000012 (1\u00a0500\u00a0RWF) and 1 more. That money may have moved before it.",
        ),
    ],
)
def test_the_words_of_the_agreement(found: Agreement, verdict: str, unsettled: str) -> None:
    words = agreement_words(found)
    assert words.moved.startswith("Through this till: in 45\u00a0000, out 6\u00a0000, net +39\u00a0000. The balance ")
    assert (words.verdict, words.unsettled) == (verdict, unsettled)


@pytest.mark.parametrize(("low", "high"), [(0, 0), (5, 5), (412_000, 986_500), (-700, 900), (0, 2_000_000_000)])
def test_amounts_are_marked_round_and_few(low: int, high: int) -> None:
    marks = amount_marks(low, high)
    assert marks[0] <= low
    assert marks[-1] >= high
    assert 2 <= len(marks) <= 8
    steps = {late - early for early, late in pairwise(marks)}
    assert len(steps) == 1
    assert str(steps.pop()).rstrip("0") in ("1", "2", "5")


@pytest.mark.parametrize("minutes", [1, 7, 90, 1440, 7 * 1440, 30 * 1440])
def test_times_are_marked_round_and_few(minutes: int) -> None:
    first = NOW.astimezone() + timedelta(seconds=17)
    marks = time_marks(first, first + timedelta(minutes=minutes))
    assert len(marks) <= 7
    assert all(mark.second == 0 and first <= mark for mark in marks)


@pytest.mark.parametrize("name", ["light", "dark"])
def test_the_chart_wears_the_theme(qtbot: QtBot, look: theme.Look, name: theme.Name) -> None:
    chart = ReadingsChart()
    qtbot.addWidget(chart)
    chart.resize(600, 300)
    chart.show_readings([Reading(1, NOW, 400_000, "", "asked"), Reading(2, NOW + timedelta(hours=5), 1_000, "", "x")])
    chart.show()
    app = qtbot._request.getfixturevalue("qapp")
    theme.apply(app, name)
    drawn = chart.grab().toImage()
    assert drawn.pixelColor(2, 2) == theme.current().color("surface")
    colors = {drawn.pixelColor(x, y).name() for x in range(0, 600, 2) for y in range(300)}
    assert theme.current().color("accent").name() in colors
    assert chart.amount_labels()[-1] == "400\u00a0000"
    left = {drawn.pixelColor(x, y).name() for x in range(60) for y in range(300)}
    assert theme.current().color("muted").name() in left
    assert len(chart.time_labels()) >= 4
    assert "400\u00a0000\u00a0RWF" in chart.accessibleName()
    theme.apply(app, "light")
