"""Where a ledger may stand: not on a network; a synced folder is told about."""

from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest

from cashier.ledger.errors import NotAPlace
from cashier.ledger.ledger import Ledger
from cashier.ledger.places import Place, is_network_drive, is_network_mount, is_synced, place_of, synced_notice
from tests.unit.ledger.conftest import ACCOUNT, START

_MOUNTS = """\
/dev/sda1 / ext4 rw,relatime 0 0
tmpfs /tmp tmpfs rw 0 0
server:/export /mnt/shop nfs4 rw 0 0
/dev/sdb1 /mnt/shop/usb vfat rw 0 0
//server/share /mnt/My\\040share cifs rw 0 0
//server/café /mnt/café cifs rw 0 0
eric@server: /home/eric/remote fuse.sshfs rw 0 0
portal /run/user/1000/doc fuse.portal rw 0 0
drvfs /mnt/c 9p rw,aname=drvfs 0 0
"""


@pytest.mark.parametrize(
    ("folder", "network"),
    [
        ("/home/eric/.local/share/cashier", False),
        ("/tmp/x", False),
        ("/mnt/shop", True),
        ("/mnt/shop/cashier/data", True),
        ("/mnt/shopping", False),
        ("/mnt/shop/usb/cashier", False),
        ("/mnt/My share/cashier", True),
        ("/mnt/café/x", True),
        ("/home/eric/remote/data", True),
        ("/run/user/1000/doc/x", False),
        ("/mnt/c/Users/eric", True),
    ],
)
def test_a_mount_of_a_network_is_known_by_its_type(folder: str, network: bool) -> None:
    assert is_network_mount(PurePosixPath(folder), _MOUNTS) is network


@pytest.mark.parametrize(("folder", "network"), [("/Users/eric/x", False), ("/Volumes/The shop/x", True)])
def test_a_mount_of_a_network_on_macos(folder: str, network: bool) -> None:
    mounts = (
        "/dev/disk3s1s1 on / (apfs, sealed, local, read-only, journaled)\n"
        "/dev/disk3s5 on /System/Volumes/Data (apfs, local, journaled)\n"
        "//eric@server/shop on /Volumes/The shop (smbfs, nodev, nosuid, mounted by eric)\n"
    )
    assert is_network_mount(PurePosixPath(folder), mounts) is network


def test_a_sandbox_whose_whole_disk_is_9p_is_no_network() -> None:
    mounts = "none / 9p rw 0 0\nnone /data 9p rw 0 0\nserver:/x /mnt nfs rw 0 0\n"
    assert not is_network_mount(PurePosixPath("/data/x"), mounts)
    assert is_network_mount(PurePosixPath("/mnt/x"), mounts)
    assert not is_network_mount(PurePosixPath("/data"), "")


@pytest.mark.parametrize(
    ("folder", "network"),
    [
        (r"\\server\share\cashier", True),
        ("//server/share/cashier", True),
        (r"\\?\UNC\server\share", True),
        (r"Z:\cashier", True),
        (r"C:\Users\eric", False),
        (r"\\?\C:\Users\eric", False),
    ],
)
def test_a_network_path_of_windows(folder: str, network: bool) -> None:
    assert is_network_drive(folder, {"Z:\\": 4, "C:\\": 3}.__getitem__) is network


@pytest.mark.parametrize(
    ("folder", "synced"),
    [
        (PureWindowsPath(r"C:\Users\eric\OneDrive - Shop\cashier"), True),
        (PureWindowsPath(r"C:\Users\eric\Dropbox\x"), True),
        (PureWindowsPath(r"G:\My Drive\x"), True),
        (PureWindowsPath(r"C:\Users\eric\Google Drive\x"), True),
        (PureWindowsPath(r"C:\Users\eric\iCloudDrive\x"), True),
        (PurePosixPath("/Users/eric/Library/Mobile Documents/x"), True),
        (PurePosixPath("/home/eric/Nextcloud/x"), True),
        (PurePosixPath("/home/eric/.local/share/cashier"), False),
        (PureWindowsPath(r"C:\Users\eric\AppData\Local\cashier"), False),
    ],
)
def test_a_synced_folder_is_known_by_its_name(folder: PurePosixPath | PureWindowsPath, synced: bool) -> None:
    assert is_synced(folder) is synced


def test_this_computers_disk_is_fine_and_a_link_is_followed(tmp_path: Path) -> None:
    assert place_of(tmp_path / "not there yet") is Place.LOCAL
    (tmp_path / "Dropbox").mkdir()
    (tmp_path / "data").symlink_to(tmp_path / "Dropbox")
    assert place_of(tmp_path / "data" / "x") is Place.SYNCED
    assert synced_notice(Place.LOCAL) is None


def ledger_in(folder: Path, place: Place) -> Ledger:
    return Ledger(folder, ACCOUNT, now=lambda: START, threaded=False, place=lambda _: place)


def test_on_a_network_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(NotAPlace, match="on a network"):
        ledger_in(tmp_path / "x", Place.NETWORK).open()
    assert list(tmp_path.iterdir()) == []


def test_a_synced_folder_is_told_about(tmp_path: Path) -> None:
    for place, told in ((Place.SYNCED, True), (Place.LOCAL, False)):
        ledger = ledger_in(tmp_path / "x", place)
        ledger.open()
        assert ("cloud program" in (ledger.notice() or "")) is told
        ledger.close()
