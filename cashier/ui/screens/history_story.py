"""At the right of the history: the chosen transaction, what happened to it, and what can be done with it."""

from collections.abc import Sequence

from PySide6.QtCore import QTimer, Signal, SignalInstance
from PySide6.QtGui import QGuiApplication, QPainter
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from cashier.domain.events import Event
from cashier.domain.phone import operator_hint, show_phone
from cashier.domain.refund import may_be_refunded
from cashier.domain.states import State
from cashier.domain.transaction import Transaction
from cashier.ui import theme
from cashier.ui.early import never_sideways, no_focus
from cashier.ui.moments import Moments
from cashier.ui.painting import fill_round
from cashier.ui.refunds import Refunds, refund_lines
from cashier.ui.story_words import StoryLine, story_of
from cashier.ui.widgets.base import ElidedLabel, Panel, empty_margins, follow, label, say
from cashier.ui.widgets.buttons import Button, PlainButton
from cashier.ui.widgets.flow import Flow
from cashier.ui.widgets.money_label import MoneyLabel
from cashier.ui.widgets.state_chip import StateChip
from cashier.ui.words import words_for

_COPIED_FOR = 2000
_TIME_WIDTH = 64


class _Line(QWidget):
    """The time at the left, what happened and how we know at the right, a line above."""

    def __init__(self, line: StoryLine, moments: Moments, day: str) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 8, 0, 8)
        row.setSpacing(12)
        left, right = QVBoxLayout(), QVBoxLayout()
        for column in (left, right):
            empty_margins(column, 4)
        time = label(moments.clock(line.at), "label")
        time.setFixedWidth(_TIME_WIDTH)
        left.addWidget(time)
        if day:
            left.addWidget(label(day, "small"))
        left.addStretch(1)
        title = line.title if line.times == 1 else self.tr("%1, %2 times").replace("%1", line.title)
        right.addWidget(label(title.replace("%2", str(line.times)), wrap=True))
        detail = line.detail
        if line.last is not None:
            until = self.tr("last at %1").replace("%1", moments.clock(line.last))
            detail = f"{detail} · {until}" if detail else until
        if detail:
            right.addWidget(label(detail, "label", wrap=True))
        right.addStretch(1)
        row.addLayout(left)
        row.addLayout(right, 1)
        say(self, f"{moments.whole(line.at)}: {title.replace('%2', str(line.times))}", detail)

    def paintEvent(self, event: object) -> None:
        painter = QPainter(self)
        fill_round(painter, self.rect().adjusted(0, 0, 0, 1 - self.height()), 0, theme.current().color("line"))
        painter.end()


