"""What a cashier can do with money: charge, pay out, check, hide. Each returns at once; the rest happens behind."""

import logging
import threading
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from cashier.domain.errors import BadInputError
from cashier.domain.events import Change
from cashier.domain.evidence import Evidence, Meaning, Source
from cashier.domain.money import check_limits
from cashier.domain.payout_run import RunLine
from cashier.domain.phone import is_phone
from cashier.domain.reading import Reading
from cashier.domain.states import Kind, State
from cashier.domain.transaction import NewTransaction, Transaction
from cashier.domain.typed import checked_reason, checked_reference
from cashier.gateway.meaning import NoBalance, evidence, read_balance
from cashier.gateway.outcomes import Function, Outcome
from cashier.ledger import readings
from cashier.ledger.ledger import Ledger
from cashier.till.announcer import Announcer
from cashier.till.closing import alarm_seen, closed_by_hand, hidden_from_sight
from cashier.till.health import HealthBoard
from cashier.till.options import TillOptions
from cashier.till.poller import CHECK, HINT, Poller
from cashier.till.ports import Clock, Gateway, Lane
from cashier.till.refunds import refund_of
from cashier.till.rules import NEVER_ARRIVED
from cashier.till.settle import Door
from cashier.till.suspicion import UrlSuspicion

log = logging.getLogger(__name__)

SAME_WITHIN = timedelta(minutes=5)
_MOST_LOOKUPS = 64


