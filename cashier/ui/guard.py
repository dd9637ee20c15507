"""Which presses of a button that moves money count: a hand's own, never a scanner's, a bounce or a held key."""

from collections.abc import Callable

# An Enter sooner than this after another key, or after the button got the keyboard, is a scanner's or a bounce.
ENTER_GUARD = 0.3
# A second click of a double click never meets the next form.
CLICK_GUARD = 0.6


class PressGuard:
    """Told of every key and press of one form. `clock` counts seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._last_key = self._focused_at = self._pressed_at = float("-inf")
        self._last_stamp = 0

    def focused(self) -> None:
        """The button gets the keyboard now."""
        self._focused_at = self._clock()

    def key(self, stamp: int = 0) -> bool:
        """A key came. Whether the hand had rested before it, so that an Enter on the button is a press.

        `stamp` is when the window system saw it, in milliseconds, 0 where it is not known: a busy computer hands keys
        over late and close together, and the hand had rested all the same.
        """
        now, before = self._clock(), self._last_key
        stamped, self._last_stamp = self._last_stamp, stamp
        self._last_key = now
        if 0 < stamped <= stamp:
            return stamp - stamped >= ENTER_GUARD * 1000
        return now - max(before, self._focused_at) >= ENTER_GUARD

    def may_press(self) -> bool:
        """Whether this is not the second click of a double click."""
        return self._clock() - self._pressed_at >= CLICK_GUARD

    def pressed(self) -> None:
        """A press that counted."""
        self._pressed_at = self._clock()
