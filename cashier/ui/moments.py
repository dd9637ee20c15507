"""Moments as people read them: this computer's time, in the language of the window."""

from datetime import UTC, datetime

from PySide6.QtCore import QDateTime, QLocale


def local_text(moment: datetime, pattern: str) -> str:
    """`moment` (aware) on the clock on the wall, in a pattern of Qt: `HH:mm`, `d MMM`."""
    return QLocale().toString(QDateTime.fromMSecsSinceEpoch(int(moment.timestamp() * 1000)), pattern)


def when_text(moment: datetime) -> str:
    """`14:19:07` today, `23 November, 14:19` on another day."""
    today = moment.astimezone().date() == datetime.now(UTC).astimezone().date()
    return local_text(moment, "HH:mm:ss" if today else "d MMMM, HH:mm")
