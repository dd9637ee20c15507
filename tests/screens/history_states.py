"""History as pictures: empty, listed, searched, one story, one under review, an export on its way."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from benchmarks.ledger_maker import make
from cashier.domain.events import Decision
from cashier.domain.states import Kind, State
from cashier.domain.transaction import NewTransaction
from cashier.ledger.ledger import Account, Ledger
from cashier.till.figures import amount_words

if TYPE_CHECKING:
    from cashier.ui.screens.history import HistoryScreen
    from tests.screens.studio import Studio

_LONG = 30_000  # rows of which an export still writes when its picture is taken


def history_empty(studio: "Studio") -> None:
    """Nothing was ever tried."""
    screen = opened(studio)
    studio.until(screen.is_empty)
    studio.shoot("history", "empty")


def history_states(studio: "Studio") -> None:
    """On a ledger that `long_history` made."""
    screen = opened(studio)
    studio.until(lambda: bool(screen.story.lines()))
    studio.shoot("history", "list")
    screen.table.setFocus()
    screen.table.choose(1)
    studio.until(lambda: [line.title for line in screen.story.lines()][-1:] == ["Paid"])
    studio.shoot("history", "story")
    screen.table.choose(3)
    studio.until(lambda: any(line.title == "Needs a manager" for line in screen.story.lines()))
    studio.shoot("history", "review")
    screen.bar.search.setFocus()
    QTest.keyClicks(screen.bar.search.edit, "order 8")
    screen.bar.ways._pick("payment")
    studio.until(lambda: screen.count() not in (None, _LONG))
    studio.until(lambda: bool(screen.story.lines()))
    studio.shoot("history", "search")
    QTest.keyClicks(screen.bar.search.edit, "xyz")
    studio.until(screen.is_empty)
    studio.shoot("history", "nothing")
    screen.bar.clear_all()
    studio.until(lambda: screen.count() not in (None, 0))
    QTest.keyClick(screen.bar.search.edit, Qt.Key.Key_Down)
    with tempfile.TemporaryDirectory() as folder:
        screen.exporting.choose_file = lambda _parent, _name: str(Path(folder) / "history.xlsx")
        screen.export()
        studio.until(lambda: bool(screen.exporting.bar.share()))
        studio.shoot("history", "exporting")
        screen.exporting.stop()
        studio.until(lambda: not screen.exporting.is_running())
        screen.exporting.choose_file = lambda _parent, _name: str(Path(folder) / "history.csv")
        screen.export()
        studio.until(lambda: not screen.exporting.is_running())
        studio.shoot("history", "exported")


def opened(studio: "Studio") -> "HistoryScreen":
    """The screen, once it knows how many there are."""
    studio.window.main.show_screen("history")
    screen = studio.window.history
    studio.until(lambda: screen.count() is not None)
    return screen


@contextmanager
def long_history(accountno: str) -> Iterator[Path]:
    """A data folder whose ledger is long, with a row of each kind on top."""
    with tempfile.TemporaryDirectory() as folder:
        account = Account("practice", accountno)
        home = Path(folder) / f"practice-{accountno}"
        make(home, account, _LONG)
        moment = datetime.now(UTC) - timedelta(minutes=30)

        def now() -> datetime:
            return moment

        ledger = Ledger(home, account, now=now, threaded=False)
        ledger.open()
        for number, (kind, phone, amount, reference, ends) in enumerate(_TOP):
            moment += timedelta(seconds=131)
            id = f"01TOP{number}"
            new = NewTransaction(id, kind, phone, amount, reference)
            ledger.create(new, not_while_open=False, not_same_since=None)
            for seconds, decision in ends:
                moment += timedelta(seconds=seconds)
                ledger.settle(id, lambda _row, _facts, decision=decision: decision)  # type: ignore[misc]  # mypy and defaults of lambdas
        ledger.close()
        yield Path(folder)


_WAITING = Decision(
    "answered",
    "submit",
    state=State.PENDING,
    response_code="1000",
    message="Waiting for the customer.",
    gateway_transaction_id=None,
    accepted=True,
    data={"meaning": "waiting", "answered": True, "code": "1000"},
)
_POLLED = Decision(
    "checked", "status", data={"meaning": "waiting", "answered": True, "code": "1000", "trigger": "poll"}
)
_PAID = Decision(
    "checked",
    "status",
    state=State.SUCCESSFUL,
    response_code="01",
    message="Paid.",
    operator_reference="312333883",
    data={
        "meaning": "done",
        "answered": True,
        "code": "01",
        "operator_reference": "312333883",
        "trigger": "callback",
    },
)
_POOR = Decision(
    "checked",
    "status",
    state=State.FAILED,
    response_code="1005",
    message="The customer does not have enough money.",
    data={"meaning": "refused", "answered": True, "code": "1005", "trigger": "poll"},
)
_OTHER_AMOUNT = Decision(
    "checked",
    "status",
    review=amount_words("9900", 990),
    data={"meaning": "done", "answered": True, "code": "01", "amount": "9900", "trigger": "poll"},
)
_TOP = (
    (Kind.PAYMENT, "250722118640", 3_200, "Table 2", ((0.4, _WAITING), (9, _POOR))),
    (Kind.PAYOUT, "250733210998", 6_000, None, ((0.4, _WAITING), (3, _PAID))),
    (Kind.PAYMENT, "250783600515", 18_250, "Order 86", ((0.6, _WAITING), (3, _POLLED), (3, _OTHER_AMOUNT))),
    (Kind.PAYMENT, "250789333120", 45_000, "Order 87", ((0.5, _WAITING), (12, _PAID))),
    (
        *(Kind.PAYMENT, "250788123456", 12_500, "Order 88"),
        ((0.4, _WAITING), (2, _POLLED), (2, _POLLED), (3, _POLLED), (9, _PAID)),
    ),
    (Kind.PAYMENT, "250788900412", 27_000, "Order 89", ((0.4, _WAITING),)),
)
