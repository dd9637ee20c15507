"""Over the table: the search with its count, the filters, Export."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDateEdit, QDialog, QDialogButtonBox, QFormLayout, QHBoxLayout, QVBoxLayout, QWidget

from cashier.domain.money import group_digits
from cashier.domain.states import Kind
from cashier.ledger.query import LONGEST, Query, Shown
from cashier.ui import theme
from cashier.ui.moments import Moments, day_text
from cashier.ui.painting import tip
from cashier.ui.widgets.base import empty_margins, follow, label
from cashier.ui.widgets.buttons import PlainButton
from cashier.ui.widgets.field import Field, LineEdit
from cashier.ui.widgets.filter_chip import FilterChip

if TYPE_CHECKING:
    from datetime import datetime

RANGE = "range"


class _SearchLine(LineEdit):
    """Esc empties it, Down goes to the table."""

    emptied = Signal()
    down = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.emptied.emit()
        elif event.key() == Qt.Key.Key_Down:
            self.down.emit()
        else:
            super().keyPressEvent(event)


class SearchField(Field):
    """What to look for, and at its right how many there are."""

    def __init__(self) -> None:
        super().__init__(self.tr("Search"), show_name=False, note="none")
        self.edit.setPlaceholderText(self.tr("Search"))
        self.edit.setMaxLength(LONGEST)
        tip(self.edit, self.tr("Phone, amount, number, id or reference"))
        self._count: int | None = None
        self.count = label("", "label")
        self.after.addWidget(self.count)
        follow(self._show_count)

    def make_line(self) -> LineEdit:
        return _SearchLine()

    def show_count(self, count: int | None) -> None:
        """How many transactions fit; … while that is not known. Where there is little room the figure alone."""
        self._count = count
        self._show_count()

    def _show_count(self) -> None:
        count = self._count
        if count is None:
            text = "…"
        elif count == 1:
            text = self.tr("1 transaction")
        else:
            text = self.tr("%1 transactions").replace("%1", group_digits(count))
        short = theme.metrics().compact and count is not None
        self.count.setText(group_digits(count or 0) if short else text)
        self.count.setAccessibleName(text)


class HistoryBar(QWidget):
    """`changed` comes with every change of what is looked for, `export` with the button, `down` with the arrow."""

    changed = Signal()
    export = Signal()
    down = Signal()

    def __init__(self, moments: Moments) -> None:
        super().__init__()
        self._moments = moments
        self._range: tuple[date, date] | None = None
        self.search = SearchField()
        self.days = FilterChip(
            self.tr("Days"),
            [
                ("all", self.tr("All days")),
                ("today", self.tr("Today")),
                ("yesterday", self.tr("Yesterday")),
                ("week", self.tr("7 days")),
                (RANGE, self.tr("From … to …")),
            ],
        )
        self.states = FilterChip(
            self.tr("States"),
            [
                ("all", self.tr("All states")),
                (Shown.SUCCESSFUL, self.tr("Paid or sent")),
                (Shown.FAILED, self.tr("Not paid or sent")),
                (Shown.WAITING, self.tr("Waiting")),
                (Shown.UNKNOWN, self.tr("Not known yet")),
                (Shown.REVIEW, self.tr("Needs a manager")),
                (Shown.CLOSED, self.tr("Closed by hand")),
            ],
        )
        self.ways = FilterChip(
            self.tr("In and out"),
            [("all", self.tr("In and out")), (Kind.PAYMENT, self.tr("In")), (Kind.PAYOUT, self.tr("Out"))],
        )
        self.export_button = PlainButton(self.tr("Export"))
        tip(self.export_button, self.tr("Export (Ctrl+E)"))
        self._chips = QWidget()
        chips = QHBoxLayout(self._chips)
        empty_margins(chips, 12)
        for chip in (self.days, self.states, self.ways):
            chips.addWidget(chip)
        chips.addStretch(1)
        self._row = QHBoxLayout()
        self._row.setSpacing(12)
        self._row.addWidget(self.search, 1)
        self._row.addWidget(self.export_button)
        self._column = QVBoxLayout(self)
        empty_margins(self._column, 4)
        self._column.addLayout(self._row)
        follow(self._adapt)
        self._connect()

    def query(self) -> Query:
        """What is looked for now."""
        since, until = self._span()
        way, state = self.ways.value(), self.states.value()
        return Query(
            text=self.search.text(),
            kind=None if way == "all" else Kind(way),
            shown=None if state == "all" else Shown(state),
            since=since,
            until=until,
        )

    def show_moments(self, moments: Moments) -> None:
        """Days of another zone from now on."""
        self._moments = moments

    def clear_search(self) -> None:
        """Takes the text away, then, if there was none, the filters."""
        if self.search.text():
            self.search.clear()
            self.changed.emit()
        elif not self.query().is_everything:
            self.clear_all()

    def clear_all(self) -> None:
        """Everything is listed again."""
        self.search.clear()
        for chip in (self.days, self.states, self.ways):
            chip.choose("all")
        self.changed.emit()

    def show_range(self, first: date, last: date) -> None:
        """Lists these days, both included."""
        first, last = min(first, last), max(first, last)
        self._range = (first, last)
        text = day_text(first) if first == last else f"{day_text(first)} – {day_text(last)}"
        self.days.choose(RANGE, text)
        self.changed.emit()

    def _adapt(self) -> None:
        """The filters stand beside the search, or under it where the window is too narrow for both."""
        if theme.metrics() is theme.TIGHT:
            self._column.addWidget(self._chips)
        else:
            self._row.insertWidget(1, self._chips)

    def _connect(self) -> None:
        self.search.edit.textChanged.connect(lambda _text: self.changed.emit())
        self.search.edit.entered.connect(self.down)
        if isinstance(self.search.edit, _SearchLine):
            self.search.edit.emptied.connect(self.clear_search)
            self.search.edit.down.connect(self.down)
        self.states.chosen.connect(lambda _name: self.changed.emit())
        self.ways.chosen.connect(lambda _name: self.changed.emit())
        self.days.chosen.connect(self._days_chosen)
        self.export_button.clicked.connect(self.export)

    def _days_chosen(self, name: str) -> None:
        if name != RANGE:
            self.changed.emit()
            return
        today = self._moments.today()
        dialog = RangeDialog(*(self._range or (today - timedelta(days=6), today)), self)
        dialog.taken.connect(self.show_range)
        dialog.rejected.connect(self._range_left)
        dialog.open()

    def _range_left(self) -> None:
        """No range was given: the one before holds, or all days."""
        if self._range is None:
            self.days.choose("all")
        else:
            self.show_range(*self._range)

    def _span(self) -> "tuple[datetime | None, datetime | None]":
        """The first moment that counts and the first that does not any more."""
        today, moments = self._moments.today(), self._moments
        match self.days.value():
            case "today":
                first = last = today
            case "yesterday":
                first = last = today - timedelta(days=1)
            case "week":
                first, last = today - timedelta(days=6), today
            case "range" if self._range is not None:
                first, last = self._range
            case _:
                return None, None
        return moments.begin_of(first), moments.end_of(last)


class RangeDialog(QDialog):
    """From one day to another; `taken` carries both as dates."""

    taken = Signal(object, object)

    def __init__(self, first: date, last: date, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Days"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.first, self.last = self._edit(first, self.tr("From")), self._edit(last, self.tr("To"))
        form = QFormLayout()
        form.setSpacing(12)
        form.addRow(label(self.tr("From")), self.first)
        form.addRow(label(self.tr("To")), self.last)
        buttons = QDialogButtonBox()
        show = PlainButton(self.tr("Show"), size="medium")
        cancel = PlainButton(self.tr("Cancel"), size="medium")
        show.setDefault(True)
        buttons.addButton(show, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(cancel, QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        empty_margins(column, 20)
        column.setContentsMargins(20, 20, 20, 20)
        column.addLayout(form)
        column.addWidget(buttons)

    def accept(self) -> None:
        self.taken.emit(_day(self.first), _day(self.last))
        super().accept()

    def _edit(self, day: date, name: str) -> QDateEdit:
        edit = QDateEdit(QDate(day.year, day.month, day.day))
        edit.setCalendarPopup(True)
        edit.setDisplayFormat("d MMMM yyyy")
        edit.setMinimumHeight(36)
        edit.setAccessibleName(name)
        return edit


def _day(edit: QDateEdit) -> date:
    shown = edit.date()
    return date(shown.year(), shown.month(), shown.day())
