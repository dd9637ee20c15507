"""A person at the screen of payouts, with only a keyboard, on the real till and the practice gateway."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from cashier.domain.states import Kind
from cashier.domain.transaction import Transaction
from cashier.till.till import Till
from tests.ui.counter_window import Cashier, Ear, cashier_at

GUARD = 0.31
FULL_GUARD = 0.61


class Payer:
    """Drives the screen through `cashier`, a person at the same window."""

    def __init__(self, cashier: Cashier) -> None:
        self.cashier = cashier
        cashier.press(Qt.Key.Key_F2)
        cashier.until(lambda: cashier.window.main.has_screen("payout"))
        self.screen = cashier.window.money.payout
        self.form = self.screen.form
        self.page = self.screen.page
        self.until = cashier.until
        self.until(self.form.phone.edit.hasFocus)

    @property
    def till(self) -> Till:
        found = self.cashier.window.bridge.till
        assert found is not None
        return found

    def is_reading(self) -> bool:
        """Whether the read-back page is shown."""
        return self.screen.pages.currentIndex() == 1

    def fill(self, phone: str, amount: str, reason: str = "Supplier") -> None:
        """Phone, Enter, amount, Enter, reason, Enter: the button has the keyboard now."""
        for text in (phone, amount, reason):
            self.cashier.type(text)
            self.cashier.enter()

    def read_back(self, phone: str, amount: str, reason: str = "Supplier") -> None:
        """Fills the form and goes on to the read-back page."""
        self.fill(phone, amount, reason)
        self.cashier.rest(FULL_GUARD)
        self.cashier.enter()
        self.until(self.is_reading)

    def has_balance(self) -> bool:
        """Whether the page shows the balance before, as a person waits for it."""
        return "read" in self.page.balance.text() and "…" not in self.page.balance.text()

    def say(self, digits: str) -> None:
        """Types what the receiver says."""
        self.cashier.type(digits)
        self.cashier.enter()

    def pay(self, phone: str, amount: str, reason: str = "Supplier") -> None:
        """All of it, and the form is free again."""
        self.read_back(phone, amount, reason)
        self.until(self.has_balance)
        self.say(phone[-3:])
        self.cashier.rest(GUARD)
        self.cashier.enter()
        self.until(lambda: not self.is_reading())

    def rows(self) -> list[Transaction]:
        return [card.transaction for card in self.screen.list.cards()]

    def payouts(self) -> list[Transaction]:
        """What the ledger holds, newest first."""
        return [row for row in self.till.ledger.reader.history() if row.kind is Kind.PAYOUT]

    def sent(self) -> int:
        return sum(one["function"] == "requestdeposit" for one in self.cashier.gateway.book()["requests"])

    def shown(self) -> str:
        """What the result on the screen says."""
        view = self.screen.results.view
        return f"{view.accessibleName()} {view.accessibleDescription()}"


@contextmanager
def payer_at(qtbot: QtBot, folder: Path, *, speed: float = 20.0, ear: Ear | None = None) -> Iterator[Payer]:
    """The window at the screen of payouts."""
    with cashier_at(qtbot, folder, speed=speed, ear=ear) as cashier:
        yield Payer(cashier)
