"""The settings of one data folder: `settings.json`, without any secret (those are in `credentials`)."""

import json
import os
import tempfile
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import MISSING, dataclass, field, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cashier.addresses import (
    BASE_URLS,
    checked_base_url,
    checked_callback_url,
    is_loopback,
    is_providers_live,
    token_in,
)
from cashier.errors import EnvironmentStop, SettingsError
from cashier.paths import account_folder_name
from cashier.zones import USUAL, zone_named

VERSION = 1
ENVIRONMENTS = ("practice", "sandbox", "live")
ENCODINGS = ("form", "json")
THEMES = ("system", "light", "dark")
CALLBACK_PORT = 8765

_NOT_STORED = ("unknown", "accounts")
# What belongs to the account of one environment; limits too, since practising with others changes nothing for money.
PER_ENVIRONMENT = (
    *("base_url", "username", "accountno", "encoding", "callback_url", "callback_host", "callback_port"),
    *("callback_basic_user", "minimum", "maximum", "balance_warning", "service_id"),
)
_TYPES: Mapping[Any, str] = {str: "text", int: "a whole number", bool: "true or false"}


@dataclass(frozen=True)
class Settings:
    """What a shop sets. Amounts in RWF; a `balance_warning` of 0 never warns.

    `base_url` is "" for the practice gateway that the program brings itself.

    `accounts` are the values of PER_ENVIRONMENT of the environments that are not chosen now, by environment.

    `callback_url` is the public address without the token, "" for none; `time_zone` the shop's, by its IANA name;
    `unknown` what a newer version wrote.
    """

    environment: str
    base_url: str = ""
    username: str = ""
    accountno: str = ""
    encoding: str = "form"
    callback_url: str = ""
    callback_host: str = "127.0.0.1"
    callback_port: int = CALLBACK_PORT
    callback_basic_user: str = ""
    minimum: int = 100
    maximum: int = 2_000_000
    balance_warning: int = 0
    sounds: bool = True
    theme: str = "system"
    till_number: int = 1
    shop_name: str = ""
    service_id: str = ""
    time_zone: str = USUAL
    accounts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    unknown: Mapping[str, Any] = field(default_factory=dict)

    def switched(self, environment: str) -> "Settings":
        """The same shop in another environment, with the account kept for it; this one's account is kept meanwhile.

        One that was never set has the usual address and no account, and begins with the limits of this one.
        """
        if environment == self.environment:
            return self
        own = {name: getattr(self, name) for name in PER_ENVIRONMENT}
        others = {**self.accounts, self.environment: own}
        limits = {name: own[name] for name in ("minimum", "maximum", "balance_warning")}
        usual: dict[str, Any] = {one.name: one.default for one in fields(Settings) if one.name in PER_ENVIRONMENT}
        usual |= {"base_url": BASE_URLS.get(environment, ""), **limits}
        kept = others.pop(environment, {})
        values = usual | {name: value for name, value in kept.items() if name in usual}
        return replace(self, environment=environment, accounts=others, **values)

    def checked(self) -> "Settings":
        """These settings as they can be used: the base URL with its slash. Raises SettingsError with a sentence."""
        _one_of("environment", self.environment, ENVIRONMENTS)
        _one_of("encoding", self.encoding, ENCODINGS)
        _one_of("theme", self.theme, THEMES)
        zone_named(self.time_zone)
        if not 0 <= self.callback_port <= 65535:
            raise SettingsError("The callback port must be a number from 0 to 65535.")
        if not 0 < self.minimum <= self.maximum:
            raise SettingsError("The smallest amount must be above 0 and not above the largest.")
        if self.balance_warning < 0:
            raise SettingsError("The balance to warn under must not be below 0.")
        if not 1 <= self.till_number <= 999:
            raise SettingsError("The till's number must be from 1 to 999.")
        if self.environment == "practice" and not self.base_url:
            return self
        base_url = checked_base_url(self.base_url)
        if self.environment == "practice" and not is_loopback(base_url):
            raise SettingsError(
                "Practice never leaves this computer, and that gateway is elsewhere.", "Choose sandbox or live for it."
            )
        if self.environment == "sandbox" and is_providers_live(base_url):
            raise SettingsError(
                "Real money moves at that address, and the sandbox is for none.",
                "Choose live for it, or give the sandbox's address.",
            )
        for what, value in (("user name", self.username), ("account number", self.accountno)):
            if not value:
                raise SettingsError(f"The {what} is missing.", "It came with the account at the provider.")
        account_folder_name(self.environment, self.accountno)
        if self.callback_url:
            checked_callback_url(self.callback_url, base_url)
            if token_in(self.callback_url) is not None:
                raise SettingsError(
                    "The public address must end before /callback/.", "A secret path is added to it at each request."
                )
        return self if base_url == self.base_url else Settings(**{**self.__dict__, "base_url": base_url})


