"""What holds for one run of a command: the environment's CASHIER_ variables over the settings.

The window ignores these variables, except CASHIER_DATA_DIR.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple
from urllib.parse import urlsplit

from cashier.addresses import (
    checked_base_url,
    checked_callback_url,
    checked_token,
    environment_of,
    is_loopback,
    public_callback_url,
    same_gateway,
    token_in,
)
from cashier.errors import NoSettings, SettingsError
from cashier.paths import account_folder_name
from cashier.settings import CALLBACK_PORT, ENCODINGS, Settings

# Whose ledger is written in practice inside the window: the account number of the gateway that the program brings.
PRACTICE_ACCOUNT = "250160000011"


class LedgerOf(NamedTuple):
    """Whose ledger a command is about; `till_number` stands in the numbers of new rows."""

    environment: str
    accountno: str
    till_number: int = 1


@dataclass(frozen=True)
class Effective:
    """Everything a command needs to know, checked. Amounts in RWF.

    `password` is the environment's; None means to look in the credentials of `account`, or to ask. `callback_url` is
    the whole public URL once the token is known (`with_token`), None for none. `listens` tells whether callbacks are
    wanted at all.
    """

    environment: str
    base_url: str
    username: str
    accountno: str
    encoding: str = "form"
    password: str | None = field(default=None, repr=False)
    callback_address: str | None = None
    callback_url: str | None = field(default=None, repr=False)
    callback_token: str | None = field(default=None, repr=False)
    callback_host: str = "127.0.0.1"
    callback_port: int = CALLBACK_PORT
    callback_basic_user: str = ""
    listens: bool = False
    minimum: int = 100
    maximum: int = 2_000_000
    till_number: int = 1
    service_id: str = ""

    @property
    def account(self) -> str:
        """The name under which the credentials of this account are kept: `live-250160000011`."""
        return account_folder_name(self.environment, self.accountno)

    def with_token(self, token: str) -> "Effective":
        """The same with the kept or newly made token, unless the environment gave one."""
        if self.callback_token is not None:
            return self
        url = public_callback_url(self.callback_address, token) if self.callback_address else None
        return replace(self, callback_token=token, callback_url=url)


def ledger_of(env: Mapping[str, str], settings: Settings | None) -> LedgerOf:
    """Whose ledger is meant, for a command that needs no gateway: no user name and no password are asked for.

    As `from_environment`, and where the settings are for practice inside the window, the ledger of that. Raises
    NoSettings without an account, SettingsError for an address or an account number that cannot be.
    """
    url = env.get("CASHIER_GATEWAY_URL")
    if not url and settings is None:
        raise _no_settings()
    if not url and settings is not None and settings.environment == "practice" and not settings.base_url:
        return LedgerOf("practice", env.get("CASHIER_ACCOUNT_NO") or PRACTICE_ACCOUNT, settings.till_number)
    base_url = checked_base_url(url or (settings.base_url if settings else ""))
    own = settings if settings and (not url or _is_gateway_of(settings, base_url)) else None
    accountno = _needed(env, "CASHIER_ACCOUNT_NO", own.accountno if own else "", "account number")
    environment = environment_of(base_url) if url or settings is None else settings.environment
    account_folder_name(environment, accountno)  # raises for an account number that cannot name a folder
    return LedgerOf(environment, accountno, settings.till_number if settings else 1)


def from_environment(env: Mapping[str, str], settings: Settings | None) -> Effective:
    """Puts the CASHIER_ variables over `settings`.

    With CASHIER_GATEWAY_URL the environment follows its host. The settings' account, encoding and callbacks then hold
    only if it is the gateway of the settings (same scheme, host and port): one gateway's account is never shown to
    another. Limits and the till's number always hold. An empty variable counts as none.

    Raises NoSettings for what is missing, SettingsError for what cannot be used.
    """
    url = env.get("CASHIER_GATEWAY_URL")
    if not url and settings is None:
        raise _no_settings()
    base_url = checked_base_url(url or (settings.base_url if settings else "") or _no_gateway())
    own = settings if settings and (not url or _is_gateway_of(settings, base_url)) else None
    effective = Effective(
        environment=environment_of(base_url) if url or settings is None else settings.environment,
        base_url=base_url,
        username=_needed(env, "CASHIER_USERNAME", own.username if own else "", "user name"),
        accountno=_needed(env, "CASHIER_ACCOUNT_NO", own.accountno if own else "", "account number"),
        encoding=_encoding(env.get("CASHIER_ENCODING") or (own.encoding if own else "form")),
        password=env.get("CASHIER_PARTNER_PASSWORD") or None,
        callback_host=own.callback_host if own else "127.0.0.1",
        callback_basic_user=own.callback_basic_user if own else "",
        service_id=own.service_id if own else "",
    )
    if settings is not None:
        effective = replace(
            effective, minimum=settings.minimum, maximum=settings.maximum, till_number=settings.till_number
        )
    if effective.password is None and own is None:
        raise NoSettings("The partner password of this gateway is missing.", "Set CASHIER_PARTNER_PASSWORD.")
    _ = effective.account  # raises for an account number that cannot name a folder
    return _with_callbacks(effective, env, own)


def _with_callbacks(effective: Effective, env: Mapping[str, str], own: Settings | None) -> Effective:
    url, token = env.get("CASHIER_CALLBACK_URL"), env.get("CASHIER_CALLBACK_TOKEN")
    port = _port(env["CASHIER_CALLBACK_PORT"]) if env.get("CASHIER_CALLBACK_PORT") else None
    address = own.callback_url if own and own.callback_url and not url else None
    if url:
        checked_callback_url(url, effective.base_url)
        token = token or token_in(url)
        if token is None or token_in(url) != token:
            raise SettingsError(
                "CASHIER_CALLBACK_URL does not end in /callback/ and the token.",
                "It is the whole public URL, as https://till.example.rw/callback/TOKEN.",
            )
        if port is None and is_loopback(url):
            port = urlsplit(url).port
    elif address:
        checked_callback_url(address, effective.base_url)
    if token:
        checked_token(token, effective.base_url)
        url = url or (public_callback_url(address, token) if address else None)
    if port is None:
        port = own.callback_port if own else CALLBACK_PORT
        asked = False
    else:
        asked = True
    # Without a public address only a gateway on this computer can reach us.
    listens = bool(url or address) or (is_loopback(effective.base_url) and (asked or bool(token)))
    return replace(
        effective,
        callback_address=address,
        callback_url=url or None,
        callback_token=token or None,
        callback_port=port,
        listens=listens,
    )


def _is_gateway_of(settings: Settings, base_url: str) -> bool:
    return bool(settings.base_url) and same_gateway(settings.base_url, base_url)


def _no_settings() -> NoSettings:
    return NoSettings(
        "There are no settings yet.", "Start cashier and set the account, or set CASHIER_GATEWAY_URL and the rest."
    )


def _no_gateway() -> str:
    raise NoSettings(
        "The settings are for practice inside the window.", "Run cashier simulator and set CASHIER_GATEWAY_URL to it."
    )


def _needed(env: Mapping[str, str], name: str, fallback: str, what: str) -> str:
    value = env.get(name) or fallback
    if not value:
        raise NoSettings(f"The {what} of this gateway is missing.", f"Set {name}.")
    return value


def _encoding(value: str) -> str:
    if value not in ENCODINGS:
        raise SettingsError("CASHIER_ENCODING must be form or json.")
    return value


def _port(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,5}", text) or int(text) > 65535:
        raise SettingsError("CASHIER_CALLBACK_PORT must be a number from 0 to 65535.")
    return int(text)
