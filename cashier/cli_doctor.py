"""`cashier doctor`: a line for everything a till needs, with what to do."""

import platform
import shutil
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cashier import __version__, paths
from cashier.cli_output import ENVIRONMENT, SUCCESSFUL, echo
from cashier.domain.errors import BadInputError
from cashier.errors import CashierError, EnvironmentStop
from cashier.files import check_new, read_own, written
from cashier.hiding import too_short
from cashier.ledger.backup import kept
from cashier.ledger.connections import FILE
from cashier.ledger.errors import FolderInUse, LedgerError
from cashier.ledger.examination import examine as examine_ledger
from cashier.ledger.identity import Account
from cashier.ledger.lock import FolderLock
from cashier.ledger.mark import put_back
from cashier.ledger.places import linked_notice, place_of, refuse_network, synced_notice
from cashier.ledger.restored import locked_sentence
from cashier.ledger.schema import STEPS
from cashier.logs import redact

if TYPE_CHECKING:
    from cashier.cli_session import Session

_ENOUGH_DISK = 200 * 1024 * 1024


@dataclass(frozen=True)
class Finding:
    """One line. `good` False means that something must be done, as the words say; unless it `stops` a sale, not now."""

    what: str
    good: bool
    words: str
    stops: bool = True


def tell(finding: Finding) -> None:
    """Prints one finding."""
    echo(_line(finding))


def _line(finding: Finding) -> str:
    return f"{'ok ' if finding.good else 'NOT'}  {finding.what}: {finding.words}"


def examine(session: "Session", report: Path | None = None) -> int:
    """Prints a line each, and writes them with the logs into `report`. 0 when a sale would work, else 4.

    Raises WrongInput before anything else where `report` would replace something or is no place for it.
    """
    if report is not None:
        if not report.parent.is_dir():
            words = f"{report} cannot be written: there is no folder {report.parent}."
            raise EnvironmentStop(words, "Make it first, or choose another.")
        check_new(report)
    findings = list(_findings(session))
    for finding in findings:
        tell(finding)
    if report is not None:
        _write_report(session, findings, report)
        echo(f"Written to {report}: send this file.")
    return SUCCESSFUL if all(finding.good or not finding.stops for finding in findings) else ENVIRONMENT


def _write_report(session: "Session", findings: list[Finding], report: Path) -> None:
    """One file for support: findings, logs, crash report; all of it masked (once more). Raises EnvironmentStop."""
    about = [f"Cashier {__version__}", platform.platform(), f"Python {platform.python_version()}", ""]
    try:
        with written(report, replace=False) as part, zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr("doctor.txt", redact("\n".join([*about, *map(_line, findings)]) + "\n"))
            for file in sorted(paths.logs_folder(session.data).glob("*.log*")):
                content = read_own(file)
                if content:  # it is empty where a program runs, this one too
                    packed.writestr(file.name, redact(content.decode("utf-8", errors="replace")))
    except OSError as trouble:
        raise EnvironmentStop(f"{report} cannot be written: {trouble.strerror}.", "Choose another place.") from trouble


def _findings(session: "Session") -> Iterator[Finding]:
    for what, look in (
        ("settings", _settings),
        ("keyring", _keyring),
        ("ledger", _ledger),
        ("gateway", _gateway),
        ("listener", _listener),
        ("printers", _printers),
        ("disk", _disk),
    ):
        yield from _safely(what, look, session)


def _safely(what: str, look: "Callable[[Session], Iterator[Finding]]", session: "Session") -> Iterator[Finding]:
    try:
        yield from look(session)
    except (CashierError, LedgerError, BadInputError) as trouble:
        yield Finding(what, False, str(trouble))


def _settings(session: "Session") -> Iterator[Finding]:
    now = session.effective
    yield Finding("settings", True, f"{now.environment}, account {now.accountno}, {now.base_url}")


def _keyring(session: "Session") -> Iterator[Finding]:
    yield Finding("keyring", True, session.store.describe())


def _ledger(session: "Session") -> Iterator[Finding]:
    place = place_of(session.ledger_folder)
    synced = synced_notice(place)
    if synced is not None:
        yield Finding("folder", False, synced)
    refuse_network(place)
    linked = linked_notice(session.ledger_folder)
    if linked is not None:
        yield Finding("backups", True, linked)
    open_elsewhere = _is_open_elsewhere(session)
    with session.reader() as reader:
        count = len(reader.open_rows())
        if not reader.exists:
            yield Finding("ledger", True, "none yet; the first sale makes it")
            return
        lost = reader.lost()
        if lost is not None:
            yield Finding("ledger", False, f"{lost} {put_back(session.ledger_folder)}")
        elif not open_elsewhere:
            now = session.ledger_of
            examine_ledger(session.ledger_folder / FILE, Account(now.environment, now.accountno), STEPS)
        copies = kept(session.ledger_folder)
        newest = copies[-1].name if copies else "none yet; an open till makes one a day"
        yield Finding("backups", True, f"{newest}, {len(copies)} kept" if copies else newest)
        restores = reader.unsigned_restores()
        if restores:
            yield Finding("ledger", False, locked_sentence(restores))
        yield Finding("ledger", True, f"{count} open" + (". Run cashier check." if count else ""))


def _is_open_elsewhere(session: "Session") -> bool:
    """Whether another Cashier writes in the data folder now. Raises LedgerError where nobody could."""
    lock = FolderLock(session.data)
    try:
        lock.acquire()
    except FolderInUse:
        return True
    lock.release()
    return False


def _gateway(session: "Session") -> Iterator[Finding]:
    from cashier.gateway.meaning import BalanceReading, read_balance
    from cashier.gateway.sentences import clock_sentence

    client = session.client()
    short = too_short(session.profile.password.reveal())
    if short is not None:
        yield Finding("password", False, short, stops=False)
    try:
        reading = read_balance(client.balance())
    finally:
        client.close()
    ahead = client.clock_offset
    if isinstance(reading, BalanceReading):
        yield Finding("gateway", True, "answers and knows this account")
        yield Finding("clock", True, "agrees with the gateway")
    else:
        yield Finding("gateway", False, f"{reading.sentence} {reading.advice}")
        if ahead:
            yield Finding("clock", False, f"{clock_sentence(ahead)} Set date and time.")


def _listener(session: "Session") -> Iterator[Finding]:
    from cashier.till.listener import CallbackListener, PortTaken

    now = session.effective
    if not now.listens:
        yield Finding("listener", True, "callbacks are off; payments are checked by asking")
        return
    probe = CallbackListener(token="probe", on_hint=_ignore, host=now.callback_host, port=now.callback_port)  # noqa: S106
    try:
        probe.start()
    except PortTaken as taken:
        if _is_open_elsewhere(session):
            yield Finding("listener", True, f"port {now.callback_port} is held by the Cashier that is open")
        else:
            yield Finding("listener", False, str(taken))
        return
    probe.stop()
    yield Finding("listener", True, f"port {now.callback_port} is free for callbacks")


def _ignore(_id: str) -> None:
    """A probe listens for nothing."""


def _printers(_session: "Session") -> Iterator[Finding]:
    yield Finding("printers", True, "this version prints no slips")


def _disk(session: "Session") -> Iterator[Finding]:
    folder = next(one for one in (session.data, *session.data.parents) if one.exists())
    free = shutil.disk_usage(folder).free
    words = f"{free // (1024 * 1024):,} MB free".replace(",", " ")
    yield Finding("disk", free >= _ENOUGH_DISK, words + ("" if free >= _ENOUGH_DISK else ". Make room."))
