"""The errors a person can do something about. Whatever else is raised is a fault of ours, for the crash dialog.

`domain.errors.BadInputError` and `ledger.errors.LedgerError` stand beside these: rooms know no file above them.
"""


class CashierError(Exception):
    """A `sentence` saying what happened and an `advice` saying what to do, which may be empty. `str` joins them."""

    exit_code = 4

    def __init__(self, sentence: str, advice: str = "") -> None:
        super().__init__(sentence, advice)
        self.sentence = sentence
        self.advice = advice

    def __str__(self) -> str:
        return f"{self.sentence} {self.advice}".rstrip()


class EnvironmentStop(CashierError):
    """The computer, a file or the keyring stands in the way: exit 4."""


class NoSettings(EnvironmentStop):
    """Nothing says yet which gateway to use, or as whom."""


class WrongInput(CashierError):
    """Something typed or set cannot be used: exit 2."""

    exit_code = 2


class SettingsError(WrongInput):
    """A value in the settings or in a CASHIER_ variable cannot be used. Never shows a secret."""


class NoPassword(EnvironmentStop):
    """The partner password is not kept anywhere: a person must type it."""
