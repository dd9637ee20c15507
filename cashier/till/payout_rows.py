"""What a file's rows say: phone, amount and reason of each, or why a row cannot be sent, by its number. Pure."""

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from cashier.domain.errors import BadInputError
from cashier.domain.money import Limits, check_limits, group_digits, parse_amount
from cashier.domain.payout_run import NewLine, NewRun
from cashier.domain.phone import parse_phone
from cashier.errors import WrongInput
from cashier.till.payout_file import Cell, Table
from cashier.till.payout_results import original

MOST_LETTERS = 100
_NAMES = {
    "phone": "phone telephone tel mobile msisdn gsm cell cellphone phonenumber telephonenumber mobilenumber"
    " numerodetelephone numerotelephone nodetelephone notel momo",
    "amount": "amount montant somme rwf frw amountrwf montantrwf amountfrw montantfrw amafaranga",
    "reason": "reason motif raison description descriptif libelle purpose objet impamvu",
}
# Names that may stand for something else: they count only where no other column is named better.
_WEAK_NAMES = {
    "phone": "number numero receiver beneficiary beneficiaire destinataire",
    "amount": "value valeur sum",
    "reason": "reference note notes comment commentaire",
}
_WORDS = {"phone": "the phone", "amount": "the amount", "reason": "the reason"}
_SCIENTIFIC = re.compile(r"[0-9]+([.,][0-9]+)?[eE]\+?[0-9]+")
_MARKS = re.compile(r"\s+")


@dataclass(frozen=True)
class FileRow:
    """One row of the file. `problems` are sentences; without any it can be sent. `shown` is what stood in the cells."""

    row: int
    phone: str
    amount: int
    reason: str
    shown: tuple[str, str, str]
    problems: tuple[str, ...]

    @property
    def is_good(self) -> bool:
        return not self.problems


@dataclass(frozen=True)
class PayoutList:
    """A whole file, read and checked. `sheet` names the one that was read, where the file has several."""

    path: Path
    content_hash: str
    rows: list[FileRow]
    sheet: str = ""

    @property
    def good(self) -> list[FileRow]:
        """The rows that can be sent."""
        return [row for row in self.rows if row.is_good]

    @property
    def total(self) -> int:
        """RWF of the rows that can be sent."""
        return sum(row.amount for row in self.rows if row.is_good)

    @property
    def rows_hash(self) -> str:
        """One value for one set of rows, whatever their order and the file they stand in."""
        lines = sorted(f"{row.phone} {row.amount} {row.reason.casefold()}" for row in self.good)
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    def to_approve(self, id: str, approved_by: str, new_id: Callable[[], str]) -> NewRun:
        """The good rows as a list to approve, each with an id of ours."""
        lines = tuple(NewLine(row.row, new_id(), row.phone, row.amount, row.reason) for row in self.good)
        return NewRun(id, str(self.path), self.content_hash, self.rows_hash, approved_by.strip(), lines)


def check(table: Table, limits: Limits, open_payouts: Mapping[str, str]) -> PayoutList:
    """Every row checked. `open_payouts` gives the number of the open payout by phone (`2507…`).

    Raises WrongInput where the first row does not name the columns, or no row stands under it.
    """
    if not table.rows:
        raise WrongInput(f"{table.path.name} is empty.", "Choose another file.")
    (first, header), *rest = table.rows
    if header[0].text.lower().startswith("sep=") and rest:
        (first, header), *rest = rest
    places = _columns(first, header)
    if not rest:
        raise WrongInput(f"There is no row under the names in row {first}.", "Choose another file.")
    seen: dict[tuple[str, int, str], int] = {}
    return PayoutList(
        table.path,
        table.content_hash,
        [_row(number, cells, places, limits, open_payouts, seen) for number, cells in rest],
        table.sheet,
    )


def _columns(number: int, header: list[Cell]) -> dict[str, int]:
    names = [_bare(cell.text) for cell in header]
    places: dict[str, int] = {}
    for column in _NAMES:
        found = _named(names, _NAMES[column]) or _named(names, _WEAK_NAMES[column])
        if len(found) > 1:
            raise WrongInput(f"Row {number} names two columns for {_WORDS[column]}.", "Keep one of them.")
        if found:
            places[column] = found[0]
    missing = [_WORDS[column] for column in _NAMES if column not in places]
    if missing:
        raise WrongInput(
            f"Row {number} names no column for {_listed(missing)}.",
            "The first row names the columns: phone, amount, reason (or téléphone, montant, motif), in any order.",
        )
    return places


def _named(names: list[str], known: str) -> list[int]:
    wanted = known.split()
    return [place for place, name in enumerate(names) if name in wanted]


def _row(
    number: int,
    cells: list[Cell],
    places: Mapping[str, int],
    limits: Limits,
    open_payouts: Mapping[str, str],
    seen: dict[tuple[str, int, str], int],
) -> FileRow:
    picked = {column: cells[place] if place < len(cells) else Cell("") for column, place in places.items()}
    problems: list[str] = []
    phone, amount, reason = "", 0, ""
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
        earlier = seen.setdefault((phone, amount, reason.casefold()), number)
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
    text = original(cell.text)
    if text.startswith("-"):
        raise BadInputError("The amount is below 0.")
    if _SCIENTIFIC.fullmatch(text):
        raise BadInputError(f"{text} is a shortened number. Write all its digits.")
    if cell.number and "." in text:
        raise BadInputError(f"{text} is no whole number of francs.")
    if "," in text or "." in text:
        bare = re.sub(r"[.,]", "", text)
        like = group_digits(int(bare)) if bare.isascii() and bare.isdigit() and len(bare) < 13 else "1500"
        raise BadInputError(f"{_short(text)} can be read in two ways. Write {like} without comma or point.")
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
    text = _MARKS.sub(" ", original(cell.text)).strip()
    if any(unicodedata.category(letter) in ("Cc", "Cs", "Co", "Cn") for letter in text) or "\ufffd" in text:
        raise BadInputError("The reason has letters that cannot be read. Type it again.")
    if len(text) > MOST_LETTERS:
        raise BadInputError(f"The reason has {len(text)} letters. Keep it under {MOST_LETTERS + 1}.")
    return text


def _bare(text: str) -> str:
    """`N° de téléphone :` as `nodetelephone`, so that names are known however they are written."""
    plain = unicodedata.normalize("NFKD", text.replace("°", "o")).casefold()
    return "".join(letter for letter in plain if letter.isalnum())


def _short(text: str) -> str:
    return f"“{text if len(text) <= 30 else text[:29] + '…'}”"


def _listed(words: Iterable[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last
