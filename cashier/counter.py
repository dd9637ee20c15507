"""What stands behind the window and needs no Qt: settings, secrets, the practice gateway, the till that is open now.

Every method but `stop` may wait and belongs on a worker.
"""

import secrets
import threading
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path
from typing import IO, TYPE_CHECKING
from urllib.parse import urlsplit

from cashier import credentials, logs, no_dumps, paths
from cashier.addresses import new_token, public_callback_url
from cashier.assembly import Callbacks, RunningTill
from cashier.credentials import CredentialStore, Known, Name
from cashier.domain.money import Limits
from cashier.domain.states import State
from cashier.domain.transaction import Transaction
from cashier.errors import EnvironmentStop, NoPassword, WrongInput
from cashier.gateway.profile import Encoding, Profile, Secret
from cashier.ledger.ledger import Account
from cashier.ledger.lock import FolderLock
from cashier.settings import ENVIRONMENTS, Settings, load, save_with_undo
from cashier.till.clock import SystemClock
from cashier.till.options import TillOptions
from cashier.zones import zone_named

if TYPE_CHECKING:
    from cashier.gateway.explain import Explanation
    from cashier.simulator import Simulator

_ROUND_TRIP = 15.0


@dataclass(frozen=True)
class Opened:
    """A till that runs. `rows` are open now, `interrupted` those that were being sent when the program ended.

    `zone` is the shop's.
    """

    running: RunningTill
    environment: str
    url: str
    host: str
    rows: list[Transaction]
    interrupted: list[Transaction]
    zone: tzinfo
    settings: Settings


