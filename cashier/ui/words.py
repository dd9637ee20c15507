"""One table of words, tones and icons per state: counter.md's table, for every screen, slip and sound.

The English stands here once, marked for lupdate; `words_for` gives it in the language of the window.
"""

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from cashier.domain.states import Kind, State
from cashier.domain.transaction import Transaction

CONTEXT = "States"


def QT_TRANSLATE_NOOP(context: str, text: str) -> str:
    """Marks a text for lupdate, which looks for this name; Qt's own says that it returns an object, ours a str."""
    return text


@dataclass(frozen=True)
class StateWords:
    """How a state is shown. `short` is the word where there is no room; `line` may be empty.

    `tone` names the colours (`paid` and `paidbg`, …) of the theme, `icon` a file of resources/icons.
    """

    word: str
    short: str
    line: str
    tone: str
    icon: str


_CREATED = StateWords(
    QT_TRANSLATE_NOOP("States", "Sending"), QT_TRANSLATE_NOOP("States", "Sending"), "", "idle", "send"
)
_PENDING = StateWords(
    QT_TRANSLATE_NOOP("States", "Waiting for the customer"),
    QT_TRANSLATE_NOOP("States", "Waiting"),
    QT_TRANSLATE_NOOP("States", "Ask the customer to enter the PIN"),
    "wait",
    "clock",
)

TABLE: dict[tuple[Kind, State], StateWords] = {
    (Kind.PAYMENT, State.CREATED): _CREATED,
    (Kind.PAYOUT, State.CREATED): _CREATED,
    (Kind.PAYMENT, State.PENDING): _PENDING,
    (Kind.PAYOUT, State.PENDING): StateWords(
        QT_TRANSLATE_NOOP("States", "Waiting for the operator"),
        QT_TRANSLATE_NOOP("States", "Waiting"),
        QT_TRANSLATE_NOOP("States", "Accepted. Do not send again."),
        "wait",
        "clock",
    ),
    (Kind.PAYMENT, State.UNKNOWN): StateWords(
        QT_TRANSLATE_NOOP("States", "Not known yet"),
        QT_TRANSLATE_NOOP("States", "Not known"),
        QT_TRANSLATE_NOOP("States", "Do not hand over. Do not ask again. We keep checking."),
        "unknown",
        "question",
    ),
    (Kind.PAYOUT, State.UNKNOWN): StateWords(
        QT_TRANSLATE_NOOP("States", "Not known yet"),
        QT_TRANSLATE_NOOP("States", "Not known"),
        QT_TRANSLATE_NOOP("States", "Money may have gone out. Do not send again."),
        "unknown",
        "question",
    ),
    (Kind.PAYMENT, State.SUCCESSFUL): StateWords(
        QT_TRANSLATE_NOOP("States", "Paid"), QT_TRANSLATE_NOOP("States", "Paid"), "", "paid", "check"
    ),
    (Kind.PAYOUT, State.SUCCESSFUL): StateWords(
        QT_TRANSLATE_NOOP("States", "Sent"), QT_TRANSLATE_NOOP("States", "Sent"), "", "paid", "check"
    ),
    (Kind.PAYMENT, State.FAILED): StateWords(
        QT_TRANSLATE_NOOP("States", "Not paid"), QT_TRANSLATE_NOOP("States", "Not paid"), "", "failed", "cross"
    ),
    (Kind.PAYOUT, State.FAILED): StateWords(
        QT_TRANSLATE_NOOP("States", "Not sent"), QT_TRANSLATE_NOOP("States", "Not sent"), "", "failed", "cross"
    ),
}
REVIEW = StateWords(
    QT_TRANSLATE_NOOP("States", "Needs a manager"), QT_TRANSLATE_NOOP("States", "Manager"), "", "review", "shield"
)
LATE = StateWords(
    QT_TRANSLATE_NOOP("States", "Paid late"), QT_TRANSLATE_NOOP("States", "Paid late"), "", "paid", "check"
)
CLOSED = StateWords(
    QT_TRANSLATE_NOOP("States", "Closed by hand"), QT_TRANSLATE_NOOP("States", "Closed"), "", "idle", "hand"
)


def _translated(words: StateWords) -> StateWords:
    def tr(text: str) -> str:
        return QCoreApplication.translate(CONTEXT, text) if text else ""

    return StateWords(tr(words.word), tr(words.short), tr(words.line), words.tone, words.icon)


def words_of(kind: Kind, state: State, *, review: str | None = None, closed: bool = False) -> StateWords:
    """The words for a state of a kind; a review that is not closed goes before the state.

    A row closed by hand is `Closed by hand` while its state is open; once settled its state speaks.
    """
    if closed:
        final = state in (State.SUCCESSFUL, State.FAILED)
        return _translated(TABLE[kind, state] if final else CLOSED)
    if review is not None:
        found = _translated(REVIEW)
        return StateWords(found.word, found.short, review, found.tone, found.icon)
    return _translated(TABLE[kind, state])


def words_for(transaction: Transaction) -> StateWords:
    """The words for a transaction as the ledger holds it, with the line under them.

    Under `Not paid` stands the reason that the ledger kept, under a review what is contradictory or missing.
    """
    closed = transaction.is_closed
    found = words_of(transaction.kind, transaction.state, review=transaction.review, closed=closed)
    if transaction.is_late and (transaction.review is None or closed):
        found = _translated(LATE)
    if transaction.state is State.FAILED and transaction.message and (transaction.review is None or closed):
        return StateWords(found.word, found.short, transaction.message, found.tone, found.icon)
    if transaction.state is State.SUCCESSFUL and transaction.operator_reference and transaction.review is None:
        line = QCoreApplication.translate("States", "Reference %1").replace("%1", transaction.operator_reference)
        return StateWords(found.word, found.short, line, found.tone, found.icon)
    return found
