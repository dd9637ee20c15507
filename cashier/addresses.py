"""Rules on addresses: which gateway may be talked to, which callback address can reach us."""

import re
import secrets
from ipaddress import IPv6Address, ip_address
from urllib.parse import SplitResult, urlsplit

from cashier.errors import SettingsError

SANDBOX_HOST = "developer.intouchpay.co.rw"
LIVE_HOST = "www.intouchpay.co.rw"
BASE_URLS = {
    "sandbox": f"https://{SANDBOX_HOST}/api/v1/sandbox/",
    "live": f"https://{LIVE_HOST}/api/",
}
"""Base URLs to begin with (docs/gateway.md, Hosts); partners may be given others."""

_HOST = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*")
_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,128}")
# 128 bits in the alphabet of URL-safe base64.
_TOKEN_LENGTH = 22
_PRIVATE_ENDINGS = ("local", "localhost", "localdomain", "internal", "intranet", "lan", "home", "corp", "private")
_PRIVATE_ARPA = "home.arpa"
_WHAT_TO_DO = (
    "Give the public https address of a tunnel or reverse proxy that leads here, or leave it empty: polling then does "
    "the work."
)


def is_loopback(url: str) -> bool:
    """Whether the host of `url` is this computer itself."""
    host = _host(_split(url))
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def environment_of(url: str) -> str:
    """`practice` for this computer, `sandbox` for the sandbox's host, `live` for any other."""
    if is_loopback(url):
        return "practice"
    return "sandbox" if _host(_split(url)) == SANDBOX_HOST else "live"


def is_providers_live(url: str) -> bool:
    """Whether `url` leads to the provider's own live address, where money always moves."""
    return _host(_split(url)) in (LIVE_HOST, LIVE_HOST.removeprefix("www."))


def same_gateway(one: str, other: str) -> bool:
    """Whether both URLs lead to the same scheme, host and port."""
    return _origin(one) == _origin(other)


def checked_base_url(url: str) -> str:
    """The gateway's base URL with its slash at the end. Raises SettingsError."""
    parts = _split(url)
    host = _host(parts)
    if parts.scheme not in ("http", "https") or not host or parts.username is not None:
        raise SettingsError("The gateway's address is not a web address.", "Write it as https://host/path/.")
    if parts.query or parts.fragment:
        raise SettingsError("The gateway's address must end with its path.", "Leave out what follows ? or #.")
    if parts.scheme == "http" and not is_loopback(url):
        raise SettingsError("The gateway's address must begin with https://.", "http is for this computer only.")
    return url if url.endswith("/") else f"{url}/"


def checked_callback_url(url: str, gateway_url: str) -> str:
    """A callback address that the gateway can reach: public and https, unless the gateway is on this computer.

    Raises SettingsError, whose advice says what to do.
    """
    parts = _split(url)
    host = _host(parts)
    if parts.scheme not in ("http", "https") or not host or parts.username is not None:
        raise SettingsError("The callback address is not a web address.", _WHAT_TO_DO)
    if parts.query or parts.fragment:
        raise SettingsError("The callback address must end with its path.", "Leave out what follows ? or #.")
    if is_loopback(gateway_url):
        return url
    if _is_private(host):
        raise SettingsError(f"The gateway cannot reach the callback address: {host} is not public.", _WHAT_TO_DO)
    if parts.scheme != "https":
        raise SettingsError("The callback address must begin with https://.", _WHAT_TO_DO)
    return url


def new_token() -> str:
    """A path token of 256 random bits."""
    return secrets.token_urlsafe(32)


def checked_token(token: str, gateway_url: str) -> str:
    """A path token of our own alphabet; for a gateway elsewhere of at least 128 bits. Raises SettingsError."""
    if not _TOKEN.fullmatch(token):
        raise SettingsError("The callback token may hold letters, digits, _ and - only.")
    if len(token) < _TOKEN_LENGTH and not is_loopback(gateway_url):
        raise SettingsError(f"The callback token is too short: {_TOKEN_LENGTH} characters or more cannot be guessed.")
    return token


def public_callback_url(address: str, token: str) -> str:
    """The whole URL for the gateway, from the public address, which may have a path, and the token."""
    return f"{address.rstrip('/')}/callback/{token}"


def token_in(url: str) -> str | None:
    """The token at the end of a whole callback URL, `…/callback/<token>`, or None."""
    before, _, token = _split(url).path.rpartition("/")
    return token if token and before.endswith("/callback") else None


def _split(url: str) -> SplitResult:
    if not url.isascii() or any(character <= " " or character == "\\" for character in url):
        raise SettingsError("A web address holds no spaces and no letters with accents.", "Copy it once more.")
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises when it is not one
    except ValueError as why:
        raise SettingsError("That is not a web address.", "Copy it once more.") from why
    return parts


def _host(parts: SplitResult) -> str:
    return (parts.hostname or "").rstrip(".")


def _origin(url: str) -> tuple[str, str, int | None]:
    parts = _split(url)
    return parts.scheme, _host(parts), parts.port or {"http": 80, "https": 443}.get(parts.scheme)


def _is_private(host: str) -> bool:
    try:
        address = ip_address(host)
    except ValueError:
        labels = host.split(".")
        # A last label in digits is an address in a spelling of its own (`127.1`, `0x7f.1`), never a public name.
        return (
            not _HOST.fullmatch(host)
            or len(labels) == 1
            or labels[-1][0].isdigit()
            or labels[-1] in _PRIVATE_ENDINGS
            or f".{host}".endswith(f".{_PRIVATE_ARPA}")
        )
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return not address.is_global or address.is_multicast
