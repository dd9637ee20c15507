"""What the till may count on, whichever gateway it is given."""

from cashier.domain.evidence import Meaning, Source
from cashier.domain.states import Kind
from cashier.gateway.meaning import BalanceReading, evidence, read_balance
from cashier.gateway.outcomes import Answered, Function
from cashier.till.ports import Gateway

PHONE = "250788123456"


class GatewayContract:
    """Inherited by one test class per implementation, which gives the gateway and a way to have the customer pay."""

    gateway: Gateway

    def customer_pays(self, id: str) -> None:
        raise NotImplementedError

    def meaning(self, function: Function, kind: Kind, outcome: object) -> Meaning:
        source = Source.STATUS if function is Function.STATUS else Source.SUBMIT
        return evidence(function, kind, source, outcome).meaning  # type: ignore[arg-type]  # outcomes of the calls below

    def ask(self, id: str, kind: Kind = Kind.PAYMENT) -> Meaning:
        outcome = self.gateway.status(id=id, kind=kind, gateway_transaction_id=None)
        return self.meaning(Function.STATUS, kind, outcome)

    def test_a_payment_waits_then_is_done(self) -> None:
        outcome = self.gateway.request_payment(id="A-1", phone=PHONE, amount=1500)
        assert isinstance(outcome, Answered)
        assert outcome.answer.request_id == "A-1"
        assert outcome.answer.gateway_transaction_id
        assert self.meaning(Function.PAYMENT, Kind.PAYMENT, outcome) is Meaning.WAITING
        assert self.ask("A-1") is Meaning.WAITING
        self.customer_pays("A-1")
        assert self.ask("A-1") is Meaning.DONE

    def test_an_id_is_taken_once(self) -> None:
        self.gateway.request_payment(id="A-1", phone=PHONE, amount=1500)
        again = self.gateway.request_payment(id="A-1", phone=PHONE, amount=1500)
        assert self.meaning(Function.PAYMENT, Kind.PAYMENT, again) is Meaning.DUPLICATE

    def test_a_payout_is_done_at_once_and_taken_once(self) -> None:
        outcome = self.gateway.request_payout(id="B-1", phone=PHONE, amount=1500, reason="x", fee=False)
        assert self.meaning(Function.PAYOUT, Kind.PAYOUT, outcome) is Meaning.DONE
        assert self.ask("B-1", Kind.PAYOUT) is Meaning.DONE
        again = self.gateway.request_payout(id="B-1", phone=PHONE, amount=1500)
        assert self.meaning(Function.PAYOUT, Kind.PAYOUT, again) is Meaning.DUPLICATE

    def test_an_id_nobody_sent_does_not_exist(self) -> None:
        assert self.ask("C-1") is Meaning.NOT_FOUND

    def test_the_balance(self) -> None:
        assert read_balance(self.gateway.balance()) == BalanceReading(1_000_000, "1000000.0")

    def test_after_close_nothing_is_done_any_more(self) -> None:
        self.gateway.close()
        outcome = self.gateway.request_payment(id="D-1", phone=PHONE, amount=1500)
        assert self.meaning(Function.PAYMENT, Kind.PAYMENT, outcome) in (Meaning.NOT_SENT, Meaning.UNCLEAR)
