"""What a sale cannot do without, measured beside it: a durable commit, a request on loopback, a frame."""

import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import requests
from PySide6.QtWidgets import QWidget


class Commit:
    """One row in a file beside the ledger, as durable as the ledger's."""

    def __init__(self, folder: Path) -> None:
        self._connection = sqlite3.connect(folder / "beside.db", isolation_level=None)
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=FULL")
        self._connection.execute("CREATE TABLE rows (number INTEGER PRIMARY KEY, content TEXT)")

    def seconds(self) -> float:
        begun = time.monotonic()
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.execute("INSERT INTO rows (content) VALUES (?)", ("x" * 400,))
        self._connection.execute("COMMIT")
        return time.monotonic() - begun

    def close(self) -> None:
        self._connection.close()


def request_seconds(url: str) -> float:
    """One POST over a fresh connection, answered."""
    begun = time.monotonic()
    with requests.Session() as session:
        session.trust_env = False
        session.post(url, data={"requesttransactionid": "nothing"}, timeout=10).close()
    return time.monotonic() - begun


def frame_seconds(widget: QWidget) -> float:
    """One whole repaint of `widget`, as it is now."""
    begun = time.monotonic()
    widget.repaint()
    return time.monotonic() - begun


def asked(url: str) -> float:
    """The time that the bench's gateway answers with."""
    return float(requests.get(url, timeout=30).json()["at"])


@contextmanager
def gateway() -> Iterator[str]:
    """The bench's gateway in a process of its own; yields its base URL."""
    command = [sys.executable, "-m", "benchmarks.gateway"]
    root = Path(__file__).parents[1]
    with subprocess.Popen(command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        try:
            yield running.stdout.readline().strip()
        finally:
            running.communicate()


@contextmanager
def commits(folder: Path) -> Iterator[Commit]:
    with closing(Commit(folder)) as made:
        yield made
