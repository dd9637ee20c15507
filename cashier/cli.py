"""The commands, a contract with other programs: docs/commands.md lists options, JSON and exit codes."""

import json
import sys
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cashier import __version__
from cashier.cli_closing import close, seen
from cashier.cli_export import export
from cashier.cli_ledger import backup, restore, sign, verify
from cashier.cli_options import WAIT, folder
from cashier.cli_output import (
    FAILED,
    JSON,
    OPEN,
    SUCCESSFUL,
    exit_code,
    print_many,
    print_one,
)
from cashier.cli_payouts import payouts
from cashier.cli_reading import balance, history, ids_of
from cashier.cli_session import Session, stop_with
from cashier.cli_signals import StopSignal
from cashier.cli_start import Commands
from cashier.display import has_display
from cashier.domain.events import Change
from cashier.domain.money import check_limits, parse_amount
from cashier.domain.phone import parse_phone
from cashier.domain.states import State
from cashier.domain.transaction import Transaction
from cashier.errors import EnvironmentStop
from cashier.ledger.errors import OpenAlready, SameAgain

if TYPE_CHECKING:
    from cashier.assembly import RunningTill
    from cashier.till.health import Health

# A check is one status call of at most 15 s, after which the row is as true as it gets.
_CHECK_PATIENCE = 25.0
_SENDING_GRACE = 5.0


@click.group(cls=Commands, invoke_without_command=True)
@click.version_option(__version__, prog_name="cashier")
@click.option("--data-dir", type=click.Path(file_okay=False), callback=folder, help="Folder of ledger and settings.")
@click.pass_context
def main(context: click.Context, data_dir: Path | None) -> None:
    """A till for shop counters in Rwanda: mobile money through IntouchPay. Without a command: the window."""
    context.obj = session = Session(data_dir)
    context.call_on_close(session.close)
    if context.invoked_subcommand is None:
        with stop_with():
            _need_a_display()
            from cashier.app import run

            sys.exit(run(data_dir))


@main.command()
@click.argument("phone")
@click.argument("amount")
@click.option("--reference", help="Receipt, table or order this payment is for.")
@WAIT
@click.option("--again", is_flag=True, help="Charge even if the same was charged just now.")
@JSON
@click.pass_obj
def charge(
    session: Session, phone: str, amount: str, reference: str | None, wait: float, again: bool, json_wanted: bool
) -> None:
    """Ask PHONE for a payment of AMOUNT RWF and wait for its end."""
    with stop_with():
        number, francs = parse_phone(phone), parse_amount(amount)
        check_limits(francs, session.limits)

        def begin(running: "RunningTill") -> Transaction:
            return running.till.charge(number, francs, reference, again=again)

        _one(session, begin, wait, json_wanted)


@main.command()
@click.argument("phone")
@click.argument("amount")
@click.option("--reason", required=True, help="What the payout is for.")
@click.option("--fee", is_flag=True, help="Add the withdrawal fee to what the receiver gets.")
@click.option("--yes", is_flag=True, help="Confirm that money leaves the account.")
@WAIT
@JSON
@click.pass_obj
def payout(
    session: Session, phone: str, amount: str, reason: str, fee: bool, yes: bool, wait: float, json_wanted: bool
) -> None:
    """Send AMOUNT RWF to PHONE, once."""
    with stop_with():
        number, francs = parse_phone(phone), parse_amount(amount)
        check_limits(francs, session.limits)
        if not reason.strip():
            raise click.UsageError("Write what the payout is for, after --reason.")
        if not yes:
            raise click.UsageError("Money will leave the account. Add --yes to send it.")
        _one(session, lambda running: running.till.pay_out(number, francs, reason, fee=fee), wait, json_wanted)


@main.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@JSON
@click.pass_obj
def check(session: Session, ids: tuple[str, ...], json_wanted: bool) -> None:
    """Ask the gateway now about open transactions, or about those named."""
    with stop_with():
        wanted = ids_of(session, ids)
    with stop_with(), session.running() as running:
        reader = running.ledger.reader
        asked = wanted or [row.id for row in reader.open_rows()]
        answered = threading.Semaphore(0)
        calls = running.till.check(asked, answered.release)
        deadline = running.clock.monotonic() + _CHECK_PATIENCE
        for _ in calls:
            answered.acquire(timeout=max(0.0, deadline - running.clock.monotonic()))
        rows = [row for id in asked if (row := reader.get(id)) is not None]
        print_many(rows, json_wanted=json_wanted)
        sys.exit(OPEN if any(row.is_open for row in rows) else SUCCESSFUL)


@main.command()
@JSON
@click.option("--mask-phones", is_flag=True, help="Hide all but the last digits of phones.")
@click.pass_obj
def watch(session: Session, json_wanted: bool, mask_phones: bool) -> None:
    """Poll and listen without a window; print a line for each change."""
    with stop_with():
        stop = StopSignal().install()
        begin = partial(_begin_watch, stop=stop, json_wanted=json_wanted, mask=mask_phones)
        with session.running(before_recovery=begin):
            stop.wait()


