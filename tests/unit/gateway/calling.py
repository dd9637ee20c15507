"""A client with short deadlines for tests on real sockets."""

from datetime import UTC, datetime

from cashier.gateway.bounds import Bounds
from cashier.gateway.client import Client
from cashier.gateway.outcomes import Answered, Outcome
from cashier.gateway.profile import Profile, Secret
from tests.canaries import PASSWORD


def client_of(
    url: str, *, total: float = 5.0, connect: float = 1.0, ca_file: str | None = None, password: str = PASSWORD
) -> Client:
    profile = Profile(url, "practice", "250160000011", Secret(password))
    return Client(
        profile,
        now=lambda: datetime.now(UTC),
        bounds=Bounds(connect=connect, read=total),
        submission_total=total,
        status_total=total,
        ca_file=ca_file,
    )


def pay(client: Client) -> Outcome:
    """One payment, after which the client is closed."""
    try:
        return client.request_payment(id="01ABC", phone="250788123456", amount=1500)
    finally:
        client.close()


def reason(outcome: Outcome) -> object:
    """Why there is no answer; no secret shows."""
    assert not isinstance(outcome, Answered), outcome
    assert PASSWORD not in repr(outcome)
    return outcome.reason
