"""What each step does. A new one: a function here, a line in `ACTS`, and how often and with what in `plan`."""

from collections.abc import Callable
from datetime import timedelta
from random import Random

from cashier.domain.transaction import Transaction
from cashier.ledger.errors import AlreadyBegun, AlreadyThere, LedgerError
from tests.model.acts_of_a_manager import (
    approve_list,
    back_up_ledger,
    list_goes_on,
    refund_action,
    restore_ledger,
    sign,
)
from tests.model.computer import Computer
from tests.model.disk import files_of
from tests.model.plan import Step
from tests.model.rest import pass_time
from tests.model.world import Action, World

Act = Callable[[World, Computer, Step], None]


def _awake(world: World, computer: Computer) -> None:
    """The cashier works only where the program runs: it is started if it does not."""
    if not computer.running:
        world.tell(computer.number, "starts the program")
        world.new_run(computer.number)
        computer.start()


def _refund(world: World, computer: Computer, step: Step) -> None:
    action = refund_action(world, computer, step)
    if action is not None:
        world.actions.append(action)
        for _ in range(step.data["clicks"]):
            _click(world, computer, action)


def _money(world: World, computer: Computer, step: Step) -> None:
    data = dict(step.data)
    action = Action(
        f"action-{len(world.actions)}",
        "payment" if step.act == "charge" else "payout",
        data["phone"],
        data["amount"],
        data,
        computer.number,
    )
    world.actions.append(action)
    for _ in range(data["clicks"]):
        _click(world, computer, action)


def _click(world: World, computer: Computer, action: Action) -> None:
    """One press of the button, on the real till. The same action pressed again keeps its name."""
    kind = action.kind if action.refund_of is None else "refund"
    what = f"{kind} of {action.amount} RWF, {action.phone}"
    world.tell(computer.number, f"presses: {what} ({action.name})")
    if not computer.running:
        return

    def press() -> None:
        till, data = computer.till, action.data
        try:
            if action.kind == "payment":
                row = till.charge(action.phone, action.amount, again=bool(data["again"]), action_id=action.name)
            elif action.refund_of is not None:
                row = till.refund(action.refund_of, action.amount, "model", action_id=action.name)
            else:
                row = till.pay_out(action.phone, action.amount, "model", fee=bool(data["fee"]), action_id=action.name)
        except AlreadyBegun as begun:
            world.watch.begun(computer, action, begun.existing)
        except AlreadyThere as there:
            world.tell(computer.number, f"is held back: {there}")
        except LedgerError as trouble:
            world.tell(computer.number, f"cannot: {trouble}")
        else:
            world.tell(computer.number, f"has the row {row.id[-6:]}")
            world.watch.begun(computer, action, row)

    computer.act(lambda: world.acting(action, press))


def _click_again(world: World, computer: Computer, _step: Step) -> None:
    mine = [action for action in world.actions if action.till == computer.number]
    if mine:
        _click(world, computer, mine[-1])


def _open(computer: Computer) -> list[Transaction]:
    return computer.till.ledger.reader.open_rows()


def _check_now(world: World, computer: Computer, _step: Step) -> None:
    world.tell(computer.number, "checks all open rows now")
    computer.act(lambda: _checked(computer))


def _checked(computer: Computer) -> None:
    computer.till.check([row.id for row in _open(computer)])


def _hide(world: World, computer: Computer, step: Step) -> None:
    rows = _open(computer)
    if not rows:
        return
    row = rows[step.data["pick"] % len(rows)]
    world.tell(computer.number, f"hides {row.id[-6:]}")

    def press() -> None:
        try:
            (computer.till.show if row.hidden else computer.till.hide)(row.id)
        except LedgerError as trouble:
            world.tell(computer.number, f"cannot: {trouble}")

    computer.act(press)


def _close_by_hand(world: World, computer: Computer, step: Step) -> None:
    """The manager closes a row under review, or signs that an alarm was seen. The verdict may well be wrong."""
    till = computer.till
    alarms = till.alarms()
    rows = [row for row in _open(computer) if row.can_be_closed]

    def press() -> None:
        try:
            if alarms:
                till.alarm_seen(alarms[0].id, name="Alice")
            elif rows:
                row = rows[step.data["pick"] % len(rows)]
                world.tell(computer.number, f"closes {row.id[-6:]} by hand")
                till.close_by_hand(row.id, received=bool(step.data["received"]), name="Alice", note="model")
        except LedgerError as trouble:
            world.tell(computer.number, f"cannot: {trouble}")

    computer.act(press)


