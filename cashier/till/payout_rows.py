"""What a file's rows say: phone, amount and reason of each, or why a row cannot be sent, by its number. Pure."""

import hashlib
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from cashier.domain.errors import BadInputError
from cashier.domain.money import Limits, check_limits, parse_amount
from cashier.domain.payout_run import NewLine, NewRun
from cashier.domain.phone import parse_phone
from cashier.domain.signs import refuse_signs
from cashier.domain.transaction import Transaction
from cashier.errors import WrongInput
from cashier.till.payout_amounts import marked_amount
from cashier.till.payout_columns import find_header
from cashier.till.payout_file import Cell, Table
from cashier.till.payout_results import original

MOST_LETTERS = 100
_SCIENTIFIC = re.compile(r"[0-9]+([.,][0-9]+)?[eE]\+?[0-9]+")
_MARKS = re.compile(r"\s+")
_BREAKS = str.maketrans("\t\r\n", "   ")


@dataclass(frozen=True)
class FileRow:
    """One row of the file. `problems` are sentences; without any it can be sent. `shown` is what stood in the cells."""

    row: int
    phone: str
    amount: int
    reason: str
    shown: tuple[str, str, str]
    problems: tuple[str, ...]
    earlier: Transaction | None = None  # the payout with this phone and amount that went out before, or may have
    hidden: bool = False  # nobody sees this row in the spreadsheet: it is paid only when the count of such is typed

    @property
    def is_good(self) -> bool:
        return not self.problems

    @property
    def is_new(self) -> bool:
        """Good and in sight, and nothing like it went out before."""
        return not self.problems and self.earlier is None and not self.hidden


@dataclass(frozen=True)
class PayoutList:
    """A whole file, read and checked. `sheet` names the one that was read, empty for CSV.

    `notes` are sentences about what is hidden or was not read.
    """

    path: Path
    content_hash: str
    rows: list[FileRow]
    sheet: str = ""
    notes: tuple[str, ...] = ()

    @property
    def good(self) -> list[FileRow]:
        """The rows that can be sent."""
        return [row for row in self.rows if row.is_good]

    @property
    def repeated(self) -> list[FileRow]:
        """The rows that can be sent, but went out before or may have."""
        return [row for row in self.good if row.earlier is not None]

    @property
    def hidden(self) -> list[FileRow]:
        """The rows that can be sent, but nobody sees them in the spreadsheet. Their count must be typed."""
        return [row for row in self.good if row.hidden]

    def to_pay(self, *, again: bool, hidden: bool = False) -> list[FileRow]:
        """The good rows, those that went out before only with `again`, hidden ones only with `hidden`."""
        return [row for row in self.good if (again or row.earlier is None) and (hidden or not row.hidden)]

    @property
    def total(self) -> int:
        """RWF of the rows that can be sent, are in sight and did not go out before."""
        return sum(row.amount for row in self.rows if row.is_new)

    @property
    def rows_hash(self) -> str:
        """One value for one set of rows, whatever their order and the file they stand in."""
        lines = sorted(f"{row.phone} {row.amount} {_same(row.reason)}" for row in self.good)
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    def marked(self, paid_before: Mapping[tuple[str, int], Transaction]) -> "PayoutList":
        """This list with each row that went out before, or may have, by its phone and amount."""
        rows = [replace(row, earlier=paid_before.get((row.phone, row.amount))) for row in self.rows]
        return replace(self, rows=rows)

    def to_approve(
        self,
        id: str,
        approved_by: str,
        new_id: Callable[[], str],
        *,
        again: bool = False,
        hidden: bool = False,
        fee: bool = False,
    ) -> NewRun:
        """The rows to pay as a list to approve, each with an id of ours, and whether the withdrawal fee goes along."""
        rows = self.to_pay(again=again, hidden=hidden)
        lines = tuple(NewLine(row.row, new_id(), row.phone, row.amount, row.reason) for row in rows)
        return NewRun(id, str(self.path), self.content_hash, self.rows_hash, approved_by.strip(), lines, fee)


def check(table: Table, limits: Limits, open_payouts: Mapping[str, str]) -> PayoutList:
    """Every row checked. `open_payouts` gives the number of the open payout by phone (`2507…`).

    Raises WrongInput where the first row does not name the columns, or no row stands under it.
    """
    if not table.rows:
        raise WrongInput(f"{table.path.name} is empty.", "Choose another file.")
    try:
        first, header, places, rest = find_header(table.rows)
    except WrongInput as why:  # what is hidden may be what is missing
        raise WrongInput(why.sentence, " ".join([*table.notes, why.advice])) from why
    width = max(place for place, cell in enumerate(header, 1) if cell.text)
    if not rest:
        raise WrongInput(f"There is no row under the names in row {first}.", "Choose another file.")
    seen: dict[tuple[str, int, str], int] = {}
    return PayoutList(
        table.path,
        table.content_hash,
        [
            replace(
                _row(number, cells, places, limits, open_payouts, seen, width),
                hidden=number in table.hidden,
            )
            for number, cells in rest
        ],
        table.sheet,
        table.notes,
    )


