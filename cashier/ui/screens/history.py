"""History (F4): everything ever tried, newest first, with the story of the chosen one. Made when it is first needed."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from cashier.domain.events import Change, Event
from cashier.domain.money import Limits
from cashier.domain.transaction import Transaction
from cashier.ledger.reader import Reader
from cashier.ui import theme
from cashier.ui.bridge import Bridge, Purpose
from cashier.ui.models.history import HistoryModel
from cashier.ui.moments import Moments
from cashier.ui.refunds import Refunds, read_refunds
from cashier.ui.screens.closing_in_place import ClosingInPlace
from cashier.ui.screens.history_bar import HistoryBar
from cashier.ui.screens.history_export import ChooseFile, ExportStrip
from cashier.ui.screens.history_feed import HistoryFeed
from cashier.ui.screens.history_story import Story
from cashier.ui.widgets.base import Panel, empty_margins, follow, label
from cashier.ui.widgets.buttons import PlainButton
from cashier.ui.widgets.history_table import HistoryTable
from cashier.ui.widgets.notices import Banner

Door = Callable[[Transaction], None]
_STORY_WIDTH = 360
_STORY_COMPACT = 276


class _Nothing(QWidget):
    """In the place of the table: nothing was ever tried, or nothing fits."""

    def __init__(self) -> None:
        super().__init__()
        self.title = label("", "title")
        self.words = label("", "hint", wrap=True)
        for one in (self.title, self.words):
            one.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.button = PlainButton(self.tr("Show everything"))
        column = QVBoxLayout(self)
        column.setSpacing(8)
        column.addStretch(1)
        column.addWidget(self.title)
        column.addWidget(self.words)
        column.addSpacing(8)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(2)

    def show_why(self, *, searched: bool) -> None:
        self.title.setText(self.tr("Nothing found") if searched else self.tr("Nothing yet"))
        self.words.setText(
            self.tr("Look for a phone, an amount, a number, an id or a part of a reference.")
            if searched
            else self.tr("Each payment and each payout appears here, whatever becomes of it.")
        )
        self.button.setVisible(searched)


class HistoryScreen(QWidget):
    """`refund` is called with a paid payment that is to be given back; without it there is no such button.

    `choose_file` asks for the export's file: it gets a parent and a proposed name, and returns a path or "".
    """

    def __init__(
        self,
        bridge: Bridge,
        moments: Moments,
        *,
        refund: Door | None = None,
        choose_file: "ChooseFile | None" = None,
    ) -> None:
        super().__init__()
        self._bridge = bridge
        self._moments = moments
        self.model = HistoryModel(moments)
        self.feed = HistoryFeed(bridge, self.model)
        self.bar = HistoryBar(moments)
        self.table = HistoryTable(self.model)
        self.story = Story(moments, with_refund=refund is not None)
        self.exporting = ExportStrip(bridge, choose_file)
        self.banner = Banner(self.tr("Close"))
        self._nothing = _Nothing()
        self._count: int | None = None
        self._pages = QStackedWidget()
        self._pages.addWidget(self.table)
        self._pages.addWidget(self._nothing)
        self._lay_out()
        self._connect()
        if refund is not None:
            self.story.refund.connect(refund)
        self.closing = ClosingInPlace(bridge, self._panel, self._row, self.table)
        self.story.close_by_hand.connect(self.closing.open)
        self.setFocusProxy(self.bar.search)
        self.feed.open()
        # Made in one turn of the event loop and painted in the next: a key in between is heard.
        self.setUpdatesEnabled(False)
        paint = QTimer(self)
        paint.setSingleShot(True)
        paint.timeout.connect(lambda: self.setUpdatesEnabled(True))
        paint.start(0)

    def count(self) -> int | None:
        """How many transactions fit, None while that is not known."""
        return self._count

    def is_empty(self) -> bool:
        """Whether a sentence stands in the place of the table."""
        return self._pages.currentWidget() is self._nothing

    def show_moments(self, moments: Moments) -> None:
        """Another zone from now on."""
        self._moments = moments
        self.model.show_moments(moments)
        for part in (self.bar, self.story):
            part.show_moments(moments)

    def showEvent(self, event: QShowEvent) -> None:
        """A day may have passed since it was last seen."""
        super().showEvent(event)
        if self.bar.query() != self.feed.query:
            self.feed.search(self.bar.query())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Esc in the table takes the search away, as in the search itself."""
        if event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Escape:  # type: ignore[attr-defined]  # a key event
            self.bar.clear_search()
            return True
        return super().eventFilter(watched, event)

    def export(self) -> None:
        """Asks for a name and writes what is listed."""
        if self.feed.history is not None:
            self.banner.hide()
            self.exporting.begin(self.feed.history, self.bar.query(), self._count, self._moments)

    def stop(self) -> None:
        """The program ends: an export leaves nothing behind, a search is not wanted any more."""
        self.exporting.stop()
        self.feed.close()

    def _lay_out(self) -> None:
        self._panel = Panel(padding=1, spacing=0)
        self._top = QVBoxLayout()
        self._top.addWidget(self.bar)
        self._top.addWidget(self.exporting)
        self._top.addWidget(self.banner)
        self._panel.body.addLayout(self._top)
        self._panel.body.addWidget(self._pages, 1)
        self._row = QHBoxLayout(self)
        empty_margins(self._row)
        self._row.addWidget(self._panel, 1)
        self._row.addWidget(self.story)
        follow(self._adapt)

    def _adapt(self) -> None:
        sizes = theme.metrics()
        self._row.setContentsMargins(sizes.gap, sizes.gap, sizes.gap, sizes.gap)
        self._row.setSpacing(sizes.gap)
        edge = 8 if sizes.compact else 15
        self._top.setContentsMargins(edge, edge, edge, edge)
        self._top.setSpacing(edge)
        self._panel.body.setContentsMargins(1, 0, 1, 14)
        self.story.setFixedWidth(_STORY_COMPACT if sizes.compact else _STORY_WIDTH)

    def _connect(self) -> None:
        self.bar.changed.connect(lambda: self.feed.search(self.bar.query()))
        self.bar.export.connect(self.export)
        self.bar.down.connect(self._into_table)
        self.feed.counted.connect(self._counted)
        self.feed.found.connect(self._found)
        self.feed.trouble.connect(self._trouble)
        self.table.installEventFilter(self)
        self.table.chosen.connect(self._chosen)
        self.table.typed.connect(self._typed)
        self.table.entered.connect(self._into_story)
        self.story.check.connect(self._check)
        self.exporting.ended.connect(self._exported)
        self.banner.pressed.connect(self.banner.hide)
        self._nothing.button.clicked.connect(self._show_everything)
        self._bridge.opened.connect(lambda _rows: self.feed.open())
        self._bridge.changed.connect(self._changed)
        for key, act in (("Ctrl+F", self._search_again), ("Ctrl+E", self.export)):
            shortcut = QShortcut(QKeySequence(key), self)  # wherever focus is in the window, while this is in front
            shortcut.activated.connect(act)

    def _counted(self, count: int | None) -> None:
        self._count = count
        self.bar.search.show_count(count)
        if count is not None:
            self._show_page()

    def _found(self) -> None:
        """A new list stands: its first row is chosen where none of it was."""
        self._show_page()
        if self.model.rowCount() and not self.table.selectionModel().hasSelection():
            self.table.choose(0)

    def _show_page(self) -> None:
        empty = self.model.rowCount() == 0 and self._count is not None
        if empty:
            self._nothing.show_why(searched=not self.feed.query.is_everything)
        self._pages.setCurrentWidget(self._nothing if empty else self.table)
        if not empty and self.model.rowCount() and self.table.currentIndex().row() < 0:
            self.table.choose(0)

    def _show_everything(self) -> None:
        self.bar.clear_all()
        self.bar.search.setFocus()

    def _chosen(self, row: Transaction | None) -> None:
        self.story.show_row(row)
        if row is not None:
            self._read_events(row.id)

    def _changed(self, change: Change) -> None:
        shown = self.story.row()
        if shown is None:
            return
        if shown.id == change.transaction.id:
            self.story.show_row(change.transaction)
            self._read_events(shown.id)
        elif shown.id == change.transaction.refund_of:
            self._read_events(shown.id)

    def _read_events(self, id: str) -> None:
        history = self.feed.history
        if history is not None:
            limits = Limits() if self._bridge.till is None else self._bridge.till.options.limits
            read = partial(_read_story, history.reader, id, limits)
            self._bridge.run(read, partial(self._show_story, id), self._trouble)

    def _show_story(self, id: str, found: tuple[list[Event], Refunds | None]) -> None:
        shown = self.story.row()
        if shown is not None and shown.id == id:
            events, refunds = found
            self.story.show_events(events)
            self.story.show_refunds(refunds)

    def _check(self, row: Transaction) -> None:
        id = row.id
        if self._bridge.till is not None:
            self.story.show_checking(True)
            answered = partial(self._bridge.call, partial(self._checked, id))
            check = partial(self._bridge.till.check, [id], answered)
            self._bridge.run(check, partial(self._asked, id), self._trouble, Purpose.COMMIT)

    def _asked(self, id: str, asked: list[str]) -> None:
        """Nothing is asked about what is settled."""
        if not asked:
            self._checked(id)

    def _checked(self, id: str) -> None:
        shown = self.story.row()
        if shown is not None and shown.id == id:
            self.story.show_checking(False)
            self._read_events(id)

    def _typed(self, text: str) -> None:
        self.bar.search.setFocus()
        self.bar.search.edit.insert(text)

    def _search_again(self) -> None:
        self.bar.search.setFocus()
        self.bar.search.edit.selectAll()

    def _into_table(self) -> None:
        if self.model.rowCount():
            self.table.setFocus()

    def _into_story(self) -> None:
        for button in self.story.buttons():
            if button.isEnabled():
                button.setFocus(Qt.FocusReason.TabFocusReason)
                return

    def _exported(self, good: bool, title: str, words: str) -> None:
        self.banner.show_notice("idle" if good else "failed", title, words)

    def _trouble(self, why: Exception) -> None:
        self.banner.show_notice("failed", self.tr("The history could not be read."), str(why))


def _read_story(reader: Reader, id: str, limits: Limits) -> tuple[list[Event], Refunds | None]:
    """What happened to a transaction, and what belongs to it. Reads the disk."""
    row = reader.get(id)
    return reader.events(id), None if row is None else read_refunds(reader, row, limits)
