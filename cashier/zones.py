"""The shop's own time zone: its day ends at its midnight, whatever the computer's clock is set to show."""

from typing import TYPE_CHECKING

from cashier.errors import SettingsError

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

USUAL = "Africa/Kigali"


def zone_named(name: str) -> "ZoneInfo":
    """The zone of the IANA data base, from the system or from the program's own. Raises SettingsError."""
    from zoneinfo import ZoneInfo  # not at the start, where nothing needs it

    try:
        return ZoneInfo(name)
    except (ValueError, OSError, LookupError) as why:
        raise SettingsError(f"There is no time zone {name!r}.", f"Write it like {USUAL}.") from why
