"""`cashier payouts FILE --name ... --yes`: approves a list and sends it; called again it goes on with it."""

import json
import sys
from collections.abc import Callable
from dataclasses import replace
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
from cashier.till.payout_looks import lists_of
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
        found = found.marked(running.runs.paid_before())
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
    left_out = _left_out(found, lines)
    for way in _ways(replace(found, rows=left_out), wishes):
        echo(way, err=True)
    _print(found, ended, lines, json_wanted=wishes.json_wanted)
    sys.exit(_exit_code(found, ended, lines))


def _lines(running: "RunningTill", run: Run) -> list[RunLine]:
    return running.ledger.reader.ask(lambda connection: payout_runs.lines(connection, run.id), [])


def _earlier(running: "RunningTill", found: PayoutList, wishes: "Wishes") -> Run | None:
    """The list of this very file and sheet that goes on, or has ended and is only shown; None where one is to begin.

    One begins where the file has none, and where rows are taken in again: with --again those that went out, with
    --hidden those that no list of this file had. The same command once more, as after a kill, begins none.
    """
    runs = lists_of(running.till, found)
    if not runs:
        return None
    last = runs[0]
    running.runs.load()
    begins = _taken_in_again(running, found, wishes, last) or _unhidden(running, found, wishes)
    if last.ended_at is not None and begins:
        return None
    running.runs.of_file(found)
    return last


def _taken_in_again(running: "RunningTill", found: PayoutList, wishes: "Wishes", last: Run) -> bool:
    if not wishes.again:
        return False
    wanted = {_key(row) for row in found.to_pay(again=True, hidden=wishes.hidden is not None)}
    count = running.ledger.reader.ask(lambda connection: payout_runs.repeated(connection, last), 0)
    is_that = count == wishes.again and wanted >= {_key(line) for line in _lines(running, last)}
    if is_that:
        echo(f"Just these rows were paid again already, {last.at:%Y-%m-%d %H:%M} UTC. Nothing more is sent.", err=True)
    return not is_that


def _unhidden(running: "RunningTill", found: PayoutList, wishes: "Wishes") -> bool:
    return wishes.hidden is not None and len(_untaken(running, found).hidden) > 0


def _untaken(running: "RunningTill", found: PayoutList) -> PayoutList:
    """Without the rows that a list of this file had."""
    taken = {_key(line) for run in lists_of(running.till, found) for line in _lines(running, run)}
    return replace(found, rows=[row for row in found.rows if _key(row) not in taken])


def _key(row: FileRow | RunLine) -> tuple[int, str, int]:
    return row.row, row.phone, row.amount


def _approve(running: "RunningTill", found: PayoutList, wishes: "Wishes") -> Run:
    """One commit keeps the list. Raises WrongInput, and then nothing was approved."""
    bad = [row for row in found.rows if not row.is_good]
    if bad and not wishes.without_bad:
        first = f"Row {bad[0].row}: {problem(bad[0])}"
        many = f"{len(bad)} rows cannot be sent." if len(bad) > 1 else "1 row cannot be sent."
        raise WrongInput(many, f"{first} Nothing was approved. Mend the list, or leave such rows out: --without-bad.")
    hidden = wishes.hidden is not None
    if wishes.hidden is not None and wishes.hidden != len(found.hidden):
        raise _wrong_count(len(found.hidden), "hidden in the file", "--hidden")
    untaken, again = _untaken(running, found), wishes.again is not None
    if not again or len(_repeated(untaken, hidden=hidden)) == wishes.again:
        found = untaken
    repeated = _repeated(found, hidden=hidden)
    if wishes.again is not None and wishes.again != len(repeated):
        raise _wrong_count(len(repeated), "to be paid again", "--again")
    till = running.till
    new = found.to_approve(till.new_id(), wishes.name, till.new_id, again=again, hidden=hidden, fee=wishes.fee)
    if not new.lines:
        raise WrongInput("There is no row to send. Nothing was approved.", " ".join(_ways(found, wishes)))
    try:
        return running.runs.approve(new, again=len(repeated) if again else 0)
    except (payout_runs.RunThere, payout_runs.PaidBefore) as why:
        raise WrongInput(str(why), "Nothing was approved.") from why


def _repeated(found: PayoutList, *, hidden: bool) -> list[FileRow]:
    """The rows that went out before, or may have, and would be paid again."""
    return [row for row in found.to_pay(again=True, hidden=hidden) if row.earlier is not None]


def _ways(found: PayoutList, wishes: "Wishes") -> list[str]:
    """How the rows are paid that are left out for now. `found` knows what went out before."""
    said = []
    hidden = wishes.hidden is not None
    repeated = _repeated(found, hidden=hidden)
    if repeated and wishes.again is None:
        said.append(f"Rows that went out before are paid again with --again {len(repeated)}.")
    if found.hidden and not hidden:
        said.append(f"Hidden rows are paid with --hidden {len(found.hidden)}.")
    return said


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


def _why_left_out(row: FileRow) -> str | None:
    if row.earlier is not None and not row.problems:
        return f"It went out before, or may have: {row.earlier.number} of {row.earlier.created_at:%Y-%m-%d %H:%M} UTC."
    return problem(row)


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
        echo(
            json.dumps(
                {
                    "batch": run.id,
                    "rows": rows,
                    "left_out": [row_json(row) | {"problem": _why_left_out(row)} for row in left_out],
                }
            )
        )
        return
    for line in lines:
        parts = (str(line.row), show_phone(line.phone), format_amount(line.amount), line.reason, _state(line))
        echo(plain("  ".join(parts)))
    for row in left_out:
        echo(plain("  ".join((str(row.row), row.shown[0], row.shown[1], "left out", _why_left_out(row) or ""))))


def _exit_code(found: PayoutList, run: Run, lines: list[RunLine]) -> int:
    if run.ended_at is None or any(line.transaction is not None and line.transaction.is_open for line in lines):
        return OPEN
    sent = all(line.transaction is not None and line.transaction.state is State.SUCCESSFUL for line in lines)
    return SUCCESSFUL if sent and not _left_out(found, lines) else FAILED
