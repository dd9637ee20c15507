"""The window's notices: one at a time, the others wait their turn, and none takes another's place."""

from collections.abc import Callable
from typing import NamedTuple

from cashier.ui.widgets.notices import Banner

# What needs eyes first stands first among those that wait.
SEVERITY = ("failed", "unknown", "review", "wait", "paid", "idle")


class Note(NamedTuple):
    """One notice. `key` names what it is about: a newer one of the same key takes its place.

    `tone` is its severity (one of SEVERITY), `text` what happened, `advice` what to do. `act` is called when the
    person puts it away with the button, which is called `action` (`Close` where it is empty).
    """

    key: str
    tone: str
    text: str
    advice: str = ""
    action: str = ""
    act: Callable[[], None] | None = None


class NoticeBar(Banner):
    """Shows one notice and says on its button how many wait behind it."""

    def __init__(self) -> None:
        super().__init__(self.tr("Close"))
        self._shown: Note | None = None
        self._waiting: list[Note] = []
        self.pressed.connect(self._put_away)

    def put(self, note: Note, *, at_once: bool = False) -> None:
        """Queues it; `at_once`, the answer to what a person did just now, is shown before what is shown now."""
        if self._shown is not None and self._shown.key == note.key:
            self._shown = note
        else:
            waiting = [one for one in self._waiting if one.key != note.key]
            if self._shown is not None and at_once:
                waiting.insert(0, self._shown)
                self._shown = note
            elif self._shown is None:
                self._shown = note
            else:
                waiting.append(note)
            self._waiting = sorted(waiting, key=lambda one: SEVERITY.index(one.tone))
        self._write()

    def show_notice(self, tone: str, word: str, line: str = "") -> None:
        """A notice without a name of its own is known by its words, and shown at once."""
        self.put(Note(word, tone, word, line), at_once=True)

    def take_away(self, key: str) -> None:
        """It is no longer so."""
        self._waiting = [one for one in self._waiting if one.key != key]
        if self._shown is not None and self._shown.key == key:
            self._shown = None
        self._write()

    def keys(self) -> list[str]:
        """Of the one that is shown and of those that wait, in their order."""
        shown = [] if self._shown is None else [self._shown.key]
        return shown + [one.key for one in self._waiting]

    def _put_away(self) -> None:
        note, self._shown = self._shown, None
        self._write()
        if note is not None and note.act is not None:
            note.act()

    def _write(self) -> None:
        if self._shown is None and self._waiting:
            self._shown = self._waiting.pop(0)
        if self._shown is None:
            self.hide()
            return
        note = self._shown
        super().show_notice(note.tone, note.text, note.advice)
        if self.button is not None:
            name = note.action or self.tr("Close")
            more = self.tr("%1, %2 more").replace("%1", name).replace("%2", str(len(self._waiting)))
            self.button.setText(more if self._waiting else name)
