"""The parts of a workbook, unpacked and parsed piece by piece.

A reader of our own on expat: openpyxl holds all shared strings, styles and names before the first row, counts nothing
and cannot be stopped. Here every piece is counted, a DTD is refused and any handler may end the reading.
"""

import io
import posixpath
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import IO
from xml.parsers import expat

from cashier.errors import WrongInput
from cashier.spreadsheets.bounds import CHUNK, Bounds, TooMuch, Watch
from cashier.spreadsheets.empties import Empties

Attributes = dict[str, str]
_END, _END_SIZE, _IN_ZIP64, _MOST_FOR_A_PART = b"PK\x05\x06", 22, 0xFFFFFFFF, 400
_WRONG = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, KeyError, ValueError, OSError)


class Broken(Exception):
    """The workbook is damaged or not one that can be read."""


class Handler:
    """What one part does with its elements, by their names without prefix."""

    def start(self, name: str, attributes: Attributes) -> None:
        raise NotImplementedError

    def end(self, name: str) -> None:
        raise NotImplementedError

    def text(self, text: str) -> None:
        raise NotImplementedError


class Parts:
    """The parts of one workbook. Counts what is unpacked, all parts together."""

    def __init__(self, name: str, content: bytes, bounds: Bounds, watch: Watch) -> None:
        self.name = name
        self._bounds = bounds
        self._watch = watch
        self._unpacked = 0
        if _listed(content) > bounds.parts:
            raise TooMuch(name, f"{bounds.parts} parts")
        try:
            self._packed = zipfile.ZipFile(io.BytesIO(content))
        except _WRONG as why:
            raise Broken from why
        self._infos = {one.filename.lstrip("/"): one for one in self._packed.infolist()[: bounds.parts + 1]}
        if len(self._infos) > bounds.parts:
            raise TooMuch(name, f"{bounds.parts} parts")
        self.names = set(self._infos)
        # Names differ in case between what some programs write and what they refer to.
        self._by_lower = {name.lower(): name for name in self._infos}
        self.is_protected = any(one.flag_bits & 1 for one in self._infos.values())

    def find(self, part: str) -> str | None:
        """The part's name as it is stored, or None."""
        return part if part in self._infos else self._by_lower.get(part.lower())

    def beginning(self, part: str) -> bytes:
        """The first bytes of a part, none where it is not there."""
        try:
            with self._packed.open(part) as file:
                return file.read(200)
        except _WRONG:
            return b""

    def pieces(self, part: str, handler: Handler, empties: Empties | None = None) -> Iterator[None]:
        """Parses a part and hands control back after each piece; `empties` takes out what holds nothing.

        Raises Broken, WrongInput, Stopped.
        """
        stored = self.find(part)
        if stored is None:
            raise Broken(part)
        size = self._infos[stored].file_size
        parser = _parser(handler)
        try:
            with self._packed.open(stored) as file:
                yield from self._fed(file, parser, size, empties)
        except _WRONG as why:
            raise Broken from why
        except expat.ExpatError as why:
            raise Broken from why

    def _fed(
        self, file: "IO[bytes]", parser: "expat.XMLParserType", size: int, empties: Empties | None
    ) -> Iterator[None]:
        done = 0
        while piece := file.read(CHUNK):
            done += len(piece)
            self._unpacked += len(piece)
            if self._unpacked > self._bounds.unpacked_bytes:
                raise TooMuch(self.name, f"{self._bounds.unpacked_bytes // 1_000_000} MB when it is unpacked")
            self._watch(done, max(size, done))
            parser.Parse(piece if empties is None else empties.lighten(piece), False)
            yield
        parser.Parse(b"" if empties is None else empties.rest(), True)
        yield

    def parse(self, part: str, handler: Handler) -> None:
        """Parses a whole part."""
        for _ in self.pieces(part, handler):
            pass

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """What `part` refers to, by id: the last word of the kind, and the name of the other part."""
        folder, base = posixpath.split(part)
        place = posixpath.join(folder, "_rels", f"{base}.rels")
        found = _Relations()
        if self.find(place) is not None:
            self.parse(place, found)
        joined = {}
        for id, (kind, target) in found.targets.items():
            whole = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
            joined[id] = (kind.rpartition("/")[2], posixpath.normpath(whole))
        return joined


def _listed(content: bytes) -> int:
    """How many parts the end of the file says there are, before a list of millions is read.

    By their count or by the room of their list, whichever is more.
    """
    end = content.rfind(_END)
    if end < 0 or len(content) < end + _END_SIZE:
        return 0
    count, size = struct.unpack_from("<HL", content, end + 10)
    return max(int(count), int(size) // _MOST_FOR_A_PART if size != _IN_ZIP64 else 0)


class _Relations(Handler):
    def __init__(self) -> None:
        self.targets: dict[str, tuple[str, str]] = {}

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "Relationship" and attributes.get("TargetMode") != "External":
            self.targets[attributes.get("Id", "")] = (attributes.get("Type", ""), attributes.get("Target", ""))

    def end(self, name: str) -> None:
        pass

    def text(self, text: str) -> None:
        pass


def _parser(handler: Handler) -> "expat.XMLParserType":
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = _bare_start(handler.start)
    end = handler.end
    parser.EndElementHandler = lambda name: end(name.rpartition(":")[2] if ":" in name else name)
    parser.CharacterDataHandler = handler.text
    parser.StartDoctypeDeclHandler = _refuse_dtd
    return parser


def _bare_start(start: Callable[[str, Attributes], None]) -> Callable[[str, Attributes], None]:
    def bare(name: str, attributes: Attributes) -> None:
        start(name.rpartition(":")[2] if ":" in name else name, attributes)

    return bare


def _refuse_dtd(*_what: object) -> None:
    raise Broken("a DTD")


def broken(name: str) -> WrongInput:
    """The error for a workbook that is damaged."""
    return WrongInput(
        f"{name} cannot be read as an Excel file. It is damaged or not complete.", "Save it again as .xlsx or CSV."
    )
