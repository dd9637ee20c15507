"""Where things stand on disk."""

import os
import re
from collections.abc import Mapping
from pathlib import Path

from cashier import planted
from cashier.errors import EnvironmentStop, SettingsError

# Letters, digits and inner `._-`: a file name on every system. Another is refused, not rewritten, since two account
# numbers rewritten to one name would share a ledger.
_SAFE = r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9])?"


def data_folder(wanted: Path | None, env: Mapping[str, str] = os.environ) -> Path:
    """The folder of ledgers, settings and logs: `wanted`, else CASHIER_DATA_DIR, else the system's place for a user.

    Absolute. Made for this user alone (0700) when it is not there. Raises EnvironmentStop when it cannot be made, and
    where something of ours in it is a link.
    """
    named = wanted or (Path(env["CASHIER_DATA_DIR"]) if env.get("CASHIER_DATA_DIR") else None)
    try:
        # `~` from a file of variables, where no shell replaced it.
        folder = (named or usual_data_folder()).expanduser().absolute()
    except (OSError, RuntimeError) as why:  # the folder one stands in is gone; there is no home
        raise EnvironmentStop(f"The data folder {named} cannot be found.", "Name a whole path.") from why
    data = private_folder(folder)
    planted.refuse_in_data(data)
    return data


def usual_data_folder() -> Path:
    """The system's place for a user's data."""
    from platformdirs import user_data_path

    return user_data_path("cashier", appauthor=False)


def private_folder(folder: Path) -> Path:
    """Makes `folder`, for this user alone, unless it is there. Raises EnvironmentStop."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as why:
        raise EnvironmentStop(
            f"The folder {folder} cannot be made: {why.strerror}.", "Choose another with --data-dir."
        ) from why
    return folder


def account_folder_name(environment: str, accountno: str) -> str:
    """`practice-250160000011`. Raises SettingsError for an account number that is no safe file name."""
    if not re.fullmatch(_SAFE, accountno):
        raise SettingsError("The account number may hold letters, digits, points and dashes only.", "Type it again.")
    return f"{environment}-{accountno}"


def ledger_folder(data: Path, environment: str, accountno: str) -> Path:
    """The folder of one account's ledger. The ledger makes it. Raises EnvironmentStop for a link in its place."""
    folder = data / account_folder_name(environment, accountno)
    planted.refuse_in_account(folder)
    return folder


def settings_file(data: Path) -> Path:
    """The one settings file of a data folder."""
    return data / "settings.json"


def logs_folder(data: Path) -> Path:
    """The folder of logs. Starting the log makes it."""
    return data / "logs"


def resources() -> Path:
    """Icons, styles, sounds and translations: a folder inside the installed package, or beside it in a checkout."""
    package = Path(__file__).parent
    inside = package / "_resources"
    return inside if inside.is_dir() else package.parent / "resources"
