"""The planted bug that only a power cut shows: synchronous=NORMAL acknowledges commits that are not on the disk."""

import tempfile
from pathlib import Path
from random import Random

from tests.powercut.check import trouble
from tests.powercut.disk import images
from tests.powercut.scenarios import sales


def finds_synchronous_normal(seed: int) -> bool:
    """Whether the power-cut test fails, for a lost commit, when each connection is secretly given NORMAL."""
    random = Random(seed)
    with tempfile.TemporaryDirectory() as place:
        run = sales(Path(place) / "ledger", random, "NORMAL")
        for number, image in enumerate(images(run.journal.steps, 50, random, after=run.after)):
            folder = Path(place) / str(number)
            folder.mkdir()
            if "acknowledged commits are lost" in (trouble(image, run, folder) or ""):
                return True
    return False
