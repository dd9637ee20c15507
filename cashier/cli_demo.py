"""`cashier demo`: sales against the practice gateway, over real HTTP, with data in a fresh folder."""

import json
import secrets
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path

import click

from cashier.assembly import Callbacks, RunningTill
from cashier.cli_output import FAILED, SUCCESSFUL, as_json
from cashier.domain.events import Change
from cashier.domain.states import State
from cashier.domain.transaction import Transaction
from cashier.gateway.profile import Profile, Secret
from cashier.ledger.ledger import Account
from cashier.simulator import Simulator

_PATIENCE = 60.0


@dataclass(frozen=True)
class Sale:
    """A sale of the demo and how it must end."""

    phone: str
    amount: int
    reference: str
    end: State
    code: str | None


SALES = (
    Sale("250788123456", 1500, "paid", State.SUCCESSFUL, "01"),
    Sale("250788000002", 2500, "refused", State.FAILED, "1002"),
    Sale("250788000006", 3500, "callback never comes", State.SUCCESSFUL, "01"),
)


class _Ends:
    """Collects what became final."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._rows: dict[str, Transaction] = {}

    def note(self, change: Change) -> None:
        if change.became_final:
            with self._changed:
                self._rows[change.transaction.id] = change.transaction
                self._changed.notify_all()

    def wait_for(self, id: str) -> Transaction | None:
        with self._changed:
            self._changed.wait_for(lambda: id in self._rows, _PATIENCE)
            return self._rows.get(id)


def play() -> int:
    """Plays the sales, prints a JSON line for each final transaction. 0 when each ended as it should, else 1."""
    with tempfile.TemporaryDirectory(prefix="cashier-demo-") as folder, Simulator() as gateway:
        profile = Profile(
            base_url=gateway.url,
            username=gateway.username,
            accountno=gateway.accountno,
            password=Secret(gateway.partnerpassword),
        )
        account = Account("practice", gateway.accountno)
        running = RunningTill(
            Path(folder) / f"practice-{gateway.accountno}",
            account,
            profile,
            callbacks=Callbacks(token=secrets.token_urlsafe(24)),
        )
        ends = _Ends()
        running.till.subscribe(ends.note)
        with running:
            rows = [running.till.charge(sale.phone, sale.amount, sale.reference) for sale in SALES]
            good = True
            for sale, row in zip(SALES, rows, strict=True):
                end = ends.wait_for(row.id)
                if end is not None:
                    click.echo(json.dumps(as_json(end)))
                good &= end is not None and (end.state, end.response_code) == (sale.end, sale.code)
    return SUCCESSFUL if good else FAILED
