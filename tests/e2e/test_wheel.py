"""The wheel, installed into an empty environment, works from anywhere without this checkout."""

import json
import os
import signal
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.canaries import note_secret
from tests.e2e.program import LONG, bare_environment

pytestmark = pytest.mark.e2e

ROOT = Path(__file__).parents[2]


def run(*command: str | Path, env: Mapping[str, str] | None = None, cwd: Path = Path("/")) -> str:
    """Runs a command to its good end and returns its stdout."""
    done = subprocess.run(
        [str(part) for part in command],
        env=env,
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=LONG,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def build(folder: Path) -> Path:
    """The wheel of this checkout, built without the network."""
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT, cwd=ROOT)
    (wheel,) = folder.glob("*.whl")
    return wheel


def install(wheel: Path, venv: Path) -> Path:
    """An empty environment with the wheel in it; what it depends on is reached where the tests have it."""
    run(sys.executable, "-m", "venv", "--without-pip", venv)
    python = venv / "bin" / "python"
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", python)
    run(*pip, "install", "--no-deps", "--no-index", wheel)
    (packages,) = venv.glob("lib/python*/site-packages")
    # A path in a .pth file is searched last, and the .pth files in it (the link to this checkout) are not read.
    (packages / "bought.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return python


def test_the_wheel_charges_from_the_root_folder(tmp_path: Path) -> None:
    wheel = build(tmp_path / "wheel")
    assert "cashier/_resources/README.md" in zipfile.ZipFile(wheel).namelist()
    python = install(wheel, tmp_path / "an empty one")
    env = {name: value for name, value in bare_environment().items() if not name.startswith("PYTHON")}
    env["HOME"] = str(tmp_path)
    where = "import cashier, cashier.paths as p; print(cashier.__file__); print(p.resources())"
    for line in run(python, "-c", where, env=env).splitlines():
        assert Path(line).is_relative_to(tmp_path)
        assert os.path.exists(line)

    program = python.with_name("cashier")
    gateway = subprocess.Popen(
        [str(program), "simulator", "--speed", "10"], env=env, cwd="/", stdout=subprocess.PIPE, text=True
    )
    try:
        assert gateway.stdout is not None
        told = json.loads(gateway.stdout.readline())
        note_secret(told["partnerpassword"])
        env |= {
            "CASHIER_GATEWAY_URL": told["url"],
            "CASHIER_USERNAME": told["username"],
            "CASHIER_ACCOUNT_NO": told["accountno"],
            "CASHIER_PARTNER_PASSWORD": told["partnerpassword"],
            "CASHIER_DATA_DIR": str(tmp_path / "data"),
        }
        row = json.loads(run(program, "charge", "0788123456", "1500", "--json", env=env))
    finally:
        gateway.send_signal(signal.SIGTERM)
        gateway.communicate(timeout=LONG)
    assert (row["state"], row["amount"]) == ("successful", 1500)
    assert gateway.returncode == 0
