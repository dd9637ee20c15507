"""What happened to a transaction, in plain words: its events as lines of a story."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QCoreApplication, QLocale

from cashier.domain.events import Event
from cashier.domain.states import FINAL
from cashier.domain.transaction import Transaction
from cashier.ui.words import QT_TRANSLATE_NOOP, words_of

CONTEXT = "Story"

# By the meaning that the gateway's answer had; the evidence's own words (docs/gateway.md).
_ANSWERS = {
    "not sent": QT_TRANSLATE_NOOP("Story", "Not sent"),
    "waiting": QT_TRANSLATE_NOOP("Story", "Request sent"),
    "done": QT_TRANSLATE_NOOP("Story", "Request sent"),
    "refused": QT_TRANSLATE_NOOP("Story", "Refused"),
    "duplicate": QT_TRANSLATE_NOOP("Story", "Called a repeat"),
}
_SENT_UNCLEAR = QT_TRANSLATE_NOOP("Story", "Request sent, no clear answer")
_CHECKS = {
    "waiting": QT_TRANSLATE_NOOP("Story", "Asked: pending"),
    "done": QT_TRANSLATE_NOOP("Story", "Asked: it went through"),
    "done as the other kind": QT_TRANSLATE_NOOP("Story", "Asked: it went the other way"),
    "refused": QT_TRANSLATE_NOOP("Story", "Asked: refused"),
    "not found": QT_TRANSLATE_NOOP("Story", "Asked: not known there"),
    "unclear": QT_TRANSLATE_NOOP("Story", "Asked: no answer"),
}
_CHECK_SAYS_NOTHING = QT_TRANSLATE_NOOP("Story", "Asked: the answer says nothing")
_TRIGGERS = {
    "poll": QT_TRANSLATE_NOOP("Story", "poll"),
    "check": QT_TRANSLATE_NOOP("Story", "Check now was pressed"),
    "start": QT_TRANSLATE_NOOP("Story", "asked at the start of the program"),
}
_OTHERS = {
    "created": (
        QT_TRANSLATE_NOOP("Story", "Written down"),
        QT_TRANSLATE_NOOP("Story", "before anything was sent"),
    ),
    "recovered": (
        QT_TRANSLATE_NOOP("Story", "Program started again"),
        QT_TRANSLATE_NOOP("Story", "it had ended while this was being sent"),
    ),
    "hidden": (QT_TRANSLATE_NOOP("Story", "Hidden at the till"), QT_TRANSLATE_NOOP("Story", "still asked about")),
    "shown": (QT_TRANSLATE_NOOP("Story", "Shown again at the till"), ""),
    "closed by hand": (QT_TRANSLATE_NOOP("Story", "Closed by hand"), ""),
    "alarm seen": (QT_TRANSLATE_NOOP("Story", "The alarm was seen"), ""),
}


@dataclass(frozen=True)
class StoryLine:
    """One thing that happened: when (UTC), what, and how we know. `last` is the time of the last of many alike."""

    at: datetime
    title: str
    detail: str
    last: datetime | None = None
    times: int = 1


def story_of(transaction: Transaction, events: Sequence[Event]) -> list[StoryLine]:
    """The lines, oldest first. Checks in a row that found the same are one line."""
    lines: list[StoryLine] = []
    for place, event in enumerate(events):
        before = events[place - 1] if place else None
        for line in _lines(transaction, event, before):
            if lines and event.event == "checked" and (lines[-1].title, lines[-1].detail) == (line.title, line.detail):
                first = lines[-1]
                lines[-1] = StoryLine(first.at, first.title, first.detail, line.at, first.times + 1)
            else:
                lines.append(line)
    return lines


def _lines(transaction: Transaction, event: Event, before: Event | None) -> list[StoryLine]:
    changed = event.data.get("changed")
    changed = changed if isinstance(changed, dict) else {}
    found = []
    if event.event == "checked" and event.data.get("trigger") == "callback":
        found.append(StoryLine(event.at, _tr("Callback received"), _tr("only a hint; checked at once")))
    if event.event == "checked" and "state" in changed and event.state in FINAL:
        word = words_of(transaction.kind, transaction.state).word
        found.append(StoryLine(event.at, word, _joined(_tr("status answer"), event, message=changed.get("message"))))
    elif event.event == "checked":
        title = _CHECKS.get(str(event.data.get("meaning")), _CHECK_SAYS_NOTHING)
        how = _TRIGGERS.get(str(event.data.get("trigger")), "")
        found.append(StoryLine(event.at, _tr(title), _joined(_tr(how), event, code=title != _CHECKS["waiting"])))
    elif event.event == "answered":
        found += _answered(transaction, event, before, settled="state" in changed and event.state in FINAL)
    else:
        title, detail = _OTHERS.get(event.event, (event.event.replace("_", " ").capitalize(), ""))
        found.append(StoryLine(event.at, _tr(title), _tr(detail) or _note(event)))
    review = changed.get("review")
    if review and event.event != "closed by hand":
        found.append(StoryLine(event.at, _tr("Needs a manager"), str(review)))
    return found


def _answered(transaction: Transaction, event: Event, before: Event | None, *, settled: bool) -> list[StoryLine]:
    """The direct answer: how long it took, and the end where it brought one."""
    took = ""
    if before is not None and event.data.get("answered"):
        seconds = QLocale().toString(max(0.0, (event.at - before.at).total_seconds()), "f", 1)
        took = _tr("gateway answered in %1\u00a0s").replace("%1", seconds)
    title = _tr(_ANSWERS.get(str(event.data.get("meaning")), _SENT_UNCLEAR))
    message = None if event.data.get("meaning") == "waiting" else event.data.get("message")
    if settled and event.data.get("meaning") == "done":
        word = words_of(transaction.kind, transaction.state).word
        return [StoryLine(event.at, title, took), StoryLine(event.at, word, _joined(_tr("direct answer"), event))]
    return [StoryLine(event.at, title, _joined(took, event, message=message))]


def _joined(how: str, event: Event, *, code: bool = True, message: object = None) -> str:
    parts = [how]
    if code and event.data.get("code"):
        parts.append(_tr("code\u00a0%1").replace("%1", str(event.data["code"])))
    if event.data.get("operator_reference"):
        parts.append(_tr("ref\u00a0%1").replace("%1", str(event.data["operator_reference"])))
    if message and event.data.get("meaning") not in ("waiting", "done"):
        parts.append(str(message))
    return " · ".join(part for part in parts if part)


def _note(event: Event) -> str:
    """What a person wrote with an act, and who it was."""
    return " · ".join(
        str(event.data[name]) for name in ("verdict", "note", "operator_reference", "name") if event.data.get(name)
    )


def _tr(text: str) -> str:
    return QCoreApplication.translate(CONTEXT, text) if text else ""