class Counter:
    """One window's worth of parts. `practice` is the gateway for the practice environment, else one is made."""

    def __init__(
        self, data_dir: Path | None, *, store: CredentialStore | None = None, practice: "Simulator | None" = None
    ) -> None:
        self.notice: str | None = None
        self.data_dir = data_dir
        self._store = store
        self._practice = practice
        self._own_practice = practice is None
        self._data: Path | None = None
        self._lock: FolderLock | None = None
        self._log: logs.LogFile | None = None
        self._crash_log: IO[bytes] | None = None
        self._running: RunningTill | None = None
        self._profile_open: Profile | None = None
        self.current: Opened | None = None
        self._changing = threading.Lock()

    def prepare(self) -> Settings | None:
        """Takes the data folder and reads the settings, None where there are none. Raises CashierError, LedgerError."""
        no_dumps.refuse()
        data = paths.data_folder(self.data_dir)
        lock = FolderLock(data)
        lock.acquire()
        self._data, self._lock = data, lock
        self._log = logs.start_logging(paths.logs_folder(data))
        self._crash_log = logs.start_crash_log(paths.logs_folder(data))
        if self._store is None:
            self._store = credentials.open_store()
        loaded = load(paths.settings_file(data))
        self.notice = loaded.notice
        return loaded.settings

    def open(self, settings: Settings) -> Opened:
        """Closes the till that is open and opens this account. Raises NoPassword, CashierError, LedgerError."""
        with self._changing:
            return self._open(settings, self._profile(settings, ""))

    def save(self, settings: Settings, password: str, callback_password: str = "") -> Opened:
        """Stores settings and passwords (an empty one keeps the stored one), then opens the account.

        Where that cannot be, everything is as before when it raises: settings, secrets, and the till that is open, in
        `current`. Raises NoPassword, CashierError, LedgerError.
        """
        with self._changing:
            profile = self._profile(settings, password)
            account = _account_of(profile, settings)
            with ExitStack() as undo:
                running = self._till_for(settings, profile, callback_password)
                if self._running is None or self._running.ledger.file != running.ledger.file:
                    # What is wrong with another account's ledger is found while this one still runs.
                    running.ledger.open()
                    running.ledger.close()
                if password and settings.base_url:
                    credentials.replace(self._secrets, Name.PARTNER_PASSWORD, account, password, undo)
                if callback_password:
                    credentials.replace(self._secrets, Name.CALLBACK_PASSWORD, account, callback_password, undo)
                if settings.base_url and not settings.callback_basic_user:
                    # A password without a user name is of no use: it does not stay behind.
                    credentials.remove(self._secrets, Name.CALLBACK_PASSWORD, account, undo)
                save_with_undo(paths.settings_file(self._folder), settings, undo)
                before, profile_before = self.current, self._profile_open
                if before is not None and profile_before is not None:
                    undo.callback(self._open, before.settings, profile_before)
                opened = self._open(settings, profile)
                undo.pop_all()
            return opened

    def known(self, settings: Settings) -> Known:
        """Which secrets are there for these settings' environments. A keyring that is locked has shown none."""
        here = {environment: settings.switched(environment).accountno for environment in ENVIRONMENTS}
        return credentials.known(self._secrets, {name: f"{name}-{number}" for name, number in here.items() if number})

    def left_open(self, settings: Settings) -> int:
        """How many rows of the account that is open now would be left unsettled by a change to `settings`."""
        now = self.current
        if now is None:
            return 0
        practice = settings.environment == "practice" and not settings.base_url
        accountno = self._practice_gateway().accountno if practice else settings.accountno
        reader = now.running.ledger.reader
        same = paths.ledger_folder(self._folder, settings.environment, accountno) == reader.file.parent
        return 0 if same else len(reader.open_rows())

    def test(self, settings: Settings, password: str) -> "Explanation":
        """Makes a balance call with these settings."""
        from cashier.gateway.client import Client
        from cashier.gateway.explain import explain

        profile = self._profile(settings, password)
        client = Client(profile, now=SystemClock().now)
        try:
            return explain(profile, client.balance(), settings.environment)
        finally:
            client.close()

    def self_test(self, settings: Settings) -> "Explanation":
        """Posts to the public callback address and waits for it to come back to the listener."""
        from cashier.gateway.explain import Explanation
        from cashier.gateway.roundtrip import post_to_ourselves

        running = self._running
        if not settings.callback_url:
            raise WrongInput("Callbacks are off: there is no public address.", "Fill it in, save, then test.")
        opened = self.current
        if opened is not None and _callback_fields(opened.settings) != _callback_fields(settings):
            raise WrongInput("These callbacks are not the ones in use.", "Save first, then test.")
        if running is None or running.listener is None or running.till.options.callback_url is None:
            raise WrongInput("The listener does not run with this address yet.", "Save first, then test.")
        id = f"TEST-{secrets.token_hex(12)}"
        with running.listener.expect(id) as came_back:
            trouble = post_to_ourselves(running.till.options.callback_url, id, running.callback_basic)
            if trouble is None and came_back.wait(_ROUND_TRIP):
                return Explanation(True, "It works: the test came back through the public address.")
        words = trouble or "The test was taken by somebody else and never came here."
        advice = f"Check that the tunnel forwards to 127.0.0.1:{running.listener.port}."
        return Explanation(False, words, advice)

    def stop(self) -> None:
        """Ends everything in reverse order. A second call does nothing."""
        with self._changing:
            self._close()
            if self._practice is not None and self._own_practice:
                self._practice.stop()
            if self._log is not None:
                logs.stop_crash_log(self._crash_log)
                logs.stop_logging(self._log)
                self._log = None
            if self._lock is not None:
                self._lock.release()
                self._lock = None

    @property
    def _folder(self) -> Path:
        if self._data is None:
            raise EnvironmentStop("The data folder is not open.", "Start Cashier again.")
        return self._data

    @property
    def _secrets(self) -> CredentialStore:
        if self._store is None:
            raise EnvironmentStop("The keyring is not open.", "Start Cashier again.")
        return self._store

    def _open(self, settings: Settings, profile: Profile) -> Opened:
        running = self._till_for(settings, profile)
        self._close()
        interrupted: list[Transaction] = []

        def look() -> None:
            interrupted.extend(row for row in running.ledger.reader.open_rows() if row.state is State.CREATED)

        rows = running.start(look)
        self._running, self._profile_open = running, profile
        host = urlsplit(profile.base_url).hostname or ""
        zone = zone_named(settings.time_zone)
        self.current = Opened(running, settings.environment, profile.base_url, host, rows, interrupted, zone, settings)
        return self.current

    def _till_for(self, settings: Settings, profile: Profile, callback_password: str = "") -> RunningTill:
        account = Account(settings.environment, profile.accountno)
        return RunningTill(
            paths.ledger_folder(self._folder, account.environment, account.accountno),
            account,
            profile,
            options=TillOptions(Limits(settings.minimum, settings.maximum), None, settings.service_id or None),
            callbacks=self._callbacks(settings, account, callback_password),
            till_number=settings.till_number,
        )

    def _close(self) -> None:
        if self._running is not None:
            self._running.stop()
            self._running = self.current = self._profile_open = None

    def _profile(self, settings: Settings, password: str) -> Profile:
        if settings.environment == "practice" and not settings.base_url:
            gateway = self._practice_gateway()
            logs.register_secret(gateway.partnerpassword)
            secret = Secret(gateway.partnerpassword)
            return Profile(gateway.url, gateway.username, gateway.accountno, secret)
        settings = settings.checked()
        account = paths.account_folder_name(settings.environment, settings.accountno)
        found = password or self._secrets.get(Name.PARTNER_PASSWORD, account)
        if not found:
            raise NoPassword("The partner password is not known.", "Type it here, then save.")
        logs.register_secret(found)
        encoding: Encoding = "json" if settings.encoding == "json" else "form"
        return Profile(settings.base_url, settings.username, settings.accountno, Secret(found), encoding)

    def _practice_gateway(self) -> "Simulator":
        if self._practice is None:
            from cashier.simulator import Simulator

            gateway = Simulator()
            try:
                gateway.start()
            except OSError as trouble:
                raise EnvironmentStop(f"The practice gateway cannot start: {trouble.strerror}.") from trouble
            self._practice = gateway
        return self._practice

    def _callbacks(self, settings: Settings, account: Account, callback_password: str = "") -> Callbacks | None:
        """On in practice; with an account of one's own only once a public address is set."""
        if settings.environment == "practice" and not settings.base_url:
            token = new_token()
            logs.register_secret(token)
            return Callbacks(token)
        if not settings.callback_url:
            return None
        name = paths.account_folder_name(account.environment, account.accountno)
        token = credentials.callback_token(self._secrets, name)
        logs.register_secret(token)
        basic = None
        if settings.callback_basic_user:
            password = callback_password or self._secrets.get(Name.CALLBACK_PASSWORD, name) or ""
            if not password:
                raise WrongInput("The password for callbacks is missing.", "Type it in Settings, beside its user name.")
            logs.register_secret(password)
            basic = (settings.callback_basic_user, password)
        url = public_callback_url(settings.callback_url, token)
        return Callbacks(token, url, settings.callback_host, settings.callback_port, basic)


def _callback_fields(settings: Settings) -> tuple[str, int, str]:
    return settings.callback_url, settings.callback_port, settings.callback_basic_user


def _account_of(profile: Profile, settings: Settings) -> str:
    return paths.account_folder_name(settings.environment, profile.accountno)
