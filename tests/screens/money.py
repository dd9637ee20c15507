"""The states of Balance and of payouts from a file."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, cast

from openpyxl import load_workbook

from cashier.domain.payout_run import RunState
from cashier.domain.states import Kind
from cashier.ledger import readings
from cashier.settings import Settings
from cashier.simulator import Fault
from cashier.ui.screens.balance import BalanceScreen
from cashier.ui.screens.payout_file import PayoutFileScreen
from tests.unit.spreadsheets.books import book

if TYPE_CHECKING:
    from tests.screens.studio import Studio

ROWS = (
    ("0788 123 456", "45 000", "Salary, November"),
    ("0733 555 201", "38 000", "Salary, November"),
    ("0788 000 002", "52 000", "Salary, November"),
    ("0791 004 777", "1,500", "Transport"),
    ("0722 410 998", "12 500", "Cleaning, week 47"),
    ("078812345", "8 000", "Cleaning, week 47"),
    ("0788 600 314", "27 000", "Delivery"),
    ("0788 123 456", "45 000", "Salary, November"),
    ("0788 214 871", "", "Delivery"),
    ("2.50788E+11", "9 000", "Guard"),
    ("0788 611 020", "9 000", "Guard"),
    ("0788 900 145", "15 000", "Repairs"),
)


def balance_states(studio: "Studio") -> None:
    main, till = studio.window.main, studio.window.bridge.till
    assert till is not None
    studio.gateway.script(Fault(function="getbalance", times=9, stall=1.5, cut=True))
    main.show_screen("balance")
    screen = cast(BalanceScreen, main.screen_named("balance"))
    studio.until(lambda: screen.refresh.text() == "Asking…")
    studio.shoot("balance", "empty")
    studio.until(screen.notice.isVisible)
    studio.gateway.clear_script()
    _earlier_readings(studio)
    screen.read()
    studio.until(lambda: screen.chart() is not None and not screen.notice.isVisible())
    studio.gateway.script(Fault(function="getbalance", fields={"balance": "986500.75"}))
    screen.read()
    studio.until(screen.as_written.isVisible)
    studio.shoot("balance", "read")
    studio.window.money.dress(replace(Settings("practice"), balance_warning=1_200_000))
    studio.shoot("balance", "low")
    studio.window.money.dress(Settings("practice"))
    studio.gateway.script(Fault(function="getbalance", code="0005"))
    screen.read()
    studio.until(screen.notice.isVisible)
    studio.shoot("balance", "refused")


def _earlier_readings(studio: "Studio") -> None:
    """What a week of a shop leaves."""
    till = studio.window.bridge.till
    assert till is not None
    now = datetime.now(UTC)
    for hours, amount in ((150, 412_000), (122, 655_300), (101, 590_000), (76, 802_450), (50, 911_900), (27, 874_200)):
        at = now - timedelta(hours=hours)
        till.ledger.write(
            lambda pen, at=at, amount=amount: readings.add(  # type: ignore[misc]  # bound here
                pen.connection, at=at, balance=amount, text=f"{amount}.0", why="asked", transaction_id=None
            )
        )


def payout_file_states(studio: "Studio", folder: Path) -> None:
    main = studio.window.main
    main.show_screen("payout-file")
    screen = cast(PayoutFileScreen, main.screen_named("payout-file"))
    studio.shoot("payoutfile", "choose")
    screen.choose.show_busy("salaries november.csv")
    screen.choose.show_percent(42)
    studio.shoot("payoutfile", "reading")
    screen.choose.show_busy("")
    _with_sheets_and_hidden_rows(studio, screen, folder)
    path = folder / "salaries november.csv"
    path.write_text("Phone;Amount;Reason\n" + "\n".join(";".join(row) for row in ROWS), encoding="utf-8")
    screen.open_file(path)
    studio.until(lambda: screen.page() is screen.preview and "left" in screen.preview.figures.text("balance"))
    studio.shoot("payoutfile", "preview")
    screen.preview.approve.emit(False)
    studio.shoot("payoutfile", "approve")
    studio.gateway.script(Fault(function="requestdeposit", after=2, stall=1.5))
    screen.approval.name.set_text("Claudine")
    screen.approval.send_button.click()
    studio.until(lambda: screen.page() is screen.run and _counts(screen, lambda sent, open: sent + open >= 2))
    studio.until(lambda: screen.run.model.rowCount() > 0)
    studio.shoot("payoutfile", "running")
    studio.gateway.script(Fault(function="gettransactionstatus", times=40, take=False))
    studio.gateway.script(Fault(function="requestdeposit", cut=True))
    studio.until(lambda: _state(screen) is RunState.STOPPED)
    studio.shoot("payoutfile", "stopped")
    studio.gateway.clear_script()
    rows = studio.window.bridge.till
    assert rows is not None
    studio.until(lambda: _settled(studio))
    screen.run.go_button.click()
    studio.until(lambda: _state(screen) is RunState.DONE and "results" in screen.run.notice.text())
    studio.shoot("payoutfile", "done")
    screen.run.another.emit()
    screen.open_file(path)
    studio.until(lambda: screen.page() is screen.preview and "left" in screen.preview.figures.text("balance"))
    studio.shoot("payoutfile", "paidbefore")
    screen.preview.approve.emit(True)
    studio.shoot("payoutfile", "again")


def _with_sheets_and_hidden_rows(studio: "Studio", screen: PayoutFileScreen, folder: Path) -> None:
    header = ("Phone", "Amount", "Reason")
    path = folder / "salaries.xlsx"
    hidden = book(path, ("October", [header]), ("November", [header, *ROWS, (*ROWS[0][:2], "Left in October")]))
    seen = load_workbook(hidden)
    seen["October"].sheet_state = "hidden"
    seen["November"].row_dimensions[3].hidden = True
    seen.save(path)
    screen.open_file(path)
    studio.until(lambda: screen.choose.sheets.count() > 0)
    studio.shoot("payoutfile", "sheets")
    screen.open_file(path, "November")
    studio.until(lambda: screen.page() is screen.preview and "left" in screen.preview.figures.text("balance"))
    studio.shoot("payoutfile", "hidden")
    screen.preview.other.emit()
    screen.choose.notice.hide()


def _counts(screen: PayoutFileScreen, fits: Callable[[int, int], bool]) -> bool:
    progress = screen.run._progress
    return progress is not None and fits(progress.counts.sent, progress.counts.open)


def _state(screen: PayoutFileScreen) -> RunState | None:
    progress = screen.run._progress
    return None if progress is None else progress.state


def _settled(studio: "Studio") -> bool:
    """Asks until no payout is open."""
    till = studio.window.bridge.till
    assert till is not None
    rows = [row.id for row in till.ledger.reader.open_rows() if row.kind is Kind.PAYOUT]
    till.check(rows)
    return not rows
