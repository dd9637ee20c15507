"""Makes the .deb of a bundle: /opt/cashier, /usr/bin/cashier, menu entry, icon, man page, licences."""

import gzip
import os
import re
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

HERE = Path(__file__).parent
# Loaded only if they are there: a till without sound, printers or the desktop's own look works.
_OPTIONAL = re.compile(
    r"QtMultimedia|Qt6Multimedia|platformthemes|printsupport|wayland|libqgtk3|imageformats", re.IGNORECASE
)
# Loaded by name, so that no file says it needs them.
_BY_NAME = ("fonts-dejavu-core", "libegl1", "libgl1")


def make_deb(bundle: Path, target: Path, version: str, contents: str, stage: Path) -> Path:
    """Packs `bundle` and returns the file made in `target`. `stage` is a folder to work in."""
    shutil.rmtree(stage, ignore_errors=True)
    shutil.copytree(bundle, stage / "opt/cashier", symlinks=True)
    (stage / "usr/bin").mkdir(parents=True)
    (stage / "usr/bin/cashier").symlink_to("/opt/cashier/cashier")
    _put(stage / "usr/share/applications/cashier.desktop", (HERE / "linux/cashier.desktop").read_bytes())
    _put(stage / "usr/share/icons/hicolor/scalable/apps/cashier.svg", (HERE / "linux/cashier.svg").read_bytes())
    manual = (HERE / "linux/cashier.1").read_text(encoding="utf-8").replace("@VERSION@", version)
    _put(stage / "usr/share/man/man1/cashier.1.gz", _zipped(manual.encode()))
    doc = stage / "usr/share/doc/cashier"
    _put(doc / "CONTENTS.txt", contents.encode())
    _put(doc / "changelog.gz", _zipped((HERE.parent / "CHANGELOG.md").read_bytes()))
    told = "\n".join(f" {line}" for line in contents.splitlines())
    copyright_in = (HERE / "linux/copyright.in").read_text(encoding="utf-8")
    _put(doc / "copyright", copyright_in.replace("@CONTENTS@", told).encode())
    architecture = _output("dpkg", "--print-architecture").strip()
    control = (HERE / "linux/control.in").read_text(encoding="utf-8")
    for name, value in {
        "VERSION": version,
        "ARCHITECTURE": architecture,
        "INSTALLED_SIZE": str(sum(one.lstat().st_size for one in stage.rglob("*")) // 1024),
        "DEPENDS": ", ".join(depends(bundle)),
    }.items():
        control = control.replace(f"@{name}@", value)
    _put(stage / "DEBIAN/control", control.encode())
    for folder, _, files in os.walk(stage):
        os.chmod(folder, 0o755)
        for name in files:
            file = Path(folder, name)
            if not file.is_symlink():
                file.chmod(0o755 if os.access(file, os.X_OK) else 0o644)
    made = target / f"cashier_{version}_{architecture}.deb"
    subprocess.run(
        ["dpkg-deb", "--root-owner-group", "-Zxz", "-z9", "--build", str(stage), str(made)],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return made


def depends(bundle: Path) -> list[str]:
    """The packages that hold the libraries which the bundle needs and does not carry."""
    carried = {one.name for one in bundle.rglob("*")}
    wanted: set[str] = set()
    for file in bundle.rglob("*"):
        if file.is_symlink() or not file.is_file() or _OPTIONAL.search(str(file.relative_to(bundle))):
            continue
        with file.open("rb") as opened:
            if opened.read(4) != b"\x7fELF":
                continue
        wanted |= set(re.findall(r"NEEDED\s+(\S+)", _output("objdump", "-p", str(file))))
    return sorted({*_BY_NAME, *_packages(wanted - carried)})


def _packages(libraries: Iterable[str]) -> set[str]:
    found = set()
    for library in sorted(libraries):
        owner = subprocess.run(["dpkg", "-S", f"*/{library}"], capture_output=True, text=True, check=False).stdout
        names = {line.partition(":")[0] for line in owner.splitlines() if "-dev" not in line.partition(":")[0]}
        if not names:
            raise SystemExit(f"No package holds {library}, which the bundle needs.")
        found.add(min(names))
    return found


def _output(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def _put(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


def _zipped(content: bytes) -> bytes:
    return gzip.compress(content, 9, mtime=0)
