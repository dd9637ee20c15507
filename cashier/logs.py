"""The log file: rotating, in UTC, without secrets and with phones masked. A log that fails never stops a sale."""

import faulthandler
import logging
import os
import re
import sys
import threading
import traceback
from contextlib import suppress
from datetime import UTC, datetime
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import ModuleType, TracebackType
from typing import IO

from cashier.hiding import HIDDEN, spellings

fcntl: ModuleType | None
try:
    import fcntl
except ImportError:  # Windows, which does not take away a file that is open
    fcntl = None

log = logging.getLogger(__name__)

_SIZE = 1_000_000
_FILES = 5
_TRIES = 5

_DIGEST = re.compile(r"[0-9a-fA-F]{64,}")
# Grouped or in one piece, with any writing of the country code; `%2B` and `%20` stand for + and space in URLs.
_GAP = r"(?:[ \u00a0\u202f.()/-]|%20){0,2}"
_PHONE = re.compile(
    rf"(?<![0-9])(?:(?:00)?2{_GAP}5{_GAP}0{_GAP}|0{_GAP})(7{_GAP}[0-9])(?:{_GAP}[0-9]){{4}}"
    rf"{_GAP}([0-9]{_GAP}[0-9]{_GAP}[0-9])(?![0-9])"
)

_lock = threading.Lock()
_secrets: set[str] = set()
_pattern: re.Pattern[str] | None = None


def register_secret(value: str) -> None:
    """From now on `value` never appears in a log, nor in a common escape of it. Registering twice is fine."""
    global _pattern
    if not value:
        return
    with _lock:
        _secrets.update(spellings(value))
        # The longest first, so that no tail of a longer spelling is left standing.
        _pattern = re.compile("|".join(re.escape(one) for one in sorted(_secrets, key=len, reverse=True)))


def redact(text: str) -> str:
    """`text` without registered secrets and request digests, phones shortened to `0788 ••• 456`."""
    if _pattern is not None:
        text = _pattern.sub(HIDDEN, text)
    return _PHONE.sub(_mask, _DIGEST.sub(HIDDEN, text))


class RedactingFormatter(logging.Formatter):
    """Redacts the finished text, tracebacks included, whatever way a secret took into it. Times in UTC."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s")

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:
        """`2026-11-23T12:00:00.000Z`."""
        moment = datetime.fromtimestamp(record.created, UTC)
        return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def format(self, record: logging.LogRecord) -> str:
        # The traceback kept on the record is raw text for other handlers; ours is made anew and redacted.
        return redact(super().format(record))


class LogFile(RotatingFileHandler):
    """Log files for this user alone (0600). Whatever goes wrong in writing, full disk included, is swallowed."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, maxBytes=_SIZE, backupCount=_FILES, encoding="utf-8", delay=True)
        self.setFormatter(RedactingFormatter())

    def handleError(self, record: logging.LogRecord) -> None:
        """Drops the record: there is no better place to complain to than the log itself."""

    def close(self) -> None:
        """Closes the file; what a full disk did not take is dropped."""
        with suppress(OSError):
            super().close()

    def _open(self) -> TextIOWrapper:
        return TextIOWrapper(open(self.baseFilename, "ab", opener=_private), encoding="utf-8")


def start_logging(folder: Path, level: int = logging.INFO) -> LogFile:
    """Logs everything of `level` and above to `folder`/cashier.log. Never raises.

    Hand the answer to `stop_logging` at the end.
    """
    # No folder, no log: each record then fails to open the file and is dropped.
    _make(folder)
    handler = LogFile(folder / "cashier.log")
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(level)
    return handler


def start_crash_log(folder: Path) -> IO[bytes] | None:
    """When the program itself breaks down, as by a fault in a library, where it was goes to `folder`/crash.log.

    Never raises. Only files, lines and names of functions are written, no values. Several programs may share it. Hand
    the answer to `stop_crash_log` at the end.
    """
    _make(folder)
    try:
        file = _shared(folder / "crash.log")
    except OSError:
        return None
    faulthandler.enable(file)
    return file


def stop_crash_log(file: IO[bytes] | None) -> None:
    """An empty crash report is taken away again, unless another program would write into it."""
    if file is None:
        return
    faulthandler.disable()
    with suppress(OSError), file:
        if file.seek(0, os.SEEK_END) == 0 and _is_alone(file):
            os.unlink(file.name)


def _shared(path: Path) -> IO[bytes]:
    """`path` opened and marked as in use. One that another program takes away in this moment is made anew."""
    for _ in range(_TRIES):
        file = open(path, "ab", opener=_private)  # noqa: SIM115  # open until the end of the program
        if fcntl is None:
            return file
        with suppress(OSError):  # a disk without locks
            fcntl.flock(file, fcntl.LOCK_SH)
        with suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(file.fileno()), os.stat(path)):
                return file
        file.close()
    raise FileNotFoundError(path)


def _is_alone(file: IO[bytes]) -> bool:
    if fcntl is None:
        return True
    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return True


def stop_logging(handler: LogFile) -> None:
    """Takes `handler` out and closes its file."""
    logging.getLogger().removeHandler(handler)
    handler.close()


def report(kind: type[BaseException], trouble: BaseException | None, trace: TracebackType | None) -> None:
    """Logs an exception that nobody caught."""
    log.critical("a bug of ours", exc_info=(kind, trouble or kind(), trace))


def catch_the_rest() -> None:
    """From now on what nobody caught, on any thread, is logged and told on stderr without secrets."""

    def tell(kind: type[BaseException], trouble: BaseException | None, trace: TracebackType | None) -> None:
        if logging.getLogger().handlers:
            report(kind, trouble, trace)
        sys.stderr.write(redact("".join(traceback.format_exception(kind, trouble, trace))))

    sys.excepthook = tell
    threading.excepthook = lambda told: tell(told.exc_type, told.exc_value, told.exc_traceback)
    sys.unraisablehook = lambda told: tell(told.exc_type, told.exc_value, told.exc_traceback)


def _make(folder: Path) -> None:
    with suppress(OSError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)


def _mask(found: re.Match[str]) -> str:
    start, end = (re.sub(r"[^0-9]", "", part.replace("%20", "")) for part in found.groups())
    third = re.sub(r"[^0-9]", "", found[0].replace("%20", ""))[-7]
    return f"0{start}{third} ••• {end}"


def _private(path: str, flags: int) -> int:
    handle = os.open(path, flags, 0o600)
    if os.name == "posix":
        # One that an earlier version, or a copy, left readable for others. What has no rights is left as it is.
        with suppress(OSError):
            os.fchmod(handle, 0o600)
    return handle


# What is logged before there is a file goes to stderr, by the same rule.
if logging.lastResort is not None:
    logging.lastResort.setFormatter(RedactingFormatter())
