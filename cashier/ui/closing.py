"""Closing with open payments or payouts: the first try says what becomes of them, the second one closes."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication

from cashier.ui.widgets.notice_bar import Note, NoticeBar

AGAIN = 10.0


class Closing:
    """Says it in the window's banner. `clock` counts seconds."""

    def __init__(self, banner: NoticeBar, clock: Callable[[], float]) -> None:
        self._banner = banner
        self._clock = clock
        self._asked_at = float("-inf")

    def may_close(self, payments: int, payouts: int = 0, sending: tuple[int, int] | None = None) -> bool:
        """Whether this try is the second within AGAIN seconds, or nothing is open.

        `sending` is how many rows of how many a list of payouts has begun, where one is being sent.
        """
        now = self._clock()
        if not (payments + payouts or sending) or now - self._asked_at < AGAIN:
            return True
        self._asked_at = now
        title = ", ".join(part for part in (open_payments(payments), open_payouts(payouts)) if part) + "."
        if payments + payouts == 1:
            words = QCoreApplication.translate(
                "Closing", "It is kept and asked about at the next start. Close again to end."
            )
        else:
            words = QCoreApplication.translate(
                "Closing", "They are kept and asked about at the next start. Close again to end."
            )
        if sending is not None:
            title = _list_of(*sending)
            words = QCoreApplication.translate(
                "Closing", "It stops here and goes on when you press Go on after the next start. Close again to end."
            )
        self._banner.put(Note("closing", "wait", title, words), at_once=True)
        return False


def _list_of(begun: int, rows: int) -> str:
    text = QCoreApplication.translate("Closing", "A list of payouts is being sent: %1 of %2.")
    return text.replace("%1", str(begun)).replace("%2", str(rows))


def open_payments(count: int) -> str:
    """`2 open payments`, or nothing where there is none."""
    if count == 1:
        return QCoreApplication.translate("Closing", "1 open payment")
    return QCoreApplication.translate("Closing", "%1 open payments").replace("%1", str(count)) if count else ""


def open_payouts(count: int) -> str:
    """`2 open payouts`, or nothing where there is none."""
    if count == 1:
        return QCoreApplication.translate("Closing", "1 open payout")
    return QCoreApplication.translate("Closing", "%1 open payouts").replace("%1", str(count)) if count else ""