def _restart(world: World, computer: Computer, _step: Step) -> None:
    world.tell(computer.number, "closes the program and starts it again")
    computer.stop()
    world.new_run(computer.number)
    computer.start()


def _crash(world: World, computer: Computer, _step: Step) -> None:
    world.tell(computer.number, "crashes")
    computer.crash()


def _arm(world: World, computer: Computer, step: Step) -> None:
    world.tell(computer.number, f"will crash: {step.data['point']}, after {step.data['skip']} more")
    computer.armed = (step.data["point"], step.data["skip"])


def _weather(world: World, computer: Computer, step: Step) -> None:
    if world.faults:
        world.tell(computer.number, f"network for status calls: {step.data['kinds']} at {step.data['rate']:.0%}")
        world.weather[computer.number] = dict(step.data)


def _forge(world: World, computer: Computer, step: Step) -> None:
    world.tell(computer.number, "gets forged callbacks")
    world.post.forge(list(world.by_id), Random(step.data["seed"]))


def _replay(world: World, computer: Computer, _step: Step) -> None:
    world.tell(computer.number, "gets every callback again")
    world.post.replay()


def _block(world: World, computer: Computer, step: Step) -> None:
    world.tell(None, f"callbacks {'are blocked' if step.data['blocked'] else 'come through'}")
    world.blocked = bool(step.data["blocked"])


def _clock(world: World, computer: Computer, step: Step) -> None:
    world.tell(computer.number, f"its clock is set by {step.data['secs']:+.0f} s")
    by = timedelta(seconds=step.data["secs"])
    # Never below the day the computer was bought: ids carry the time.
    computer.offset = max(computer.offset + by, timedelta(days=-30))
    world.watch.clock_was_set(computer)
    if computer.host is not None:
        computer.host.offset = computer.offset


def _sleep(world: World, computer: Computer, step: Step) -> None:
    secs, counted = step.data["secs"], step.data["counted"]
    world.tell(computer.number, f"sleeps for {secs:.0f} s")
    host = computer.host
    if host is None:
        return
    computer.asleep_until = world.time.elapsed + secs
    world.time.hold(host, secs, counted=counted)
    computer.slept = host.slept
    pass_time(world, secs, sleeper=computer)


def _full(world: World, computer: Computer, step: Step) -> None:
    world.tell(computer.number, "its disk is full")
    computer.disk.full_after = step.data["after"]


def _room(world: World, computer: Computer, _step: Step) -> None:
    world.tell(computer.number, "its disk has room")
    computer.disk.full_after = None


def _copy(world: World, computer: Computer, _step: Step) -> None:
    """A copy of the folder while the program is closed, as a person makes one."""
    world.tell(computer.number, "its ledger is copied")
    computer.stop()
    world.copies[computer.number] = files_of(computer.folder)
    world.watch.copied(computer)
    world.new_run(computer.number)
    computer.start()


def _restore(world: World, computer: Computer, _step: Step) -> None:
    files = world.copies[computer.number]
    if files is None:
        return
    computer.stop()
    computer.crash()
    if isinstance(files, dict):
        world.tell(computer.number, "its ledger is replaced by the older copy")
        computer.restore(files)
        world.watch.restored(computer)
        world.watch.lists.replaced(computer.number)
    else:
        restore_ledger(world, computer)
    world.new_run(computer.number)
    computer.start()


ACTS: dict[str, Act] = {
    "charge": _money,
    "refund": _refund,
    "payout list": approve_list,
    "list goes on": list_goes_on,
    "back up": back_up_ledger,
    "sign": sign,
    "payout": _money,
    "click again": _click_again,
    "check now": _check_now,
    "hide": _hide,
    "close by hand": _close_by_hand,
    "restart": _restart,
    "crash": _crash,
    "arm a crash": _arm,
    "weather": _weather,
    "forged callback": _forge,
    "replayed callbacks": _replay,
    "callbacks blocked": _block,
    "clock step": _clock,
    "sleep": _sleep,
    "disk full": _full,
    "disk has room": _room,
    "copy the ledger": _copy,
    "restore the copy": _restore,
}


def act(world: World, step: Step) -> None:
    """Lets the step's wait pass, then does it."""
    computer = world.computers[step.till % len(world.computers)]
    pass_time(world, step.wait)
    _awake(world, computer)
    if computer.running:
        world.time.guard(lambda: ACTS[step.act](world, computer, step))
    world.time.run()
