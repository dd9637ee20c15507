"""Writes build/screens/<screen>-<state>-<theme>-<width>-<lang>.png from the real window on the practice gateway."""

import os
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtWidgets import QApplication

from cashier.credentials import Known, Name
from cashier.domain.states import Kind, State
from cashier.domain.transaction import NewTransaction
from cashier.ledger.ledger import Account, Ledger
from cashier.settings import Settings
from cashier.simulator import Fault, Simulator
from cashier.ui import theme
from tests.screens.charge_states import advice_states, frame_states, question_states
from tests.screens.history_states import history_empty, history_states, long_history
from tests.screens.money import balance_states, payout_file_states
from tests.screens.payout_states import payout_states
from tests.screens.studio import Studio
from tests.ui.test_closed import live_shop

SIZES = ((1366, 768), (1024, 600))
THEMES: tuple[theme.Choice, ...] = ("light", "dark")


def charge_states(studio: Studio) -> None:
    charge = studio.window.charge
    studio.shoot("charge", "empty")
    studio.type("0788123456", "12500")
    studio.shoot("charge", "typed")
    studio.form.clear()
    studio.sell("0788000004", "27000")
    studio.sell("0733555201", "4800")
    studio.gateway.script(Fault(function="gettransactionstatus", times=60, take=False))
    studio.gateway.script(Fault(function="requestpayment", cut=True))
    studio.sell("0791004777", "1500")
    studio.until(studio.state(State.UNKNOWN))
    charge.list.choose(next(row.id for row in charge._rows.values() if row.state is State.UNKNOWN))
    studio.type("0788123456", "12500")
    studio.shoot("charge", "open")
    studio.form.clear()
    studio.shoot("charge", "unknown")
    studio.gateway.clear_script()
    studio.clear()
    studio.sell("0788123456", "12500")
    studio.gateway.settle_now(next(iter(charge._rows)))
    studio.until(charge.results.covers)
    studio.shoot("charge", "paid")
    studio.clear()
    studio.sell("0788000002", "12500")
    studio.until(charge.results.covers)
    studio.shoot("charge", "notpaid")
    studio.type("0788123456", "12500")
    studio.shoot("charge", "band")
    studio.clear()
    late_states(studio)
    for number in range(12):
        studio.sell(f"07880001{number:02d}", f"{1000 + number * 700}")
    studio.shoot("charge", "twelve")
    studio.clear()
    studio.gateway.script(Fault(function="requestpayment", times=3, stall=30.0))
    studio.sell("0788000004", "700")
    studio.type("0788000004", "900")
    studio._hand += 1.0
    studio.form.keypad.charge.emit()
    studio.until(lambda: charge.charging.question is not None)
    studio.shoot("charge", "question")
    panel = charge.charging.question
    if panel is not None:
        panel.answered.emit(0)
    studio.form.clear()
    studio.gateway.clear_script()
    studio.sell("0788000008", "990")
    held = next(row.id for row in charge._rows.values() if row.amount == 990)
    studio.gateway.script(Fault(function="gettransactionstatus", id=held, fields={"amount": 9900}))
    studio.until(lambda: charge._rows[held].is_under_review and charge.results.covers())
    studio.shoot("charge", "review")
    closing_states(studio, held)


def late_states(studio: Studio) -> None:
    """One that was hidden, then paid: over the column, in the band and on its card."""
    charge = studio.window.charge
    for amount in ("4800", "5000"):
        studio.sell("0788000008", amount)
        studio.until(lambda: all(row.accepted for row in charge._rows.values()))
        studio.form.clear()
        if amount == "4800":
            charge.list.hide_it.emit(next(iter(charge._rows)))
            studio.until(lambda: not charge._rows)
            studio.shoot("charge", "hidden")
            charge.list.bring_back.emit()
            studio.until(lambda: bool(charge._rows))
            studio.clear()
    late = next(iter(charge._rows))
    charge.list.hide_it.emit(late)
    studio.until(lambda: late not in charge._rows)
    studio.type("0788123456", "12500")
    studio.gateway.settle_now(late)
    studio.until(lambda: charge.results.has(late))
    studio.shoot("charge", "late-band")
    studio.form.clear()
    charge.results.show_first()
    studio.until(charge.results.covers)
    studio.shoot("charge", "late")
    studio.clear()


