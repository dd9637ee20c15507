"""What can be seen of a shop without opening its account: read beside whoever holds the folder, nothing is touched."""

from dataclasses import dataclass
from pathlib import Path

from cashier import paths
from cashier.domain.states import Kind
from cashier.effective import ledger_of
from cashier.errors import NoSettings, SettingsError
from cashier.ledger.reader import Reader
from cashier.settings import Settings, peek


@dataclass(frozen=True)
class Looked:
    """`settings`, and how many payments and payouts of their account are open."""

    settings: Settings | None
    payments: int = 0
    payouts: int = 0


def look(data_dir: Path | None) -> Looked:
    """Reads settings and ledger. Raises LedgerError, EnvironmentStop."""
    data = paths.data_folder(data_dir)
    settings = peek(paths.settings_file(data))
    if settings is None:
        return Looked(None)
    try:
        whose = ledger_of({}, settings)
    except (NoSettings, SettingsError):  # no account was set yet
        return Looked(settings)
    reader = Reader(paths.ledger_folder(data, whose.environment, whose.accountno))
    try:
        kinds = [row.kind for row in reader.open_rows()]
    finally:
        reader.close()
    return Looked(settings, kinds.count(Kind.PAYMENT), kinds.count(Kind.PAYOUT))
