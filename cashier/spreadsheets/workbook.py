"""A workbook of today's Excel (.xlsx, .xlsm): its sheets, and the rows of one."""

from collections.abc import Iterator
from dataclasses import dataclass

from cashier.spreadsheets.bounds import Bounds, TooMuch, Watch
from cashier.spreadsheets.cells import Row
from cashier.spreadsheets.empties import Empties
from cashier.spreadsheets.kinds import of_parts, protected
from cashier.spreadsheets.shared import Strings, Styles
from cashier.spreadsheets.sheet import Sheet
from cashier.spreadsheets.xml_parts import Attributes, Broken, Handler, Parts

_WORKBOOKS = ("xl/workbook.xml", "workbook.xml")


@dataclass(frozen=True)
class SheetName:
    """One sheet: what it is called, where it is kept, and whether nobody sees it."""

    name: str
    part: str
    hidden: bool


class Workbook:
    """Reads what all sheets share once, the first time it is needed. Raises Broken, WrongInput, Stopped."""

    def __init__(self, name: str, content: bytes, bounds: Bounds, watch: Watch) -> None:
        self._name, self._bounds = name, bounds
        self._parts = parts = Parts(name, content, bounds, watch)
        if parts.is_protected:
            raise protected(name)
        place = self._workbook()
        listed = _Listed(name, bounds)
        parts.parse(place, listed)
        relations = parts.relations(place)
        self._since_1904 = listed.since_1904
        self.sheets = [
            SheetName(sheet, relations[id][1], hidden)
            for sheet, id, hidden in listed.sheets
            if id in relations and relations[id][0] == "worksheet"
        ]
        if not self.sheets:
            raise Broken("no sheet")
        self._shared = {kind: target for kind, target in relations.values() if kind in ("sharedStrings", "styles")}
        self._strings: list[str] | None = None
        self._dates: set[int] = set()

    def rows(self, sheet: SheetName) -> Iterator[tuple[Sheet, Row]]:
        """The rows of a sheet that hold anything, each with the sheet, which knows the hidden columns."""
        if self._strings is None:
            self._strings, self._dates = self._read_shared()
        empties = Empties()
        handler = Sheet(
            self._name, self._strings, self._dates, since_1904=self._since_1904, bounds=self._bounds, empties=empties
        )
        for _ in self._parts.pieces(sheet.part, handler, empties):
            for row in handler.take():
                yield handler, row

    def holds_anything(self, sheet: SheetName) -> bool:
        """Whether any cell of the sheet does."""
        return next(self.rows(sheet), None) is not None

    def _workbook(self) -> str:
        parts = self._parts
        named = [target for kind, target in parts.relations("").values() if kind == "officeDocument"]
        for place in (*named, *_WORKBOOKS):
            stored = parts.find(place)
            if stored is not None and stored.lower().endswith(".xml") and "workbook" in stored.lower():
                return stored
        raise of_parts(self._name, parts.names, parts.beginning("mimetype"))

    def _read_shared(self) -> tuple[list[str], set[int]]:
        strings, styles = Strings(self._name, self._bounds), Styles(self._name, self._bounds)
        for kind, handler in (("sharedStrings", strings), ("styles", styles)):
            place = self._parts.find(self._shared.get(kind, ""))
            if place is not None:
                self._parts.parse(place, handler)
        return strings.texts, styles.dates


class _Listed(Handler):
    """The sheets as the workbook lists them."""

    def __init__(self, name: str, bounds: Bounds) -> None:
        self.sheets: list[tuple[str, str, bool]] = []
        self.since_1904 = False
        self._name, self._bounds = name, bounds

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "sheet":
            id = next((value for key, value in attributes.items() if key.rpartition(":")[2] == "id"), "")
            hidden = attributes.get("state") in ("hidden", "veryHidden")
            self.sheets.append((attributes.get("name", ""), id, hidden))
            if len(self.sheets) > self._bounds.sheets:
                raise TooMuch(self._name, f"{self._bounds.sheets} sheets")
        elif name == "workbookPr":
            self.since_1904 = attributes.get("date1904") in ("1", "true")

    def end(self, name: str) -> None:
        pass

    def text(self, text: str) -> None:
        pass
