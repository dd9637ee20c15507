"""Whether a folder is a place for a ledger: not on a network, and better not where a program copies files away."""

import os
import re
import sys
from collections.abc import Callable
from enum import Enum
from pathlib import Path, PurePath

from cashier.ledger.errors import NotAPlace

# In the folder of an account; the second one where a link stands in the first one's place.
BACKUPS, BACKUPS_BESIDE = "backups", "backups-here"


class Place(Enum):
    """LOCAL is fine. On NETWORK SQLite's locks and syncs cannot be trusted; SYNCED copies a ledger half written."""

    LOCAL = "local"
    NETWORK = "network"
    SYNCED = "synced"


_NETWORK = frozenset(
    {
        *("nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "afs", "afpfs", "ncpfs", "coda", "ceph"),
        *("glusterfs", "lustre", "davfs", "webdav", "9p", "sshfs", "rclone", "davfs2", "gvfsd-fuse", "smbnetfs"),
        *("s3fs", "curlftpfs", "vboxsf", "vmhgfs", "prl_fs"),
    }
)
_SYNCED = ("onedrive", "dropbox", "google drive", "googledrive", "my drive", "icloud", "mobile documents", "nextcloud")
DriveType = Callable[[str], int]
_DRIVE_REMOTE = 4
_MOUNTS = Path("/proc/self/mounts")
_MAC = re.compile(r".+ on (/.*) \(([a-z0-9]+)[,)].*")
_ESCAPED = re.compile(r"\\([0-7]{3})")


def place_of(folder: Path) -> Place:
    """What kind of place `folder` is. It need not exist yet."""
    real = Path(os.path.realpath(folder))
    if _on_network(real):
        return Place.NETWORK
    return Place.SYNCED if is_synced(folder) or is_synced(real) else Place.LOCAL


def refuse_network(place: Place) -> None:
    """Raises NotAPlace for a network folder."""
    if place is Place.NETWORK:
        raise NotAPlace(
            "The data folder is on a network, where the ledger cannot be kept safely. "
            "Choose a folder on this computer's own disk with --data-dir."
        )


def synced_notice(place: Place) -> str | None:
    """What to tell about a synced folder."""
    if place is not Place.SYNCED:
        return None
    return (
        "The data folder is copied by a cloud program (OneDrive, Dropbox, …), which can spoil the ledger. "
        "Move it to a folder that is not synced."
    )


def backups_of(folder: Path) -> Path:
    """The folder of the daily backups of the ledger in `folder`: a link is not followed, another beside it is used."""
    backups = folder / BACKUPS
    return folder / BACKUPS_BESIDE if backups.is_symlink() else backups


def linked_notice(folder: Path) -> str | None:
    """What to tell where the folder of the backups is a link, which versions before this one followed."""
    if not (folder / BACKUPS).is_symlink():
        return None
    return (
        f"The folder {folder / BACKUPS} is a link, which is not followed: the backups are now in "
        f"{BACKUPS_BESIDE} beside it. The earlier ones stay where the link leads."
    )


def is_synced(folder: PurePath) -> bool:
    """Whether one of the folders above is that of a program that syncs files, by its usual name."""
    return any(part.lower().startswith(_SYNCED) for part in folder.parts)


def is_network_mount(folder: PurePath, mounts: str) -> bool:
    """Whether the innermost mount that holds `folder` is of a network, by a text like /proc/mounts or of `mount`."""
    holding: dict[PurePath, str] = {}
    for line in mounts.splitlines():
        point, kind = _mount(line)
        if point == folder or point in folder.parents:
            holding[point] = kind
    if not holding:
        return False
    kind = holding[max(holding, key=lambda point: len(point.parts))].removeprefix("fuse.")
    # A container may have its own root from 9p: then it is this computer's disk seen through a sandbox.
    return kind in _NETWORK and not (kind == "9p" and holding.get(PurePath("/")) == "9p")


def is_network_drive(folder: str, drive_type: DriveType) -> bool:
    """Whether a path of Windows is on another computer: `\\\\server\\share`, or a letter connected to one."""
    plain = folder.replace("/", "\\").removeprefix("\\\\?\\")
    if plain.upper().startswith("UNC\\") or plain.startswith("\\\\"):
        return True
    return plain[1:2] == ":" and drive_type(f"{plain[0]}:\\") == _DRIVE_REMOTE


def _mount(line: str) -> tuple[PurePath, str]:
    """Where, and of what type: `device place type options`, or macOS's `device on place (type, options)`."""
    on_mac = _MAC.fullmatch(line)
    if on_mac is not None:
        return PurePath(on_mac[1]), on_mac[2]
    fields = [*line.split(), "", "", ""]
    return PurePath(_ESCAPED.sub(lambda found: chr(int(found[1], 8)), fields[1])), fields[2]


def _on_network(folder: Path) -> bool:
    if sys.platform == "win32":
        import ctypes

        return is_network_drive(str(folder), ctypes.windll.kernel32.GetDriveTypeW)
    try:
        return is_network_mount(folder, _mounts())
    except OSError:
        return False


def _mounts() -> str:
    if sys.platform == "darwin":
        import subprocess

        return subprocess.run(["/sbin/mount"], capture_output=True, text=True, check=False).stdout
    return _MOUNTS.read_text(encoding="utf-8", errors="replace")
