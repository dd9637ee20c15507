from cashier.domain.states import Kind, State
from cashier.till.advice import advice_for_failure
from tests.unit.till.rows import row


def test_each_failure_has_an_advice() -> None:
    for code in ("1002", "1005", "1100", "2700", "0005", "3100"):
        assert advice_for_failure(row(state=State.FAILED, response_code=code))
    assert advice_for_failure(row(state=State.FAILED, response_code="1108", kind=Kind.PAYOUT)).startswith("Top up")
    declined = row(state=State.FAILED, message="The customer declined.")
    assert "take cash" in advice_for_failure(declined)
    unsent = row(state=State.FAILED, message="Not sent: No internet.")
    assert "connection" in advice_for_failure(unsent)


def test_what_did_not_fail_has_none() -> None:
    for state in State:
        if state is not State.FAILED:
            assert advice_for_failure(row(state=state, response_code="1005")) == ""
