"""`cashier payouts FILE --name ... --yes`: approves a list and sends it; called again it goes on with it."""

import json
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from cashier.cli_output import FAILED, OPEN, SUCCESSFUL, echo, plain
from cashier.cli_payouts_check import problem, read_list, row_json
from cashier.cli_session import Session
from cashier.cli_signals import StopSignal
from cashier.domain.money import format_amount
from cashier.domain.payout_run import Progress, Run, RunLine, RunState
from cashier.domain.phone import show_phone
from cashier.domain.states import State
from cashier.errors import EnvironmentStop, WrongInput
from cashier.ledger import payout_runs
from cashier.till.payout_rows import FileRow, PayoutList, check

if TYPE_CHECKING:
    from cashier.assembly import RunningTill
    from cashier.cli_payouts import Wishes

# What was committed is sent, and the results are written, before the program ends.
_GRACE = 5.0


def send(session: Session, file: Path, wishes: "Wishes") -> None:
    """Approves and sends the list in `file`, or goes on with it; exits as the contract says."""
    stop = StopSignal().install()
    found = check(read_list(file.absolute(), wishes.sheet), session.limits, {})
    for note in found.notes:
        echo(note, err=True)
    with session.running() as running:
        if stop.is_set:
            raise EnvironmentStop("Stopped before anything was sent.", "Nothing was approved.")
        run = _earlier(running, found, wishes)
        if run is None:
            running.runs.load()  # the results of another list that a kill left without them
            run = _approve(running, found, wishes)
        if run.ended_at is None:
            now = _Sending(running, stop, wishes.wait).send()
            if now is not None and now.why:
                echo(now.why, err=True)
            if now is not None and now.results:
                echo(f"The results are in {now.results}.", err=True)
        lines = _lines(running, run)
        ended = running.ledger.reader.ask(lambda connection: payout_runs.get(connection, run.id), run)
    _print(found, ended, lines, json_wanted=wishes.json_wanted)
    sys.exit(_exit_code(found, ended, lines))


def _lines(running: "RunningTill", run: Run) -> list[RunLine]:
    return running.ledger.reader.ask(lambda connection: payout_runs.lines(connection, run.id), [])


def _earlier(running: "RunningTill", found: PayoutList, wishes: "Wishes") -> Run | None:
    """The run of this very file and sheet that goes on, or has ended and is only shown.

    With --again rows of an ended one are paid again, unless its end was never told: then a kill came between.
    """
    reader = running.ledger.reader
    untold = reader.ask(payout_runs.without_results, None)
    there = {(row.row, row.phone, row.amount) for row in found.rows}
    none: list[Run] = []
    for run in reader.ask(lambda connection: payout_runs.of_file(connection, found.content_hash), none):
        if not all((line.row, line.phone, line.amount) in there for line in _lines(running, run)):
            continue  # another sheet of the same file
        if run.ended_at is not None and wishes.again and not (untold and untold.id == run.id):
            return None
        running.runs.load()
        return run
    return None


def _approve(running: "RunningTill", found: PayoutList, wishes: "Wishes") -> Run:
    """One commit keeps the list. Raises WrongInput, and then nothing was approved."""
    found = found.marked(running.runs.paid_before())
    bad = [row for row in found.rows if not row.is_good]
    if bad and not wishes.without_bad:
        first = f"Row {bad[0].row}: {problem(bad[0])}"
        many = f"{len(bad)} rows cannot be sent." if len(bad) > 1 else "1 row cannot be sent."
        raise WrongInput(many, f"{first} Nothing was approved. Mend the list, or leave such rows out: --without-bad.")
    hidden = wishes.hidden is not None
    if wishes.hidden is not None and wishes.hidden != len(found.hidden):
        raise _wrong_count(len(found.hidden), "hidden in the file", "--hidden")
    repeated = [row for row in found.to_pay(again=True, hidden=hidden) if row.earlier is not None]
    if wishes.again is not None and wishes.again != len(repeated):
        raise _wrong_count(len(repeated), "to be paid again", "--again")
    again = wishes.again is not None
    till = running.till
    new = found.to_approve(till.new_id(), wishes.name, till.new_id, again=again, hidden=hidden, fee=wishes.fee)
    if not new.lines:
        why = (
            [] if again or not repeated else [f"Rows that went out before are paid again with --again {len(repeated)}."]
        )
        if found.hidden and not hidden:
            why.append(f"Hidden rows are paid with --hidden {len(found.hidden)}.")
        raise WrongInput("There is no row to send. Nothing was approved.", " ".join(why))
    try:
        return running.runs.approve(new, again=len(repeated) if again else 0)
    except (payout_runs.RunThere, payout_runs.PaidBefore) as why:
        raise WrongInput(str(why), "Nothing was approved.") from why


