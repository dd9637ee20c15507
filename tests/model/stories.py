"""Schedules that once broke an invariant, as short as they got, kept for ever in `stories/` (JSON, one a file)."""

import json
from pathlib import Path
from typing import Any

from tests.model.plan import Schedule, Step

FOLDER = Path(__file__).parent / "stories"


def save(schedule: Schedule, name: str, what: str) -> Path:
    """Writes the schedule down; `what` tells in a sentence what it showed."""
    found: dict[str, Any] = {
        "what": what,
        "seed": schedule.seed,
        "tills": schedule.tills,
        "callbacks": schedule.callbacks,
        "steps": [[step.act, step.till, step.wait, dict(step.data)] for step in schedule.steps],
    }
    file = FOLDER / f"{name}.json"
    file.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return file


def load(file: Path) -> Schedule:
    """The schedule in a story's file."""
    found = json.loads(file.read_text(encoding="utf-8"))
    steps = tuple(Step(act, till, wait, data) for act, till, wait, data in found["steps"])
    return Schedule(found["seed"], steps, found["tills"], found["callbacks"])
