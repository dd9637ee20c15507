"""Times as the shop sees them: in its own zone, in the language of the window."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo

from PySide6.QtCore import QDate, QDateTime, QLocale, QTime

from cashier.ui.shop_zone import here


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


def local_text(moment: datetime, pattern: str) -> str:
    """`moment` (aware) on the shop's clock, in a pattern of Qt: `HH:mm`, `d MMM`."""
    shown = here(moment)
    day, time_of_day = QDate(shown.year, shown.month, shown.day), QTime(shown.hour, shown.minute, shown.second)
    return QLocale().toString(QDateTime(day, time_of_day), pattern)


def when_text(moment: datetime) -> str:
    """`14:19:07` today, `23 November, 14:19` on another day."""
    today = here(moment).date() == here(datetime.now(UTC)).date()
    return local_text(moment, "HH:mm:ss" if today else "d MMMM, HH:mm")
