"""Colours, type and sizes: two themes, two densities, one style sheet and one palette made of them.

The colours stand in `colors`, the sheet in resources/styles/style.qss with `${token}` in place of a colour or a size.
Widgets that paint themselves ask `current()` and `metrics()` each time they paint.
"""

import sys
from functools import cache
from string import Template
from typing import Literal, NamedTuple

from PySide6 import QtCore
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from cashier import paths
from cashier.ui import qt_words
from cashier.ui.colors import TOKENS

TYPE_SCALE = (12, 13, 15, 20, 30, 44, 64)
COMPACT_BELOW = 700  # pixels of height of the window
TIGHT_BELOW = 600
_DARK = 128  # half of the lightness of white
NOTHING = QColor(0, 0, 0, 0)

Name = Literal["light", "dark"]
Choice = Literal["light", "dark", "system"]

# Text painted by hand, as (text, background); the style sheet's own pairs are read from it by the contrast test.
PAINTED_PAIRS = (
    *((tone, f"{tone}bg") for tone in ("paid", "failed", "wait", "unknown", "review", "idle")),
    ("surface", "text"),
    ("onaccent", "accent"),
    *((tone, ground) for tone in ("text", "muted") for ground in ("surface", "sunken", "bg", "reviewbg")),
)


class Metrics(NamedTuple):
    """What differs between the densities, in device-independent pixels: steps of 4, fonts from the scale."""

    gap: int  # between a screen's edge and its parts, and between the parts
    row: int  # between the rows of a form
    line: int  # height of a field with ordinary text
    field: int  # of the phone field
    amount_field: int
    amount_font: int
    key: int  # smallest height of a key
    list_width: int  # of the list beside a form
    card: int  # padding of a card in a list
    headline: int  # an outcome's amount
    word: int  # an outcome's word
    mark: int  # an outcome's icon
    inset: int  # padding of the panel that holds a form
    compact: bool  # whether spacing is to be saved


COMFORTABLE = Metrics(20, 12, 44, 60, 80, 44, 48, 468, 16, 64, 44, 96, 20, False)
COMPACT = Metrics(12, 8, 40, 56, 60, 30, 36, 356, 12, 44, 30, 64, 16, True)
# 1366×768 at 150 % leaves 911×512.
TIGHT = Metrics(8, 4, 36, 44, 48, 30, 28, 356, 12, 30, 20, 48, 12, True)


@cache
def sheet_template() -> str:
    return (paths.resources() / "styles" / "style.qss").read_text(encoding="utf-8")


class Theme:
    """The colours of one theme."""

    def __init__(self, name: Name) -> None:
        self.name: Name = name
        self._colors = TOKENS[name]

    def color(self, token: str) -> QColor:
        """A token's colour. Raises KeyError for a name that is no token."""
        return QColor(self._colors[token])

    def style_sheet(self, sizes: Metrics) -> str:
        """The whole application's style sheet. Raises KeyError where it names a token that is not there."""
        values: dict[str, object] = dict(self._colors)
        values.update({f"px_{name}": value for name, value in sizes._asdict().items()})
        return Template(sheet_template()).substitute(values)

    def palette(self) -> QPalette:
        """For what the style sheet does not reach: selections, links, native parts."""
        palette = QPalette()
        roles = {
            QPalette.ColorRole.Window: "bg",
            QPalette.ColorRole.WindowText: "text",
            QPalette.ColorRole.Base: "surface",
            QPalette.ColorRole.AlternateBase: "sunken",
            QPalette.ColorRole.Text: "text",
            QPalette.ColorRole.PlaceholderText: "muted",
            QPalette.ColorRole.Button: "surface",
            QPalette.ColorRole.ButtonText: "text",
            QPalette.ColorRole.ToolTipBase: "text",
            QPalette.ColorRole.ToolTipText: "surface",
            QPalette.ColorRole.Highlight: "accent",
            QPalette.ColorRole.HighlightedText: "onaccent",
            QPalette.ColorRole.Link: "accent",
            QPalette.ColorRole.Mid: "line",
            QPalette.ColorRole.Accent: "accent",
        }
        for role, token in roles.items():
            palette.setColor(role, self.color(token))
        for role in (QPalette.ColorRole.Text, QPalette.ColorRole.WindowText, QPalette.ColorRole.ButtonText):
            palette.setColor(QPalette.ColorGroup.Disabled, role, self.color("muted"))
        return palette


