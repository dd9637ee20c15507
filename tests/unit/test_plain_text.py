"""One rule, read from the code: text reaches a screen or a terminal only where it is made plain.

A text in a call is safe when it is written in the code (also through `tr`), or went through `shown` or `as_tip`.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import cashier

PACKAGE = Path(cashier.__file__).parent

# What only one place may call, and which.
DOORS = {
    "setToolTip": {"ui/painting.py"},
    "drawText": {"ui/painting.py"},
    "drawStaticText": set[str](),
    "echo": {"cli_output.py"},
    "print": set[str](),
}
# What takes HTML, or shows itself without our hands: not used at all.
NEVER = {
    *("QMessageBox", "QErrorMessage", "QTextEdit", "QTextBrowser", "QTextDocument", "QStaticText", "QToolTip"),
    *("QWhatsThis", "QSystemTrayIcon", "QSplashScreen", "QStatusBar", "QInputDialog", "QProgressDialog"),
    *("QStandardItem", "QTableWidgetItem", "QTreeWidgetItem", "QGraphicsTextItem", "QTabWidget", "QGroupBox"),
    *("setHtml", "insertHtml", "appendHtml", "setMarkdown", "setTextFormat", "setWhatsThis", "setStatusTip"),
    *("showMessage", "notify2", "setInformativeText", "setDetailedText"),
}
# Shown as given: the text must be safe where it is handed over.
SHOWN_AS_GIVEN = {"setWindowTitle", "setPlaceholderText", "addAction", "QListWidgetItem", "QPlainTextEdit", "setTitle"}
# Widgets of Qt that write their text themselves: made in these files, where the text is made plain.
OWN_HANDS = {
    "QLabel": {"ui/widgets/base.py"},
    "QPushButton": {"ui/widgets/buttons.py"},
    "QToolButton": set[str](),
    "QCheckBox": set[str](),
    "QRadioButton": set[str](),
    "QComboBox": set[str](),
    "QStyledItemDelegate": {"ui/widgets/history_delegate.py", "ui/widgets/rows_table.py"},
}
MAKES_PLAIN = {"shown", "as_tip"}


def broken(source: str, here: str) -> list[str]:
    """What breaks the rule in a file of the package, a line each."""
    return [f"{here}:{line}: {why}" for line, why in _broken(ast.parse(source), here)]


def _broken(tree: ast.Module, here: str) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.Attribute) and _name(node) in NEVER:
            yield node.lineno, f"{_name(node)} is not used"
        elif isinstance(node, ast.Call):
            name = _name(node.func)
            if name in DOORS and here not in DOORS[name] and not _is_our_echo(node.func):
                yield node.lineno, f"{name} only in {sorted(DOORS[name])}"
            if name in OWN_HANDS and here not in OWN_HANDS[name]:
                yield node.lineno, f"{name} only in {sorted(OWN_HANDS[name])}"
            if name in SHOWN_AS_GIVEN and node.args and not is_safe(node.args[0]):
                yield node.lineno, f"{name} takes shown(...) or a text of ours"
        elif isinstance(node, ast.ClassDef):
            for base in map(_name, node.bases):
                if base in OWN_HANDS and here not in OWN_HANDS[base]:
                    yield node.lineno, f"{base} only in {sorted(OWN_HANDS[base])}"
            yield from _model(node)


def _model(node: ast.ClassDef) -> Iterator[tuple[int, str]]:
    """An item model's `data` gives texts through `shown`, tooltips through `as_tip`."""
    if not any("Model" in _name(base) for base in node.bases):
        return
    for part in node.body:
        if isinstance(part, ast.FunctionDef) and part.name == "data":
            called = {_name(one.func) for one in ast.walk(part) if isinstance(one, ast.Call)}
            roles = {one.attr for one in ast.walk(part) if isinstance(one, ast.Attribute)}
            if "DisplayRole" in roles and "shown" not in called:
                yield part.lineno, "data gives a text without shown(...)"
            if "ToolTipRole" in roles and "as_tip" not in called:
                yield part.lineno, "data gives a tooltip without as_tip(...)"


def is_safe(text: ast.expr) -> bool:
    """Whether a text is the code's own, or made plain."""
    if isinstance(text, ast.Constant):
        return True
    if isinstance(text, ast.IfExp):
        return is_safe(text.body) and is_safe(text.orelse)
    if isinstance(text, ast.Call):
        return _name(text.func) in MAKES_PLAIN or (
            _name(text.func) in ("tr", "translate") and all(isinstance(one, ast.Constant) for one in text.args)
        )
    return False


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _is_our_echo(func: ast.expr) -> bool:
    """`echo` of cli_output; click's is `click.echo`."""
    return isinstance(func, ast.Name) and func.id == "echo"


def test_the_rule_holds() -> None:
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        found += broken(path.read_text(encoding="utf-8"), path.relative_to(PACKAGE).as_posix())
    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        "self.setToolTip(text)",
        "painter.drawText(box, text)",
        "click.echo(text)",
        "print(text)",
        "box = QMessageBox(self)",
        "QtWidgets.QToolTip.showText(place, text)",
        "view.setHtml(text)",
        "window.setWindowTitle(row.reference)",
        "window.setWindowTitle(self.tr('%1').replace('%1', name))",
        "window.setWindowTitle(f'{name}')",
        "edit.setPlaceholderText('' if a else text)",
        "menu.addAction(text)",
        "QListWidgetItem(text)",
        "label = QLabel(text)",
        "class Mine(QLabel): pass",
        "class Mine(QStyledItemDelegate): pass",
        "class M(QAbstractTableModel):\n  def data(self, i, role=R.DisplayRole):\n    return self.text(i)",
        "class M(_Model):\n  def data(self, i, role):\n    return shown(t) if role == R.ToolTipRole else None",
    ],
)
def test_the_checker_finds(source: str) -> None:
    assert broken(source, "ui/screens/a.py")


@pytest.mark.parametrize(
    "source",
    [
        "tip(self, text)",
        "write(painter, box, LEFT, text)",
        "echo(text)",
        "window.setWindowTitle('Cashier')",
        "window.setWindowTitle(self.tr('Days'))",
        "edit.setPlaceholderText(shown(text) if a else self.tr('Search'))",
        "menu.addAction(shown(text))",
    ],
)
def test_the_checker_lets_pass(source: str) -> None:
    assert broken(source, "ui/screens/a.py") == []
