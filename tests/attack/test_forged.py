"""Two thousand forged and replayed callbacks over sockets: no row, no event, no franc moves (I13)."""

import itertools
import json
import sqlite3
import threading
import time
from collections import Counter
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from cashier.assembly import Callbacks, RunningTill
from cashier.domain.states import Kind
from cashier.gateway.client import Client
from cashier.gateway.outcomes import Outcome
from cashier.ledger.ledger import Account
from cashier.simulator import SHAPES, Simulator
from cashier.simulator.callbacks import shape_body
from cashier.till.clock import SystemClock
from tests.canaries import TOKEN
from tests.integration.running import LONG, Watcher, profile_of

CALLBACKS = 2000
CALLERS = 8


class CountedClient(Client):
    """The real client, which notes when each status call began and how many were under way for one id."""

    def __init__(self, gateway: Simulator) -> None:
        super().__init__(profile_of(gateway), now=SystemClock().now)
        self._counting = threading.Lock()
        self._under_way = Counter[str]()
        self.began: list[float] = []
        self.most_at_once = 0

    def status(self, *, id: str, kind: Kind, gateway_transaction_id: str | None) -> Outcome:
        with self._counting:
            self.began.append(time.monotonic())
            self._under_way[id] += 1
            self.most_at_once = max(self.most_at_once, self._under_way[id])
        try:
            return super().status(id=id, kind=kind, gateway_transaction_id=gateway_transaction_id)
        finally:
            with self._counting:
                self._under_way[id] -= 1


def ledger(file: Path) -> tuple[list[Any], list[Any]]:
    """Every row but for its count of events, and every event but the answers to status calls."""
    with closing(sqlite3.connect(file)) as connection:
        found = connection.execute("SELECT * FROM transactions ORDER BY position")
        names = [one[0] for one in found.description]
        rows = [{name: value for name, value in zip(names, row, strict=True) if name != "version"} for row in found]
        return rows, connection.execute("SELECT * FROM events WHERE source <> 'status' ORDER BY sequence").fetchall()


def truth(gateway: Simulator) -> tuple[Any, Any, Any]:
    """The gateway's book without status calls and callbacks."""
    book = gateway.book()
    others = [one for one in book["requests"] if one["function"] != "gettransactionstatus"]
    return book["balance"], book["transactions"], others


def lies(ids: list[str], gateway_ids: list[str]) -> list[dict[str, str]]:
    """What a forger who knows the address and the ids might say, old truths among it."""
    codes = ("01", "1000", "1005", "2001", "2400", "3100", "0005", "", "9999")
    words = ("Successfull", "Failed", "Pending", "true", "")
    endless = zip(
        itertools.cycle([*ids, "01NOSUCHROW", "x" * 40]),
        itertools.cycle([*gateway_ids, "1", "-1"]),
        itertools.cycle(codes),
        itertools.cycle(words),
        strict=False,
    )
    return [
        {
            "requesttransactionid": id,
            "transactionid": gateway_id,
            "responsecode": code,
            "status": word,
            "statusdesc": word,
            "referenceno": gateway_id,
            "amount": "1",
            "mobilephone": "250780000000",
        }
        for id, gateway_id, code, word in itertools.islice(endless, CALLBACKS)
    ]


def post(port: int, told: list[dict[str, str]], statuses: "Counter[int]") -> None:
    for number, one in enumerate(told):
        body, content_type = shape_body(SHAPES[number % len(SHAPES)], one)
        with closing(HTTPConnection("127.0.0.1", port, timeout=LONG)) as connection:
            connection.request("POST", f"/callback/{TOKEN}", body, {"Content-Type": content_type})
            answer = connection.getresponse()
            assert json.loads(answer.read())["request_id"] == one["requesttransactionid"]
            statuses[answer.status] += 1


def test_two_thousand_forged_and_replayed_callbacks_change_nothing(tmp_path: Path) -> None:
    with Simulator() as gateway:
        client = CountedClient(gateway)
        account = Account("practice", gateway.accountno)
        running = RunningTill(tmp_path / "x", account, profile_of(gateway), callbacks=Callbacks(TOKEN), gateway=client)
        with running:
            watcher = Watcher(running.till)
            paid = running.till.charge("250788123456", 1500)
            failed = running.till.charge("250788000003", 1500)
            sent = running.till.pay_out("250788123456", 700, "test")
            for row in (paid, failed, sent):
                gateway.wait_for(lambda book, id=row.id: id in str(book["transactions"]), LONG)  # type: ignore[misc]
                gateway.settle_now(row.id)
                watcher.wait_final(row.id)
            waiting = [running.till.charge("250788000004", 1500 + more, again=True) for more in range(4)]
            for row in waiting:
                watcher.wait_for(row.id, lambda one: one.gateway_transaction_id is not None)
            ids = [paid.id, failed.id, sent.id, *(row.id for row in waiting)]
            told = lies(ids, [one["transactionid"] for one in gateway.book()["transactions"]])
            file = running.ledger.file
            before, true, calls = ledger(file), truth(gateway), len(client.began)
            begun = time.monotonic()
            statuses = Counter[int]()
            assert running.listener is not None
            assert running.listener.port is not None
            callers = [
                threading.Thread(target=post, args=(running.listener.port, told[part::CALLERS], statuses))
                for part in range(CALLERS)
            ]
            for caller in callers:
                caller.start()
            for caller in callers:
                caller.join()
            took = time.monotonic() - begun
            assert running.listener.counts["accepted"] >= CALLBACKS
            assert ledger(file) == before
            assert truth(gateway) == true
        assert statuses == {200: CALLBACKS}
        made = client.began[calls:]
        assert len(made) <= 5 * (took + 1)
        # A thread of a busy computer may begin its call some tenths of a second after it was let go.
        assert all(later - earlier > 0.6 for earlier, later in zip(client.began, client.began[5:], strict=False))
        assert client.most_at_once == 1
