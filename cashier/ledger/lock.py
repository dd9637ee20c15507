"""One writer per data folder."""

from pathlib import Path
from typing import TYPE_CHECKING

from cashier.ledger.errors import FolderInUse, LedgerError

if TYPE_CHECKING:
    from filelock import BaseFileLock

_FILE = "cashier.lock"


class FolderLock:
    """Held by whoever writes in a data folder; the operating system lets it go when the process ends, however."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._lock: BaseFileLock | None = None

    def acquire(self) -> None:
        """Raises FolderInUse while another process, or another part of this one, holds it."""
        from filelock import FileLock, Timeout

        lock = FileLock(self._data / _FILE, timeout=0, mode=0o600, thread_local=False)
        try:
            self._data.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock.acquire()
        except Timeout:
            raise FolderInUse("Cashier is already open on this computer. Use that window, or close it first.") from None
        except OSError as trouble:
            raise LedgerError(f"The data folder cannot be used: {trouble.strerror}. Check its rights.") from trouble
        self._lock = lock

    def release(self) -> None:
        """Lets it go. A second call does nothing."""
        if self._lock is not None:
            self._lock.release()
            self._lock = None
