"""The invariants (docs/reliability.md), looked at whenever the model can see: sending, answers, commits, rows."""

import re
from typing import TYPE_CHECKING

from cashier.domain.events import Change
from cashier.domain.transaction import CLOSED, Transaction
from cashier.till.rules import NEVER_ARRIVED
from tests.model.book import Entry
from tests.model.ledger_watch import LedgerWatch, Seen
from tests.model.lists import ListWatch
from tests.model.mangle import Wired
from tests.model.wire import BALANCE, KINDS, Call, Link

if TYPE_CHECKING:
    from tests.model.computer import Computer
    from tests.model.world import Action, World

_AMOUNT = re.compile(r"[1-9][0-9]*")
_FINAL = ("successful", "failed")
_NOT_FOUND_ANSWERS, _NOT_FOUND_SPAN, _NOT_FOUND_GAP = 5, 900.0, 60.0
_FINAL_ASKED = 2
_DONE = {"payment": "01", "payout": "2001"}


class Watch:
    """Tells the world of the first invariant that does not hold."""

    def __init__(self, world: "World") -> None:
        self.world = world
        self.sends: dict[str, int] = {}
        self.asked_final: dict[str, int] = {}
        self.intents: dict[str, tuple[str, str, int]] = {}
        self.digests: list[str] = []
        self.ledgers: list[LedgerWatch] = [LedgerWatch(self, number) for number in range(world.schedule.tills)]
        self.lists = ListWatch(self)
        self._stepped: set[int] = set()
        self._refused_since_step: set[int] = set()

    def broken(self, invariant: str, words: str) -> None:
        self.world.broken(invariant, words)

    # --- what the program is seen to do -------------------------------------------------------------------------

    def sending(self, link: Link, call: Call) -> None:
        """Just before the first byte of a request leaves."""
        self._signature(link, call)
        self.digests.append(str(call.fields.get("password")))
        if call.function == BALANCE:
            return
        row = self.ledgers[link.till].row(call.id)
        if call.function not in KINDS:
            self._asking(link, call, row)
            return
        self.sends[call.id] = self.sends.get(call.id, 0) + 1
        if self.sends[call.id] > 1 and not self.lists.may_repeat(call.id):
            self.broken("I1", f"{call.id} was sent a second time")
        kind, amount = KINDS[call.function], call.fields.get("amount")
        if row is None:
            self.broken("I3", f"{call.id} was sent before it was on the disk")
            return
        if kind == "payout":
            self.lists.sending(link.till, row)
        if not isinstance(amount, str) or not _AMOUNT.fullmatch(amount):
            self.broken("I16", f"the amount was sent as {amount!r}")
        elif (row.kind, row.phone, row.amount) != (kind, call.fields.get("mobilephone"), int(amount)):
            self.broken("I3", f"{call.id} was sent as something else than the row on the disk says")

    def _signature(self, link: Link, call: Call) -> None:
        """The time in a signature is UTC, made up for what an earlier refusal taught; so no refusal comes twice."""
        computer = self.world.computers[link.till]
        right = call.refusal is None
        if not right and link.till not in self._stepped:
            self.broken("signing", "a right clock, and still the gateway refuses the signature")
        if not right and link.till in self._refused_since_step and computer.client.clock_offset == 0.0:
            self.broken("signing", "the gateway's clock was learned and the signature is refused again")

    def _asking(self, link: Link, call: Call, row: Seen | None) -> None:
        if row is None:
            self.broken("I13", f"a status call about {call.id}, which no row here has")
        elif link.in_flight(call.id):
            self.broken("I13", f"two status calls about {call.id} at once")
        elif row.state in _FINAL and row.response_code != NEVER_ARRIVED:
            self.asked_final[call.id] = self.asked_final.get(call.id, 0) + 1
            if self.asked_final[call.id] > _FINAL_ASKED:
                self.broken("I13", f"{call.id} is settled and asked about again and again")

    def answered(self, link: Link, call: Call, wired: Wired) -> None:
        """An answer reaches the program. What it says, where it is whole, is remembered apart from the program."""
        said = wired.said
        if said is None:
            return
        heard = self.world.heard(link.till, call.id)
        code, entry = str(said.get("responsecode", "")), self.world.book.entries.get(call.id)
        if code.startswith("000"):
            self._refused_since_step.add(link.till)
            heard.refused = heard.refused or call.function in KINDS
        elif call.function in KINDS:
            heard.done = heard.done or code == "2001"
            heard.refused = heard.refused or (entry is None and said.get("success") is False)
        elif code == "3100":
            heard.not_found.append(link.host.monotonic())
        elif entry is not None and code == _DONE[entry.kind]:
            heard.done = True
        elif entry is not None and entry.state == "failed":
            heard.refused = True

    def announced(self, computer: "Computer", change: Change) -> None:
        """The till told its subscribers: what it told is on the disk."""
        watch = self.ledgers[computer.number]
        row = watch.row(change.transaction.id)
        if row is None or row.version < change.transaction.version:
            self.broken("I15", f"{change.transaction.id} was announced before it was on the disk")
        watch.acknowledged[change.transaction.id] = change.transaction.version

    def begun(self, computer: "Computer", action: "Action", row: Transaction) -> None:
        """The cashier was given a row for an action."""
        watch = self.ledgers[computer.number]
        if type(row.amount) is not int:
            self.broken("I16", f"the amount of {row.id} is {row.amount!r}")
        if (row.phone, row.amount, row.kind.value) != (action.phone, action.amount, action.kind):
            self.broken("I8", f"{action.name} was not written as it was asked for")
        first = watch.begun.setdefault(action.name, row.id)
        if first != row.id:
            self.broken("I1", f"{action.name} made two transactions: {first} and {row.id}")

    def clock_was_set(self, computer: "Computer") -> None:
        self._stepped.add(computer.number)
        self._refused_since_step.discard(computer.number)

    def clock_is_new(self, till: int) -> None:
        """A new run of the program knows nothing of the gateway's clock."""
        self._refused_since_step.discard(till)

    def copied(self, computer: "Computer") -> None:
        self.look(computer)
        self.ledgers[computer.number].copied()

    def restored(self, computer: "Computer") -> None:
        self.ledgers[computer.number].restored()

    # --- rows ---------------------------------------------------------------------------------------------------

    def step(self) -> None:
        """After each step: what it touched."""
        for computer in self.world.computers:
            self.look(computer)

    def look(self, computer: "Computer") -> None:
        """The rows of one ledger that changed since the last look."""
        watch = self.ledgers[computer.number]
        for before, row in watch.changes():
            self._intent(row)
            if row.refund_of is not None:
                self.lists.refund(computer.number, row)
            if _ended_after_close(before, row) and not (row.alarm or watch.rang(row.id)):
                self.broken("closing", f"{row.id} was closed by hand and ended as {row.state} without an alarm")
            if before is not None and before.state in _FINAL and row.state != before.state:
                self.broken("I5", f"{row.id} was {before.state} and became {row.state}")
            elif row.state == "successful" and (before is None or before.state != row.state):
                self._successful(computer.number, row)
            elif row.state == "failed" and (before is None or before.state != row.state):
                self._failed(computer.number, row)

    def _intent(self, row: Seen) -> None:
        now = (row.kind, row.phone, row.amount)
        if type(row.amount) is not int:
            self.broken("I16", f"the amount of {row.id} is {row.amount!r}")
        if self.intents.setdefault(row.id, now) != now:
            self.broken("I12", f"{row.id} was used for two different transactions")

    def _successful(self, till: int, row: Seen) -> None:
        entry = self.world.book.entries.get(row.id)
        if entry is None or not entry.moved:
            self.broken("I2", f"{row.id} is successful here and not at the gateway")
        elif not self.world.heard(till, row.id).done:
            self.broken("I2", f"{row.id} is successful without a whole answer that says so")
        elif not _same(entry, row):
            self.broken("I8", f"{row.id} is successful as another transaction")

    def _failed(self, till: int, row: Seen) -> None:
        entry = self.world.book.entries.get(row.id)
        heard = self.world.heard(till, row.id)
        on_its_way = self.world.underway.get(row.id, 0) > 0
        if row.id in self.world.very_late:
            pass  # later than the rule for "does not exist" waits: a success is noticed and reviewed, at rest
        elif entry is not None and entry.state != "failed":
            self.broken("I7", f"{row.id} is failed here, and the gateway has it as {entry.state}")
        elif on_its_way and not heard.refused:
            self.broken("I7", f"{row.id} is failed here, and its request is still on its way")
        if heard.refused:
            return
        if row.response_code != NEVER_ARRIVED or row.kind == "payout" or row.accepted:
            self.broken("I7", f"{row.id} is failed and no whole answer refused it")
        elif not _enough(heard.not_found):
            self.broken("I7", f"{row.id} is failed after too few answers that it does not exist")


def _ended_after_close(before: Seen | None, row: Seen) -> bool:
    closed = before is not None and before.review is not None and before.review.startswith(CLOSED)
    return closed and before is not None and before.state not in _FINAL and row.state in _FINAL


def _same(entry: Entry, row: Seen) -> bool:
    return (entry.kind, entry.phone, entry.amount) == (row.kind, row.phone, row.amount)


def _enough(times: list[float]) -> bool:
    """Five answers at least a minute apart, the first and the last fifteen minutes, in one run of the program.

    From whichever of them the program began to count: another answer in between begins it anew.
    """
    return any(_enough_from(times[begin:]) for begin in range(len(times)))


def _enough_from(times: list[float]) -> bool:
    counted: list[float] = []
    for at in times:
        if not counted or at - counted[-1] >= _NOT_FOUND_GAP:
            counted.append(at)
    return len(counted) >= _NOT_FOUND_ANSWERS and counted[-1] - counted[0] >= _NOT_FOUND_SPAN
