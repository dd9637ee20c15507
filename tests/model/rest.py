"""The end of a run: faults off, time passes, everything is asked about; then what must hold at rest."""

from typing import TYPE_CHECKING

from tests.model.book import PASSWORD

if TYPE_CHECKING:
    from tests.model.computer import Computer
    from tests.model.world import World

# Seconds of the naps between the looks, and how often each: 25 minutes, then hours, then days for what never ends.
_NAPS = ((190.0, 8), (700.0, 12), (3700.0, 126))
# Long enough for a call about each row at five a second: a computer that dozes meanwhile would miss every answer.
_BREATH = 1.5
_SHORT = 2.5
_EACH_FOR_SECRETS = 16


def rest(world: "World") -> None:
    """Lets the world come to rest and looks at it."""
    world.faults = False
    world.tell(None, "from here on nothing goes wrong any more")
    for computer in world.computers:
        computer.disk.full_after = None
        computer.armed = None
        world.weather[computer.number] = {"rate": 0.0}
        if not computer.running:
            world.new_run(computer.number)
            computer.start()
    for nap, times in _NAPS:
        for _ in range(times):
            if world.found is not None:
                return
            world.time.run(_BREATH + sum(len(watch.rows) for watch in world.watch.ledgers) // 5)
            world.watch.step()
            if _settled(world):
                _look(world)
                return
            pass_time(world, nap)
    for words in _disagreements(world):
        world.broken("I6", words)
    world.broken("I10", f"neither final nor under review after days of rest: {', '.join(_open_ids(world))}")


def pass_time(world: "World", seconds: float, sleeper: "Computer | None" = None) -> None:
    """Time passes. A patient schedule lives through it; in the others the computers doze, and wake to ask at once."""
    if seconds > _SHORT and not world.schedule.patient:
        for computer in world.computers:
            if computer.host is not None and computer is not sleeper:
                world.time.hold(computer.host, seconds, counted=True)
    world.time.run(seconds)


def _open_ids(world: "World") -> list[str]:
    return [
        row.id
        for watch in world.watch.ledgers
        for row in watch.rows.values()
        if row.state not in ("successful", "failed") and row.review is None
    ]


def _settled(world: "World") -> bool:
    return not world.time.world_busy and not _open_ids(world) and not _disagreements(world)


def _disagreements(world: "World") -> list[str]:
    """Where book and ledgers differ and no review mark says so. The till may still find out: it goes on asking."""
    found = []
    mine = {id: row for watch in world.watch.ledgers for id, row in watch.rows.items()}
    lost = {id for watch in world.watch.ledgers for id in watch.lost}
    for id, entry in world.book.entries.items():
        row = mine.get(id)
        if row is None:
            if id not in lost:
                found.append(f"the gateway has {id}, which no ledger knows")
        elif row.review is None and entry.moved != (row.state == "successful"):
            found.append(f"{id} is {row.state} here and {entry.state} at the gateway")
    for id, row in mine.items():
        if row.state == "successful" and row.review is None and id not in world.book.entries:
            found.append(f"{id} is successful here and unknown to the gateway")
    return found


def _look(world: "World") -> None:
    """What must hold now that everything was said."""
    for words in _disagreements(world):
        world.broken("I6", words)
    moved: dict[str, int] = {}
    for id, entry in world.book.entries.items():
        action = world.by_id.get(id)
        if action is not None and entry.state != "failed":
            moved[action.name] = moved.get(action.name, 0) + 1
    restored = any(watch.lost for watch in world.watch.ledgers)
    for name, times in moved.items():
        if times > 1 and not restored:
            world.broken("I1", f"{name} moved money {times} times")
    for computer, watch in zip(world.computers, world.watch.ledgers, strict=True):
        watch.whole()
        if world.seed % _EACH_FOR_SECRETS:
            continue
        secrets = [PASSWORD.encode(), *(digest.encode() for digest in world.watch.digests[:3])]
        for path in computer.folder.iterdir():
            content = path.read_bytes() if path.is_file() else b""
            if any(secret in content for secret in secrets):
                world.broken("I14", f"a secret is in {path.name}")
