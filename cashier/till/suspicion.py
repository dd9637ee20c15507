"""Whether refusals may be about the callback address that went along: docs/gateway.md, section "The callback"."""

from dataclasses import replace

from cashier.domain.evidence import Evidence, Meaning
from cashier.till.health import HealthBoard

_SUSPECT_AFTER = 2
# Refusals that can be about the address: the gateway has no code of its own for that.
_ABOUT_THE_URL = frozenset({"2500", "2600", "1100", "1106", "1107"})


class UrlSuspicion:
    """Hears of every direct answer to a request that carried a callback address."""

    def __init__(self, health: HealthBoard) -> None:
        self._health = health
        self._refusals = 0

    def judge(self, found: Evidence) -> Evidence:
        """A refusal that may be about the address says so; the second one is told to the health board."""
        if found.meaning is not Meaning.REFUSED or found.code not in _ABOUT_THE_URL:
            if found.meaning in (Meaning.WAITING, Meaning.DONE):
                self._refusals = 0
                self._health.update(lambda now: replace(now, callback_url_suspect=False))
            return found
        self._refusals += 1
        if self._refusals >= _SUSPECT_AFTER:
            self._health.update(lambda now: replace(now, callback_url_suspect=True))
        return replace(found, message=f"{found.message or ''} The callback address may be the reason.".strip())
