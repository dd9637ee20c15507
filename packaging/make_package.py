"""`make package`: the bundle, a .deb and a .tar.gz of it, their sums, what is inside; sizes and start beside goals.

Runs in the environment that holds exactly what ships and PyInstaller; `--source PYTHON` names the interpreter that runs
the program from source, for the start. Ends with 1 where a goal is missed.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent
sys.path[:0] = [str(ROOT), str(HERE)]

import contents
from debian import make_deb
from start_ratio import start_ratio

from cashier import __version__

MB = 1_000_000
DEB_MOST = 40.0
INSTALLED_MOST = 140.0
START_MOST = 1.3


def build(work: Path) -> Path:
    """Runs PyInstaller and returns the bundle's folder."""
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN"]
    places = ["--distpath", str(work / "bundle"), "--workpath", str(work / "pyinstaller")]
    subprocess.run([*command, *places, str(HERE / "cashier.spec")], check=True, cwd=ROOT)
    return work / "bundle" / "cashier"


def pack(bundle: Path, target: Path) -> Path:
    """The bundle as a .tar.gz with owner and times of nobody in particular."""
    made = target / f"cashier-{__version__}-linux-{os.uname().machine}.tar.gz"

    def plain(one: tarfile.TarInfo) -> tarfile.TarInfo:
        one.uid = one.gid = 0
        one.uname = one.gname = "root"
        return one

    with tarfile.open(made, "w:gz", compresslevel=9) as archive:
        archive.add(bundle, f"cashier-{__version__}", filter=plain)
    return made


def compile_installer(work: Path) -> None:
    """The script of the Windows installer, with files that stand for the program: it is compiled here, not tried."""
    stand_in = work / "stand-in"
    (stand_in / "_internal").mkdir(parents=True, exist_ok=True)
    (stand_in / "cashier.exe").write_text("stands for the program\n", encoding="utf-8")
    (stand_in / "_internal" / "library").write_text("stands for the libraries\n", encoding="utf-8")
    given = {"VERSION": __version__, "BUNDLE": stand_in, "OUTPUT": work / "stand-in-setup.exe"}
    defines = [f"-D{name}={value}" for name, value in given.items()]
    subprocess.run(["makensis", "-V2", "-WX", *defines, "cashier.nsi"], check=True, cwd=HERE / "windows")
    print("ok     Windows installer: the script compiles (not run here)", flush=True)


def size(folder: Path) -> float:
    """MB of all files below `folder`."""
    return sum(one.lstat().st_size for one in folder.rglob("*") if one.is_file() or one.is_symlink()) / MB


def line(what: str, measured: float, most: float, unit: str) -> bool:
    """Prints one goal; whether it is met."""
    good = measured <= most
    print(f"{'ok    ' if good else 'MISSED'} {what}: {measured:.2f} {unit} (at most {most:g})", flush=True)
    return good


def main() -> int:
    asked = argparse.ArgumentParser()
    asked.add_argument("--source", default=sys.executable)
    source = asked.parse_args().source
    work, target = ROOT / "build/package", ROOT / "dist"
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    bundle = build(work)
    inside = "\n".join(contents.lines()) + "\n"
    (target / f"cashier-{__version__}-contents.txt").write_text(inside, encoding="utf-8")
    (bundle / "CONTENTS.txt").write_text(inside, encoding="utf-8")
    for file in (ROOT / "LICENSE", HERE / "README-QT.txt"):
        shutil.copy(file, bundle)
    deb = make_deb(bundle, target, __version__, inside, work / "deb")
    made = [deb, pack(bundle, target)]
    sums = "".join(f"{hashlib.sha256(one.read_bytes()).hexdigest()}  {one.name}\n" for one in made)
    (target / "SHA256SUMS").write_text(sums, encoding="utf-8")
    compile_installer(work)
    good = [
        line(".deb", deb.stat().st_size / MB, DEB_MOST, "MB"),
        line("installed", size(bundle), INSTALLED_MOST, "MB"),
        line("start, beside the start from source", start_ratio(bundle / "cashier", source, ROOT), START_MOST, "times"),
    ]
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
