"""What the sheets of a workbook share: their texts, and which formats show a number as a date."""

import re

from cashier.spreadsheets.bounds import Bounds, TooMuch
from cashier.spreadsheets.xml_parts import Attributes, Handler

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
# Formats of Excel that need no entry of their own and show a date or a time.
_DATES = frozenset([*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)])
_NO_PART_OF_A_DATE = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)


def unescaped(text: str) -> str:
    """`_x000A_` as the sign that it stands for."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


class Strings(Handler):
    """The shared texts, in their order, without the signs that only say how a word is spoken."""

    def __init__(self, name: str, bounds: Bounds) -> None:
        self.texts: list[str] = []
        self._name = name
        self._bounds = bounds
        self._letters = 0
        self._parts: list[str] = []
        self._inside = self._silent = False

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "t":
            self._inside = not self._silent
        elif name == "rPh":
            self._silent = True
        elif name == "si":
            self._parts = []

    def end(self, name: str) -> None:
        if name == "t":
            self._inside = False
        elif name == "rPh":
            self._silent = False
        elif name == "si":
            self.texts.append(unescaped("".join(self._parts)))
            if len(self.texts) > self._bounds.strings:
                raise TooMuch(self._name, f"{self._bounds.strings} texts")

    def text(self, text: str) -> None:
        if self._inside:
            self._letters += len(text)
            if self._letters > self._bounds.letters:
                raise TooMuch(self._name, f"{self._bounds.letters} letters")
            self._parts.append(text)


class Styles(Handler):
    """Which styles of cells show a number as a date."""

    def __init__(self, name: str, bounds: Bounds) -> None:
        self.dates: set[int] = set()
        self._name = name
        self._bounds = bounds
        self._within = ""
        self._own: dict[str, bool] = {}
        self._formats: list[str] = []

    def start(self, name: str, attributes: Attributes) -> None:
        if name in ("numFmts", "cellXfs"):
            self._within = name
        elif name == "numFmt" and self._within == "numFmts":
            self._own[attributes.get("numFmtId", "")] = is_date(attributes.get("formatCode", ""))
        elif name == "xf" and self._within == "cellXfs":
            self._formats.append(attributes.get("numFmtId", "0"))
        if len(self._own) + len(self._formats) > self._bounds.styles:
            raise TooMuch(self._name, f"{self._bounds.styles} styles")

    def end(self, name: str) -> None:
        if name == self._within:
            self._within = ""
        if name == "styleSheet":
            for place, code in enumerate(self._formats):
                usual = code.isascii() and code.isdigit() and int(code[:6]) in _DATES
                if self._own.get(code, usual):
                    self.dates.add(place)

    def text(self, text: str) -> None:
        pass


def is_date(code: str) -> bool:
    """Whether a format like `dd/mm/yyyy` shows a date or a time."""
    first = _NO_PART_OF_A_DATE.sub("", code).partition(";")[0].lower()
    return any(letter in first for letter in "dmyhs") and "general" not in first
