"""Links and devices in the place of Cashier's own files: they are named, and nothing begins.

Whoever can write in the data folder could otherwise have us write, or give rights to, a file that is somebody else's.
The data folder itself may be a link: a person chose it.
"""

import stat
from collections.abc import Iterable
from pathlib import Path

from cashier.errors import EnvironmentStop

_IN_DATA = ("settings.json", "cashier.lock", "logs")
_LOGS = "*.log*"
_LEDGERS = "ledger.db*"
_COPIES_BESIDE = "backups-here"


def refuse_in_data(data: Path) -> None:
    """Raises EnvironmentStop for a link or device in place of settings, lock or logs."""
    _refuse(data / name for name in _IN_DATA)
    _refuse((data / "logs").glob(_LOGS))


def refuse_in_account(folder: Path) -> None:
    """Raises EnvironmentStop where the folder of an account, its ledger or what stands beside it is a link.

    `backups` may be one: earlier versions followed it. The copies are then made elsewhere (ledger.backup).
    """
    _refuse((folder,))
    _refuse(folder.glob(_LEDGERS))
    _refuse((folder / _COPIES_BESIDE,))


def _refuse(files: Iterable[Path]) -> None:
    for file in files:
        try:
            mode = file.lstat().st_mode
        except OSError:
            continue
        if stat.S_ISLNK(mode):
            raise EnvironmentStop(
                f"{file} is a link, which Cashier does not follow. Nothing was begun.",
                "Put the file or folder itself in its place, or take the link away.",
            )
        if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
            raise EnvironmentStop(f"{file} is a device, not a file. Nothing was begun.", "Take it away.")