class Till:
    """The cashier's till. Every method may be called from any thread."""

    def __init__(
        self,
        ledger: Ledger,
        gateway: Gateway,
        *,
        door: Door,
        poller: Poller,
        health: HealthBoard,
        clock: Clock,
        submissions: Lane,
        checks: Lane,
        new_id: Callable[[], str],
        options: TillOptions | None = None,
    ) -> None:
        self.ledger = ledger
        self.health = health
        self.options = options or TillOptions()
        self.readings: Announcer[Reading] = Announcer()
        self._gateway = gateway
        self._door = door
        self._poller = poller
        self._clock = clock
        self._submissions = submissions
        self._checks = checks
        self._new_id = new_id
        self._lookups = threading.Semaphore(_MOST_LOOKUPS)
        self._suspicion = UrlSuspicion(health)
        door.late.subscribe(poller.refresh)
        door.found.subscribe(lambda row: self.watch_from_start([row]))
        door.trouble.subscribe(lambda words: health.update(lambda now: replace(now, ledger_trouble=words)))

    def subscribe(self, tell: Callable[[Change], None]) -> Callable[[], None]:
        """Calls `tell` after each committed change, on the thread that brought it. Returns what ends it."""
        return self._door.changes.subscribe(tell)

    def now(self) -> datetime:
        """The time of the till's clock, UTC."""
        return self._clock.now()

    def charge(
        self,
        phone: str,
        amount: int,
        reference: str | None = None,
        *,
        again: bool = False,
        action_id: str | None = None,
    ) -> Transaction:
        """Asks `phone` (`2507` and eight digits) for `amount` RWF. Returns the row, committed as `created`.

        Unless `again`, raises OpenAlready while another payment of that phone is open, and SameAgain when the same
        phone and amount was charged within five minutes; AlreadyBegun for an `action_id` seen before. Raises
        BadInputError for a phone, amount or reference that cannot be, LedgerError when the row cannot be written.
        Nothing is sent in any of these cases.
        """
        new = NewTransaction(
            id=self._new_id(),
            kind=Kind.PAYMENT,
            phone=phone,
            amount=amount,
            reference=checked_reference(reference),
            action_id=action_id,
        )
        since = None if again else self._clock.now() - SAME_WITHIN
        return self._begin(new, not_while_open=not again, not_same_since=since)

    def pay_out(
        self, phone: str, amount: int, reason: str, *, fee: bool = False, action_id: str | None = None
    ) -> Transaction:
        """Sends `amount` RWF to `phone`, once. Returns the row, committed as `created`.

        Raises OpenAlready while another payout to that phone is open, else as `charge`.
        """
        new = NewTransaction(
            id=self._new_id(),
            kind=Kind.PAYOUT,
            phone=phone,
            amount=amount,
            reason=checked_reason(reason),
            fee=fee,
            action_id=action_id,
        )
        return self._begin(new, not_while_open=True, not_same_since=None)

    def pay_out_line(self, line: RunLine, reference: str, *, fee: bool = False) -> Transaction:
        """Sends the payout of a waiting line of an approved list, once, under the line's id. As `pay_out`."""
        new = NewTransaction(
            line.id, Kind.PAYOUT, line.phone, line.amount, reference=reference, reason=line.reason, fee=fee
        )
        self._refuse_bad(new)
        return self._send_off(self._door.create_line(new))

    def refund(self, payment_id: str, amount: int, reason: str, *, action_id: str | None = None) -> Transaction:
        """Gives `amount` RWF of a paid payment back to its phone, once and without fee. Returns the row, `created`.

        Raises NotPaid, NothingLeft or MoreThanLeft (with what is `left`), BadInputError below what the gateway takes,
        else as `pay_out`.
        """
        reader, id, limits = self.ledger.reader, self._new_id(), self.options.limits
        new = refund_of(reader, payment_id, limits, id=id, amount=amount, reason=reason, action_id=action_id)
        return self._begin(new, not_while_open=True, not_same_since=None)

    def check(self, ids: Iterable[str], done: Callable[[], None] | None = None) -> list[str]:
        """Asks the gateway now about these rows. Returns the ids that are asked about; `done` is called for each."""
        asked = []
        for id in ids:
            if not self._poller.ask(id, CHECK, done):
                row = self.ledger.reader.get(id)
                if row is None or row.is_final:
                    continue
                self._poller.watch(row, age=self._age(row), on_word=True)
                if not self._poller.ask(id, CHECK, done):
                    continue
            asked.append(id)
        return asked

    def hide(self, id: str) -> Transaction:
        """Takes the row out of the cashier's sight; it is asked about as before. Raises LedgerError."""
        return self._door.apply(id, partial(hidden_from_sight, hidden=True))

    def show(self, id: str) -> Transaction:
        """Brings a hidden row back into sight. Raises LedgerError."""
        return self._door.apply(id, partial(hidden_from_sight, hidden=False))

    def close_by_hand(
        self,
        id: str,
        *,
        received: bool,
        name: str,
        note: str,
        reference: str | None = None,
        seen: State | None = None,
    ) -> Transaction:
        """Closes a row under review: the state stays, the row blocks nothing and is asked about daily.

        `reference` is the operator's. Raises BadInputError (not under review, no name, no note), KeyError, LedgerError.
        """
        choose = partial(closed_by_hand, received=received, name=name, note=note, reference=reference, seen=seen)
        row = self._door.apply(id, choose)
        self._poller.refresh(row)
        self._poller.watch(row, age=self._age(row))  # its days may have been over
        return row

    def alarms(self) -> list[Transaction]:
        """What nobody has seen yet, newest first. Raises LedgerError."""
        return self.ledger.reader.alarms()

    def alarm_seen(self, id: str, *, name: str, note: str = "", shown: str | None = None) -> Transaction:
        """Ends the alarm of a row. Raises BadInputError where there is none or no name, KeyError, LedgerError."""
        row = self._door.apply(id, partial(alarm_seen, name=name, note=note, shown=shown))
        self._poller.refresh(row)
        return row

    def hint(self, request_id: str) -> None:
        """Takes a callback's word that this row may have news: causes a status call at most, and none without use."""
        if self._poller.ask(request_id, HINT) or not self._lookups.acquire(blocking=False):
            return
        self._checks.submit(partial(self._look_up, request_id))

    def ask_all(self, trigger: str) -> None:
        """Asks about every row worth it, newest first: after sleep, at shift close."""
        self._poller.ask_all(trigger)

    def balance(self) -> Outcome:
        """The gateway's answer about the balance; waits for it, so never on the GUI thread."""
        outcome = self._gateway.balance()
        self.health.heard(outcome)
        return outcome

    def read_balance(self, why: str = "asked", transaction_id: str | None = None) -> Reading | NoBalance:
        """Asks for the balance and keeps the reading, or says why there is none.

        Waits for the gateway, so never on the GUI thread. Subscribers of `readings` hear of it after the commit.
        Raises LedgerError when the reading cannot be kept.
        """
        found = read_balance(self.balance())
        if isinstance(found, NoBalance):
            return found
        at = self._clock.now()
        reading = self.ledger.write(
            lambda pen: readings.add(
                pen.connection, at=at, balance=found.balance, text=found.text, why=why, transaction_id=transaction_id
            )
        )
        self.readings.announce(reading)
        return reading

    def new_id(self) -> str:
        """An id of ours that was never used."""
        return self._new_id()

    def watch_from_start(self, rows: Iterable[Transaction]) -> None:
        """Takes up the rows of an earlier run and asks about all of them at once, newest first."""
        self._poller.watch_all((row, self._age(row)) for row in rows)
        self._poller.ask_all()

    def _begin(self, new: NewTransaction, *, not_while_open: bool, not_same_since: datetime | None) -> Transaction:
        self._refuse_bad(new)
        return self._send_off(self._door.create(new, not_while_open=not_while_open, not_same_since=not_same_since))

    def _refuse_bad(self, new: NewTransaction) -> None:
        if not is_phone(new.phone):
            raise BadInputError("That is not a Rwandan mobile number. Type it like 0788 123 456.")
        check_limits(new.amount, self.options.limits)

    def _send_off(self, row: Transaction) -> Transaction:
        """From the commit on: the row is asked about and sent."""
        self._poller.watch(row)
        self._submissions.submit(partial(self._submit, row))
        return row

    def _submit(self, row: Transaction) -> None:
        """Sends the request, once, and brings its end to the door."""
        url = self.options.callback_url
        try:
            function, outcome = self._send(row, url)
            self.health.heard(outcome)
            found = evidence(function, row.kind, Source.SUBMIT, outcome)
        except Exception:  # a bug of ours after the commit: the row must not stay as if nothing had begun
            log.exception("sending %s failed", row.id)
            found = Evidence(Source.SUBMIT, Meaning.UNCLEAR, message="The program failed while sending.")
        if url is not None:
            found = self._suspicion.judge(found)
        after = self._door.settle(row.id, found)
        if after is None:
            return
        self._poller.refresh(after)
        if found.meaning is Meaning.DONE and not after.is_final:
            self._poller.ask(row.id, CHECK)

    def _send(self, row: Transaction, url: str | None) -> tuple[Function, Outcome]:
        if row.kind is Kind.PAYMENT:
            return Function.PAYMENT, self._gateway.request_payment(
                id=row.id, phone=row.phone, amount=row.amount, callback_url=url
            )
        return Function.PAYOUT, self._gateway.request_payout(
            id=row.id,
            phone=row.phone,
            amount=row.amount,
            fee=row.fee,
            reason=row.reason,
            service_id=self.options.service_id,
            callback_url=url,
        )

    def _look_up(self, request_id: str) -> None:
        try:
            row = self.ledger.reader.get(request_id)
            if row is not None and (not row.is_final or row.response_code == NEVER_ARRIVED):
                self._poller.watch(row, age=self._age(row), on_word=True)
                self._poller.ask(request_id, HINT)
        finally:
            self._lookups.release()

    def _age(self, row: Transaction) -> float:
        return max(0.0, (self._clock.now() - row.created_at).total_seconds())
