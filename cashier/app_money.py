"""The window's wiring of Pay out, Balance and payouts from a file: their screens, and the warning of a low balance."""

import logging
import os
from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject

from cashier.ui.open_payouts import OpenPayouts
from cashier.ui.unfinished_list import UnfinishedList

if TYPE_CHECKING:
    from cashier.counter import Opened
    from cashier.domain.reading import Reading
    from cashier.domain.transaction import Transaction
    from cashier.settings import Settings
    from cashier.till.payout_run import PayoutRuns
    from cashier.ui.bridge import Bridge
    from cashier.ui.screens.balance import BalanceScreen
    from cashier.ui.screens.payout import PayoutScreen
    from cashier.ui.screens.payout_file import PayoutFileScreen
    from cashier.ui.window import MainWindow

log = logging.getLogger(__name__)


class MoneyPart(QObject):
    """Makes the screens when they are first needed and tells them of the account that is open."""

    def __init__(
        self, main: "MainWindow", bridge: "Bridge", new_action: Callable[[], str], clock: Callable[[], float]
    ) -> None:
        super().__init__()
        self._main = main
        self._bridge = bridge
        self._new_action = new_action
        self._clock = clock
        self._warning = 0
        self._latest: Reading | None = None
        self._runs: PayoutRuns | None = None
        self.unfinished = UnfinishedList(main, bridge, self.open_list)
        self.open_payouts = OpenPayouts(bridge)
        self.open_payouts.changed.connect(main.show_payouts)
        main.add_screen("payout", self._make_payout, "payout", self.tr("Pay out"), "F2")
        main.add_screen("balance", self._make_balance, "balance", self.tr("Balance"), "F3")
        main.add_page("payout-file", self._make_payout_file, under="payout")
        bridge.read.connect(self._heard)

    @property
    def payout(self) -> "PayoutScreen":
        """The screen of payouts, made now if it is not there yet."""
        return cast("PayoutScreen", self._main.screen_named("payout"))

    def start_refund(self, payment: "Transaction") -> None:
        """Opens the screen of payouts with a refund of a paid payment, ready to be looked at."""
        self._main.show_screen("payout")
        self.payout.start_refund(payment)

    def opened(self, opened: "Opened") -> None:
        """An account is open: its list of payouts, and its last reading for the status line."""
        self._runs = opened.running.runs
        # At each start, whatever screen is shown: a list that ended by a kill gets its results.
        self.unfinished.follow(self._runs, self._not_loaded)
        if self._main.has_screen("payout-file"):
            self._payout_file.show_runs(self._runs)
        reader = opened.running.ledger.reader
        self._bridge.run(reader.latest_reading, self._heard)

    def open_list(self) -> None:
        """Shows the page of the list that has not ended, whatever page of its screen was left in front."""
        self._main.show_screen("payout-file")
        self._payout_file.show_unfinished()

    def _not_loaded(self, trouble: Exception) -> None:
        """The ledger cannot be read: the window says so elsewhere, and the list's own screen when it is opened."""
        log.warning("the list of payouts was not looked for: %s", trouble)

    def dress(self, settings: "Settings") -> None:
        """The warning as these settings say."""
        self._warning = settings.balance_warning
        if self._main.has_screen("balance"):
            cast("BalanceScreen", self._main.screen_named("balance")).set_warning(self._warning)
        self._show_low()

    def _heard(self, reading: "Reading | None") -> None:
        self._latest = reading
        self._show_low()

    def _show_low(self) -> None:
        words = ""
        if self._latest is not None and self._latest.balance < self._warning:
            from cashier.domain.money import format_amount

            words = self.tr("Balance low: %1").replace("%1", format_amount(self._latest.balance))
        self._main.status.show_right("balance", words)

    def _make_balance(self) -> "BalanceScreen":
        from cashier.ui.screens.balance import BalanceScreen

        made = BalanceScreen(self._bridge)
        made.set_warning(self._warning)
        return made

    @property
    def _payout_file(self) -> "PayoutFileScreen":
        return cast("PayoutFileScreen", self._main.screen_named("payout-file"))

    def _make_payout_file(self) -> "PayoutFileScreen":
        from cashier.ui.screens.payout_file import PayoutFileScreen

        made = PayoutFileScreen(self._bridge)
        if self._runs is not None:
            made.show_runs(self._runs)
        return made

    def _make_payout(self) -> "PayoutScreen":
        from cashier.ui.screens.payout import PayoutScreen

        made = PayoutScreen(self._bridge, self._new_action, clock=self._clock)
        made.unseen.connect(self._tell_unseen)
        made.set_file_door(lambda: self._main.show_screen("payout-file"))
        made.list_line.pressed.connect(self.open_list)
        made.list_line.show_list(self.unfinished.left)
        self.unfinished.changed.connect(made.list_line.show_list)
        return made

    def _tell_unseen(self, payout: "Transaction") -> None:
        """A payout ended while another screen is in front."""
        from cashier.domain.money import format_amount
        from cashier.domain.phone import show_phone
        from cashier.ui.widgets.notice_bar import Note
        from cashier.ui.words import words_for

        words = words_for(payout)
        subject = f"{words.word}: {format_amount(payout.amount)} · {show_phone(payout.phone)}"
        self._main.banner.put(Note(payout.id, words.tone, subject, words.line), at_once=True)


def new_action() -> str:
    """A name for one press of a button."""
    return os.urandom(16).hex()