def _wrong_count(count: int, what: str, option: str) -> WrongInput:
    rows = f"{count} rows are {what}." if count != 1 else f"1 row is {what}."
    right = f"Write {option} {count}." if count else f"Leave {option} away."
    return WrongInput(rows, f"{right} Nothing was approved.")


class _Sending:
    """Follows a list until it ends or stops, a row takes longer than `wait` seconds, or a signal comes."""

    def __init__(self, running: "RunningTill", stop: StopSignal, wait: float) -> None:
        self._running = running
        self._runs = running.runs
        self._stop = stop
        self._wait = wait
        self._news = 0

    def send(self) -> Progress | None:
        """Goes on with the list; returns where it stands when nobody waits any longer."""
        self._running.till.subscribe(lambda _change: self._note())
        self._runs.progress.subscribe(lambda _progress: self._note())
        self._until(lambda: self._open() is None, self._wait)  # what a kill left open is asked about first
        if self._stop.is_set:
            return self._runs.now()
        self._runs.go_on()
        self._until(self._rests, self._wait)
        if not self._rests():
            self._runs.pause()
            self._until(self._is_sent, _GRACE, even_stopped=True)
        now = self._runs.now()
        if now is not None and now.state is RunState.DONE:
            self._until(self._is_told, _GRACE, even_stopped=True)
        return self._runs.now()

    def _open(self) -> RunLine | None:
        now = self._runs.now()
        if now is None:
            return None
        find = partial(payout_runs.first_open, run_id=now.run.id)
        return self._running.ledger.reader.ask(find, None)

    def _rests(self) -> bool:
        now = self._runs.now()
        return now is None or not now.is_sending

    def _is_sent(self) -> bool:
        """What was committed has left: nothing stands in `created` any longer."""
        line = self._open()
        return line is None or line.transaction is None or line.transaction.state is not State.CREATED

    def _is_told(self) -> bool:
        now = self._runs.now()
        return now is None or bool(now.results or now.why)

    def _note(self) -> None:
        with self._stop.changed:
            self._news += 1
            self._stop.changed.notify_all()

    def _until(self, done: Callable[[], bool], wait: float, *, even_stopped: bool = False) -> None:
        """Waits for `done`; each piece of news starts the time anew."""
        clock = self._running.clock
        while True:
            seen = self._news
            if done() or (self._stop.is_set and not even_stopped):
                return
            deadline = clock.monotonic() + wait
            with self._stop.changed:
                while self._news == seen and not (self._stop.is_set and not even_stopped):
                    left = deadline - clock.monotonic()
                    if left <= 0:
                        return
                    self._stop.changed.wait(left)


def _left_out(found: PayoutList, lines: list[RunLine]) -> list[FileRow]:
    taken = {line.row for line in lines}
    return [row for row in found.rows if row.row not in taken]


def _state(line: RunLine) -> str:
    if line.transaction is not None:
        return line.transaction.state.value
    return "not begun" if line.skipped is None else "left out"


def _print(found: PayoutList, run: Run, lines: list[RunLine], *, json_wanted: bool) -> None:
    left_out = _left_out(found, lines)
    if json_wanted:
        rows = [
            {
                "row": line.row,
                "phone": line.phone,
                "amount": line.amount,
                "reason": line.reason,
                "problem": line.skipped,
                "id": line.id,
                "state": _state(line),
            }
            for line in lines
        ]
        echo(json.dumps({"batch": run.id, "rows": rows, "left_out": [row_json(row) for row in left_out]}))
        return
    for line in lines:
        parts = (str(line.row), show_phone(line.phone), format_amount(line.amount), line.reason, _state(line))
        echo(plain("  ".join(parts)))
    for row in left_out:
        echo(plain("  ".join((str(row.row), row.shown[0], row.shown[1], "left out", problem(row) or ""))))


def _exit_code(found: PayoutList, run: Run, lines: list[RunLine]) -> int:
    if run.ended_at is None or any(line.transaction is not None and line.transaction.is_open for line in lines):
        return OPEN
    sent = all(line.transaction is not None and line.transaction.state is State.SUCCESSFUL for line in lines)
    return SUCCESSFUL if sent and not _left_out(found, lines) else FAILED
