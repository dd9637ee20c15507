"""Closing with open payments or payouts: the first try says what becomes of them, the second one closes."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication

from cashier.ui.unfinished_list import Left
from cashier.ui.widgets.notice_bar import Note, NoticeBar

AGAIN = 10.0


class Closing:
    """Says it in the window's banner. `clock` counts seconds."""

    def __init__(self, banner: NoticeBar, clock: Callable[[], float]) -> None:
        self._banner = banner
        self._clock = clock
        self._asked_at = float("-inf")

    def may_close(self, payments: int, payouts: int = 0, left: Left | None = None) -> bool:
        """Whether this try is the second within AGAIN seconds, or nothing is open.

        `left` is a list of payouts that has not ended, being sent or not.
        """
        now = self._clock()
        if not (payments + payouts or left) or now - self._asked_at < AGAIN:
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
        if left is not None:
            title = " ".join(part for part in (_list_of(left), title if payments + payouts else "") if part)
            words = QCoreApplication.translate("Closing", "It is kept and named at the next start. Close again to end.")
        if left is not None and left.is_sending:
            title = _list_of(left)
            words = QCoreApplication.translate(
                "Closing", "It stops here and goes on when you press Go on after the next start. Close again to end."
            )
        self._banner.put(Note("closing", "wait", title, words), at_once=True)
        return False


def _list_of(left: Left) -> str:
    text = QCoreApplication.translate("Closing", "A list of payouts is not finished: %1 of %2.")
    if left.is_sending:
        text = QCoreApplication.translate("Closing", "A list of payouts is being sent: %1 of %2.")
    return text.replace("%1", str(left.done)).replace("%2", str(left.rows))


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
