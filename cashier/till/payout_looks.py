"""A list of payouts in the ledger: where it stands, whether a file is one that was approved before, a line left out."""

import logging

from cashier.domain.payout_run import Progress, Run, RunLine, RunState
from cashier.ledger import payout_runs
from cashier.ledger.reader import Reader
from cashier.till.payout_rows import PayoutList
from cashier.till.till import Till

log = logging.getLogger(__name__)


def progress_of(reader: Reader, known: Run, state: RunState, why: str, results: str) -> Progress | None:
    """Where the list stands, or None where the ledger does not answer. Raises LedgerError."""
    run = reader.ask(lambda connection: payout_runs.get(connection, known.id), known)
    counts = reader.ask(lambda connection: payout_runs.counts(connection, known.id), None)
    last = reader.ask(lambda connection: payout_runs.last_begun(connection, known.id), None)
    return None if counts is None else Progress(run, state, counts, why, last, results)


def lists_of(till: Till, file: PayoutList) -> list[Run]:
    """The lists that were approved from this same file: one that has not ended, then the newest. Raises LedgerError.

    Of a workbook only where the sheet that was read holds their rows.
    """
    now, reader = till.now(), till.ledger.reader
    held = {(row.phone, row.amount) for row in file.rows}
    none: list[Run] = []
    found = reader.ask(
        lambda connection: payout_runs.of_file(connection, now, file.content_hash, str(file.path), file.rows_hash), none
    )
    return [run for run in found if all((line.phone, line.amount) in held for line in lines_of(reader, run))]


def lines_of(reader: Reader, run: Run) -> list[RunLine]:
    """Every line of the list as the ledger has it now. Raises LedgerError."""
    return reader.ask(lambda connection: payout_runs.lines(connection, run.id), [])


def leave_out(till: Till, line: RunLine, why: str) -> None:
    """Leaves a waiting line out for good, with the reason. Raises LedgerError."""
    log.info("row %d of the list is left out", line.row)
    till.ledger.write(lambda pen: payout_runs.skip(pen, line.id, why))
