"""Charge's less usual moments: advice as time goes by, questions, suggestions, other frames, a crash."""

from datetime import UTC, datetime, timedelta
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from cashier.ui.widgets.crash_dialog import CrashDialog
from tests.screens.studio import Studio

ADVICE = ((25, "rescue"), (65, "still-checking"), (155, "late-advice"))


def advice_states(studio: Studio) -> None:
    """One payment whose customer does not answer, as the seconds go by; then the question before it is hidden."""
    charge = studio.window.charge
    studio.clear()
    studio.sell("0788000004", "12500")
    studio.until(lambda: [row.accepted for row in charge._rows.values()] == [True])
    charge.list.choose(next(iter(charge._rows)))
    real = charge._now
    for seconds, state in ADVICE:
        charge._now = partial(_ahead, timedelta(seconds=seconds))
        charge.list.tick(charge._now())
        studio.shoot("charge", state)
    charge.list.cards()[0]._hide.click()
    studio.shoot("charge", "hide")
    charge.list.cards()[0]._keep.click()
    charge._now = real
    studio.clear()


def _ahead(by: timedelta) -> datetime:
    return datetime.now(UTC) + by


def question_states(studio: Studio) -> None:
    """A number of another operator, the phone and amount of the first sale again, a sum, an earlier customer."""
    charge = studio.window.charge
    for phone, amount, state in (("0750123456", "1500", "other-operator"), ("0788123456", "12500", "same-again")):
        studio.type(phone, amount)
        studio._hand += 1.0
        studio.form.keypad.charge.emit()
        studio.until(lambda: charge.charging.question is not None)
        studio.shoot("charge", state)
        panel = charge.charging.question
        if panel is not None:
            panel.answered.emit(0)
        studio.form.clear()
        studio.clear()
    studio.type("0788123456", "1500+300")
    studio.shoot("charge", "adding")
    studio.form.clear()
    studio.form.phone.setFocus()
    QTest.keyClicks(studio.form.phone.edit, "078812")
    studio.until(lambda: studio.suggested() is not None)
    studio.shoot("charge", "suggestions")
    QTest.keyClick(studio.form.phone.edit, Qt.Key.Key_Escape)
    studio.form.clear()


def frame_states(studio: Studio) -> None:
    """The sandbox's stripes, a live account without any, and our own fault."""
    main = studio.window.main
    for word, host, state in (
        ("TEST", "developer.intouchpay.co.rw", "test"),
        ("", "www.intouchpay.co.rw", "live"),
    ):
        main.show_environment(word, host)
        studio.shoot("charge", state)
    main.show_environment("PRACTICE", "")
    try:
        raise LookupError("a fault of ours, for this picture")
    except LookupError as trouble:
        studio.window.show_crash(trouble)
    dialog = main.findChild(CrashDialog)
    if dialog is None:
        raise RuntimeError("there is no crash dialog")
    studio.shoot("crash", "dialog", dialog)
    dialog.close()
