"""Every time on the screen is on the shop's clock, whatever the PC's zone is."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from cashier.gateway.outcomes import Answer, Answered, Function, NotSent, NotSentReason
from cashier.till.clock import SystemClock
from cashier.till.health import Health, HealthBoard
from cashier.ui import shop_zone
from cashier.ui.moments import local_text, when_text
from cashier.ui.window import MainWindow
from tests.ui.counter_window import cashier_at

KIGALI = timezone(timedelta(hours=2))
NIGHT = datetime(2026, 11, 23, 22, 30, tzinfo=UTC)


@pytest.fixture(params=["UTC", "America/New_York"])
def elsewhere(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A PC whose clock is set for another place."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", request.param)
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("elsewhere")
def test_texts_and_the_status_line_are_on_the_shops_clock(qtbot: QtBot) -> None:
    window = MainWindow()
    qtbot.addWidget(window)
    window.take_zone(KIGALI)
    window.show_health(Health(gateway_down_since=NIGHT))
    assert window.status.item_text("gateway") == "Gateway down since 00:30"
    assert window.status._clock.text() == datetime.now(KIGALI).strftime("%H:%M")
    assert local_text(NIGHT, "d MMM HH:mm") == "24 Nov 00:30"
    assert when_text(NIGHT).endswith("24 November, 00:30")
    assert shop_zone.clock(NIGHT) == "00:30"


@pytest.mark.usefixtures("elsewhere")
def test_the_clock_is_the_shops_from_the_first_paint(qtbot: QtBot) -> None:
    window = MainWindow()
    qtbot.addWidget(window)
    before, shown, after = datetime.now(KIGALI), window.status._clock.text(), datetime.now(KIGALI)
    assert shown in (before.strftime("%H:%M"), after.strftime("%H:%M"))


def test_a_refused_connection_takes_no_time_that_could_be_shown(qtbot: QtBot) -> None:
    window = MainWindow()
    qtbot.addWidget(window)
    window.take_zone(KIGALI)
    board = HealthBoard(SystemClock())
    board.heard(Answered(Answer(Function.BALANCE, success=True, balance="5"), 200, 0.01))
    window.show_health(board.health)
    assert window.status.item_text("gateway") == "Gateway, 0.1 s"
    board.heard(NotSent(NotSentReason.REFUSED, "The gateway cannot be reached.", "", 0.0))
    window.show_health(board.health)
    assert window.status.item_text("gateway").startswith("No answer from the gateway since ")


def test_what_stops_a_shop_stands_first_whenever_it_came(qtbot: QtBot) -> None:
    window = MainWindow()
    qtbot.addWidget(window)
    window.show_health(Health(took=0.4))
    window.show_payouts(2, need_eyes=False)
    window.show_health(Health(took=0.4, payouts_locked=True))
    line = window.status
    places = [line._left_row.indexOf(line._items[name]) for name in ("gateway", "lock", "payouts", "callbacks")]
    assert places == [0, 1, 2, 3]


@pytest.mark.usefixtures("elsewhere")
def test_an_open_account_brings_the_zone_of_its_settings(qtbot: QtBot, tmp_path: Path) -> None:
    with cashier_at(qtbot, tmp_path) as cashier:
        cashier.until(lambda: shop_zone.clock(NIGHT) == "00:30")


def test_a_gateway_that_refuses_us_is_said_until_it_lets_us_in(qtbot: QtBot) -> None:
    window = MainWindow()
    qtbot.addWidget(window)
    board = HealthBoard(SystemClock())
    board.heard(Answered(Answer(Function.BALANCE, success=False, code="0005"), 401, 0.1))
    window.show_health(board.health)
    assert window.status.item_text("gateway") == "The gateway refused the password."
    board.heard(Answered(Answer(Function.BALANCE, success=True, balance="5"), 200, 0.3))
    window.show_health(board.health)
    assert window.status.item_text("gateway") == "Gateway, 0.3 s"
