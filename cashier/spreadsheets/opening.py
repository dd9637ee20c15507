"""Reads a plain file whole, within a bound. What is no plain file is refused before its first byte."""

import os
import stat
from pathlib import Path

from cashier.errors import WrongInput
from cashier.spreadsheets.bounds import Bounds

_OTHERS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
    (stat.S_ISSOCK, "a socket"),
)
# Another program could put a pipe in the file's place: opening must not wait for it.
_PIECE = 1_000_000
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)


def content_of(path: Path, bounds: Bounds) -> bytes:
    """The bytes of the file. Raises WrongInput for one that cannot be read, is no plain file or is too large."""
    try:
        _refuse_others(path, os.stat(path).st_mode)
        with os.fdopen(os.open(path, _FLAGS), "rb") as file:
            _refuse_others(path, os.fstat(file.fileno()).st_mode)
            content = bytearray()
            # Not in one go: that takes the memory of the largest file for every one.
            while len(content) <= bounds.file_bytes and (piece := file.read(_PIECE)):
                content += piece
    except (OSError, ValueError) as why:  # a name with a zero in it is a ValueError
        said = getattr(why, "strerror", None) or "its name is no name of a file"
        raise WrongInput(f"{path.name} cannot be read: {said}.", "Choose another file.") from why
    if len(content) > bounds.file_bytes:
        most = bounds.file_bytes // 1_000_000
        raise WrongInput(f"{path.name} is too large: over {most} MB.", "Split it into several files.")
    return bytes(content)


def _refuse_others(path: Path, mode: int) -> None:
    for is_one, what in _OTHERS:
        if is_one(mode):
            raise WrongInput(f"{path.name or path} is {what}, not a file.", "Choose a CSV or Excel file.")
    if not stat.S_ISREG(mode):
        raise WrongInput(f"{path.name or path} is not a file.", "Choose a CSV or Excel file.")
