"""A till with a list of payouts on it, under virtual time."""

from pathlib import Path

from cashier.domain.payout_run import NewLine, NewRun, Progress
from cashier.till.payout_run import PayoutRuns
from tests.unit.till.virtual_till import VirtualTill

HOUR = 3600.0


def phone(number: int) -> str:
    return f"2507881{number:05d}"


class PowerCut(BaseException):
    """Nothing of ours catches it."""


class Listed:
    """A till with a list of five approved lines on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.virtual = VirtualTill(folder / "ledger")
        self.told: list[Progress] = []
        self.start()

    def start(self) -> None:
        self.virtual.start()
        self.runs = PayoutRuns(self.virtual.till, self.virtual.time)
        self.runs.progress.subscribe(self.told.append)

    def approve(self, count: int = 5, *, name: str = "RUN", again: int = 0, fee: bool = False, **more: str) -> None:
        lines = tuple(
            NewLine(number + 1, f"{name}-{number}", phone(number), 1000 + number, f"Salary {number}")
            for number in range(1, count + 1)
        )
        hashes = {"content_hash": "c", "rows_hash": "r", "approved_by": "Claudine", **more}
        new = NewRun(name, str(self.folder / "may.csv"), lines=lines, fee=fee, **hashes)
        self.runs.approve(new, again=again)

    def go_on(self) -> None:
        self.runs.go_on()
        self.virtual.time.run()

    def now(self) -> Progress:
        found = self.runs.now()
        assert found is not None
        return found

    def sent(self) -> list[str]:
        return self.virtual.gateway.sent()