@dataclass(frozen=True)
class Loaded:
    """What was read: None when there is nothing to use. `notice` is a sentence for people when a file was damaged."""

    settings: Settings | None
    notice: str | None = None


def load(path: Path, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> Loaded:
    """Reads `path`. A damaged file is moved aside, never overwritten, and the notice says so.

    Raises EnvironmentStop when the file is there and cannot be read.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return Loaded(None)
    except OSError as why:
        raise EnvironmentStop(f"The settings {path} cannot be read: {why.strerror}.", "Look at its rights.") from why
    try:
        return Loaded(_from_json(content))
    except _Damage as damage:
        aside = _free_name(path, now())
        try:
            path.rename(aside)
        except OSError as why:
            raise EnvironmentStop(
                f"The settings {path} are damaged ({damage}) and cannot be moved: {why.strerror}.",
                "Move the file away by hand.",
            ) from why
        return Loaded(None, f"The settings were damaged ({damage}). They are kept as {aside.name}: set them again.")


def peek(path: Path) -> Settings | None:
    """The settings for one who must not touch the folder: None where there are none to use, and nothing is moved."""
    try:
        return _from_json(path.read_bytes())
    except (OSError, _Damage):
        return None


def save(path: Path, settings: Settings) -> None:
    """Writes `settings` in one piece: after a power cut the file is the old one or the new one, never half of one.

    Checks them first. Raises SettingsError, or EnvironmentStop when the disk refuses.
    """
    settings = settings.checked()
    known = {name: value for name, value in settings.__dict__.items() if name not in _NOT_STORED}
    document = {"version": VERSION, **settings.unknown, **known}
    if settings.accounts:
        document["accounts"] = settings.accounts
    try:
        replace_file(path, json.dumps(document, indent=2).encode() + b"\n")
    except OSError as why:
        raise EnvironmentStop(
            f"The settings could not be saved: {why.strerror}.", "The earlier ones still hold."
        ) from why


def save_with_undo(path: Path, settings: Settings, undo: ExitStack) -> None:
    """As `save`; `undo` brings back the file of before, or takes this one away where there was none."""
    before = path.read_bytes() if path.exists() else None
    save(path, settings)
    undo.callback(lambda: path.unlink() if before is None else replace_file(path, before))


class _Damage(ValueError):
    """Why a settings file cannot be used, in a few words."""


def _from_json(content: bytes) -> Settings:
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as why:
        raise _Damage("not JSON") from why
    if not isinstance(document, dict):
        raise _Damage("not a JSON object")
    version = document.pop("version", VERSION)
    if type(version) is not int:
        raise _Damage("version is not a whole number")
    if version > VERSION:
        # Kept for the newer program, like its keys.
        document["version"] = version
    values: dict[str, Any] = {}
    for one in fields(Settings):
        if one.name in _NOT_STORED:
            continue
        if one.name not in document:
            if one.default is MISSING:
                raise _Damage(f"{one.name} is missing")
            continue
        value = document.pop(one.name)
        # `type` and not `isinstance`: true is no number.
        if type(value) is not one.type:
            raise _Damage(f"{one.name} is not {_TYPES[one.type]}")
        values[one.name] = value
    accounts = _accounts(document.pop("accounts", {}))
    try:
        return Settings(**values, accounts=accounts, unknown=document).checked()
    except SettingsError as wrong:
        raise _Damage(wrong.sentence.rstrip(".")) from wrong


def _accounts(kept: object) -> dict[str, dict[str, Any]]:
    """The accounts of the other environments, each value of the right type; what a newer version wrote stays."""
    if not isinstance(kept, dict) or not all(isinstance(account, dict) for account in kept.values()):
        raise _Damage("accounts are not JSON objects")
    types = {one.name: one.type for one in fields(Settings) if one.name in PER_ENVIRONMENT}
    for environment, account in kept.items():
        for name, value in account.items():
            if name in types and type(value) is not types[name]:
                raise _Damage(f"{name} of {environment} cannot be read")
    return kept


def _one_of(name: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise SettingsError(f"The {name} must be {', '.join(allowed[:-1])} or {allowed[-1]}.")


def _free_name(path: Path, now: datetime) -> Path:
    stem = f"{path.stem}.damaged-{now:%Y%m%dT%H%M%SZ}"
    count, name = 1, path.with_name(f"{stem}.json")
    while name.exists():
        count, name = count + 1, path.with_name(f"{stem}-{count + 1}.json")
    return name


def replace_file(path: Path, content: bytes) -> None:
    """Writes `content` in one piece. Raises OSError."""
    # mkstemp makes the file for this user alone (0600), in the same folder so that replacing it is one step.
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with open(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
    if os.name == "posix":
        # Windows cannot open a folder; there the replacement itself is written through.
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
