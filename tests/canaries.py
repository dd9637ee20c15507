"""Secrets of the tests, which can be found again wherever they leak, and the search for them.

Every password and token that a test hands to the program carries MARK: the constants here, and whatever
`secrets.token_urlsafe` makes in the test run (the practice gateway's password, callback tokens). The digest of each
request is noted as it arrives at the practice gateway. `tests/leaks.py` searches everything the run leaves behind.
"""

import base64
import re
import secrets
from collections.abc import Iterable
from pathlib import Path

MARK = "Kanarie7Vogel"
PASSWORD = f"+$J<w-{MARK}-h5=<PH#"
TOKEN = f"tok-{MARK}-{'t' * 26}"
BASIC = ("partner", f"basic-{MARK}-secret")

# What no longer reads as MARK: three ways to begin inside base64, and the wide characters of some systems.
_SPELLINGS = [
    MARK.encode(),
    MARK.encode("utf-16-le"),
    MARK.encode().hex().encode(),
    *(base64.b64encode(b"\0" * shift + MARK.encode())[4 if shift else 0 : -4] for shift in range(3)),
]
_MARK = re.compile(b"|".join(re.escape(one) for one in _SPELLINGS))
_HEX = re.compile(rb"[0-9a-f]{64}", re.IGNORECASE)
_AROUND = 40
_DIFFERENT = 8  # figures and letters in any real digest
_READ = 1 << 22

_digests: set[bytes] = set()
_others: set[bytes] = set()
_made = secrets.token_urlsafe


def marked_token(nbytes: int | None = None) -> str:
    """As `secrets.token_urlsafe`, of the same length, and it can be found again."""
    made = _made(nbytes)
    return made if len(made) <= len(MARK) else MARK + made[len(MARK) :]


def note_digest(digest: str) -> None:
    """A request was signed with it, or with what a test made up."""
    if len(set(digest)) >= _DIFFERENT:
        _digests.add(digest.lower().encode())


def note_secret(text: str) -> None:
    """A secret that another process made, such as the password on the simulator's first line."""
    _others.add(text.encode())


def found_in(content: bytes) -> list[str]:
    """What is in `content` that must not be: the kind of canary, and what stands before it."""

    def before(hit: re.Match[bytes]) -> str:
        return repr(content[max(0, hit.start() - _AROUND) : hit.start()])

    found = [f"a secret after {before(hit)}" for hit in _MARK.finditer(content)]
    if _digests:
        digests = (hit for hit in _HEX.finditer(content) if hit[0].lower() in _digests)
        found += [f"a request's digest after {before(hit)}" for hit in digests]
    return found + [f"a password of another process ({one[:4]!r}…)" for one in _others if one in content]


def found_below(folder: Path) -> Iterable[str]:
    """What is in any file below `folder`, its name included."""
    for path in sorted(folder.rglob("*")):
        where = f"the name of {path}" if found_in(str(path.relative_to(folder)).encode()) else ""
        if where:
            yield where
        if path.is_file() and not path.is_symlink():
            for one in _found_in_file(path):
                yield f"{path}: {one}"


def _found_in_file(path: Path) -> list[str]:
    tail = b""
    found: list[str] = []
    with path.open("rb") as file:
        while block := file.read(_READ):
            found += found_in(tail + block)
            tail = block[-256:]
    return list(dict.fromkeys(found))