def _row(
    number: int,
    cells: list[Cell],
    places: Mapping[str, int],
    limits: Limits,
    open_payouts: Mapping[str, str],
    seen: dict[tuple[str, int, str], int],
    width: int,
) -> FileRow:
    picked = {column: cells[place] if place < len(cells) else Cell("") for column, place in places.items()}
    problems: list[str] = []
    phone, amount, reason = "", 0, ""
    beyond = next((cell for cell in cells[width:] if cell.text or cell.formula), None)
    if beyond is not None:
        problems.append(
            f"{_short(beyond.text or beyond.formula)} stands beyond the last named column."
            " Write the amount without comma, or put the text in quotes."
        )
    try:
        phone = _phone(picked["phone"])
    except BadInputError as why:
        problems.append(why.sentence)
    try:
        amount = _amount(picked["amount"], limits)
    except BadInputError as why:
        problems.append(why.sentence)
    try:
        reason = _reason(picked["reason"])
    except BadInputError as why:
        problems.append(why.sentence)
    if phone in open_payouts:
        problems.append(f"A payout to this phone is still open: {open_payouts[phone]}. Wait for its end.")
    if not problems:
        earlier = seen.setdefault((phone, amount, _same(reason)), number)
        if earlier != number:
            problems.append(f"The same as row {earlier}: phone, amount and reason.")
    shown = (picked["phone"].text, picked["amount"].text, picked["reason"].text)
    return FileRow(number, phone, amount, reason, shown, tuple(problems))


def _phone(cell: Cell) -> str:
    if not cell.text:
        raise BadInputError("The phone is missing.")
    if cell.formula:
        raise BadInputError(f"The phone is a formula, {_short(cell.formula)}. Write the number itself.")
    if cell.odd:
        raise BadInputError(f"The phone is {cell.odd}. Make the column text and type the number again.")
    text = original(cell.text)
    if _SCIENTIFIC.fullmatch(text):
        raise BadInputError(f"{text} is a shortened number: digits are lost. Make the column text and type it again.")
    try:
        return parse_phone(text)
    except BadInputError as why:
        if "several" in why.sentence:
            raise BadInputError("There are several phone numbers here. Leave only one.") from why
        raise BadInputError(f"{_short(text)} is not a Rwandan mobile number. Write it like 0788 123 456.") from why


def _amount(cell: Cell, limits: Limits) -> int:
    if not cell.text:
        raise BadInputError("The amount is missing.")
    if cell.formula:
        raise BadInputError(f"The amount is a formula, {_short(cell.formula)}. Write the number itself.")
    if cell.odd:
        raise BadInputError(f"The amount is {cell.odd}. Write it in digits, like 1500.")
    text = _visible(original(cell.text))
    if text.startswith("-"):
        raise BadInputError("The amount is below 0.")
    if _SCIENTIFIC.fullmatch(text):
        raise BadInputError(f"{text} is a shortened number. Write all its digits.")
    if cell.number and "." in text:
        raise BadInputError(f"{text} is no whole number of francs.")
    if "," in text or "." in text:
        raise BadInputError(marked_amount(text))
    if "+" in text:
        raise BadInputError("Write the amount as one number, like 1500.")
    amount = parse_amount(text)
    check_limits(amount, limits)
    return amount


def _reason(cell: Cell) -> str:
    if not cell.text:
        raise BadInputError("The reason is missing.")
    if cell.formula:
        raise BadInputError(f"The reason is a formula, {_short(cell.formula)}. Write the text itself.")
    if cell.odd or cell.number:
        made = cell.odd or "a number"
        raise BadInputError(f"Excel made the reason {made}. Make the column text and type the reason again.")
    # A line break typed into a cell is a blank; a sign that nobody sees is somebody's trick, or a wrong paste.
    text = original(cell.text).translate(_BREAKS)
    refuse_signs(text, "The reason")
    text = _MARKS.sub(" ", text).strip()
    if any(unicodedata.category(letter) in ("Co", "Cn") for letter in text) or "\ufffd" in text:
        raise BadInputError("The reason has letters that cannot be read. Type it again.")
    if len(text) > MOST_LETTERS:
        raise BadInputError(f"The reason has {len(text)} letters. Keep it under {MOST_LETTERS + 1}.")
    return text


def _visible(text: str) -> str:
    """Without signs that cannot be seen, which pasted figures carry."""
    if text.isascii():
        return text
    return "".join(letter for letter in text if unicodedata.category(letter) != "Cf")


def _same(reason: str) -> str:
    """What makes two reasons the same: without case, invisible signs and extra blanks."""
    return _MARKS.sub(" ", _visible(reason)).strip().casefold()


def _short(text: str) -> str:
    return f"“{text if len(text) <= 30 else text[:29] + '…'}”"
