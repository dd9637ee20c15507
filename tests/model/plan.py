"""Schedules: what happens in one run, drawn from a seed before it begins, so that steps can be left out afterwards."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from tests.model.mangle import DIRECT_WAYS, STATUS_WAYS

STEPS = 40
PHONES = ("250788000001", "250788000002", "250738000003", "250728000004", "250798000005")
AMOUNTS = (100, 500, 1500, 2500, 99_000)
_GOOD_PAYOUT = ("1108", "2109", "2105")

Data = Mapping[str, Any]


@dataclass(frozen=True)
class Step:
    """One thing that happens on computer `till` after `wait` seconds. `data` is JSON."""

    act: str
    till: int
    wait: float
    data: Data = field(default_factory=dict)


@dataclass(frozen=True)
class Schedule:
    """One run: a seed for what is left to chance, the steps, and how it is played."""

    seed: int
    steps: tuple[Step, ...]
    tills: int = 1
    callbacks: bool = True
    patient: bool = False  # at rest every second is lived through; else the computers doze between the checks


def draw(seed: int, steps: int = STEPS) -> Schedule:
    """The schedule of a seed."""
    random = Random(seed)
    tills = 2 if random.random() < 0.25 else 1
    callbacks = random.random() < 0.6
    acts, weights = list(_WEIGHTS), list(_WEIGHTS.values())
    drawn = []
    for act in random.choices(acts, weights, k=steps):
        wait = random.choice(_WAITS)
        drawn.append(Step(act, random.randrange(tills), wait, _DATA[act](random)))
    return Schedule(seed, tuple(drawn), tills, callbacks, patient=random.random() < 0.005)


def _money(random: Random, kind: str) -> dict[str, Any]:
    return {
        "phone": random.choice(PHONES),
        "amount": random.choice(AMOUNTS),
        "fate": _fate(random, kind),
        "net": _net(random),
        "clicks": 2 if random.random() < 0.15 else 1,
        "seed": random.getrandbits(30),
    }


def _charge(random: Random) -> dict[str, Any]:
    return {**_money(random, "payment"), "again": random.random() < 0.4}


def _payout(random: Random) -> dict[str, Any]:
    return {**_money(random, "payout"), "fee": random.random() < 0.2}


def _refund(random: Random) -> dict[str, Any]:
    return {**_money(random, "payout"), **_pick(random), "part": random.choice(("all", "half", "half", "more"))}


def _list(random: Random) -> dict[str, Any]:
    lines = [_money(random, "payout") for _ in range(random.randint(1, 4))]
    return {"lines": lines, "content": random.randrange(4), "again": random.random() < 0.6}


def _fate(random: Random, kind: str) -> dict[str, Any]:
    """What becomes of the money: most of it moves, some is refused, little hangs."""
    after = random.choice((0.5, 1.0, 3.0, 6.0, 6.0, 20.0, 120.0))
    more = {
        "after": after,
        "lag": random.choice((5.0, 60.0, 280.0)) if random.random() < 0.06 else 0.0,
        "claims": random.choice((0, 0, 1, 2, 3, 4)),
        "word": random.choice(("Failed", "Cancelled", "Declined", "Rejected", "Expired")),
    }
    chance = random.random()
    if kind == "payment":
        end = random.choice(("01", "01", "01", "", "1005", "2700", "1008")) if random.random() > 0.003 else None
        if chance < 0.10:
            return {**more, "direct": random.choice(("1002", "2300", "2600", "1100")), "end": None, "takes": False}
        if chance < 0.20:
            direct = random.choice(("1008", "1300", "2700"))
            return {**more, "direct": direct, "end": end, "takes": random.random() < 0.8}
        return {**more, "direct": "01" if chance < 0.25 else "1000", "end": end}
    end = random.choice(("2001", "2001", *_GOOD_PAYOUT, ""))
    if chance < 0.15:
        return {**more, "direct": random.choice(_GOOD_PAYOUT), "end": None, "takes": False}
    if chance < 0.3:
        return {
            **more,
            "direct": random.choice(("2000", "2500", "2600", "1100")),
            "end": end,
            "takes": random.random() < 0.8,
        }
    return {**more, "direct": "2001" if chance < 0.75 else "1000", "end": end}


def _net(random: Random) -> dict[str, Any]:
    """What the network does to the request. Half of the requests travel in peace."""
    found: dict[str, Any] = {"variant": random.randrange(6), "seed": random.getrandbits(30)}
    chance = random.random()
    if chance < 0.45:
        return found
    kind = random.choice(_ROUTES if chance < 0.8 else DIRECT_WAYS)
    secs = {
        "delayed": random.choice((2.0, 20.0, 90.0, 300.0, 590.0)),
        "very late": random.choice((1500.0, 4000.0)),
        "slow": random.choice((1.0, 10.0, 59.0, 74.0, 80.0)),
        "twice": random.choice((0.05, 1.0, 20.0)),
    }.get(kind, random.choice((0.1, 4.0)))
    return {**found, "kind": kind, "secs": secs}


_ROUTES = (
    *("not sent", "lost", "delayed", "delayed", "answer lost", "answer lost"),
    *("slow", "twice", "twice", "portal", "very late"),
)


def _weather(random: Random) -> dict[str, Any]:
    """What status calls meet from now on."""
    kinds = ["lost", "answer lost", "slow", "portal", "not sent", *STATUS_WAYS]
    rate = random.choice((0.0, 0.3, 0.6, 1.0))
    return {"rate": rate, "kinds": random.sample(kinds, random.randint(1, 4)), "seed": random.getrandbits(30)}


def _nothing(_random: Random) -> dict[str, Any]:
    return {}


def _pick(random: Random) -> dict[str, Any]:
    return {"pick": random.randrange(1000)}


_WAITS = (*(0.0,) * 5, *(0.2,) * 5, 0.5, 0.5, 0.5, 1.0, 1.0, 2.0, 2.4, 6.0, 30.0, 200.0)

_ALL: dict[str, tuple[float, Callable[[Random], dict[str, Any]]]] = {
    "charge": (20, _charge),
    "payout": (8, _payout),
    "click again": (5, _nothing),
    "check now": (3, _nothing),
    "hide": (2, _pick),
    "close by hand": (3, lambda random: {**_pick(random), "received": random.random() < 0.5}),
    "restart": (1.5, _nothing),
    "crash": (2, _nothing),
    "arm a crash": (
        4,
        lambda random: {
            "point": random.choice(("before commit", "after commit", "before send", "after send", "answer in hand")),
            "skip": random.choice((0, 0, 1, 3)),
        },
    ),
    "weather": (6, _weather),
    "forged callback": (4, lambda random: {"pick": random.randrange(1000), "seed": random.getrandbits(30)}),
    "replayed callbacks": (2, _nothing),
    "callbacks blocked": (1, lambda random: {"blocked": random.random() < 0.6}),
    "clock step": (2, lambda random: {"secs": random.choice((-86400.0, -7200, -600, -30, 45, 900, 10_800, 345_600))}),
    "sleep": (2, lambda random: {"secs": random.choice((30.0, 300, 3600)), "counted": random.random() < 0.5}),
    "disk full": (1.5, lambda random: {"after": random.choice((0, 1, 2, 3))}),
    "disk has room": (5, _nothing),
    "copy the ledger": (0.6, _nothing),
    "back up": (1.0, _nothing),
    "restore the copy": (1.2, _nothing),
    "sign": (3, _nothing),
    "refund": (3, _refund),
    "payout list": (2, _list),
    "list goes on": (3, lambda random: {"how": random.choice(("go on", "go on", "go on", "pause", "end"))}),
}
_WEIGHTS = {act: weight for act, (weight, _) in _ALL.items()}
_DATA = {act: data for act, (_, data) in _ALL.items()}
