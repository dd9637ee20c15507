"""What can stop the ledger. `str()` of each is a sentence for the person at the till."""

import errno
import sqlite3

from cashier.domain.transaction import Transaction


class LedgerError(Exception):
    """The ledger cannot do this. Nothing was written."""

    @property
    def sentence(self) -> str:
        return str(self)


class NewerLedger(LedgerError):
    """Written by a newer version of the program."""


class OtherAccount(LedgerError):
    """The file belongs to another account."""


class DamagedLedger(LedgerError):
    """The file is not a whole ledger; it was left as it is."""


class LostEvents(DamagedLedger):
    """The ledger, or some of what was in it, is gone; what is there was left as it is."""


class NotAPlace(LedgerError):
    """The ledger may not be written in this folder."""


class PayoutsLocked(LedgerError):
    """The ledger was restored, and nobody has compared it with the provider's statement yet."""


class DiskFull(LedgerError):
    """No room for one more row."""


class LedgerBusy(LedgerError):
    """Another program holds the file."""


class ReadOnlyLedger(LedgerError):
    """The file or its folder cannot be written."""


class FolderInUse(LedgerError):
    """Another Cashier works in this folder."""


class LedgerClosed(LedgerError):
    """Asked after the end."""


class ForbiddenMove(LedgerError):
    """A bug of ours: the table of moves does not allow this."""


class AlreadyThere(LedgerError):
    """Nothing was begun, because `existing` is there."""

    def __init__(self, sentence: str, existing: Transaction) -> None:
        super().__init__(sentence)
        self.existing = existing


class AlreadyBegun(AlreadyThere):
    """The same press of the button came twice."""


class OpenAlready(AlreadyThere):
    """Another one to this phone is open."""


class SameAgain(AlreadyThere):
    """The same phone and amount came just now."""


class CannotRefund(LedgerError):
    """No refund was begun. `left` is what may still be given back, in RWF."""

    def __init__(self, sentence: str, left: int = 0) -> None:
        super().__init__(sentence)
        self.left = left


class NotPaid(CannotRefund):
    """Only a paid payment can be refunded."""


class NothingLeft(CannotRefund):
    """All of it was given back, or is on its way."""


class MoreThanLeft(CannotRefund):
    """The amount is above what is left."""


_SENTENCES: tuple[tuple[tuple[int, ...], type[LedgerError], str], ...] = (
    ((sqlite3.SQLITE_FULL,), DiskFull, "The disk is full: no sales. Make room on this computer, then try again."),
    ((sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED), LedgerBusy, "The ledger is busy. Wait a moment and try again."),
    (
        (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_IOERR),
        ReadOnlyLedger,
        "The ledger cannot be written: no sales. Check the rights of its folder and the disk.",
    ),
    (
        (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB),
        DamagedLedger,
        "The ledger is damaged. It was left as it is: restore a backup or call support.",
    ),
)


def from_os(trouble: OSError) -> LedgerError:
    """The ledger's own error for one of the operating system's."""
    if trouble.errno in (errno.ENOSPC, errno.EDQUOT):
        return DiskFull("The disk is full: no sales. Make room on this computer, then try again.")
    if trouble.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return ReadOnlyLedger("The ledger cannot be written: no sales. Check the rights of its folder and the disk.")
    return LedgerError(f"The ledger's folder cannot be used: {trouble.strerror or trouble}. Check its rights.")


def from_sqlite(trouble: sqlite3.Error | UnicodeDecodeError) -> LedgerError:
    """The ledger's own error for one of SQLite's, or for a text of it that is none."""
    primary = (getattr(trouble, "sqlite_errorcode", 0) or 0) & 0xFF
    for codes, kind, sentence in _SENTENCES:
        if primary in codes:
            return kind(sentence)
    # A file of 0 bytes is an empty database to SQLite; a ledger has its tables from its first moment.
    if any(word in str(trouble) for word in ("not a database", "Could not decode", "can't decode", "no such table")):
        return DamagedLedger("The ledger is damaged. It was left as it is: restore a backup or call support.")
    return LedgerError(f"The ledger could not be used: {trouble}.")
