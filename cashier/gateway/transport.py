"""One POST over real HTTP, once, with an end: what requests does and must not do (docs/gateway.md, "Times")."""

import logging
import re
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError, NameResolutionError
from urllib3.exceptions import SSLError as UrllibTlsError

from cashier.gateway.bounds import Bounds, RawAnswer
from cashier.gateway.calls import Call, MarkedConnection, MarkedTlsConnection
from cashier.gateway.deadlines import Deadlines
from cashier.gateway.outcomes import NotSent, NotSentReason, Unclear, UnclearReason
from cashier.gateway.sentences import NOT_SENT, UNCLEAR

log = logging.getLogger(__name__)
_CHUNK = 8192
_LENGTH = re.compile(r"[0-9]{1,18}")
# A date outside was never shown by a clock, and reckoning with it would leave the calendar.
_YEARS = range(2000, 3000)


class _Pool(HTTPConnectionPool):
    ConnectionCls = MarkedConnection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = MarkedTlsConnection


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *arguments: object, **more: object) -> None:
        super().init_poolmanager(*arguments, **more)  # type: ignore[arg-type]  # passed on as it came
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}


class _Session(requests.Session):
    """Sends one request and takes its answer as it is."""

    def get_redirect_target(self, _: requests.Response) -> None:
        """None: requests would read a redirect's whole body, however long, to find out where it leads."""


class Transport:
    """Posts. Each call has a fresh connection, so that no stale one can swallow a request."""

    def __init__(self, bounds: Bounds, verify: bool | str) -> None:
        self._bounds = bounds
        self._verify = verify
        self._deadlines = Deadlines()

    def close(self) -> None:
        """Ends the calls under way."""
        self._deadlines.close()

    def post(
        self, url: str, body: bytes, content_type: str, total: float, more: Mapping[str, str] | None = None
    ) -> RawAnswer | NotSent | Unclear:
        """Sends `body` once, within `total` seconds in all, with the headers `more` besides.

        Never raises for what the network does.
        """
        started = time.monotonic()
        call = Call(started + total, self._bounds.connect)
        self._deadlines.add(call)
        try:
            with call:
                return self._post(call, started, url, body, content_type, more or {})
        except (requests.RequestException, HTTPError, OSError, ValueError) as trouble:
            return self._trouble(call, trouble, time.monotonic() - started)
        finally:
            self._deadlines.remove(call)

    def _post(
        self, call: Call, started: float, url: str, body: bytes, content_type: str, more: Mapping[str, str]
    ) -> RawAnswer | Unclear:
        with _Session() as session:
            session.trust_env = False
            session.mount("https://", _Adapter())
            session.mount("http://", _Adapter())
            headers = {"Content-Type": content_type, "Accept": "application/json", "Connection": "close", **more}
            with session.post(
                url,
                data=body,
                headers=headers,
                timeout=(self._bounds.connect, min(self._bounds.read, call.left())),
                allow_redirects=False,
                stream=True,
                verify=self._verify,
            ) as response:
                if not _LENGTH.fullmatch(response.headers.get("Content-Length", "0")):
                    elapsed = time.monotonic() - started
                    return _unclear(UnclearReason.UNREADABLE, "no length", elapsed, response.status_code)
                received = bytearray()
                for chunk in response.iter_content(_CHUNK):
                    received += chunk
                    if len(received) > self._bounds.body:
                        elapsed = time.monotonic() - started
                        return _unclear(UnclearReason.TOO_LARGE, "", elapsed, response.status_code)
                if call.ended_early:
                    raise OSError("ended while the answer was read")
                return RawAnswer(
                    response.status_code,
                    response.headers.get("Content-Type", ""),
                    bytes(received),
                    _date(response.headers.get("Date")),
                    time.monotonic() - started,
                )

    def _trouble(self, call: Call, trouble: Exception, elapsed: float) -> NotSent | Unclear:
        detail = _kind(trouble)
        if not call.written:
            reason = NotSentReason.TIMEOUT if call.ended_early else _not_sent_reason(trouble)
            return NotSent(reason, NOT_SENT[reason], detail, elapsed)
        if call.ended_early:
            closing = self._deadlines.closed and call.left() > 0
            return _unclear(UnclearReason.CLOSED if closing else UnclearReason.TIMEOUT, detail, elapsed)
        timed_out = isinstance(trouble, requests.Timeout | TimeoutError)
        return _unclear(UnclearReason.TIMEOUT if timed_out else UnclearReason.RESET, detail, elapsed)


def _unclear(reason: UnclearReason, detail: str, elapsed: float, http_status: int | None = None) -> Unclear:
    return Unclear(reason, UNCLEAR[reason], detail, elapsed, http_status)


def _causes(trouble: BaseException) -> list[BaseException]:
    """The exception, what it wraps (urllib3's retry keeps it as `reason`) and what it came from."""
    found: list[BaseException] = []
    queue: list[object] = [trouble]
    while queue:
        one = queue.pop(0)
        if isinstance(one, BaseException) and one not in found:
            found.append(one)
            queue += [*one.args, getattr(one, "reason", None), one.__cause__, one.__context__]
    return found


def _kind(trouble: BaseException) -> str:
    """The kinds of error alone: their texts may carry what was sent."""
    return " < ".join(dict.fromkeys(type(one).__name__ for one in _causes(trouble)))


def _not_sent_reason(trouble: BaseException) -> NotSentReason:
    causes = _causes(trouble)
    for kinds, reason in (
        ((NameResolutionError,), NotSentReason.DNS),
        ((requests.exceptions.SSLError, UrllibTlsError), NotSentReason.TLS),
        ((ConnectionRefusedError,), NotSentReason.REFUSED),
        ((TimeoutError,), NotSentReason.TIMEOUT),
    ):
        if any(isinstance(one, kinds) for one in causes):
            return reason
    return NotSentReason.NETWORK


def _date(text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        found = parsedate_to_datetime(text)
    except (TypeError, ValueError, OverflowError):
        return None
    return found.replace(tzinfo=found.tzinfo or UTC).astimezone(UTC) if found.year in _YEARS else None
