"""What the self-test looks at beside a sale: parts that load only when someone needs them, so that nothing else would
miss them. Each look returns a few words and raises LookupError or ImportError where something is not there.
"""

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cashier.domain.reading import Reading
from cashier.ledger.export import COLUMNS, export
from cashier.ledger.query import Query
from cashier.ledger.reader import Reader
from cashier.till import payout_file
from cashier.ui import theme

_BALANCES = (120_000, 90_000, 150_000)
_SIZE = (640, 320)
_OURS = ("Qt6", "PySide6")


def chart() -> str:
    """Draws a balance and looks for its line in the picture."""
    from cashier.ui.widgets.readings_chart import ReadingsChart

    drawn = ReadingsChart()
    drawn.resize(*_SIZE)
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    drawn.show_readings(
        [
            Reading(place, begin + timedelta(hours=place), balance, str(balance), "asked")
            for place, balance in enumerate(_BALANCES)
        ]
    )
    picture = drawn.grab().toImage()
    line = theme.current().color("accent").rgb()
    wanted = any(picture.pixel(x, y) == line for x in range(picture.width()) for y in range(picture.height()))
    drawn.deleteLater()
    if not wanted:
        raise LookupError("the balance's line is not drawn")
    return f"{len(_BALANCES)} readings drawn"


def sounds() -> str:
    """A computer without sound is none of our trouble; a library of ours that is missing is."""
    try:
        from PySide6.QtMultimedia import QMediaDevices
    except ImportError as why:
        if any(name in str(why) for name in _OURS):
            raise
        return f"silent: {why}"
    device = QMediaDevices.defaultAudioOutput()
    return "silent: no output device" if device.isNull() else f"play on {device.description()}"


def spreadsheet(reader: Reader, folder: Path) -> str:
    """Writes the history as an Excel file and reads it as a list of payouts is read."""
    file = folder / "history.xlsx"
    count = export(reader, Query(), file, zone=UTC)
    rows = payout_file.read(file).rows
    names = tuple(cell.text for cell in rows[0][1] if cell.text)
    if count is None or len(rows) != count + 1 or names != COLUMNS:
        raise LookupError(f"{count} rows were written and {len(rows)} read")
    return f"{count} rows written and read"


def certificates() -> str:
    """The authorities that a gateway's certificate is held against."""
    import certifi

    known = ssl.create_default_context(cafile=certifi.where()).get_ca_certs()
    if not known:
        raise LookupError("no authority is known: no gateway could be trusted")
    return f"{len(known)} authorities, {ssl.OPENSSL_VERSION}"
