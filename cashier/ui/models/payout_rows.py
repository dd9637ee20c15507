"""Table models of payouts from a file: the rows of the file and what is wrong, the lines of a list and their state."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from cashier.domain.money import group_digits
from cashier.domain.payout_run import RunLine
from cashier.domain.phone import show_phone
from cashier.domain.transaction import Transaction
from cashier.till.payout_rows import FileRow
from cashier.ui import icons, theme
from cashier.ui.moments import when_text
from cashier.ui.words import words_for

Index = QModelIndex | QPersistentModelIndex
ROW, PHONE, AMOUNT, REASON, STATE = range(5)
# The colours of the states are for states: a row that cannot be sent has none.
_GROUNDS = {"failed": "failedbg", "unknown": "unknownbg", "review": "reviewbg", "text": "sunken"}
_ICON = 16
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class _Rows(QAbstractTableModel):
    """Five columns; what a cell says, in which tone and with which icon, comes from the model's own kind of row."""

    def __init__(self) -> None:
        super().__init__()
        theme.look().changed.connect(self._repaint)

    def headers(self) -> list[str]:
        """The names of the columns."""
        return [self.tr("Row"), self.tr("Phone"), self.tr("Amount"), self.tr("Reason"), self.state_header()]

    def state_header(self) -> str:
        raise NotImplementedError

    def text(self, row: int, column: int) -> str:
        """What stands in a cell."""
        raise NotImplementedError

    def tone(self, row: int) -> tuple[str, str]:
        """The state's tone of a row and its icon; both empty for none."""
        raise NotImplementedError

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # Qt's own default
        return 0 if parent.isValid() else 5

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.headers()[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if section in (ROW, AMOUNT) else _LEFT
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row, column = index.row(), index.column()
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self.text(row, column)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if column in (ROW, AMOUNT) else _LEFT
        tone, icon = self.tone(row)
        if role == Qt.ItemDataRole.ForegroundRole and column == STATE and tone:
            return theme.current().color(tone)
        if role == Qt.ItemDataRole.BackgroundRole and tone in _GROUNDS:
            return theme.current().color(_GROUNDS[tone])
        if role == Qt.ItemDataRole.DecorationRole and column == STATE and icon:
            return icons.pixmap(icon, _ICON, theme.current().color(tone))
        return None

    def _repaint(self) -> None:
        if self.rowCount():
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, 4))


class FileRowsModel(_Rows):
    """The rows of a file, all of them or only those that cannot be sent."""

    def __init__(self) -> None:
        super().__init__()
        self._all: Sequence[FileRow] = ()
        self._rows: Sequence[FileRow] = ()
        self._only_bad = False

    def show_rows(self, rows: Sequence[FileRow]) -> None:
        self.beginResetModel()
        self._all = rows
        self._choose()
        self.endResetModel()

    def show_only_bad(self, only: bool) -> None:
        self.beginResetModel()
        self._only_bad = only
        self._choose()
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # Qt's own default
        return 0 if parent.isValid() else len(self._rows)

    def state_header(self) -> str:
        return self.tr("What is wrong")

    def text(self, row: int, column: int) -> str:
        found = self._rows[row]
        phone, amount, reason = found.shown
        return (
            str(found.row),
            _phone(found.phone) if found.phone else phone,
            group_digits(found.amount) if found.amount else amount,
            found.reason or reason,
            " ".join(found.problems) or self._marks(found),
        )[column]

    def tone(self, row: int) -> tuple[str, str]:
        return ("", "") if self._rows[row].is_new else ("text", "cross" if self._rows[row].problems else "hide")

    def _marks(self, found: FileRow) -> str:
        """What keeps a good row from being sent as it stands."""
        hidden = self.tr("Hidden in the file.") if found.hidden else ""
        return f"{hidden} {self._earlier(found)}".strip()

    def _earlier(self, found: FileRow) -> str:
        """When and as what a row went out before, or may have."""
        before = found.earlier
        if before is None:
            return ""
        words = self.tr("%1 on %2 as %3.").replace("%1", words_for(before).word)
        return words.replace("%2", when_text(before.created_at)).replace("%3", before.number)

    def _choose(self) -> None:
        self._rows = [row for row in self._all if not row.is_new] if self._only_bad else self._all


class LinesModel(_Rows):
    """The lines of an approved list as the ledger has them."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[RunLine] = []
        self._place: dict[str, int] = {}
        self._news: dict[str, Transaction] = {}

    def show_lines(self, lines: Sequence[RunLine]) -> None:
        self.beginResetModel()
        self._lines = list(lines)
        self._place = {line.id: place for place, line in enumerate(lines)}
        # What changed while a worker read the lines is newer than what it read.
        for row in self._news.values():
            self._take(row)
        self._news = {id: row for id, row in self._news.items() if id in self._place}
        self.endResetModel()

    def show_transaction(self, row: Transaction) -> int | None:
        """Takes a change of a line's payout. Returns its place, or None for a stranger."""
        self._news[row.id] = row
        place = self._take(row)
        if place is not None:
            self.dataChanged.emit(self.index(place, 0), self.index(place, STATE))
        return place

    def _take(self, row: Transaction) -> int | None:
        place = self._place.get(row.id)
        if place is None:
            return None
        line = self._lines[place]
        if line.transaction is None or line.transaction.version <= row.version:
            self._lines[place] = replace(line, skipped=None, transaction=row)
        return place

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # Qt's own default
        return 0 if parent.isValid() else len(self._lines)

    def state_header(self) -> str:
        return self.tr("State")

    def text(self, row: int, column: int) -> str:
        line = self._lines[row]
        amount = group_digits(line.amount)
        return (str(line.row), _phone(line.phone), amount, line.reason, self._state(line))[column]

    def tone(self, row: int) -> tuple[str, str]:
        line = self._lines[row]
        if line.transaction is None:
            return ("muted", "") if line.skipped is None else ("idle", "hide")
        words = words_for(line.transaction)
        return words.tone, words.icon

    def _state(self, line: RunLine) -> str:
        if line.skipped is not None:
            return self.tr("Left out: %1").replace("%1", line.skipped)
        if line.transaction is None:
            return self.tr("To go")
        words = words_for(line.transaction)
        return f"{words.word}, {line.transaction.number}. {words.line}".rstrip()


def _phone(phone: str) -> str:
    """In groups that stay on one line."""
    return show_phone(phone).replace(" ", "\u00a0")
