"""What to do after a settled transaction, in the words of the gateway's tables."""

from cashier.domain.states import State
from cashier.domain.transaction import Transaction
from cashier.gateway.codes import FAILED_WORDS, look_up
from cashier.gateway.outcomes import Function
from cashier.till.rules import NEVER_ARRIVED


def advice_for_failure(row: Transaction) -> str:
    """A sentence for the cashier about a failed `row`; empty for any other."""
    if row.state is not State.FAILED:
        return ""
    if row.response_code == NEVER_ARRIVED:
        return "Ask again or take cash."
    if row.response_code is None:
        told = dict(FAILED_WORDS.values())
        return told.get(row.message or "", "Check the connection, then try again.")
    line = look_up(Function.STATUS, row.kind, row.response_code)
    return line.advice if line is not None else ""
