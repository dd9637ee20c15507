"""Balance (F3): what is on the account, when that was read, how it changed, and whether this till explains it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from cashier.domain.money import format_amount
from cashier.domain.reading import Agreement, Reading
from cashier.ui import theme
from cashier.ui.bridge import Bridge, Purpose
from cashier.ui.moments import when_text
from cashier.ui.screens.balance_words import agreement_words, has_fraction
from cashier.ui.widgets.base import Panel, empty_margins, follow, label
from cashier.ui.widgets.buttons import PrimaryButton
from cashier.ui.widgets.money_label import MoneyLabel
from cashier.ui.widgets.notices import Notice

if TYPE_CHECKING:
    from cashier.till.till import Till
    from cashier.ui.widgets.readings_chart import ReadingsChart

SHOWN = timedelta(days=30)
MOST_SHOWN = 500
# Opening the screen reads again where the last reading is older.
FRESH = timedelta(minutes=5)


@dataclass(frozen=True)
class _Known:
    """What the ledger knows, read by a worker."""

    latest: Reading | None
    agreement: Agreement | None
    readings: list[Reading]


class BalanceScreen(QWidget):
    """Reads on a worker and draws what the ledger keeps."""

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._bridge = bridge
        self._warning = 0
        self._latest: Reading | None = None
        self._loaded = False
        self._asking = False
        self._chart: ReadingsChart | None = None
        self.amount = MoneyLabel(64, 30)
        self.when = label("", "hint", wrap=True)
        self.as_written = label("", "small", wrap=True)
        self.notice = Notice()
        self.low = Notice()
        self.refresh = PrimaryButton(self.tr("Read now"), icon="refresh", key="R", size="medium")
        self.moved = label("", wrap=True)
        self.verdict = label("", "word", wrap=True)
        self.unsettled = label("", "label", wrap=True)
        self.no_chart = label("", "hint", wrap=True)
        self._lay_out()
        self._connect()
        self._show(_Known(None, None, []))
        self._opened()

    def set_warning(self, amount: int) -> None:
        """Warns under this many RWF; 0 never does."""
        self._warning = amount
        self._show_low()

    def read(self) -> None:
        """Asks the gateway, unless it is being asked."""
        till = self._bridge.till
        if till is None or self._asking:
            return
        self._show_asking(True)
        self._bridge.run(till.read_balance, self._read, self._not_kept, Purpose.CALL)

    def chart(self) -> "ReadingsChart | None":
        """The chart, once there is something to draw."""
        return self._chart

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._read_if_old()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        empty_margins(head, 12)
        head.addWidget(label(self.tr("Balance"), "title"), 1)
        head.addWidget(self.refresh)
        account = Panel(spacing=4)
        account.body.addWidget(label(self.tr("On the account"), "label"))
        account.body.addWidget(self.amount)
        account.body.addWidget(self.when)
        account.body.addWidget(self.as_written)
        account.body.addStretch(1)
        since = Panel(spacing=8)
        since.body.addWidget(label(self.tr("Since the reading before"), "label"))
        for part in (self.moved, self.verdict, self.unsettled):
            since.body.addWidget(part)
        since.body.addStretch(1)
        self._top = QHBoxLayout()
        empty_margins(self._top, 16)
        self._top.addWidget(account, 1)
        self._top.addWidget(since, 1)
        drawn = Panel(spacing=8)
        drawn.body.addWidget(label(self.tr("The last 30 days, RWF"), "label"))
        drawn.body.addWidget(self.no_chart)
        self._drawn = drawn.body
        self._spacer = QWidget()
        drawn.body.addWidget(self._spacer, 1)
        self._column = QVBoxLayout(self)
        self._column.addLayout(head)
        self._column.addWidget(self.notice)
        self._column.addWidget(self.low)
        self._column.addLayout(self._top)
        self._column.addWidget(drawn, 1)
        follow(self._adapt)

    def _adapt(self) -> None:
        sizes = theme.metrics()
        self._column.setContentsMargins(sizes.gap, sizes.gap, sizes.gap, sizes.gap)
        self._column.setSpacing(12 if sizes.compact else 16)
        self.amount.set_sizes(sizes.headline, 20 if sizes.compact else 30)

    def _connect(self) -> None:
        self.refresh.clicked.connect(self.read)
        self.setFocusProxy(self.refresh)
        for keys in ("R", "Ctrl+R"):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(self.read)
        self._bridge.opened.connect(self._opened)
        self._bridge.read.connect(self._load)

    def _opened(self, _rows: object = None) -> None:
        """A till was attached, perhaps another account's."""
        self._latest, self._loaded = None, False
        self.notice.hide()
        self._load()

    def _load(self, _reading: object = None) -> None:
        till = self._bridge.till
        if till is not None:
            self._bridge.run(lambda: _known(till), self._show_loaded, self._not_loaded)

    def _show_loaded(self, known: _Known) -> None:
        self._loaded = True
        self._show(known)
        self._read_if_old()

    def _read_if_old(self) -> None:
        if not self._loaded or not self.isVisible() or self.notice.isVisible():
            return
        if self._latest is None or datetime.now(UTC) - self._latest.at > FRESH:
            self.read()

    def _read(self, found: object) -> None:
        self._show_asking(False)
        if isinstance(found, Reading):
            self.notice.hide()
            return
        sentence, advice = getattr(found, "sentence", ""), getattr(found, "advice", "")
        code = getattr(found, "code", None)
        code_words = self.tr("Code %1").replace("%1", code) if code else ""
        self.notice.show_notice("failed", sentence, f"{advice} {code_words}".strip())

    def _not_kept(self, trouble: Exception) -> None:
        self._show_asking(False)
        self.notice.show_notice("failed", self.tr("The reading could not be kept."), str(trouble))

    def _not_loaded(self, trouble: Exception) -> None:
        self.notice.show_notice("failed", self.tr("The readings could not be read."), str(trouble))

    def _show_asking(self, asking: bool) -> None:
        self._asking = asking
        self.refresh.setText(self.tr("Asking…") if asking else self.tr("Read now"))
        if self._latest is None:
            self.when.setText(self.tr("Asking the gateway…") if asking else self._not_read())

    def _not_read(self) -> str:
        return self.tr("Not read yet. Press R to ask the gateway.")

    def _show(self, known: _Known) -> None:
        latest = self._latest = known.latest
        self.amount.setVisible(latest is not None)
        self.as_written.hide()
        if latest is None:
            self.when.setText(self.tr("Asking the gateway…") if self._asking else self._not_read())
        else:
            self.amount.show_amount(latest.balance)
            self.when.setText(self.tr("Read %1").replace("%1", when_text(latest.at)))
            if has_fraction(latest.text):
                words = self.tr("The gateway wrote %1; shown rounded down.").replace("%1", latest.text)
                self.as_written.setText(words)
                self.as_written.show()
        self._show_low()
        self._show_agreement(known.agreement)
        self._show_chart(known.readings)

    def _show_low(self) -> None:
        if self._latest is None or self._latest.balance >= self._warning:
            self.low.hide()
            return
        words = self.tr("The balance is under %1.").replace("%1", format_amount(self._warning))
        self.low.show_notice("idle", words, self.tr("Payouts may be refused. Top up the account."))

    def _show_agreement(self, agreement: Agreement | None) -> None:
        for part in (self.verdict, self.unsettled):
            part.setVisible(agreement is not None)
        if agreement is None:
            self.moved.setText(self.tr("After a second reading: its change beside the money of this till."))
            return
        words = agreement_words(agreement)
        self.moved.setText(words.moved)
        self.verdict.setText(words.verdict)
        self.unsettled.setText(words.unsettled)
        self.unsettled.setVisible(bool(words.unsettled))

    def _show_chart(self, readings: Sequence[Reading]) -> None:
        enough = len(readings) > 1
        if not enough:
            words = self.tr("No reading yet.") if not readings else self.tr("One reading so far.")
            self.no_chart.setText(f"{words} {self.tr('From the second on they are drawn here.')}")
        self.no_chart.setVisible(not enough)
        self._spacer.setVisible(not enough)
        if enough:
            if self._chart is None:
                from cashier.ui.widgets.readings_chart import ReadingsChart

                self._chart = ReadingsChart()
                self._drawn.addWidget(self._chart, 1)
            self._chart.show_readings(readings)
        if self._chart is not None:
            self._chart.setVisible(enough)


def _known(till: "Till") -> _Known:
    reader = till.ledger.reader
    readings = reader.readings(datetime.now(UTC) - SHOWN, MOST_SHOWN)
    return _Known(reader.latest_reading(), reader.agreement(), readings)
