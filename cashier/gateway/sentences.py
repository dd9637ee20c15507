"""What to tell a person when a call brought no answer."""

from cashier.gateway.outcomes import NotSentReason, UnclearReason

NOT_SENT = {
    NotSentReason.DNS: "No internet, or the gateway's name cannot be found. Check the connection and the address.",
    NotSentReason.REFUSED: "The gateway cannot be reached. Check the internet connection, then try again.",
    NotSentReason.TLS: "The connection to the gateway is not secure. Check date and time, or use another network.",
    NotSentReason.TIMEOUT: "The gateway cannot be reached in time. Check the internet connection, then try again.",
    NotSentReason.NETWORK: "No internet. Check the connection, then try again.",
}

UNCLEAR = {
    UnclearReason.TIMEOUT: "The gateway did not answer in time.",
    UnclearReason.RESET: "The connection broke before the answer came.",
    UnclearReason.REDIRECT: "The network sent us elsewhere. Sign in to the Wi-Fi.",
    UnclearReason.LOGIN_PAGE: "A web page came instead of an answer. Sign in to the Wi-Fi.",
    UnclearReason.SERVER: "The gateway has trouble.",
    UnclearReason.UNREADABLE: "The gateway answered strangely.",
    UnclearReason.TOO_LARGE: "The gateway answered strangely.",
    UnclearReason.CLOSED: "The program ended before the answer came.",
}

KEEP_CHECKING = "We keep checking."
_DAY = 24
SET_THE_CLOCK = "Set date and time, then try again."


def clock_sentence(seconds: float) -> str:
    """`seconds` is how far the gateway's clock is ahead of ours; negative when ours is ahead."""
    return f"The clock of this computer is {_span(abs(seconds))} {'slow' if seconds > 0 else 'fast'}."


def _span(seconds: float) -> str:
    """`12 min`, `3 h 02 min`, and from a day on days alone: nobody reads 8760 h."""
    hours, minutes = divmod(round(seconds / 60), 60)
    if hours >= _DAY:
        days = round(hours / _DAY)
        return "1 day" if days == 1 else f"{days} days"
    return f"{hours} h {minutes:02d} min" if hours else f"{minutes} min"
