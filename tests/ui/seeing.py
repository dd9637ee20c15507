"""What tests of widgets share: transactions to show, and a look for text that is cut off."""

from datetime import UTC, datetime, timedelta
from typing import Protocol, runtime_checkable

from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QAbstractScrollArea, QLabel, QPushButton, QWidget

from cashier.domain.states import Kind, State
from cashier.domain.transaction import Transaction
from cashier.ui.widgets.base import ELIDES

NOW = datetime(2026, 11, 23, 12, 32, tzinfo=UTC)


def transaction(
    state: State = State.PENDING,
    *,
    id: str = "01",
    kind: Kind = Kind.PAYMENT,
    phone: str = "250788123456",
    amount: int = 12500,
    ago: int = 0,
    review: str | None = None,
    message: str | None = None,
    code: str | None = None,
    operator_reference: str | None = None,
    accepted: bool = True,
    hidden: bool = False,
) -> Transaction:
    """A row as the ledger would give it, begun `ago` seconds before NOW."""
    return Transaction(
        id=id,
        number="T1-000001",
        kind=kind,
        phone=phone,
        amount=amount,
        state=state,
        review=review,
        response_code=code,
        message=message,
        gateway_transaction_id=None,
        operator_reference=operator_reference,
        reference=None,
        reason=None,
        fee=False,
        accepted=accepted,
        hidden=hidden,
        created_at=NOW - timedelta(seconds=ago),
        decided_at=None,
        version=1,
    )


@runtime_checkable
class _Measured(Protocol):
    def needed_width(self) -> int: ...


def cut_off(root: QWidget) -> list[str]:
    """Each visible text of `root` that its widget or one around it does not show whole, unless it elides on purpose.

    What lies below the visible part of a scroll area can be scrolled to and counts as shown.
    """
    found = []
    for widget in [root, *root.findChildren(QWidget)]:
        if not widget.isVisible() or widget.property(ELIDES):
            continue
        if isinstance(widget, _Measured):
            if widget.needed_width() > widget.width():
                found.append(f"{widget.accessibleName()!r} needs {widget.needed_width()} of {widget.width()}")
        elif isinstance(widget, QLabel) and widget.text():
            found += _label(widget)
        else:
            continue
        if isinstance(widget, QLabel | QPushButton | _Measured):
            found += _outside(widget, root)
    return found


def assert_nothing_cut(root: QWidget) -> None:
    found = cut_off(root)
    assert not found, found


def _label(label: QLabel) -> list[str]:
    if label.wordWrap():
        needed = label.heightForWidth(label.width())
        return [f"{label.text()!r} needs {needed} of {label.height()} high"] if needed > label.height() else []
    needed = label.sizeHint().width()
    return [f"{label.text()!r} needs {needed} of {label.width()}"] if needed > label.width() else []


def _outside(widget: QWidget, root: QWidget) -> list[str]:
    around = widget
    while around is not root:
        parent = around.parentWidget()
        if parent is None:
            break
        if isinstance(parent.parentWidget(), QAbstractScrollArea):
            place = widget.mapTo(parent, QPoint(0, 0)).x()
            ok = place >= 0 and place + widget.width() <= parent.width()
        else:
            ok = parent.rect().contains(QRect(widget.mapTo(parent, QPoint(0, 0)), widget.size()))
        if not ok:
            return [f"{widget.accessibleName() or widget.property('text')!r} reaches out of {parent.objectName()!r}"]
        if isinstance(parent.parentWidget(), QAbstractScrollArea):
            break
        around = parent
    return []
