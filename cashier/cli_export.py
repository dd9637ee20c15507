"""`cashier export`: the whole history as a file, beside whoever writes the ledger (docs/commands.md)."""

from contextlib import suppress
from pathlib import Path

import click

from cashier.cli_output import echo
from cashier.cli_session import Session, stop_with
from cashier.cli_signals import StopSignal
from cashier.domain.money import group_digits
from cashier.errors import EnvironmentStop
from cashier.files import check_replaceable
from cashier.zones import USUAL, zone_named


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_obj
def export(session: Session, file: Path) -> None:
    """Write every transaction, newest first, to FILE: .xlsx, or .csv for other programs than Excel."""
    from cashier.ledger.export import check_ending
    from cashier.ledger.export import export as write
    from cashier.ledger.query import Query

    with stop_with():
        check_ending(file)
        with suppress(OSError):  # a folder that is not there is said by the writing
            check_replaceable(file)
        settings = session.loaded.settings
        zone = zone_named(settings.time_zone if settings else USUAL)
        stop = StopSignal().install()
        with session.reader() as reader:
            reader.open_rows()  # says so where a ledger that was here is gone, before an earlier file is replaced
            count = write(reader, Query(), file, zone=zone, stopped=lambda: stop.is_set)
        if count is None:
            raise EnvironmentStop("The export was stopped.", f"{file.name} was not written.")
        echo(f"{group_digits(count)} transactions in {file}.")
