"""docs/reliability.md has every fault, and each test it names is there."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
FAULTS = range(1, 61)
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
# What a row without a test must say.
EXCUSES = ("Due with", "Not shown yet")


def table(page: str) -> list[tuple[int, list[tuple[str, str]], str]]:
    """Number, tests and remark of each row of the table of faults."""
    found = re.findall(r"^\| (\d+) \| .+? \| (.+?) \| (.*?) ?\|$", page, re.MULTILINE)
    return [(int(number), NAMED.findall(tests), remark) for number, tests, remark in found]


@cache
def names_in(file: str) -> set[str]:
    """The names of the test functions of a file, in classes too."""
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    functions = (one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef))
    return {one.name for one in functions if one.name.startswith("test_")}


def wrong_in(page: str) -> list[str]:
    """What is wrong with the table, a sentence each."""
    rows = table(page)
    found = [f"row {number} is not there once" for number in FAULTS if [one[0] for one in rows].count(number) != 1]
    for number, tests, remark in rows:
        for file, name in tests:
            if not (ROOT / file).is_file() or name not in names_in(file):
                found.append(f"row {number}: there is no {file}::{name}")
        if not tests and not remark.startswith(EXCUSES):
            found.append(f"row {number} has no test and does not say why")
    return found


def test_every_fault_has_its_tests() -> None:
    assert wrong_in(PAGE) == []


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("\n| 17 |", "\n| 71 |", "row 17 is not there once"),
        ("test_a_crash_while_the_gateway_thinks", "test_nobody_wrote", "test_nobody_wrote"),
        ("tests/e2e/test_crash.py", "tests/e2e/test_crush.py", "test_crush.py"),
        ("Due with printed slips.", "", "row 58 has no test"),
    ],
)
def test_the_checker_finds(old: str, new: str, why: str) -> None:
    assert old in PAGE
    assert any(why in one for one in wrong_in(PAGE.replace(old, new)))


def test_every_other_test_it_names_is_there() -> None:
    assert [file for file in re.findall(r"`(tests/[\w/]+\.py)`", PAGE) if not (ROOT / file).is_file()] == []