class Story(Panel):
    """`check`, `refund` and `close_by_hand` carry the Transaction. The button of a refund exists only where wanted."""

    check = Signal(object)
    refund = Signal(object)
    close_by_hand = Signal(object)

    def __init__(self, moments: Moments, *, with_refund: bool) -> None:
        super().__init__()
        self._moments = moments
        self._row: Transaction | None = None
        self._shown: list[StoryLine] = []
        self.setAccessibleName(self.tr("The chosen transaction"))
        self.chip = StateChip(left=True)
        self.number = label("", "hint")
        self.amount = MoneyLabel(30, 20)
        self.phone = ElidedLabel()
        self.about = ElidedLabel("", "hint")
        self.reason = label("", "", wrap=True)
        self.refunds = label("", "", wrap=True)
        self._empty = label(self.tr("Choose a transaction to see what happened to it."), "hint", wrap=True)
        self.check_button = PlainButton(self.tr("Check now"), icon="refresh")
        self.refund_button = PlainButton(self.tr("Refund")) if with_refund else None
        self.close_button = PlainButton(self.tr("Close by hand"))
        self.copy_button = PlainButton(self.tr("Copy id"))
        self._whole = QWidget()
        self._lay_out()
        self._connect()
        self.show_row(None)
        follow(self._adapt)

    def buttons(self) -> list[Button]:
        """Those that can be pressed now, in order."""
        every = (self.check_button, self.refund_button, self.close_button, self.copy_button)
        return [one for one in every if one is not None and not one.isHidden()]

    def row(self) -> Transaction | None:
        """The transaction that is shown."""
        return self._row

    def lines(self) -> list[StoryLine]:
        """What happened, as shown."""
        return list(self._shown)

    def show_moments(self, moments: Moments) -> None:
        """Times of another zone from now on."""
        self._moments = moments

    def show_row(self, row: Transaction | None) -> None:
        """The transaction itself; its events come with `show_events`."""
        another = row is None or self._row is None or row.id != self._row.id
        self._row = row
        self._whole.setVisible(row is not None)
        self._empty.setVisible(row is None)
        if another:
            self._show_lines([])
            self.show_checking(False)
            self.show_refunds(None)
            self.copy_button.setText(self.tr("Copy id"))
        if row is None:
            return
        words = words_for(row)
        self.chip.show_state(words)
        self.number.setText(row.number)
        self.amount.show_amount(row.amount)
        operator = operator_hint(row.phone)
        self.phone.setText(f"{show_phone(row.phone)} · {operator}" if operator else show_phone(row.phone))
        self.about.setText(row.reference or row.reason or "")
        self.about.setVisible(bool(self.about.text()))
        line = "" if row.state is State.SUCCESSFUL and row.review is None else words.line
        self.reason.setText(line)
        self.reason.setVisible(bool(line))
        self.check_button.setVisible(not row.is_final)
        if self.refund_button is not None and not may_be_refunded(row):
            self.refund_button.hide()  # it comes with `show_refunds`, which knows what went back already
        self.close_button.setVisible(row.can_be_closed)

    def show_events(self, events: Sequence[Event]) -> None:
        """What happened to the transaction that is shown."""
        if self._row is not None:
            self._show_lines(story_of(self._row, events))

    def show_refunds(self, found: Refunds | None) -> None:
        """What was given back of a payment, or the payment that a refund belongs to; None while that is not known."""
        told = [] if found is None or self._row is None else refund_lines(self._row, found)
        self.refunds.show_lines(told)
        self.refunds.setVisible(bool(told))
        if self.refund_button is not None:
            payment = None if found is None else found.payment
            own = payment is not None and self._row is not None and payment.id == self._row.id
            self.refund_button.setVisible(own and found is not None and found.why_not is None)

    def show_checking(self, asking: bool) -> None:
        """Whether the gateway is being asked because of the button."""
        had_keyboard = self.check_button.hasFocus()
        self.check_button.setEnabled(not asking)
        self.check_button.setText(self.tr("Asking …") if asking else self.tr("Check now"))
        if had_keyboard and asking:
            self.copy_button.setFocus()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        empty_margins(head, 12)
        head.addWidget(self.chip, 1)
        head.addWidget(self.number)
        inner = QWidget()
        inner.setObjectName("scrolled")
        self._lines = QVBoxLayout(inner)
        empty_margins(self._lines)
        self._lines.addStretch(1)
        scroll = QScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        never_sideways(scroll)
        no_focus(scroll)
        scroll.setWidget(inner)
        self._actions = Flow()
        for button in (self.check_button, self.refund_button, self.close_button, self.copy_button):
            if button is not None:
                self._actions.add(button)
        column = QVBoxLayout(self._whole)
        empty_margins(column, 4)
        column.addLayout(head)
        column.addSpacing(8)
        column.addWidget(self.amount)
        column.addWidget(self.phone)
        column.addWidget(self.about)
        column.addWidget(self.reason)
        column.addWidget(self.refunds)
        column.addSpacing(12)
        column.addWidget(label(self.tr("What happened"), "word"))
        column.addSpacing(4)
        column.addWidget(scroll, 1)
        column.addSpacing(8)
        column.addWidget(self._actions)
        self.body.addWidget(self._whole, 1)
        self.body.addWidget(self._empty)
        self.body.addStretch(0)

    def _connect(self) -> None:
        self.check_button.clicked.connect(lambda: self._tell(self.check))
        if self.refund_button is not None:
            self.refund_button.clicked.connect(lambda: self._tell(self.refund))
        self.close_button.clicked.connect(lambda: self._tell(self.close_by_hand))
        self.copy_button.clicked.connect(self._copy)
        self._copied = QTimer(self)
        self._copied.setSingleShot(True)
        self._copied.setInterval(_COPIED_FOR)
        self._copied.timeout.connect(lambda: self.copy_button.setText(self.tr("Copy id")))

    def _tell(self, signal: SignalInstance) -> None:
        if self._row is not None:
            signal.emit(self._row)

    def _adapt(self) -> None:
        sizes = theme.metrics()
        self.body.setContentsMargins(sizes.inset, sizes.inset, sizes.inset, sizes.inset)
        self.amount.set_sizes(30 if sizes.compact else 44, 15 if sizes.compact else 20)

    def _copy(self) -> None:
        if self._row is not None:
            QGuiApplication.clipboard().setText(self._row.id)
            self.copy_button.setText(self.tr("Copied"))
            self._copied.start()

    def _show_lines(self, lines: list[StoryLine]) -> None:
        if lines == self._shown:
            return
        self._shown = lines
        while self._lines.count() > 1:
            item = self._lines.takeAt(0)
            widget = None if item is None else item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        day = self._moments.day(self._row.created_at) if self._row is not None else ""
        for place, line in enumerate(lines):
            its_day = self._moments.day(line.at)
            self._lines.insertWidget(place, _Line(line, self._moments, "" if its_day == day and place else its_day))
            day = its_day
