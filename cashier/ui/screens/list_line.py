"""The line on Pay out that names a list of payouts that has not ended, with the way to it."""

from PySide6.QtCore import QCoreApplication

from cashier.ui.unfinished_list import Left
from cashier.ui.widgets.notices import Notice


class ListLine(Notice):
    """Hidden where there is no such list. `pressed` asks for its page."""

    def __init__(self) -> None:
        super().__init__(QCoreApplication.translate("ListLine", "Open the list"))

    def show_list(self, left: Left | None) -> None:
        """The list as it stands now, or None."""
        if left is None:
            self.hide()
            return
        words = self.tr("A list of payouts is not finished: %1 of %2 rows are done.")
        if left.is_sending:
            words = self.tr("A list of payouts is being sent: %1 of %2 rows are done.")
        words = words.replace("%1", str(left.done)).replace("%2", str(left.rows))
        self.show_notice("idle" if left.is_sending else "review", words)