def closing_states(studio: Studio, id: str) -> None:
    """The row under review is closed by hand, and paid after it."""
    charge = studio.window.charge
    charge.results.dismiss()
    charge.list.choose(id)
    charge.list.close_it.emit(id)
    panel = charge.closing.panel
    till = studio.window.bridge.till
    if panel is None or till is None:
        raise RuntimeError("nothing to close by hand")
    panel.verdict.chip(False).click()
    panel.name.set_text("Aline")
    panel.close_button.click()
    studio.shoot("charge", "closing")
    panel.note.set_text("Not on the statement of 23 November.")
    panel.close_button.click()
    studio.until(lambda: charge.closing.panel is None)
    ours = {"amount": 990, "mobilephone": "250788000008"}
    studio.gateway.script(Fault(function="gettransactionstatus", id=id, times=9, fields=ours))
    studio.gateway.settle_now(id)
    till.check([id])
    alarms = studio.window.alarms
    studio.until(lambda: alarms is not None and alarms.are_shown())
    while charge.results.waiting():
        charge.results.dismiss()
    studio.shoot("charge", "alarm")
    if alarms is not None:
        alarms.bar.open_button.click()
        alarms.bar.seen_button.click()
    studio.shoot("charge", "alarm-seen")
    if alarms is not None:
        alarms.bar.name.set_text("Aline")
        alarms.bar.seen_button.click()
        studio.until(lambda: not alarms.are_shown())


def settings_states(studio: Studio) -> None:
    main, screen = studio.window.main, studio.window.settings
    main.show_screen("settings")
    for page in ("account", "callbacks", "limits", "look"):
        screen.show_page(page)
        studio.shoot("settings", page)
    screen.show_page("account")
    slow = timedelta(hours=3, minutes=2)
    with Simulator(now=lambda: datetime.now(UTC) + slow, username="kimironko12", accountno="SBX00000045") as ahead:
        shown = Settings("sandbox", ahead.url, "kimironko12", "SBX00000045")
        screen.fill(shown, Known(passwords=frozenset({"sandbox"})))
        studio.window._counter._secrets.set(Name.PARTNER_PASSWORD, "sandbox-SBX00000045", "x")
        screen.account.test.emit()
        studio.until(screen.notice.isVisible)
        studio.until(lambda: screen.account.button.isEnabled())
    studio.shoot("settings", "refused")


def closed_states(app: QApplication, folder: Path, look: theme.Choice, size: tuple[int, int]) -> None:
    """No password yet: what Charge and Settings say."""
    with Simulator() as gateway:
        live_shop(folder, gateway)
        studio = Studio(app, folder, gateway, look, size, practise=False)
        studio.until(lambda: "Nobody asks" in studio.window.charge.list.said_of_none())
        studio.window.settings.account.password.set_text("ends with a blank ")
        studio.shoot("settings", "no-password")
        studio.window.settings.show_page("callbacks")
        studio.window.settings._save_or_ask(Settings("practice"), 3)
        studio.shoot("settings", "left-open")
        studio.window.settings._answered(Settings("practice"), 0)
        studio.window.main.show_screen("charge")
        studio.shoot("charge", "closed")
        studio.end()


def interrupted(folder: Path, accountno: str) -> None:
    """What a power cut leaves: a row that was being sent."""
    ledger = Ledger(folder / f"practice-{accountno}", Account("practice", accountno), now=lambda: datetime.now(UTC))
    ledger.open()
    new = NewTransaction("01INTERRUPTED", Kind.PAYMENT, "250788123456", 12_500)
    ledger.create(new, not_while_open=False, not_same_since=None)
    ledger.close()


def main() -> int:
    Path("build/screens").mkdir(parents=True, exist_ok=True)
    app = QApplication(sys.argv[:1])
    for look in THEMES:
        for size in SIZES:
            theme.apply(app, look)
            with tempfile.TemporaryDirectory() as folder, Simulator(speed=1.0) as gateway:
                studio = Studio(app, Path(folder) / "a", gateway, look, size)
                charge_states(studio)
                advice_states(studio)
                question_states(studio)
                frame_states(studio)
                payout_states(studio)
                settings_states(studio)
                studio.end()
                (Path(folder) / "b").mkdir()
                interrupted(Path(folder) / "b", gateway.accountno)
                studio = Studio(app, Path(folder) / "b", gateway, look, size)
                studio.shoot("charge", "interrupted")
                studio.end()
                (Path(folder) / "c").mkdir()
                studio = Studio(app, Path(folder) / "c", gateway, look, size)
                history_empty(studio)
                balance_states(studio)
                payout_file_states(studio, Path(folder))
                studio.end()
                with long_history(gateway.accountno) as data:
                    studio = Studio(app, data, gateway, look, size)
                    history_states(studio)
                    studio.end()
                (Path(folder) / "d").mkdir()
                closed_states(app, Path(folder) / "d", look, size)
    return 0


if __name__ == "__main__":
    sys.exit(main())
