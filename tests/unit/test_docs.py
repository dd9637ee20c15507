"""docs/gateway.md says of every code what the tables of the program say, and what docstrings cite is there."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from cashier.gateway.codes import AUTHENTICATION, PAYMENT, PAYOUT, STATUS, Code

ROOT = Path(__file__).parents[2]
GATEWAY = (ROOT / "docs" / "gateway.md").read_text(encoding="utf-8")
SOURCES = [path.read_text(encoding="utf-8") for path in (ROOT / "cashier").rglob("*.py")]


@pytest.mark.parametrize(
    ("heading", "table"),
    [
        ("Every function", AUTHENTICATION),
        ("RequestPayment", PAYMENT),
        ("RequestDeposit", PAYOUT),
        ("GetTransactionStatus", STATUS),
    ],
)
def test_codes(heading: str, table: Mapping[str, Code]) -> None:
    section = re.split(r"\n#{2,3} ", GATEWAY.split(f"### {heading}\n")[1])[0]
    lines = re.findall(r"^\| ([0-9]+) \| (.+?) \| (.+?) \| (.+?) \|$", section, re.MULTILINE)
    said = {code: (words, direct, later) for code, words, direct, later in lines}
    names = {"nothing": "says nothing"}
    assert said == {
        code: (line.sentence, *(names.get(one.value, one.value) for one in (line.direct, line.later)))
        for code, line in table.items()
    }


def test_cited_sections_are_there() -> None:
    headings = set(re.findall(r"^## (.+)$", GATEWAY, re.MULTILINE))
    cited = {name for source in SOURCES for name in re.findall(r'docs/gateway\.md, (?:section )?"([^"]+)"', source)}
    assert cited
    assert cited <= headings


def test_cited_pages_are_there() -> None:
    cited = {name for source in SOURCES for name in re.findall(r"docs/[\w/-]+\.md", source)}
    assert cited
    assert [name for name in sorted(cited) if not (ROOT / name).is_file()] == []


@pytest.mark.parametrize(
    "page", sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]), ids=lambda page: page.name
)
def test_links_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)", text) if "://" not in link]
    assert [link for link in links if not (page.parent / link).exists()] == []