@main.command()
@click.option(
    "--report", type=click.Path(path_type=Path, dir_okay=False), help="Write this and the logs into a ZIP file."
)
@click.pass_obj
def doctor(session: Session, report: Path | None) -> None:
    """Look at everything a till needs and say what to do."""
    from cashier.cli_doctor import examine

    with stop_with():
        sys.exit(examine(session, report))


@main.command()
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="0 takes a free one.")
@click.option("--speed", type=click.FloatRange(min=0, min_open=True), default=1.0, show_default=True)
@click.option("--refuse-private-callbacks", is_flag=True, help="Refuse callback addresses that are not public.")
@click.option("--json", "json_wanted", is_flag=True, help="Print each request as a line of JSON too.")
def simulator(port: int, speed: float, refuse_private_callbacks: bool, json_wanted: bool) -> None:
    """Run the practice gateway until it is told to stop."""
    from cashier.cli_simulator import serve

    with stop_with():
        serve(
            StopSignal().install(),
            port=port,
            speed=speed,
            refuse_private_callbacks=refuse_private_callbacks,
            json_wanted=json_wanted,
        )


@main.command()
@click.option(
    "--play",
    "pictures",
    type=click.Path(path_type=Path, file_okay=False),
    help="Play the sales and save pictures here.",
)
@click.option("--self-test", is_flag=True, help="Look whether this installation has all it needs, a line for each.")
def demo(pictures: Path | None, self_test: bool) -> None:
    """The window on the practice gateway; without a display it plays sales by itself and saves pictures."""
    with stop_with():
        if self_test:
            from cashier.app_self_test import run_self_test
            from cashier.cli_doctor import tell

            sys.exit(SUCCESSFUL if run_self_test(tell) else FAILED)
        if pictures is None and has_display():
            from cashier.app_demo import run_demo

            sys.exit(run_demo())
        from cashier.app_demo import play

        target = pictures or Path("build/demo")
        try:
            target.mkdir(parents=True, exist_ok=True)
        except OSError as why:
            raise EnvironmentStop(f"The folder {target} cannot be made: {why.strerror}.", "Choose another.") from why
        good = play(target, partial(print_one, json_wanted=True))
        sys.exit(SUCCESSFUL if good else FAILED)


for command in (backup, balance, close, export, history, payouts, restore, seen, sign, verify):
    main.add_command(command)


def _need_a_display() -> None:
    if not has_display():
        raise EnvironmentStop(
            "There is no display for the window.", "Run a command instead: cashier --help lists them."
        )


def _one(session: Session, begin: Callable[["RunningTill"], Transaction], wait: float, json_wanted: bool) -> None:
    """Begins one transaction, waits for its end and exits with what it came to."""
    stop = StopSignal().install()
    latest: dict[str, Transaction] = {}

    def note(change: Change) -> None:
        with stop.changed:
            latest[change.transaction.id] = change.transaction
            stop.changed.notify_all()

    with session.running() as running:
        running.till.subscribe(note)
        _go_on_unless(stop)
        try:
            row = begin(running)
        except (OpenAlready, SameAgain) as there:
            click.echo(str(there), err=True)
            print_one(there.existing, json_wanted=json_wanted)
            sys.exit(OPEN)
        deadline = running.clock.monotonic() + wait
        with stop.changed:
            while not latest[row.id].is_final:
                now = running.clock.monotonic()
                if stop.is_set:
                    deadline = min(deadline, now)
                # However short the wait, and whoever stops it: what was committed is sent before the program ends.
                grace = _SENDING_GRACE if latest[row.id].state is State.CREATED else 0.0
                left = deadline + grace - now
                if left <= 0:
                    break
                stop.changed.wait(left)
    print_one(latest[row.id], json_wanted=json_wanted)
    sys.exit(exit_code(latest[row.id]))


def _go_on_unless(stop: StopSignal) -> None:
    if stop.is_set:
        raise EnvironmentStop("Stopped before anything was sent.", "Nothing was written.")


def _begin_watch(running: "RunningTill", *, stop: StopSignal, json_wanted: bool, mask: bool) -> None:
    """Prints the first line, then one for each change, whichever thread brings it."""
    printing = threading.Lock()

    def show(change: Change) -> None:
        with printing:
            print_one(change.transaction, json_wanted=json_wanted, mask=mask)
            if getattr(sys.stdout, "lost", None) is not None:  # whoever read this has gone
                stop.end()

    told: list[str | None] = [None]

    def warn(health: "Health") -> None:
        with printing:
            if health.listener_trouble and health.listener_trouble != told[-1]:
                click.echo(health.listener_trouble, err=True)
            told.append(health.listener_trouble)
            del told[:-1]

    health = running.health.health
    click.echo(json.dumps({"listening": health.listening}))
    warn(health)
    running.health.news.subscribe(warn)
    running.till.subscribe(show)
