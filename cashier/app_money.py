"""The window's wiring of Balance and of payouts from a file: their screens, and the warning of a low balance."""

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject

if TYPE_CHECKING:
    from cashier.counter import Opened
    from cashier.domain.reading import Reading
    from cashier.settings import Settings
    from cashier.till.payout_run import PayoutRuns
    from cashier.ui.bridge import Bridge
    from cashier.ui.screens.balance import BalanceScreen
    from cashier.ui.screens.payout_file import PayoutFileScreen
    from cashier.ui.window import MainWindow


class MoneyPart(QObject):
    """Makes both screens when they are first needed and tells them of the account that is open."""

    def __init__(self, main: "MainWindow", bridge: "Bridge") -> None:
        super().__init__()
        self._main = main
        self._bridge = bridge
        self._warning = 0
        self._latest: Reading | None = None
        self._runs: PayoutRuns | None = None
        main.add_screen("balance", self._make_balance, "balance", self.tr("Balance"), "F3")
        main.add_page("payout-file", self._make_payout_file, under="payout")
        bridge.read.connect(self._heard)

    def opened(self, opened: "Opened") -> None:
        """An account is open: its list of payouts, and its last reading for the status line."""
        self._runs = opened.running.runs
        if self._main.has_screen("payout-file"):
            self._payout_file.show_runs(self._runs)
        reader = opened.running.ledger.reader
        self._bridge.run(reader.latest_reading, self._heard)

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
