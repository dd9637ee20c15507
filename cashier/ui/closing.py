"""Closing with open payments: the first try says what becomes of them, the second one closes."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication

from cashier.ui.widgets.notices import Banner

AGAIN = 10.0


class Closing:
    """Says it in the window's banner. `clock` counts seconds."""

    def __init__(self, banner: Banner, clock: Callable[[], float]) -> None:
        self._banner = banner
        self._clock = clock
        self._asked_at = float("-inf")

    def may_close(self, still_open: int) -> bool:
        """Whether this try is the second within AGAIN seconds, or nothing is open."""
        now = self._clock()
        if not still_open or now - self._asked_at < AGAIN:
            return True
        self._asked_at = now
        if still_open == 1:
            title = QCoreApplication.translate("Closing", "1 open payment.")
            words = QCoreApplication.translate(
                "Closing", "It is kept and asked about at the next start. Close again to end."
            )
        else:
            title = QCoreApplication.translate("Closing", "%1 open payments.").replace("%1", str(still_open))
            words = QCoreApplication.translate(
                "Closing", "They are kept and asked about at the next start. Close again to end."
            )
        self._banner.show_notice("unknown", title, words)
        return False
