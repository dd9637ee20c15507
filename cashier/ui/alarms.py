"""Alarms in the window: rung once when they come, shown until they were seen, also after a restart."""

from collections.abc import Callable, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from cashier.domain.events import Change
from cashier.domain.states import State
from cashier.domain.transaction import Transaction
from cashier.ui.bridge import Bridge, Purpose

if TYPE_CHECKING:
    from cashier.ui.sounds import Player
    from cashier.ui.widgets.alarm_bar import AlarmBar


AGAIN = 5_000  # ms


class Alarms(QObject):
    """Between the till and the bar, which is placed by `place` when something rings first."""

    def __init__(self, bridge: Bridge, player: "Player", place: "Callable[[AlarmBar], None]") -> None:
        super().__init__(bridge)
        self._bridge = bridge
        self._player = player
        self._place = place
        self._showing = False
        self._looks = 0
        self._shown: dict[str, str | None] = {}
        # A ledger that cannot be read just now is no reason to stay silent.
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(AGAIN)
        self._again.timeout.connect(self._look)
        bridge.opened.connect(self._look)
        bridge.changed.connect(self._changed)

    @cached_property
    def bar(self) -> "AlarmBar":
        """Made for the first alarm."""
        from cashier.ui.widgets.alarm_bar import AlarmBar

        made = AlarmBar()
        made.seen.connect(self._seen)
        self._place(made)
        return made

    def are_shown(self) -> bool:
        """Whether something rings in the window now."""
        return self._showing

    def _look(self, _rows: object = None) -> None:
        till = self._bridge.till
        if till is not None:
            self._looks += 1
            self._bridge.run(till.alarms, partial(self._show, self._looks), lambda _why: self._again.start())

    def _show(self, look: int, rows: Sequence[Transaction]) -> None:
        if look != self._looks:  # a later look is on its way, and knows more
            return
        self._shown = {row.id: row.alarm for row in rows}
        if rows or self._showing:
            self._showing = bool(rows)
            self.bar.show_alarms(rows)

    def _changed(self, change: Change) -> None:
        if change.raised_alarm:
            went_through = change.transaction.state is State.SUCCESSFUL
            self._player.play("late" if went_through else "not-paid")
        if change.raised_alarm or (change.before is not None and change.before.alarm is not None):
            self._look()

    def _seen(self, id: str, name: str, note: str) -> None:
        till = self._bridge.till
        if till is not None:
            work = partial(till.alarm_seen, id, name=name, note=note, shown=self._shown.get(id))
            self._bridge.run(work, None, self.bar.show_trouble, Purpose.COMMIT)
