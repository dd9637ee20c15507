"""The shop's zone, one per process: what every screen shows is on the shop's clock, whatever the PC's says."""

from datetime import UTC, datetime, tzinfo

_zone: tzinfo | None = None


def take(zone: tzinfo | None) -> None:
    """The shop's zone from now on; None, as before an account is open, for the PC's own."""
    global _zone  # there is one shop, as there is one theme
    _zone = zone


def here(moment: datetime) -> datetime:
    """`moment` (aware) as the shop's clock shows it."""
    return moment.astimezone(_zone)


def clock(moment: datetime) -> str:
    """`14:31` on the shop's clock."""
    return here(moment).strftime("%H:%M")


def now() -> str:
    """`14:31`, the time of day in the shop."""
    return clock(datetime.now(UTC))
