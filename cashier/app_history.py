"""The window's wiring of History: its zone, and the doors to what can be done with a transaction."""

from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import tzinfo

    from cashier.domain.transaction import Transaction
    from cashier.ui.bridge import Bridge
    from cashier.ui.screens.history import HistoryScreen
    from cashier.ui.window import MainWindow


class HistoryPart:
    """Makes the screen when it is first needed: nothing of it is imported before."""

    def __init__(self, main: "MainWindow", bridge: "Bridge", refund: "Callable[[Transaction], None]") -> None:
        """`refund` begins giving back a paid payment."""
        self._main = main
        self._refund = refund
        self._bridge = bridge
        self._zone: tzinfo | None = None

    @property
    def screen(self) -> "HistoryScreen":
        """The screen, made now if it is not there yet."""
        return cast("HistoryScreen", self._main.screen_named("history"))

    @staticmethod
    def warm() -> None:
        """Loads what the screen is made of, so that F4 does not wait for it. On a worker, once sales can be made."""
        import cashier.ui.screens.history  # noqa: F401  # for its being loaded

    def make_screen(self) -> "HistoryScreen":
        """The screen in the zone of the account that is open."""
        from datetime import UTC

        from cashier.ui.moments import Moments
        from cashier.ui.screens.history import HistoryScreen

        return HistoryScreen(self._bridge, Moments(self._zone or UTC), refund=self._refund)

    def stop(self) -> None:
        """Ends what runs for the screen, if there is one."""
        if self._main.has_screen("history"):
            self.screen.stop()

    def take_zone(self, zone: "tzinfo") -> None:
        """The shop's zone, as the settings say."""
        self._zone = zone
        if self._main.has_screen("history"):
            from cashier.ui.moments import Moments

            self.screen.show_moments(Moments(zone))
