"""One of two programs that begin at once on one data folder, again and again. Run by test_start_race.py.

A line on stdin names the folder of a round; the answer is `won` with the ledger open, or the sentence of the loser.
The next line ends the round.
"""

import sys
from datetime import UTC, datetime
from pathlib import Path

from cashier.ledger.errors import LedgerError
from cashier.ledger.ledger import Account, Ledger
from cashier.ledger.lock import FolderLock


def main() -> None:
    print("ready", flush=True)  # noqa: T201  # its only words
    for line in sys.stdin:
        data = Path(line.strip())
        lock = FolderLock(data)
        try:
            lock.acquire()
        except LedgerError as refused:
            print(refused, flush=True)  # noqa: T201
            sys.stdin.readline()
            continue
        ledger = Ledger(data / "practice-1", Account("practice", "1"), now=lambda: datetime.now(UTC))
        ledger.open()
        print("won", flush=True)  # noqa: T201
        sys.stdin.readline()
        ledger.close()
        lock.release()


if __name__ == "__main__":
    main()
