"""What a manager does with money and with the ledger: refunds, lists of payouts, a backup, a restore, a signature."""

from cashier.domain.errors import BadInputError
from cashier.domain.payout_run import NewLine, NewRun, RunState
from cashier.domain.states import Kind, State
from cashier.domain.transaction import Transaction
from cashier.ledger.backup import back_up
from cashier.ledger.connections import FILE
from cashier.ledger.errors import LedgerError
from cashier.ledger.restore import restore
from tests.model.computer import Computer
from tests.model.disk import ACCOUNT, using
from tests.model.faults import Crash
from tests.model.plan import Step
from tests.model.world import Action, World

_PARTS = {"all": 1.0, "half": 0.5, "more": 1.5}
_SMALLEST = 100


def refund_action(world: World, computer: Computer, step: Step) -> Action | None:
    """A refund of all, of half, or of more than a paid payment; None where nothing is paid."""
    paid = [row for row in computer.till.ledger.reader.history(limit=50) if _is_paid(row)]
    if not paid:
        return None
    payment = paid[step.data["pick"] % len(paid)]
    amount = max(_SMALLEST, int(payment.amount * _PARTS[step.data["part"]]))
    name = f"action-{len(world.actions)}"
    return Action(name, "payout", payment.phone, amount, dict(step.data), computer.number, refund_of=payment.id)


def _is_paid(row: Transaction) -> bool:
    return row.kind is Kind.PAYMENT and row.state is State.SUCCESSFUL


def approve_list(world: World, computer: Computer, step: Step) -> None:
    """A manager approves a list and presses Go on."""
    number = next(world.list_numbers)
    folder = world.folder / f"lists-{computer.number}"
    folder.mkdir(exist_ok=True)

    def press() -> None:
        lines = []
        for row, data in enumerate(step.data["lines"], 2):
            id = computer.till.new_id()
            name = f"list-{number}-{row}"
            world.by_id[id] = Action(name, "payout", data["phone"], data["amount"], data, computer.number, ids=[id])
            lines.append(NewLine(row=row, id=id, phone=data["phone"], amount=data["amount"], reason="model"))
        before = computer.lists.paid_before()
        if not step.data["again"]:
            lines = [line for line in lines if (line.phone, line.amount) not in before]
        again = sum((line.phone, line.amount) in before for line in lines)
        content = f"content-{step.data['content']}"
        new = NewRun(
            id=f"list-{number}",
            source=str(folder / f"list-{number}.csv"),
            content_hash=content,
            rows_hash=f"rows of list-{number}",
            approved_by="Alice",
            lines=tuple(lines),
        )
        try:
            computer.lists.approve(new, again=again)
        except (LedgerError, BadInputError) as trouble:
            world.tell(computer.number, f"cannot approve a list: {trouble}")
            return
        world.tell(computer.number, f"approves list-{number} of {len(lines)} rows")
        world.watch.lists.approved(computer.number, [line.id for line in lines])
        _go_on(world, computer)

    computer.act(press)


def list_goes_on(world: World, computer: Computer, step: Step) -> None:
    """Somebody presses Go on, Pause or End."""

    def press() -> None:
        now = computer.lists.now()
        if now is None:
            return
        how = step.data["how"]
        world.tell(computer.number, f"list: {how}; it is {now.state.value}")
        try:
            if how == "pause":
                computer.lists.pause()
            elif how == "end" and now.state is not RunState.RUNNING:
                computer.lists.end("Alice")
            else:
                _go_on(world, computer)
        except (LedgerError, BadInputError) as trouble:
            world.tell(computer.number, f"cannot: {trouble}")

    computer.act(press)


def _go_on(world: World, computer: Computer) -> None:
    computer.pressed_go_on = True
    try:
        computer.lists.go_on()
    except LedgerError as trouble:
        world.tell(computer.number, f"the list cannot go on: {trouble}")


def back_up_ledger(world: World, computer: Computer, _step: Step) -> None:
    """A backup beside the running till, as `cashier backup` makes it."""
    target = world.folder / f"backup-{computer.number}-{next(world.list_numbers)}.db"
    world.watch.copied(computer)
    try:
        with using(computer.disk):
            back_up(computer.folder / FILE, target)
    except LedgerError as trouble:
        world.tell(computer.number, f"cannot back up: {trouble}")
        world.copies[computer.number] = None
    else:
        world.tell(computer.number, "has a backup")
        world.copies[computer.number] = target


def restore_ledger(world: World, computer: Computer) -> None:
    """The backup is put in place of the ledger of a closed till, as `cashier restore` does."""
    backup = world.copies[computer.number]
    assert backup is not None
    assert not isinstance(backup, dict)
    host = computer.host
    assert host is not None
    computer.observer.close()
    try:
        with using(computer.disk):
            restore(computer.folder, backup, ACCOUNT, host.now())
    except (LedgerError, Crash) as trouble:
        world.tell(computer.number, f"cannot restore: {trouble}")
    else:
        world.tell(computer.number, "restores the backup")
        world.watch.restored(computer)
        world.watch.lists.restored(computer.number)
    finally:
        computer.observe()


def sign(world: World, computer: Computer, _step: Step) -> None:
    """Somebody compared the statement and signs."""

    def press() -> None:
        try:
            if computer.till.ledger.sign("Alice", "model"):
                world.tell(computer.number, "signs")
                world.watch.lists.signed(computer.number)
        except LedgerError as trouble:
            world.tell(computer.number, f"cannot sign: {trouble}")

    computer.act(press)
