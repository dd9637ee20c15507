"""Times as the shop sees them: in its own zone, in the language of the window."""

from datetime import date, datetime, time, timedelta, tzinfo

from PySide6.QtCore import QDate, QLocale


class Moments:
    """Texts of aware times in `zone`."""

    def __init__(self, zone: tzinfo) -> None:
        self.zone = zone

    def today(self) -> date:
        """The shop's day now."""
        return datetime.now(self.zone).date()

    def begin_of(self, day: date) -> datetime:
        """The shop's midnight at which `day` begins."""
        return datetime.combine(day, time.min, self.zone)

    def end_of(self, day: date) -> datetime:
        """The midnight at which `day` is over."""
        return self.begin_of(day + timedelta(days=1))

    def day(self, moment: datetime) -> str:
        """`23 Nov`; with its year where that is not this one."""
        here = moment.astimezone(self.zone)
        return day_text(here.date(), "d MMM" if here.year == self.today().year else "d MMM yy")

    def clock(self, moment: datetime) -> str:
        """`14:31:07`."""
        return moment.astimezone(self.zone).strftime("%H:%M:%S")

    def whole(self, moment: datetime) -> str:
        """`23 November 2026, 14:31:07`."""
        return f"{day_text(moment.astimezone(self.zone).date(), 'd MMMM yyyy')}, {self.clock(moment)}"


def day_text(day: date, pattern: str = "d MMM") -> str:
    """A day in the locale's words."""
    return QLocale().toString(QDate(day.year, day.month, day.day), pattern)
