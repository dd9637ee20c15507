"""The search for secrets finds them: in files, output, logs and titles, in every spelling, with and without workers."""

import base64
import hashlib
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from tests import canaries

ROOT = Path(__file__).parents[2]
HEAD = "import logging, secrets, sys\nfrom tests import canaries, leaks\n"
CLEAN = "def test_clean(tmp_path):\n    (tmp_path / 'fine').write_text('nothing')\n    print('nothing')\n"
IN_FILES = """
def test_file(tmp_path):
    (tmp_path / "odd.db").write_bytes(b"x" * 5_000_000 + canaries.PASSWORD.encode())
def test_name(tmp_path):
    (tmp_path / canaries.TOKEN).touch()
"""
IN_TEXTS = """
def test_output():
    print(canaries.TOKEN)
def test_error_output():
    print(canaries.BASIC, file=sys.stderr)
def test_log():
    logging.getLogger("x").error("called with %s", canaries.PASSWORD)
def test_title():
    leaks.titles.append(canaries.TOKEN)
def test_digest():
    canaries.note_digest("0123456789abcdef" * 4)
    print("0123456789ABCDEF" * 4)
def test_made_token():
    print(secrets.token_urlsafe(32))
def test_other():
    canaries.note_secret("made elsewhere")
    print("it was made elsewhere")
"""


@pytest.fixture
def scratch() -> Iterator[Path]:
    """Beside the folders that are searched: what is planted here is not of this run."""
    with tempfile.TemporaryDirectory(prefix="cashier-planted-") as folder:
        yield Path(folder)


def run(scratch: Path, source: str, *more: str) -> tuple[int, str]:
    (scratch / "pytest.ini").write_text("[pytest]\n")
    (scratch / "test_planted.py").write_text(HEAD + source)
    plain = ["-rA", "-p", "tests.leaks", "-p", "no:cacheprovider", "--basetemp", str(scratch / "base")]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *plain, *more, str(scratch)],
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        cwd=scratch,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_a_clean_run_passes(scratch: Path) -> None:
    code, told = run(scratch, CLEAN)
    assert code == 0, told


def test_what_is_printed_logged_or_shown_fails_its_test(scratch: Path) -> None:
    code, told = run(scratch, CLEAN + IN_TEXTS)
    assert code == 1, told
    names = re.findall(r"def (test_\w+)", IN_TEXTS)
    assert set(re.findall(r"^ERROR .*::(test_\w+)", told, re.MULTILINE)) == set(names)


@pytest.mark.parametrize("workers", [[], ["-p", "xdist", "-n", "2"]], ids=["alone", "with workers"])
def test_what_is_in_a_file_fails_the_run_and_is_named(scratch: Path, workers: list[str]) -> None:
    code, told = run(scratch, CLEAN + IN_FILES, *workers)
    assert code == 1, told
    assert re.search(r"/test_file0/odd\.db: a secret after", told)
    assert re.search(r"the name of /.*/test_name0/", told)
    assert "test_clean0" not in told.partition("Secrets were left behind")[2]


@pytest.mark.parametrize(
    "content",
    [
        f"password={canaries.PASSWORD}&",
        quote(canaries.PASSWORD),
        f"https://till.example.rw/callback/{canaries.TOKEN}",
        repr(canaries.BASIC),
        *(base64.b64encode(b"p" * shift + ":".join(canaries.BASIC).encode()).decode() for shift in range(3)),
        canaries.PASSWORD.encode().hex(),
        canaries.marked_token(18),
        canaries.marked_token(32),
    ],
    ids=range(10),
)
def test_every_spelling_is_found(content: str) -> None:
    assert canaries.found_in(content.encode())
    assert canaries.found_in(b"\0\xff" + content.encode() + b"\0")


def test_other_texts_are_no_secrets() -> None:
    for text in ("Secret(…)", "[hidden]", hashlib.sha256(b"a block of the chain").hexdigest(), canaries.MARK[:-1]):
        assert canaries.found_in(text.encode()) == []


def test_a_marked_token_is_as_long_and_as_new_as_any() -> None:
    assert len(canaries.marked_token(32)) == 43
    assert canaries.marked_token(32) != canaries.marked_token(32)
    assert canaries.MARK not in canaries.marked_token(4)
