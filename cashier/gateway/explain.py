"""What a balance call says about the settings, in words: for *Test the connection* and for `doctor`."""

from dataclasses import dataclass

from cashier.addresses import environment_of
from cashier.domain.money import format_amount
from cashier.gateway.meaning import BalanceReading, NoBalance, read_balance
from cashier.gateway.outcomes import Answered, Outcome, Unclear, UnclearReason
from cashier.gateway.profile import Profile
from cashier.hiding import too_short

_UNKNOWN_ACCOUNT = frozenset({"0006", "0007", "0008"})
_PASSWORD = "0005"  # noqa: S105  # a response code
_SANDBOX_ACCOUNT = "SBX"


@dataclass(frozen=True)
class Explanation:
    """Whether the account answers, a sentence and what to do; `code` in small print where the gateway gave one."""

    good: bool
    sentence: str
    advice: str = ""
    code: str | None = None


def explain(profile: Profile, outcome: Outcome, environment: str) -> Explanation:
    """Reads the answer to a balance call made with `profile`; `environment` is what the settings call it."""
    reading = read_balance(outcome)
    if isinstance(reading, BalanceReading):
        short = too_short(profile.password.reveal())
        advice = f"About the partner password: {short}" if short else ""
        return Explanation(True, f"It works. The balance is {format_amount(reading.balance)}.", advice)
    if isinstance(outcome, Answered) and outcome.clock_ahead is None:
        return Explanation(False, *_refused(profile, environment, reading), reading.code)
    if isinstance(outcome, Unclear) and outcome.reason in (UnclearReason.LOGIN_PAGE, UnclearReason.REDIRECT):
        sentence = "A web page came instead of an answer: this network wants you to sign in."
        return Explanation(False, sentence, "Open a browser, sign in to the Wi-Fi, then test again.")
    return Explanation(False, reading.sentence, reading.advice, reading.code)


def _refused(profile: Profile, environment: str, reading: NoBalance) -> tuple[str, str]:
    sandbox_account = profile.accountno.upper().startswith(_SANDBOX_ACCOUNT)
    code = reading.code
    if environment_of(profile.base_url) == "sandbox":
        environment = "sandbox"
    if code in _UNKNOWN_ACCOUNT or code == _PASSWORD:
        if sandbox_account and environment == "live":
            return "This is a sandbox account on the live address.", "Choose Sandbox, or use the live account."
        if not sandbox_account and environment == "sandbox":
            return (
                "This is not a sandbox account, and the address is the sandbox's.",
                "Choose Live, or use the SBX account.",
            )
    if code == _PASSWORD:
        return "The partner password is wrong.", _how_to_type(profile.password.reveal())
    return reading.sentence, reading.advice


def _how_to_type(password: str) -> str:
    if password.endswith(("\n", "\r", "\u2028", "\u2029")):
        return "It ends with a line break, which may have been copied along: type it again without."
    if password != password.strip():
        return f"It {'ends' if password != password.rstrip() else 'begins'} with a blank: type it again without."
    return "Type it again, every character of it, then test again."
