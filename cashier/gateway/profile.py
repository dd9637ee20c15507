"""Whom to talk to, as whom."""

from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from cashier.addresses import is_loopback
from cashier.domain.errors import BadInputError

Encoding = Literal["form", "json"]


class Secret:
    """A text that shows itself only when asked for by `reveal()`."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return "Secret(…)"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._text == self._text

    def __hash__(self) -> int:
        return hash(self._text)


@dataclass(frozen=True)
class Profile:
    """One account at one gateway. Raises BadInputError for a base URL that must not be used."""

    base_url: str
    username: str
    accountno: str
    password: Secret
    encoding: Encoding = "form"

    def __post_init__(self) -> None:
        parts = urlsplit(self.base_url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise BadInputError("The gateway's address must begin with https://.")
        if parts.scheme == "http" and not is_loopback(self.base_url):
            raise BadInputError("The gateway's address must begin with https://: http is for this computer only.")
        if not self.base_url.endswith("/"):
            object.__setattr__(self, "base_url", self.base_url + "/")
