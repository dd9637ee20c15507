"""The history as a table: as many rows as there are, of which only those near the eye are in memory."""

from array import array
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, QTimer, Signal

from cashier.domain.money import group_digits
from cashier.domain.phone import show_phone
from cashier.domain.signs import shown
from cashier.domain.states import Kind
from cashier.domain.transaction import Transaction
from cashier.ui.moments import Moments
from cashier.ui.words import words_for

PAGE = 64
_KEPT = 32 * PAGE
_MOST_AT_ONCE = 4 * PAGE
ROW = Qt.ItemDataRole.UserRole
AnyIndex = QModelIndex | QPersistentModelIndex


class Column(IntEnum):
    """The columns, from the left."""

    DATE = 0
    TIME = 1
    WAY = 2
    AMOUNT = 3
    PHONE = 4
    STATE = 5
    NUMBER = 6


class HistoryModel(QAbstractTableModel):
    """Rows by place, newest first; each is known by its position in the ledger.

    Rows not yet read are None under ROW; `wanted` then asks for their positions, once per turn of the event loop, and
    `take` brings them. `range` stands for all positions, which costs no memory.
    """

    wanted = Signal(object)
    _NONE = QModelIndex()

    def __init__(self, moments: Moments) -> None:
        super().__init__()
        self.moments = moments
        self._newer: list[int] = []  # oldest first
        self._older: range | array[int] = range(0)
        self._rows: OrderedDict[int, Transaction] = OrderedDict()
        self._positions: dict[str, int] = {}
        self._missing: dict[int, None] = {}
        self._reading = False
        self._ask = QTimer(self)
        self._ask.setSingleShot(True)
        self._ask.setInterval(0)
        self._ask.timeout.connect(self._ask_now)

    def rowCount(self, parent: AnyIndex = _NONE) -> int:
        return 0 if parent.isValid() else len(self._newer) + len(self._older)

    def columnCount(self, parent: AnyIndex = _NONE) -> int:
        return 0 if parent.isValid() else len(Column)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role not in (ROW, Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        row = self.transaction(index.row())
        if role == ROW:
            return row
        return self.tr("Being read") if row is None else shown(self.text(row, Column(index.column())))

    def headerData(self, section: int, way: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if way != Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        names = (
            *(self.tr("Date"), self.tr("Time"), "", self.tr("Amount")),
            *(self.tr("Phone"), self.tr("State"), self.tr("Number")),
        )
        return names[section]

    def text(self, row: Transaction, column: Column) -> str:
        """What stands in a cell."""
        match column:
            case Column.DATE:
                return self.moments.day(row.created_at)
            case Column.TIME:
                return self.moments.clock(row.created_at)
            case Column.WAY:
                return self.tr("In") if row.kind is Kind.PAYMENT else self.tr("Out")
            case Column.AMOUNT:
                return group_digits(row.amount)
            case Column.PHONE:
                return show_phone(row.phone)
            case Column.STATE:
                return words_for(row).word
            case Column.NUMBER:
                return row.number

    def show_moments(self, moments: Moments) -> None:
        """Times of another zone from now on."""
        self.moments = moments
        if self.rowCount():
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, len(Column) - 1))

    def transaction(self, place: int) -> Transaction | None:
        """The row at `place`; None, and soon asked for, where it is not in memory."""
        position = self.position(place)
        found = self._rows.get(position)
        if found is not None:
            self._rows.move_to_end(position)
            return found
        first = place - place % PAGE
        for near in range(first, min(first + PAGE, self.rowCount())):
            at = self.position(near)
            if at not in self._rows:
                self._missing.pop(at, None)
                self._missing[at] = None
        if not self._ask.isActive():
            self._ask.start()
        return None

    def position(self, place: int) -> int:
        """The position in the ledger of the row at `place`."""
        new = len(self._newer)
        return self._newer[new - 1 - place] if place < new else self._older[place - new]

    def place(self, position: int) -> int | None:
        """Where the row of `position` stands, or None."""
        new, old = len(self._newer), self._older
        if self._newer and position >= self._newer[0]:
            return new - 1 - self._newer.index(position) if position in self._newer else None
        if isinstance(old, range):
            return new + old.index(position) if position in old else None
        low, high = 0, len(old)
        while low < high:
            middle = (low + high) // 2
            low, high = (middle + 1, high) if old[middle] > position else (low, middle)
        return new + low if low < len(old) and old[low] == position else None

    def newest(self) -> int:
        """The greatest position listed, 0 for none."""
        return self.position(0) if self.rowCount() else 0

    def show(self, positions: Sequence[int], rows: Mapping[int, Transaction]) -> None:
        """Another list from now on, with what is known of its rows."""
        self.beginResetModel()
        self._newer = []
        self._older = positions if isinstance(positions, range) else array("q", positions)
        self._rows.clear()
        self._positions.clear()
        self._missing.clear()
        self._reading = False  # what is still on its way may be of another ledger, and never come
        self._remember(rows)
        self.endResetModel()

    def append(self, positions: Sequence[int]) -> None:
        """More of the list, older than all before."""
        if positions and not isinstance(self._older, range):
            count = self.rowCount()
            self.beginInsertRows(QModelIndex(), count, count + len(positions) - 1)
            self._older.extend(positions)
            self.endInsertRows()

    def prepend(self, positions: Sequence[int], rows: Mapping[int, Transaction]) -> None:
        """Rows that came since, newest first: on top."""
        newest = self.newest()
        fresh = [position for position in reversed(positions) if position > newest]
        if fresh:
            self._remember(rows)
            self.beginInsertRows(QModelIndex(), 0, len(fresh) - 1)
            self._newer += fresh
            self.endInsertRows()

    def take(self, rows: Mapping[int, Transaction]) -> None:
        """What `wanted` asked for."""
        self._reading = False
        self._remember(rows)
        places = [place for place in map(self.place, rows) if place is not None]
        if places:
            self.dataChanged.emit(self.index(min(places), 0), self.index(max(places), len(Column) - 1))

    def update(self, row: Transaction) -> bool:
        """A row that changed. Returns whether it is listed and in memory."""
        position = self._positions.get(row.id)
        if position is None:
            return False
        if self._rows[position].version <= row.version:
            self._rows[position] = row
            place = self.place(position)
            if place is not None:
                self.dataChanged.emit(self.index(place, 0), self.index(place, len(Column) - 1))
        return True

    def in_memory(self) -> int:
        """How many rows are kept: never more than some pages."""
        return len(self._rows)

    def _remember(self, rows: Mapping[int, Transaction]) -> None:
        for position, row in rows.items():
            kept = self._rows.get(position)
            if kept is None or kept.version <= row.version:
                self._rows[position] = row
            self._rows.move_to_end(position)
            self._positions[row.id] = position
        while len(self._rows) > _KEPT:
            _, gone = self._rows.popitem(last=False)
            del self._positions[gone.id]

    def _ask_now(self) -> None:
        """Asks for what was looked for last. What was passed by is forgotten: painting it again asks again."""
        if self._reading or not self._missing:
            return
        newest = list(self._missing)[-_MOST_AT_ONCE:]
        self._missing.clear()
        self._reading = True
        self.wanted.emit(newest)
