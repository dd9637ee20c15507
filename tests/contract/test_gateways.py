"""The contract, kept by the real client against the practice gateway and by the fake that the till's tests use."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from cashier.gateway.client import Client
from cashier.gateway.profile import Encoding, Profile, Secret
from cashier.simulator import Simulator
from tests.contract.gateway_contract import GatewayContract
from tests.fakes.gateway import FakeGateway


class TestFake(GatewayContract):
    @pytest.fixture(autouse=True)
    def _gateway(self) -> None:
        self.gateway = FakeGateway()

    def customer_pays(self, id: str) -> None:
        assert isinstance(self.gateway, FakeGateway)
        self.gateway.end(id, "01")


class _OnSimulator(GatewayContract):
    encoding: Encoding = "form"

    @pytest.fixture(autouse=True)
    def _gateway(self) -> Iterator[None]:
        with Simulator() as self.simulator:
            one = self.simulator
            profile = Profile(one.url, one.username, one.accountno, Secret(one.partnerpassword), self.encoding)
            self.gateway = Client(profile, now=lambda: datetime.now(UTC))
            yield
            self.gateway.close()

    def customer_pays(self, id: str) -> None:
        self.simulator.settle_now(id)


class TestClientWithForms(_OnSimulator):
    encoding: Encoding = "form"


class TestClientWithJson(_OnSimulator):
    encoding: Encoding = "json"
