"""Who may import whom (CONTRIBUTING.md, the map), read from the source itself."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import cashier

PACKAGE = Path(cashier.__file__).parent
MOST_LINES = 300

# What each room may import of ours, besides itself.
ROOMS = {
    "domain": set[str](),
    "simulator": set[str](),
    "gateway": {"domain", "addresses", "errors", "hiding"},
    "ledger": {"domain", "errors"},
    "receipts": {"domain", "errors"},
    "spreadsheets": {"errors"},
    "till": {"gateway", "ledger", "spreadsheets", "domain", "errors"},
    # Of the ledger the queries only: `ledger.reader`, below.
    "ui": {"till", "ledger", "receipts", "domain", "errors", "settings", "addresses", "paths", "credentials"},
}
# What stands beside the rooms and imports none of them.
BESIDE = {
    "settings",
    "effective",
    "addresses",
    "paths",
    "credentials",
    "logs",
    "errors",
    "display",
    "zones",
    "hiding",
    "no_dumps",
}
SEE_ALL = {"assembly", "app", "counter", "cli", "__main__"}
LEDGER_FOR_UI = {
    *("cashier.ledger.reader", "cashier.ledger.errors"),
    *("cashier.ledger.history", "cashier.ledger.query", "cashier.ledger.export"),
}

# Where a bought part may be used: a room, or a module beside them.
FENCES = {
    "PySide6": {"ui", "app"},
    "shiboken6": {"ui", "app"},
    "sqlite3": {"ledger"},
    "sqlite_utils": {"ledger"},
    "requests": {"gateway"},
    "urllib3": {"gateway"},
    "keyring": {"credentials"},
    "click": {"cli"},
}
# Pure rules know no input or output and no clock.
NOT_IN_DOMAIN = {"asyncio", "http", "logging", "os", "pathlib", "random", "socket", "subprocess", "threading", "time"}


@dataclass(frozen=True)
class Import:
    """One imported module, by its full name, and whether it is imported as soon as the file is."""

    name: str
    line: int
    at_once: bool


def imports(tree: ast.Module, module: str) -> Iterator[Import]:
    """Every import in `tree`, relative ones resolved, and `import_module` of a written name."""
    package = module.split(".")[:-1]

    def visit(node: ast.AST, at_once: bool) -> Iterator[Import]:
        if isinstance(node, ast.Import):
            yield from (Import(one.name, node.lineno, at_once) for one in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*start, *([node.module] if node.module else [])])
            yield Import(base, node.lineno, at_once)
            yield from (Import(f"{base}.{one.name}", node.lineno, at_once) for one in node.names)
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("import_module", "__import__")):
            if node.args and isinstance(node.args[0], ast.Constant):
                yield Import(str(node.args[0].value), node.lineno, at_once)
        elif isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            at_once = False
        inside = at_once and not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for child in ast.iter_child_nodes(node):
            yield from visit(child, inside)

    return visit(tree, True)


def room_of(module: str) -> str:
    """`till` for `cashier.till.poller`, `settings` for `cashier.settings`, `cli` for `cashier.cli_doctor`."""
    name = [*module.split("."), ""][1]
    return next((many for many in ("cli", "app") if name.startswith(f"{many}_")), name)


def violations(package: Path) -> list[str]:
    """What breaks the rules in the package at `package`, a sentence each."""
    found = []
    names = {
        path: ".".join(("cashier", *path.relative_to(package).with_suffix("").parts)) for path in package.rglob("*.py")
    }
    ours = set(names.values()) | {name.removesuffix(".__init__") for name in names.values()}
    for path, module in sorted(names.items()):
        source = path.read_text(encoding="utf-8")
        here, room = path.relative_to(package), room_of(module)
        if source.count("\n") > MOST_LINES:
            found.append(f"{here}: more than {MOST_LINES} lines")
        if room not in ROOMS.keys() | BESIDE | SEE_ALL | {"__init__"}:
            found.append(f"{here}: belongs to no room")
        for one in imports(ast.parse(source), module):
            why = _why_not(one, room, ours)
            if why:
                found.append(f"{here}:{one.line}: {why}")
    return found


def _why_not(one: Import, room: str, ours: set[str]) -> str | None:
    top = one.name.split(".")[0]
    if top != "cashier":
        if top in FENCES and room not in FENCES[top]:
            return f"{top} belongs in {' or '.join(sorted(FENCES[top]))}"
        return f"{top} in domain" if room == "domain" and top in NOT_IN_DOMAIN else None
    target = room_of(one.name)
    if one.name not in ours or target in ("", room):
        return None
    if room == "cli" and target == "app" and one.at_once:
        return "cli imports app inside functions only"
    if room in SEE_ALL:
        return None
    allowed = BESIDE if room in BESIDE else ROOMS.get(room, set())
    if target not in allowed:
        return f"{room} may not import {target}"
    if room == "ui" and target == "ledger" and one.name != "cashier.ledger":
        return None if one.name in LEDGER_FOR_UI else "ui may use the ledger's queries only"
    return None


def test_the_rules_hold() -> None:
    assert violations(PACKAGE) == []


@pytest.mark.parametrize(
    ("file", "source", "why"),
    [
        ("domain/a.py", "import cashier.till.b", "domain may not import till"),
        ("domain/a.py", "from cashier import errors", "domain may not import errors"),
        ("domain/a.py", "import time", "time in domain"),
        ("gateway/a.py", "from cashier.till import b", "gateway may not import till"),
        ("gateway/a.py", "from ..till.b import X", "gateway may not import till"),
        ("gateway/a.py", "from .. import till", "gateway may not import till"),
        ("ledger/a.py", "def f():\n    from cashier.till.b import X", "ledger may not import till"),
        ("ledger/a.py", "from importlib import import_module\nimport_module('cashier.till.b')", "may not import till"),
        ("simulator/a.py", "from cashier.errors import X", "simulator may not import errors"),
        ("settings.py", "if TYPE_CHECKING:\n    from cashier.till import b", "settings may not import till"),
        ("till/a.py", "import PySide6.QtCore", "PySide6 belongs in app or ui"),
        ("till/a.py", "import sqlite3", "sqlite3 belongs in ledger"),
        ("cli.py", "import requests", "requests belongs in gateway"),
        ("cli_x.py", "import cashier.app", "inside functions only"),
        ("cli.py", "from cashier import app", "inside functions only"),
        ("ui/a.py", "from cashier.ledger.writer import X", "queries only"),
        ("kitchen/a.py", "", "belongs to no room"),
        ("till/a.py", "\n" * (MOST_LINES + 1), "more than 300 lines"),
    ],
)
def test_the_checker_finds(file: str, source: str, why: str, tmp_path: Path) -> None:
    fake(tmp_path, file, source)
    found = violations(tmp_path)
    assert found
    assert all(why in one for one in found)


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("till/a.py", "from cashier.ledger.reader import X\nfrom cashier.till.b import Y"),
        ("cli.py", "def f():\n    from cashier.app import X\nfrom cashier.till import b"),
        ("ui/a.py", "from cashier.ledger.reader import X\nimport PySide6"),
        ("ledger/a.py", "import sqlite3"),
        ("app.py", "import PySide6\nimport cashier.till.b"),
    ],
)
def test_the_checker_lets_pass(file: str, source: str, tmp_path: Path) -> None:
    fake(tmp_path, file, source)
    assert violations(tmp_path) == []


def fake(package: Path, file: str, source: str) -> None:
    """A tiny package with a few modules to import, and one file to look at."""
    for name in ("till/__init__.py", "till/b.py", "errors.py", "app.py", "ledger/reader.py", "ledger/writer.py", file):
        path = package / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(source if name == file else "")
