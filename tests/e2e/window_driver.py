"""The window as a shop opens it, on a practice gateway that runs elsewhere. Run by test_window_ends.py.

Arguments: kind:phone of each transaction to begin once the till is open. Prints a line of JSON for each change
and, when everything has ended in order, the threads that are left.
"""

import json
import os
import sys
import threading
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import click

from cashier.app import Window, open_window
from cashier.counter import Counter
from cashier.credentials import MemoryStore
from cashier.domain.events import Change
from cashier.domain.states import Kind
from cashier.simulator import Simulator


def tell(change: Change) -> None:
    row = change.transaction
    click.echo(json.dumps({"id": row.id, "phone": row.phone, "state": row.state}))


def main() -> None:
    env = os.environ
    gateway = SimpleNamespace(
        url=env["CASHIER_GATEWAY_URL"],
        username=env["CASHIER_USERNAME"],
        accountno=env["CASHIER_ACCOUNT_NO"],
        partnerpassword=env["CASHIER_PARTNER_PASSWORD"],
    )

    def begin(window: Window) -> None:
        def sell(_rows: object) -> None:
            till = window.bridge.till
            assert till is not None
            for what in sys.argv[1:]:
                kind, phone = what.split(":")
                if kind == Kind.PAYMENT:
                    window.bridge.run(partial(till.charge, phone, 1500))
                else:
                    window.bridge.run(partial(till.pay_out, phone, 1500, "test"))

        window.bridge.changed.connect(tell)
        window.bridge.opened.connect(sell)
        window.begin_practice()

    data = Path(env["CASHIER_DATA_DIR"])
    code = open_window(lambda: Counter(data, store=MemoryStore(), practice=cast("Simulator", gateway)), begin)
    click.echo(json.dumps({"threads": sorted(one.name for one in threading.enumerate())}))
    sys.exit(code)


if __name__ == "__main__":
    main()
