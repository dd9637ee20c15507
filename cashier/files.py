"""The one door for a file at a place that a person names: for its owner alone, whole or not at all, nothing destroyed.

What is Cashier's own is known by what lies in the folder, after links, whichever data folder this run uses.
"""

import contextlib
import errno
import os
import re
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cashier.errors import EnvironmentStop, WrongInput

_LEDGER = "ledger.db"
_LOCK = "cashier.lock"
_ACCOUNT = re.compile(r"(?:practice|sandbox|live)-.+")
# Also where somebody moved them, or where nothing else says whose folder it is.
_OURS = re.compile(
    r"settings\.json|settings\.damaged-.*|cashier\.lock|cashier\.log.*|crash\.log|ledger\.db.*|ledger-[0-9]{8}T[0-9]{6}Z\.db.*",
    re.IGNORECASE,
)
_DATABASE = b"SQLite format 3\0"
# No hard links here: a stick with FAT, some network drives.
_NO_LINKS = frozenset({errno.EPERM, errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK, errno.EACCES})


def check_new(target: Path) -> None:
    """For a file that replaces nothing. Raises WrongInput where something is at `target`, or its folder is ours.

    Raises EnvironmentStop where nobody can look, as for a name that is too long.
    """
    if not target.name:
        raise WrongInput("The file needs a name.", "Write one after the folder.")
    if not target.parent.is_dir():
        raise WrongInput(f"There is no folder {target.parent}.", "Make it first, or choose another.")
    try:
        target.lstat()
    except FileNotFoundError:
        pass
    except OSError as trouble:
        words = f"{target} cannot be written: {trouble.strerror or trouble}."
        raise EnvironmentStop(words, "Choose another name or folder.") from trouble
    else:
        raise WrongInput(f"There is a file {target} already.", "Choose another name.")
    _refuse_ours(target)


def check_replaceable(target: Path) -> None:
    """For a file that may replace a plain one. Raises WrongInput where it may not, OSError where nobody can look."""
    try:
        there = target.lstat()
    except FileNotFoundError:
        there = None
    if there is not None:
        if stat.S_ISLNK(there.st_mode):
            raise WrongInput(f"{target} is a link.", "Name the file itself, or choose another name.")
        if stat.S_ISDIR(there.st_mode):
            raise WrongInput(f"{target} is a folder.", "Write the name of a file in it.")
        if not stat.S_ISREG(there.st_mode):
            raise WrongInput(f"{target} is a device, not a file.", "Choose another name.")
    _refuse_ours(target)
    if there is not None and _is_database(target):
        raise WrongInput(f"{target} is a database, perhaps a ledger.", "Choose another name.")


@contextmanager
def written(target: Path, *, replace: bool) -> Iterator[Path]:
    """Yields an empty file beside `target`, 0600, to be filled under its name; at the end it becomes `target`.

    Nothing is left behind where the block raises. The looks of check_new (without `replace`) or check_replaceable
    come first, and again at the end. Raises WrongInput, EnvironmentStop and OSError.
    """
    look = check_replaceable if replace else check_new
    look(target)
    with part_of(target) as part:
        yield part
        sync(part)
        if replace:
            look(target)
            os.replace(part, target)
        else:
            try:
                move_to_free_name(part, target)
            except FileExistsError:
                raise WrongInput(f"There is a file {target} already.", "Choose another name.") from None
        sync_folder(target.parent)


@contextmanager
def part_of(target: Path) -> Iterator[Path]:
    """A new empty file beside `target` (0600), taken away at the end unless it was moved. Raises OSError."""
    # A name of its own and short: a long name with an ending more might be too long for the disk.
    part = target.with_name(f".cashier-{secrets.token_hex(8)}.part")
    os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_NOFOLLOW", 0), 0o600))
    try:
        yield part
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def move_to_free_name(part: Path, target: Path) -> None:
    """`part` becomes `target` and replaces nothing, whoever makes a file there meanwhile.

    Raises FileExistsError, OSError.
    """
    if os.name == "nt":
        os.rename(part, target)  # never replaces there
        return
    try:
        os.link(part, target, follow_symlinks=False)
    except FileExistsError:
        raise
    except OSError as trouble:
        if trouble.errno not in _NO_LINKS:
            raise
        _claim_and_move(part, target)
        return
    part.unlink()


def sync(file: Path) -> None:
    """Brings what was written to `file` onto the disk. Raises OSError."""
    handle = os.open(file, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_folder(folder: Path) -> None:
    """Brings new names in `folder` onto the disk, where the system can do that."""
    if os.name == "nt":
        return
    with contextlib.suppress(OSError):  # some sticks and network drives cannot; the file itself is synced
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def read_own(file: Path) -> bytes | None:
    """What stands in a plain file of ours; None for a link, a device, a FIFO or what cannot be read. Never waits."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        handle = os.open(file, flags)
    except OSError:
        return None
    with open(handle, "rb") as opened:
        return opened.read() if stat.S_ISREG(os.fstat(opened.fileno()).st_mode) else None


def is_ours(folder: Path) -> bool:
    """Whether `folder`, after links, is a data folder of Cashier or lies in the part of one that Cashier keeps."""
    folder = folder.resolve()
    if _is_data_folder(folder):
        return True
    below = folder
    for above in (folder, *folder.parents):
        # Further up the name must say so too: `ledger.db` may be another program's, in a person's home.
        if _is_account_folder(above) and (above == folder or _ACCOUNT.fullmatch(above.name)):
            return True
        # In the data folder itself people may keep folders of their own.
        if above != folder and _is_data_folder(above) and (below.name == "logs" or _ACCOUNT.fullmatch(below.name)):
            return True
        below = above
    return False


def _claim_and_move(part: Path, target: Path) -> None:
    """The free name is taken by an empty file of ours, which the whole one then replaces."""
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        os.replace(part, target)
    except BaseException:
        with contextlib.suppress(OSError):
            target.unlink()
        raise


def _refuse_ours(target: Path) -> None:
    if is_ours(target.parent):
        raise WrongInput(f"{target.parent} is where Cashier keeps its own files.", "Choose another folder.")
    if _OURS.fullmatch(target.name) and os.path.lexists(target):
        raise WrongInput(f"{target} has the name of one of Cashier's own files.", "Choose another name.")


def _is_data_folder(folder: Path) -> bool:
    if os.path.lexists(folder / _LOCK):
        return True
    # Before the first lock: settings that only we write. Other programs have a settings.json too.
    told = read_own(folder / "settings.json")
    return told is not None and b'"environment"' in told and b'"accountno"' in told


def _is_account_folder(folder: Path) -> bool:
    return any(os.path.lexists(folder / name) for name in (_LEDGER, f"{_LEDGER}.mark", f"{_LEDGER}-wal"))


def _is_database(file: Path) -> bool:
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    with contextlib.suppress(OSError), open(os.open(file, flags), "rb") as opened:
        return opened.read(len(_DATABASE)) == _DATABASE
    return False
