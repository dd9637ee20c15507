"""The commands about the ledger itself: verify, backup, restore, sign (docs/commands.md)."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cashier import logs, paths
from cashier.cli_output import FAILED, SUCCESSFUL, as_sentence, echo
from cashier.cli_session import Session, stop_with
from cashier.errors import EnvironmentStop, WrongInput
from cashier.files import check_new

if TYPE_CHECKING:
    from cashier.domain.events import Event
    from cashier.ledger.ledger import Account

_SHOWN = 20


@click.command()
@click.pass_obj
def verify(session: Session) -> None:
    """Check that the ledger is whole and nothing in it was altered or lost."""
    from cashier.ledger.errors import DamagedLedger

    with stop_with(), session.reader() as reader:
        try:
            found = reader.verify()
        except DamagedLedger as damaged:
            echo(str(damaged), err=True)
            sys.exit(FAILED)
        echo(found.sentence)
        sys.exit(SUCCESSFUL if found.ok else FAILED)


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.pass_obj
def backup(session: Session, file: Path) -> None:
    """Copy the ledger to FILE, also while a till is open, and check the copy."""
    from cashier.ledger.backup import back_up
    from cashier.ledger.connections import FILE

    with stop_with():
        check_new(file)
    # Reading it says which alarms nobody has seen.
    with stop_with(), session.reader():
        try:
            made = back_up(session.ledger_folder / FILE, file)
        except FileExistsError:
            raise WrongInput(f"There is a file {file} already.", "Choose another name.") from None
        except OSError as trouble:
            words = f"{file} cannot be written: {trouble.strerror or trouble}."
            raise EnvironmentStop(words, "Choose another name or folder.") from trouble
        echo(f"{made.file}: {made.found.sentence}")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.pass_obj
def restore(session: Session, file: Path) -> None:
    """Bring the ledger back from the backup FILE; the present one is moved aside."""
    from cashier.ledger.restore import restore as bring_back
    from cashier.ledger.restored import span

    with stop_with(), _locked(session) as account:
        done = bring_back(session.ledger_folder, file, account, datetime.now(UTC))
    echo(f"The ledger is restored from {file}.")
    if done.aside is not None:
        echo(f"The one before is kept as {done.aside}.")
    echo(f"Compare the provider's statement with it, {span(done.unsigned)}.")
    if done.hidden is None:
        echo("Which transactions of that time it lacks is not known.")
    elif done.hidden:
        echo(f"{len(done.hidden)} transactions stand otherwise in the one before, or only there:")
        for row in done.hidden[:_SHOWN]:
            echo(f"  {as_sentence(row)}")
        if len(done.hidden) > _SHOWN:
            echo(f"  and {len(done.hidden) - _SHOWN} more")
    echo("Payouts are locked until somebody has done so: cashier sign --name N --note T")
    with session.reader() as reader:  # says which alarms nobody has seen
        for row in done.hidden or []:
            if row.alarm is not None and reader.get(row.id) is None:
                echo(f"ALARM  {as_sentence(row)}  {row.alarm}  It is only in the ledger before.", err=True)


@click.command()
@click.option("--name", required=True, help="Who compared the time since the backup with the provider's statement.")
@click.option("--note", required=True, help="What was found.")
@click.pass_obj
def sign(session: Session, name: str, note: str) -> None:
    """After a restore: the statement was compared; payouts are unlocked."""
    from cashier.ledger.restored import span

    with stop_with():
        if not name.strip() or not note.strip():
            raise WrongInput("A name and a note are needed.", "Write who compared the statement, and what was found.")
        signed = _sign(session, name.strip(), note.strip())
    if signed:
        echo(f"Signed for the time {span(signed)}. Payouts are unlocked.")
    else:
        echo("Payouts are not locked. Nothing was written.")


def _sign(session: Session, name: str, note: str) -> "list[Event]":
    """The restores signed for; none, and nothing is opened for writing, where nothing waits. Raises LedgerError."""
    from cashier.ledger.errors import LedgerError
    from cashier.ledger.ledger import Ledger

    with _locked(session) as account:
        with session.reader() as reader:
            if not reader.unsigned_restores():
                if not reader.exists:
                    raise LedgerError("There is no ledger here yet.")
                return []
        ledger = Ledger(session.ledger_folder, account, now=lambda: datetime.now(UTC))
        ledger.open()
        try:
            return ledger.sign(name, note)
        finally:
            ledger.close()


@contextmanager
def _locked(session: Session) -> "Iterator[Account]":
    """The data folder for this command alone, and whose ledger it is about."""
    from cashier.ledger.identity import Account
    from cashier.ledger.lock import FolderLock

    now = session.ledger_of
    lock = FolderLock(session.data)
    lock.acquire()
    handler = logs.start_logging(paths.logs_folder(session.data))
    try:
        yield Account(now.environment, now.accountno)
    finally:
        logs.stop_logging(handler)
        lock.release()
