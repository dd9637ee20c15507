"""A disk that remembers every write, what was synced and when, and what a power cut at any moment may leave of it.

As POSIX promises and no more: an unsynced write may have reached the disk, or not, or some of its sectors may; the
creation, renaming or removal of a file counts once its folder is synced, and the calls may reach the disk in any order.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

SECTOR = 512


@dataclass(frozen=True)
class Write:
    file: int
    offset: int
    data: bytes


@dataclass(frozen=True)
class Truncate:
    file: int
    size: int


@dataclass(frozen=True)
class Sync:
    file: int


@dataclass(frozen=True)
class Put:
    """A file appears under a name: created, or renamed to it from `instead_of`."""

    name: str
    file: int
    instead_of: str | None = None


@dataclass(frozen=True)
class Remove:
    name: str


@dataclass(frozen=True)
class SyncFolder:
    pass


@dataclass(frozen=True)
class Acknowledged:
    """The program was told: whatever `what` is, it is on the disk for good."""

    what: int | str


Step = Write | Truncate | Sync | Put | Remove | SyncFolder | Acknowledged


@dataclass
class Journal:
    """Everything that happened to the files of one folder, in order."""

    steps: list[Step] = field(default_factory=list)
    names: dict[str, int] = field(default_factory=dict)
    _files: int = 0

    def opened(self, name: str) -> int:
        """The file of this name, created when it is not there."""
        if name not in self.names:
            self.names[name] = self._files
            self._files += 1
            self.steps.append(Put(name, self.names[name]))
        return self.names[name]

    def renamed(self, old: str, new: str) -> None:
        file = self.names.pop(old, None)
        if file is not None:
            self.names[new] = file
            self.steps.append(Put(new, file, instead_of=old))

    def removed(self, name: str) -> None:
        if self.names.pop(name, None) is not None:
            self.steps.append(Remove(name))


@dataclass(frozen=True)
class Image:
    """What stands on the disk after a cut: files by name, and what was acknowledged before it."""

    files: Mapping[str, bytes]
    acknowledged: Sequence[int | str]

    def lay_out(self, folder: Path) -> None:
        """Writes the files into `folder`."""
        for name, content in self.files.items():
            (folder / name).write_bytes(content)


class Disk:
    """Follows a journal and tells what a cut at this moment may leave."""

    def __init__(self) -> None:
        self._durable: dict[int, bytearray] = {}
        self._pending: dict[int, list[Write | Truncate]] = {}
        self._names: dict[str, int] = {}
        self._pending_names: list[Put | Remove] = []
        self._acknowledged: list[int | str] = []

    def follow(self, step: Step) -> None:
        match step:
            case Write() | Truncate():
                self._pending.setdefault(step.file, []).append(step)
            case Sync():
                for waiting in self._pending.pop(step.file, []):
                    _apply(self._durable.setdefault(step.file, bytearray()), waiting)
            case Put() | Remove():
                self._pending_names.append(step)
            case SyncFolder():
                for change in self._pending_names:
                    _rename(self._names, change)
                self._pending_names.clear()
            case Acknowledged():
                self._acknowledged.append(step.what)

    def cut(self, random: Random) -> Image:
        """One of the many images that may be left: all that was synced, and some of what was not."""
        kept, torn = random.choice(((0.0, 0.0), (1.0, 0.0), (0.5, 0.0), (0.5, 0.5), (0.9, 0.2), (0.0, 1.0)))
        names = dict(self._names)
        for change in self._pending_names:
            if random.random() < max(kept, 0.5):
                _rename(names, change)
        files = {}
        for name, file in names.items():
            content = bytearray(self._durable.get(file, b""))
            for waiting in self._pending.get(file, []):
                if isinstance(waiting, Write) and random.random() < torn:
                    for part in _sectors(waiting):
                        if random.random() < 0.5:
                            _apply(content, part)
                elif random.random() < kept:
                    _apply(content, waiting)
            files[name] = bytes(content)
        return Image(files, tuple(self._acknowledged))


def images(steps: Sequence[Step], count: int, random: Random, *, after: int = 0) -> Iterator[Image]:
    """`count` images of cuts at random moments after the first `after` steps."""
    moments = sorted(random.randint(after, len(steps)) for _ in range(count))
    disk, done = Disk(), 0
    for moment in moments:
        for step in steps[done:moment]:
            disk.follow(step)
        done = moment
        yield disk.cut(random)


def _sectors(write: Write) -> Iterator[Write]:
    at, end = write.offset, write.offset + len(write.data)
    while at < end:
        until = min(end, (at // SECTOR + 1) * SECTOR)
        yield Write(write.file, at, write.data[at - write.offset : until - write.offset])
        at = until


def _apply(content: bytearray, change: Write | Truncate) -> None:
    if isinstance(change, Truncate):
        if change.size < len(content):
            del content[change.size :]
        else:
            content.extend(bytes(change.size - len(content)))
        return
    if change.offset > len(content):
        content.extend(bytes(change.offset - len(content)))
    content[change.offset : change.offset + len(change.data)] = change.data


def _rename(names: dict[str, int], change: Put | Remove) -> None:
    if isinstance(change, Remove):
        names.pop(change.name, None)
        return
    if change.instead_of is not None:
        names.pop(change.instead_of, None)
    names[change.name] = change.file
