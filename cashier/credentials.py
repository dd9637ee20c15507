"""Secrets: in the system's keyring, or in memory for this run. Never in a file of ours.

Every call may wait for a person who unlocks the keyring: keep it off the GUI thread.
"""

import os
import sys
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, TypeVar

from cashier.addresses import new_token
from cashier.errors import EnvironmentStop

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SERVICE = "cashier"
_T = TypeVar("_T")

# By name and in this order. `keyring` left to itself picks by priority among whatever is installed, and a store in
# plain text may come second; its chainer, `null` and `fail` are no stores at all.
# Elsewhere than on these systems it is D-Bus, as on Linux.
BACKENDS = {
    "darwin": (("keyring.backends.macOS", "Keyring", "the macOS Keychain"),),
    "win32": (("keyring.backends.Windows", "WinVaultKeyring", "the Windows Credential Locker"),),
    "linux": (
        ("keyring.backends.SecretService", "Keyring", "the Secret Service keyring"),
        ("keyring.backends.kwallet", "DBusKeyring", "KWallet"),
        ("keyring.backends.libsecret", "Keyring", "the keyring (libsecret)"),
    ),
}


class Name(StrEnum):
    """What is kept for an account."""

    PARTNER_PASSWORD = "partner-password"  # noqa: S105  # a name, no secret
    CALLBACK_TOKEN = "callback-token"  # noqa: S105  # a name, no secret
    CALLBACK_PASSWORD = "callback-password"  # noqa: S105  # a name, no secret


@dataclass(frozen=True)
class Known:
    """What is known of the secrets, never a secret: the environments whose partner password and callback password is
    there, and whether the store `keeps` them until the next start.
    """

    keeps: bool = True
    passwords: frozenset[str] = frozenset()
    callback_passwords: frozenset[str] = frozenset()


class NoKeyring(EnvironmentStop):
    """This computer has no keyring: a normal state, in which the password is asked for at each start."""


class KeyringTrouble(EnvironmentStop):
    """There is a keyring, but it is locked or fails. Nothing is kept anywhere else instead."""


class CredentialStore(Protocol):
    """Keeps secrets by account (`live-250160000011`, as `Effective.account`) and name. May raise KeyringTrouble."""

    keeps: bool
    """Whether what is set is still there at the next start."""

    def get(self, name: Name, account: str) -> str | None: ...

    def set(self, name: Name, account: str, value: str) -> None: ...

    def delete(self, name: Name, account: str) -> None:
        """Forgets it; nothing happens when it is not there."""

    def describe(self) -> str:
        """A sentence for settings and doctor."""


class MemoryStore:
    """Secrets for this run only."""

    keeps = False

    def __init__(self) -> None:
        self._values: dict[tuple[Name, str], str] = {}

    def __repr__(self) -> str:
        return "MemoryStore()"

    def get(self, name: Name, account: str) -> str | None:
        return self._values.get((name, account))

    def set(self, name: Name, account: str, value: str) -> None:
        self._values[name, account] = value

    def delete(self, name: Name, account: str) -> None:
        self._values.pop((name, account), None)

    def describe(self) -> str:
        return "No keyring on this computer: the partner password is asked for at each start and kept in memory only."


class KeyringStore:
    """Secrets in one backend of the system's keyring, under the service `cashier`."""

    keeps = True

    def __init__(self, backend: "KeyringBackend", label: str) -> None:
        self._backend = backend
        self._label = label

    def get(self, name: Name, account: str) -> str | None:
        return self._call("read", lambda: self._backend.get_password(SERVICE, _user(name, account)))

    def set(self, name: Name, account: str, value: str) -> None:
        self._call("written", lambda: self._backend.set_password(SERVICE, _user(name, account), value))

    def delete(self, name: Name, account: str) -> None:
        if self.get(name, account) is not None:
            self._call("changed", lambda: self._backend.delete_password(SERVICE, _user(name, account)))

    def describe(self) -> str:
        return f"Secrets are kept in {self._label}."

    def _call(self, verb: str, work: Callable[[], _T]) -> _T:
        try:
            return work()
        except Exception as why:  # noqa: BLE001  # backends raise errors of D-Bus, win32 and the like
            # Only the kind of error: its text is not ours and may hold what was to be kept.
            raise KeyringTrouble(
                f"{self._label[0].upper()}{self._label[1:]} is locked or does not answer, so a secret could not be "
                f"{verb} ({type(why).__name__}).",
                "Unlock it and try again.",
            ) from None


def _backends() -> tuple[tuple[str, str, str], ...]:
    """Those that can work on this system: the others would cost half a second and 10 MB to find that they cannot."""
    if sys.platform in ("darwin", "win32"):
        return BACKENDS[sys.platform]
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    has_bus = "DBUS_SESSION_BUS_ADDRESS" in os.environ or os.path.exists(os.path.join(runtime or "/nowhere", "bus"))
    return BACKENDS["linux"] if has_bus else ()


def open_keyring() -> KeyringStore:
    """The first of the allowed backends that works here. Raises NoKeyring. Imports `keyring` on its first call."""
    for module, class_name, label in _backends():
        backend: type[KeyringBackend] | None = getattr(import_module(module), class_name, None)
        if backend is not None and backend.viable:
            return KeyringStore(backend(), label)
    raise NoKeyring("There is no keyring on this computer.", "The password is asked for at each start.")


def open_store() -> CredentialStore:
    """The keyring, or memory where there is none."""
    try:
        return open_keyring()
    except NoKeyring:
        return MemoryStore()


def known(store: CredentialStore, accounts: Mapping[str, str]) -> Known:
    """Which secrets are there, for account names by environment. A keyring that is locked has shown none."""

    def those_with(name: Name) -> frozenset[str]:
        try:
            return frozenset(one for one, account in accounts.items() if store.get(name, account))
        except KeyringTrouble:
            return frozenset()

    return Known(store.keeps, those_with(Name.PARTNER_PASSWORD), those_with(Name.CALLBACK_PASSWORD))


def replace(store: CredentialStore, name: Name, account: str, value: str, undo: ExitStack) -> None:
    """Keeps `value`; `undo` brings back what was there before."""
    before = store.get(name, account)
    store.set(name, account, value)
    if before is None:
        undo.callback(store.delete, name, account)
    else:
        undo.callback(store.set, name, account, before)


def remove(store: CredentialStore, name: Name, account: str, undo: ExitStack) -> None:
    """Forgets it, if it was kept; `undo` brings it back."""
    before = store.get(name, account)
    if before is not None:
        store.delete(name, account)
        undo.callback(store.set, name, account, before)


def callback_token(store: CredentialStore, account: str) -> str:
    """The path token of `account`, made on first use. Without a keyring each start makes another."""
    token = store.get(Name.CALLBACK_TOKEN, account)
    if not token:
        token = new_token()
        store.set(Name.CALLBACK_TOKEN, account, token)
    return token


def _user(name: Name, account: str) -> str:
    return f"{account}/{name}"
