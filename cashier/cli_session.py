"""What a command works with: the data folder, the account, the till. Errors become sentences and exit codes."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from cashier import credentials, logs, paths
from cashier.cli_output import ENVIRONMENT, WRONG_INPUT, echo, print_alarms
from cashier.credentials import Name
from cashier.domain.errors import BadInputError
from cashier.domain.money import Limits
from cashier.effective import Effective, LedgerOf, from_environment, ledger_of
from cashier.errors import EnvironmentStop, WrongInput
from cashier.ledger.errors import LedgerError
from cashier.settings import Loaded, load

if TYPE_CHECKING:
    from cashier.assembly import Callbacks, RunningTill
    from cashier.domain.events import Change
    from cashier.gateway.client import Client
    from cashier.gateway.profile import Profile
    from cashier.ledger.reader import Reader
    from cashier.till.settle import Door


@contextmanager
def stop_with() -> Iterator[None]:
    """Turns what stops a command into its sentence on stderr and its exit code."""
    try:
        yield
    except (BadInputError, WrongInput) as wrong:
        echo(str(wrong), err=True)
        sys.exit(WRONG_INPUT)
    except (EnvironmentStop, LedgerError) as stopped:
        echo(str(stopped), err=True)
        sys.exit(ENVIRONMENT)


class Session:
    """One run of a command. Nothing is read, made or locked before it is asked for."""

    def __init__(self, data_dir: Path | None) -> None:
        self._data_dir = data_dir
        self._crash_log: IO[bytes] | None = None

    @cached_property
    def data(self) -> Path:
        """The data folder, made if it was not there. Raises EnvironmentStop."""
        found = paths.data_folder(self._data_dir, os.environ)
        self._crash_log = logs.start_crash_log(paths.logs_folder(found))
        return found

    def close(self) -> None:
        """At the end of the command."""
        logs.stop_crash_log(self._crash_log)

    @cached_property
    def loaded(self) -> Loaded:
        """The settings; a damaged file is reported on stderr."""
        found = load(paths.settings_file(self.data))
        if found.notice:
            echo(found.notice, err=True)
        return found

    @cached_property
    def store(self) -> credentials.CredentialStore:
        return credentials.open_store()

    @cached_property
    def effective(self) -> Effective:
        """The account of this run. Raises NoSettings, WrongInput."""
        return from_environment(os.environ, self.loaded.settings)

    @property
    def limits(self) -> Limits:
        """The limits of the settings, else the usual ones."""
        settings = self.loaded.settings
        return Limits(settings.minimum, settings.maximum) if settings else Limits()

    @cached_property
    def ledger_of(self) -> LedgerOf:
        """Whose ledger this run is about; no gateway and no password are needed. Raises NoSettings, WrongInput."""
        return ledger_of(os.environ, self.loaded.settings)

    @property
    def ledger_folder(self) -> Path:
        return paths.ledger_folder(self.data, self.ledger_of.environment, self.ledger_of.accountno)

    @cached_property
    def profile(self) -> "Profile":
        """Whom to talk to, with the password from the environment, the keyring or the person at the terminal."""
        from cashier.gateway.profile import Profile, Secret

        now = self.effective
        password = now.password or self.store.get(Name.PARTNER_PASSWORD, now.account) or _ask_password()
        logs.register_secret(password)
        return Profile(
            base_url=now.base_url,
            username=now.username,
            accountno=now.accountno,
            password=Secret(password),
            encoding="json" if now.encoding == "json" else "form",
        )

    def client(self) -> "Client":
        """A client of its own, for commands that only ask."""
        from cashier.gateway.client import Client
        from cashier.till.clock import SystemClock

        return Client(self.profile, now=SystemClock().now)

    @contextmanager
    def running(self, before_recovery: "Callable[[RunningTill], None] | None" = None) -> "Iterator[RunningTill]":
        """A whole till: the folder locked, the ledger open, every thread running. Raises what stops it."""
        from cashier.assembly import RunningTill
        from cashier.ledger.ledger import Account
        from cashier.ledger.lock import FolderLock
        from cashier.till.options import TillOptions

        now, profile, folder, callbacks = self.effective, self.profile, self.ledger_folder, self._callbacks()
        lock = FolderLock(self.data)
        lock.acquire()
        handler = logs.start_logging(paths.logs_folder(self.data))
        try:
            till = RunningTill(
                folder,
                Account(now.environment, now.accountno),
                profile,
                options=TillOptions(
                    Limits(now.minimum, now.maximum), callbacks.url if callbacks else None, now.service_id or None
                ),
                callbacks=callbacks,
                till_number=now.till_number,
            )

            def ring(change: "Change") -> None:
                if change.raised_alarm:
                    print_alarms([change.transaction])

            def begin() -> None:
                print_alarms(till.till.alarms())
                till.till.subscribe(ring)
                if before_recovery is not None:
                    before_recovery(till)

            till.start(begin)
            try:
                yield till
            finally:
                till.stop()
        finally:
            logs.stop_logging(handler)
            lock.release()

    @contextmanager
    def reader(self, *, alarms: bool = True) -> "Iterator[Reader]":
        """Reads this account's ledger beside whoever writes it; its alarms stand on stderr afterwards."""
        from cashier.ledger.reader import Reader

        reader = Reader(self.ledger_folder)
        try:
            yield reader
        finally:
            with suppress(LedgerError):  # a ledger that cannot be read has been reported already
                print_alarms(reader.alarms() if alarms else ())
            reader.close()

    @contextmanager
    def door(self) -> "Iterator[Door]":
        """The door to this account's ledger without a till around it, for acts that need no gateway."""
        from cashier.ledger.ledger import Account, Ledger
        from cashier.ledger.lock import FolderLock
        from cashier.till.clock import SystemClock
        from cashier.till.scheduler import ThreadScheduler
        from cashier.till.settle import Door

        now, clock, lock = self.ledger_of, SystemClock(), FolderLock(self.data)
        lock.acquire()
        handler = logs.start_logging(paths.logs_folder(self.data))
        ledger = Ledger(
            self.ledger_folder, Account(now.environment, now.accountno), now=clock.now, till_number=now.till_number
        )
        try:
            ledger.open()
            yield Door(ledger, clock, ThreadScheduler(clock))
            print_alarms(ledger.reader.alarms())
        finally:
            ledger.close()
            logs.stop_logging(handler)
            lock.release()

    def _callbacks(self) -> "Callbacks | None":
        from cashier.assembly import Callbacks

        now = self.effective
        if not now.listens:
            return None
        if now.callback_token is None:
            now = now.with_token(credentials.callback_token(self.store, now.account))
        token = now.callback_token or ""
        logs.register_secret(token)
        basic = None
        if now.callback_basic_user:
            password = self.store.get(Name.CALLBACK_PASSWORD, now.account) or ""
            logs.register_secret(password)
            basic = (now.callback_basic_user, password)
        return Callbacks(token=token, url=now.callback_url, host=now.callback_host, port=now.callback_port, basic=basic)


def _ask_password() -> str:
    if not sys.stdin.isatty():
        raise EnvironmentStop(
            "The partner password is not known.", "Store it in Settings, or set CASHIER_PARTNER_PASSWORD."
        )
    answer: str = click.prompt("Partner password", hide_input=True, err=True)
    return answer
