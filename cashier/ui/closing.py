"""Closing with open payments or payouts: the first try says what becomes of them, the second one closes."""

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

    def may_close(self, payments: int, payouts: int = 0) -> bool:
        """Whether this try is the second within AGAIN seconds, or nothing is open."""
        now = self._clock()
        if not payments + payouts or now - self._asked_at < AGAIN:
            return True
        self._asked_at = now
        title = ", ".join(part for part in (_payments(payments), open_payouts(payouts)) if part) + "."
        if payments + payouts == 1:
            words = QCoreApplication.translate(
                "Closing", "It is kept and asked about at the next start. Close again to end."
            )
        else:
            words = QCoreApplication.translate(
                "Closing", "They are kept and asked about at the next start. Close again to end."
            )
        self._banner.show_notice("wait", title, words)
        return False


def _payments(count: int) -> str:
    if count == 1:
        return QCoreApplication.translate("Closing", "1 open payment")
    return QCoreApplication.translate("Closing", "%1 open payments").replace("%1", str(count)) if count else ""


def open_payouts(count: int) -> str:
    """`2 open payouts`, or nothing where there is none."""
    if count == 1:
        return QCoreApplication.translate("Closing", "1 open payout")
    return QCoreApplication.translate("Closing", "%1 open payouts").replace("%1", str(count)) if count else ""
