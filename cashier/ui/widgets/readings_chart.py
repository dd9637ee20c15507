"""The balance over time. Imports QtCharts, so it is itself imported when there is something to draw."""

import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from PySide6.QtCharts import QCategoryAxis, QChart, QChartView, QLineSeries, QScatterSeries, QValueAxis
from PySide6.QtCore import QMargins, Qt
from PySide6.QtGui import QPainter, QPen

from cashier.domain.money import format_amount, group_digits
from cashier.domain.reading import Reading
from cashier.ui import theme
from cashier.ui.moments import local_text
from cashier.ui.shop_zone import here
from cashier.ui.widgets.base import follow

_STEPS = (1, 2, 5, 10)
_MOST_DOTS = 40
_ROOM = 0.02
# Distances between the marks of time, the smallest that gives few enough of them.
_SPANS = tuple(timedelta(minutes=one) for one in (1, 5, 15, 30, 60, 180, 360, 720, 1440, 2880, 7 * 1440, 14 * 1440))


def amount_marks(low: int, high: int, most: int = 5) -> list[int]:
    """Round amounts (RWF) from at or below `low` to at or above `high`, at most `most` + 2 of them."""
    rough = max(1, high - low) / most
    size = 10 ** math.floor(math.log10(rough))
    step = int(max(1, next(size * one for one in _STEPS if size * one >= rough)))
    first = low // step * step
    last = -(-high // step) * step
    return list(range(first, max(last, first + step) + 1, step))


def time_marks(first: datetime, last: datetime, most: int = 6) -> list[datetime]:
    """Round moments of the clock on the wall between two local times, at most `most` + 1."""
    span = next((one for one in _SPANS if (last - first) / one <= most), _SPANS[-1] * 4)
    midnight = first.replace(hour=0, minute=0, second=0, microsecond=0)
    mark = midnight + span * math.ceil((first - midnight) / span)
    found = []
    while mark <= last:
        found.append(mark)
        mark += span
    return found


class ReadingsChart(QChartView):
    """A line through the readings, amounts in RWF at the left, local time beneath."""

    def __init__(self) -> None:
        chart = QChart()
        super().__init__(chart)
        self._line = QLineSeries()
        self._dots = QScatterSeries()
        # Labels of our own stand on the one, the lines on the other: the one would draw the ends of its range too.
        self._amounts = QCategoryAxis()
        self._lines = QValueAxis()
        self._times = QCategoryAxis()
        chart.legend().hide()
        chart.setMargins(QMargins(0, 8, 16, 0))
        chart.setBackgroundRoundness(0)
        chart.layout().setContentsMargins(0, 0, 0, 0)
        self._lines.setTickType(QValueAxis.TickType.TicksDynamic)
        self._lines.setLabelsVisible(False)
        for axis, side in ((self._times, Qt.AlignmentFlag.AlignBottom), (self._amounts, Qt.AlignmentFlag.AlignLeft)):
            axis.setLabelsPosition(QCategoryAxis.AxisLabelsPosition.AxisLabelsPositionOnValue)
            axis.setTruncateLabels(False)
            axis.setGridLineVisible(False)
            axis.setLineVisible(False)
            chart.addAxis(axis, side)
        self._lines.setLineVisible(False)
        chart.addAxis(self._lines, Qt.AlignmentFlag.AlignRight)
        for series in (self._line, self._dots):
            chart.addSeries(series)
            series.attachAxis(self._times)
            series.attachAxis(self._amounts)
            series.attachAxis(self._lines)
        self._dots.setMarkerSize(7)
        self.setFrameShape(QChartView.Shape.NoFrame)
        self.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        follow(self._wear)

    def show_readings(self, readings: Sequence[Reading]) -> None:
        """Draws two readings or more, in the order they were taken."""
        points = [(reading.at.timestamp() * 1000, float(reading.balance)) for reading in readings]
        for series in (self._line, self._dots):
            series.clear()
        for x, y in points:
            self._line.append(x, y)
            if len(points) <= _MOST_DOTS:
                self._dots.append(x, y)
        self._mark_amounts(min(one.balance for one in readings), max(one.balance for one in readings))
        self._mark_times(here(readings[0].at), here(readings[-1].at))
        self.setAccessibleName(
            self.tr("%1 readings from %2 to %3")
            .replace("%1", str(len(readings)))
            .replace("%2", format_amount(readings[0].balance))
            .replace("%3", format_amount(readings[-1].balance))
        )

    def amount_labels(self) -> list[str]:
        return list(self._amounts.categoriesLabels())

    def time_labels(self) -> list[str]:
        return list(self._times.categoriesLabels())

    def _mark_amounts(self, low: int, high: int) -> None:
        marks = amount_marks(low, high)
        _relabel(self._amounts, [(group_digits(mark), float(mark)) for mark in marks])
        self._lines.setTickAnchor(marks[0])
        self._lines.setTickInterval(marks[1] - marks[0])
        # Room for the dots at the edges.
        room = (marks[-1] - marks[0]) * _ROOM
        for axis in (self._amounts, self._lines):
            axis.setRange(marks[0] - room, marks[-1] + room)

    def _mark_times(self, first: datetime, last: datetime) -> None:
        last = max(last, first + timedelta(minutes=1))
        marks = time_marks(first, last)
        apart = min((late - early for early, late in pairwise(marks)), default=last - first)
        form = "d MMM" if apart >= timedelta(days=1) else "HH:mm"
        days = first.date() != last.date() and form == "HH:mm"
        words = [
            local_text(mark, "d MMM HH:mm" if days and mark.hour == 0 and mark.minute == 0 else form) for mark in marks
        ]
        _relabel(self._times, [(word, mark.timestamp() * 1000) for word, mark in zip(words, marks, strict=True)])
        room = (last - first) * _ROOM
        self._times.setRange((first - room).timestamp() * 1000, (last + room).timestamp() * 1000)

    def _wear(self) -> None:
        look = theme.current()
        chart = self.chart()
        chart.setBackgroundBrush(look.color("surface"))
        chart.setBackgroundPen(QPen(look.color("surface")))
        self.setBackgroundBrush(look.color("surface"))
        for axis in (self._amounts, self._times):
            axis.setLabelsColor(look.color("muted"))
            axis.setLabelsFont(theme.font(12))
            axis.setLinePen(QPen(look.color("line")))
        self._lines.setGridLinePen(QPen(look.color("line")))
        self._line.setPen(QPen(look.color("accent"), 2))
        self._dots.setColor(look.color("accent"))
        self._dots.setBorderColor(look.color("surface"))


def _relabel(axis: QCategoryAxis, labels: list[tuple[str, float]]) -> None:
    for old in axis.categoriesLabels():
        axis.remove(old)
    axis.setStartValue(labels[0][1] - 1 if labels else 0)
    for text, value in labels:
        axis.append(text, value)
