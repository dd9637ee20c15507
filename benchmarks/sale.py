"""The two waits of a sale, from the hand to the gateway and from the gateway to the eye, and the window's stalls."""

import time
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QTimer

from benchmarks.counter import Scenario, Till, Until, till_at
from benchmarks.lines import Line, by_excess, by_ratio, percentile
from benchmarks.parts import Commit, asked, commits, frame_seconds, gateway, request_seconds

_COMMITS_OF_AN_ANSWER = 2
_APART = 0.3


class Waits(list[tuple[float, float]]):
    """Pairs in milliseconds: what the till took, and what the parts took that no till can do without."""

    def add(self, till: float, parts: float) -> None:
        self.append((till * 1000, parts * 1000))

    def line(self, what: str, share: float, more: float) -> Line:
        return by_excess(
            what, percentile([till for till, _ in self], share), percentile([parts for _, parts in self], share), more
        )


def lines(folder: Path, *, sales: int, answers: int, watched: int) -> list[Line]:
    """`sales` refused at once, `answers` that come by callback, `watched` sales for stalls."""
    with gateway() as url, till_at(folder, url) as till, commits(folder) as commit:
        sent, answered = Waits(), Waits()
        till.play(_sell(till, url, commit, sales, sent))
        till.play(_answer(till, url, commit, answers, answered))
        till.play(_watch(till, watched, url))
        stall = till.stall * 1000
    return [
        sent.line(
            "press of Charge to the first byte at the gateway, p99, ms, beside a commit and a request", 0.99, 5.0
        ),
        answered.line(
            "callback to the painted green, p95, ms, beside a status call, two commits and a frame", 0.95, 25.0
        ),
        by_ratio(f"longest stall of the window during {watched} sales, ms, beside 50 ms", stall, 50.0, 1.0),
    ]


def _sell(till: Till, url: str, commit: Commit, sales: int, waits: Waits) -> Scenario:
    results = till.window.charge.results
    root = url.removesuffix("api/")
    for number in range(sales + 1):
        till.type_sale(f"0788{number * 2:06d}", 1000 + number)
        yield till.rested()
        pressed = till.press()
        yield results.covers
        first = asked(f"{root}first/{results.waiting()[0].id}")
        if number:  # the first one loads what every later one finds there
            waits.add(first - pressed, commit.seconds() + request_seconds(f"{root}nothing/"))
        till.put_away()


def _answer(till: Till, url: str, commit: Commit, answers: int, waits: Waits) -> Scenario:
    charge, root = till.window.charge, url.removesuffix("api/")
    eye = _Eye(charge.results.view)
    called: list[float] = []
    for number in range(answers):
        till.type_sale(f"0789{number * 2 + 1:06d}", 1000 + number)
        yield till.rested()
        till.press()
        yield lambda: [card.transaction.accepted for card in charge.list.cards()] == [True]
        row = charge.list.cards()[0].transaction
        called.clear()
        eye.painted = 0.0
        till.window.bridge.run(partial(asked, f"{root}call/{row.id}"), called.append)
        yield lambda: bool(eye.painted and called)
        frame = frame_seconds(till.window.main)
        parts = request_seconds(f"{url}gettransactionstatus/") + frame
        parts += sum(commit.seconds() for _ in range(_COMMITS_OF_AN_ANSWER))
        waits.add(eye.painted - called[0], parts)
        till.put_away()
        yield _spaced(called[0])


def _watch(till: Till, sales: int, url: str) -> Scenario:
    """Paid ones, one after another, as a fast cashier sells: the gateway calls back, the result is put away."""
    charge, root = till.window.charge, url.removesuffix("api/")
    for number in range(sales):
        till.type_sale(f"0785{number * 2 + 1:06d}", 2000 + number)
        till.press()
        yield lambda: [card.transaction.accepted for card in charge.list.cards()] == [True]
        id = charge.list.cards()[0].transaction.id
        till.window.bridge.run(partial(asked, f"{root}call/{id}"))
        yield charge.results.covers
        till.put_away()
        yield lambda: not charge.results.covers()


def _spaced(begun: float) -> Until:
    """The till asks for 5 statuses a second at most; what is measured is not that."""
    return lambda: time.monotonic() >= begun + _APART


class _Eye(QObject):
    """Sees when the result was painted, with all that is in it."""

    def __init__(self, view: QObject) -> None:
        super().__init__(view)
        self.painted = 0.0
        view.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and not self.painted:
            QTimer.singleShot(0, self._note)
        return super().eventFilter(watched, event)

    def _note(self) -> None:
        self.painted = self.painted or time.monotonic()
