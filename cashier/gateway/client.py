"""The client for the four functions of IntouchPay: docs/gateway.md."""

import logging
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from cashier.domain.states import Kind
from cashier.gateway.bounds import Bounds, Post, RawAnswer
from cashier.gateway.codes import AUTHENTICATION
from cashier.gateway.messages import encode, fields_of, without_secrets
from cashier.gateway.outcomes import Answered, Function, Outcome, Unclear, UnclearReason
from cashier.gateway.profile import Profile, Secret
from cashier.gateway.reading import UnreadableError, read_answer
from cashier.gateway.sentences import UNCLEAR
from cashier.gateway.signing import digest, timestamp
from cashier.hiding import hider

log = logging.getLogger(__name__)

SUBMISSION_TOTAL = 75.0
STATUS_TOTAL = 15.0
# A clock this far off is told to the person and made up for.
CLOCK_TOLERANCE = 60.0
_SERVER_ERROR, _REDIRECT, _BAD_REQUEST = 500, 300, 400


class Client:
    """One account at one gateway. Safe to use from several threads; every call waits, so never on the GUI thread.

    The gateway's texts come without the password and without `secrets`, whatever it repeats.
    """

    def __init__(
        self,
        profile: Profile,
        *,
        now: Callable[[], datetime],
        bounds: Bounds | None = None,
        submission_total: float = SUBMISSION_TOTAL,
        status_total: float = STATUS_TOTAL,
        ca_file: str | None = None,
        transport: Post | None = None,
        secrets: Iterable[Secret] = (),
    ) -> None:
        self._profile = profile
        self._hide = hider([profile.password.reveal(), *(secret.reveal() for secret in secrets)])
        self._now = now
        self._submission_total = submission_total
        self._status_total = status_total
        self._bounds = bounds or Bounds()
        self._verify: bool | str = ca_file or True
        self._made = transport
        self._closed = False
        self._offset = timedelta()
        self._lock = threading.Lock()

    @property
    def clock_offset(self) -> float:
        """How far the gateway's clock is ahead of ours in seconds, 0.0 until an authentication refusal taught it."""
        return self._offset.total_seconds()

    def warm(self) -> None:
        """Loads what the first call needs (100 ms, 14 MB), so that a sale does not wait for it."""
        self._transport()

    def close(self) -> None:
        """Ends the calls under way, each with an outcome; later calls end at once."""
        with self._lock:
            self._closed = True
            if self._made is not None:
                self._made.close()

    def _transport(self) -> Post:
        if self._made is not None:
            return self._made
        from cashier.gateway.transport import Transport

        with self._lock:
            if self._made is None:
                self._made = Transport(self._bounds, self._verify)
                if self._closed:
                    self._made.close()
            return self._made

    def request_payment(self, *, id: str, phone: str, amount: int, callback_url: str | None = None) -> Outcome:
        """Asks `phone` for `amount` RWF under our `id`."""
        given = {"amount": str(amount), "mobilephone": phone, "requesttransactionid": id, "callbackurl": callback_url}
        return self._call(Function.PAYMENT, given, self._submission_total)

    def request_payout(
        self,
        *,
        id: str,
        phone: str,
        amount: int,
        fee: bool = False,
        reason: str | None = None,
        service_id: str | None = None,
        callback_url: str | None = None,
    ) -> Outcome:
        """Sends `amount` RWF to `phone` under our `id`; with `fee` the withdrawal fee is added."""
        given = {
            "amount": str(amount),
            "mobilephone": phone,
            "requesttransactionid": id,
            "callbackurl": callback_url,
            "withdrawcharge": "1" if fee else None,
            "reason": reason,
            "sid": service_id or None,
        }
        return self._call(Function.PAYOUT, given, self._submission_total)

    def status(self, *, id: str, kind: Kind, gateway_transaction_id: str | None) -> Outcome:
        """Asks how our `id` stands; `gateway_transaction_id` where it was learned."""
        del kind  # the gateway asks the same for both; the meaning of the answer differs
        given = {"requesttransactionid": id, "transactionid": gateway_transaction_id or ""}
        return self._call(Function.STATUS, given, self._status_total)

    def balance(self) -> Outcome:
        """Asks for the account's balance."""
        return self._call(Function.BALANCE, {}, self._status_total)

    def _call(self, function: Function, given: Mapping[str, str | None], total: float) -> Outcome:
        profile = self._profile
        stamp = timestamp(self._now() + self._offset)
        secret = profile.password.reveal()
        who = {
            "username": profile.username,
            "timestamp": stamp,
            "password": digest(profile.username, profile.accountno, secret, stamp),
            "accountno": profile.accountno,
        }
        body, content_type = encode(fields_of(function, {**who, **given}), profile.encoding)
        raw = self._transport().post(f"{profile.base_url}{function.value}/", body, content_type, total)
        if isinstance(raw, RawAnswer):
            raw = replace(raw, body=without_secrets(raw.body, who["password"], given.get("callbackurl")))
        outcome = self._read(function, raw) if isinstance(raw, RawAnswer) else raw
        log.info("%s: %s", function.value, _told(outcome))
        return outcome

    def _read(self, function: Function, raw: RawAnswer) -> Outcome:
        try:
            answer = read_answer(function, raw.body, self._hide)
        except UnreadableError as trouble:
            return _unreadable(raw, str(trouble))
        told = answer.code is not None or answer.status is not None
        if _REDIRECT <= raw.http_status < _BAD_REQUEST or not (told or function is Function.BALANCE):
            return _unreadable(raw, "neither code nor status")
        ahead = self._learn_clock(answer.code, raw.date)
        return Answered(answer, raw.http_status, raw.elapsed, raw.date, ahead)

    def _learn_clock(self, code: str | None, date: datetime | None) -> float | None:
        """Learns the gateway's clock from an authentication refusal alone: its answer is over verified TLS or loopback.

        Returns how far the gateway's clock is ahead (seconds) when it is worth telling.
        """
        if code not in AUTHENTICATION or date is None:
            return None
        with self._lock:
            ahead = date - self._now()
            if abs(ahead.total_seconds()) <= CLOCK_TOLERANCE:
                self._offset = timedelta()
                return None
            self._offset = ahead
            return ahead.total_seconds()


def _unreadable(raw: RawAnswer, why: str) -> Unclear:
    web_page = "html" in raw.content_type.lower() or raw.body.lstrip()[:1] == b"<"
    if _REDIRECT <= raw.http_status < _BAD_REQUEST:
        reason = UnclearReason.REDIRECT
    elif raw.http_status >= _SERVER_ERROR:
        reason = UnclearReason.SERVER
    else:
        reason = UnclearReason.LOGIN_PAGE if web_page else UnclearReason.UNREADABLE
    return Unclear(reason, UNCLEAR[reason], f"HTTP {raw.http_status}, {why}", raw.elapsed, raw.http_status)


def _told(outcome: Outcome) -> str:
    if isinstance(outcome, Answered):
        return f"HTTP {outcome.http_status}, code {outcome.answer.code!r}, {outcome.elapsed:.3f} s"
    return f"{outcome.reason.value} ({outcome.detail}), {outcome.elapsed:.3f} s"