def font(size: int, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """The system's own family in one of the sizes of the scale, with figures of one width.

    A family that is not installed would cost a look at every font there is for each size.
    """
    made = QFont()
    made.setPixelSize(size)
    made.setWeight(weight)
    made.setFeature(QFont.Tag("tnum"), 1)
    return made


class Look(QObject):
    """What the program looks like now. One per process: `look()`."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.theme = Theme("light")
        self.metrics = COMFORTABLE
        self.choice: Choice = "light"
        self._sheeted = False
        self._system: Name = "light"
        self._app: QApplication | None = None

    def begin(self, app: QApplication, choice: Choice) -> None:
        """As `apply`, without the sheet, which nothing of the first paint needs and which `apply` brings then."""
        self.choice = choice
        if self._app is not app:
            self._app = app
            self._system = _worn(app)
            app.setFont(font(15))
            app.styleHints().colorSchemeChanged.connect(self._system_changed)
            self.theme = Theme(self._system if choice == "system" else choice)
            self._color()
        else:
            self._take(self._system if choice == "system" else choice)

    def apply(self, app: QApplication, choice: Choice) -> None:
        """Dresses the whole application; with `system` it follows the system's change from then on."""
        bare, self._sheeted = not self._sheeted, True
        before = self.theme, self._app
        self.begin(app, choice)
        if bare and before == (self.theme, self._app):
            self._dress()

    def set_height(self, height: int) -> None:
        """Told by the window when its height (pixels) changes; below COMPACT_BELOW everything gets smaller."""
        wanted = COMFORTABLE
        if height < COMPACT_BELOW:
            wanted = TIGHT if height < TIGHT_BELOW else COMPACT
        if wanted is not self.metrics:
            self.metrics = wanted
            self._dress()

    def _system_changed(self, scheme: "QtCore.Qt.ColorScheme") -> None:
        self._system = "dark" if scheme == QtCore.Qt.ColorScheme.Dark else "light"
        if self.choice == "system":
            self._take(self._system)

    def _take(self, name: Name) -> None:
        if self.theme.name != name:
            self.theme = Theme(name)
            self._color()

    def _color(self) -> None:
        if self._app is not None:
            self._app.setPalette(self.theme.palette())
        self._dress()

    def _dress(self) -> None:
        """Colours or sizes are others now."""
        if self._app is not None:
            if self._sheeted:
                self._app.setStyleSheet(self.theme.style_sheet(self.metrics))
            self.changed.emit()


def _worn(app: QApplication) -> Name:
    """What the system wears before we dress, by its colours: asking for its name costs a tenth of the start."""
    return "dark" if app.palette().color(QPalette.ColorRole.Window).lightness() < _DARK else "light"


@cache
def look() -> Look:
    return Look()


def application() -> QApplication:
    """The one of this process, in the style that our sheet is made for."""
    running = QApplication.instance()
    if isinstance(running, QApplication):
        return running
    qt_words.to_the_log()
    # As an argument: QApplication.setStyle costs ten times as much, for it makes Python's side of every style.
    return QApplication([sys.argv[0], "-style", "Fusion"])


def apply(app: QApplication, choice: Choice) -> None:
    """Dresses the application in the light, the dark or the system's theme."""
    look().apply(app, choice)


def begin(app: QApplication, choice: Choice) -> None:
    """Dresses the application for its first paint; `apply` must follow."""
    look().begin(app, choice)


def current() -> Theme:
    return look().theme


def metrics() -> Metrics:
    return look().metrics


def mark(widget: QWidget, name: str, value: str | bool) -> None:
    """Sets a property that the style sheet selects on, and dresses the widget and what it holds again if it changed."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        for one in (widget, *widget.findChildren(QWidget)):
            one.style().unpolish(one)
            one.style().polish(one)
