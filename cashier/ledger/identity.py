"""Whose ledger it is."""

import sqlite3
from dataclasses import dataclass

from cashier.ledger.errors import DamagedLedger, OtherAccount


@dataclass(frozen=True)
class Account:
    """Whose money a ledger is about. `environment` is practice, sandbox or live."""

    environment: str
    accountno: str


@dataclass(frozen=True)
class Identity:
    """What stands inside a ledger about itself."""

    account: Account
    install_id: str
    till_number: int


def identify(connection: sqlite3.Connection, account: Account) -> Identity:
    """What the ledger says about itself. Raises OtherAccount when it is not `account`'s."""
    row = connection.execute("SELECT environment, accountno, install_id, till_number FROM ledger").fetchone()
    if row is None:
        raise DamagedLedger("The ledger does not say whose it is. It was left as it is.")
    found = Account(row[0], row[1])
    if found != account:
        raise OtherAccount(
            f"This ledger belongs to the {found.environment} account {found.accountno}, not to this one."
        )
    return Identity(found, row[2], row[3])
