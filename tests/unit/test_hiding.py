"""Texts of the gateway pass the filter for known secrets once, where they are read; what decides never does."""

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote_plus

import pytest

from cashier.domain.states import Kind
from cashier.gateway.bounds import RawAnswer
from cashier.gateway.client import Client
from cashier.gateway.outcomes import Answer, Answered
from cashier.gateway.profile import Profile, Secret
from cashier.hiding import HIDDEN, hider, too_short
from tests.canaries import BASIC, PASSWORD, found_in


class _Says:
    """A gateway that answers with one object."""

    def __init__(self, **fields: Any) -> None:
        self._body = json.dumps(fields).encode()

    def post(self, url: str, body: bytes, content_type: str, total: float) -> RawAnswer:
        return RawAnswer(200, "application/json", self._body, None, 0.1)

    def close(self) -> None:
        """Nothing is open."""


def answer(password: str = PASSWORD, *, others: tuple[str, ...] = (), **fields: Any) -> Answer:
    profile = Profile("https://gateway.example.rw/api/", "shop", "1", Secret(password))
    client = Client(
        profile,
        now=lambda: datetime(2026, 11, 23, tzinfo=UTC),
        transport=_Says(**fields),
        secrets=[Secret(one) for one in others],
    )
    outcome = client.status(id="01ABC", kind=Kind.PAYMENT, gateway_transaction_id=None)
    assert isinstance(outcome, Answered)
    return outcome.answer


@pytest.mark.parametrize("spelled", [PASSWORD, PASSWORD.upper(), quote_plus(PASSWORD), json.dumps(PASSWORD)])
@pytest.mark.parametrize("field", ["message", "statusdesc", "detail", "status", "responsecode"])
def test_a_password_that_is_repeated_is_hidden(field: str, spelled: str) -> None:
    fields: dict[str, Any] = {"responsecode": "4711", field: spelled}
    found = answer(**fields)
    shown = f"{found.message} {found.status} {found.code}"
    assert HIDDEN in shown
    assert PASSWORD.lower() not in shown.lower()
    assert found_in(shown.encode()) == []


def test_the_password_of_callbacks_too() -> None:
    found = answer(others=(BASIC[1],), responsecode="4711", message=f"you said {BASIC[1]}")
    assert found.message == f"you said {HIDDEN}"


def test_no_part_of_a_secret_is_left_where_a_text_is_cut() -> None:
    found = answer(responsecode="4711", message="x" * 495 + PASSWORD)
    assert found.message is not None
    assert PASSWORD[:4] not in found.message


@pytest.mark.parametrize("password", ["1500", "0788", "01", "successful", "failed", "2507"])
def test_what_decides_is_left_as_it_is(password: str) -> None:
    found = answer(
        password,
        responsecode="01",
        status="Successful",
        transactionid="1500",
        requesttransactionid="A-1500-0788",
        referenceid="0788-01",
        amount="1500",
        mobilephone="0788001500",
        balance="1500.01",
        message=f"password {password} refused",
    )
    assert (found.code, found.status, found.amount, found.balance) == ("01", "Successful", "1500", "1500.01")
    assert found.gateway_transaction_id == "1500"
    assert (found.request_id, found.operator_reference) == ("A-1500-0788", "0788-01")
    assert found.phone == "250788001500"
    assert found.message == f"password {HIDDEN} refused"


def test_without_secrets_nothing_is_hidden() -> None:
    assert hider([])("a text") == "a text"
    assert hider([""])("a text") == "a text"


def test_the_longest_is_hidden_first() -> None:
    assert hider(["abc", "abcdef"])("abcdef abc") == f"{HIDDEN} {HIDDEN}"


@pytest.mark.parametrize(("secret", "told"), [("12345", True), ("", True), ("123456", False)])
def test_a_short_secret_is_told(secret: str, told: bool) -> None:
    assert bool(too_short(secret)) is told
