"""Charges once and dies at a named point, as in a power cut. Run by test_crash.py in a process of its own."""

import os
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cashier.assembly import RunningTill
from cashier.domain.states import Kind
from cashier.gateway.client import Client
from cashier.gateway.outcomes import Outcome
from cashier.gateway.profile import Profile, Secret
from cashier.ledger.ledger import Account

POINTS = ("before the commit", "before sending", "after sending", "after the answer", "after the end")


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class MortalClient(Client):
    """The real client, in a process that ends at a named point around the submission."""

    point = ""

    def _mortal(self, send: Callable[..., Outcome], **asked: Any) -> Outcome:
        if self.point == "before sending":
            die()
        outcome = send(**asked)
        if self.point == "after the answer":
            die()
        return outcome

    def request_payment(self, **asked: Any) -> Outcome:
        return self._mortal(super().request_payment, **asked)

    def request_payout(self, **asked: Any) -> Outcome:
        return self._mortal(super().request_payout, **asked)


def main() -> None:
    point, kind, phone = sys.argv[1:4]
    env = os.environ
    profile = Profile(
        base_url=env["CASHIER_GATEWAY_URL"],
        username=env["CASHIER_USERNAME"],
        accountno=env["CASHIER_ACCOUNT_NO"],
        password=Secret(env["CASHIER_PARTNER_PASSWORD"]),
    )
    client = MortalClient(profile, now=lambda: datetime.now(UTC))
    client.point = point
    folder = Path(env["CASHIER_DATA_DIR"]) / f"practice-{profile.accountno}"
    running = RunningTill(folder, Account("practice", profile.accountno), profile, gateway=client)
    running.start()
    if point == "before the commit":
        running.ledger.create = lambda *_, **__: die()  # type: ignore[assignment, method-assign]
    if point == "after the end":
        running.till.subscribe(lambda change: die() if change.became_final else None)
    if kind == Kind.PAYMENT:
        running.till.charge(phone, 1500)
    else:
        running.till.pay_out(phone, 1500, "test")
    signal.pause()


if __name__ == "__main__":
    main()
