"""How a run can end: a crash of the modelled computer, and an invariant that does not hold."""


class Crash(BaseException):  # not an error of the program: the power is gone, nothing may catch it
    """Unwinds whatever the dead computer was doing."""


class Violation(AssertionError):
    """An invariant (`I7`, of the list in docs/reliability.md) that does not hold."""

    def __init__(self, invariant: str, words: str) -> None:
        super().__init__(f"{invariant}: {words}")
        self.invariant = invariant
        self.words = words
