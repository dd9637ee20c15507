"""Sends a list of payouts until the process is killed. Run by test_payout_list.py in a process of its own."""

import os
import threading
from pathlib import Path

from cashier.assembly import RunningTill
from cashier.domain.payout_run import NewLine, NewRun
from cashier.gateway.profile import Profile, Secret
from cashier.ledger.ledger import Account

LINES = 12


def line_id(number: int) -> str:
    return f"LINE-{number:02d}"


def new_run(folder: Path) -> NewRun:
    lines = tuple(
        NewLine(number + 1, line_id(number), f"2507881000{number:02d}", 1000 + number, f"Salary {number}")
        for number in range(1, LINES + 1)
    )
    return NewRun("RUN", str(folder / "may.csv"), "c", "r", "Claudine", lines)


def main() -> None:
    env = os.environ
    profile = Profile(
        base_url=env["CASHIER_GATEWAY_URL"],
        username=env["CASHIER_USERNAME"],
        accountno=env["CASHIER_ACCOUNT_NO"],
        password=Secret(env["CASHIER_PARTNER_PASSWORD"]),
    )
    data = Path(env["CASHIER_DATA_DIR"])
    running = RunningTill(data / f"practice-{profile.accountno}", Account("practice", profile.accountno), profile)
    running.start()
    running.runs.approve(new_run(data))
    running.runs.go_on()
    threading.Event().wait()


if __name__ == "__main__":
    main()
