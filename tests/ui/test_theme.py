"""Colours that can be read, icons that are there, sizes that follow the window."""

import re
from collections.abc import Iterator
from itertools import pairwise

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QLabel

from cashier.ui import icons, theme
from cashier.ui.colors import TOKENS
from cashier.ui.widgets.base import label
from cashier.ui.widgets.field import Field
from cashier.ui.words import CLOSED, REVIEW, TABLE

ENOUGH = 4.5
_RULE = re.compile(r"(?P<selector>[^{}]+)\{(?P<body>(?:[^{}]|\$\{\w+\})*)\}")
_COLOR = re.compile(r"(?<![-\w])(?:selection-|placeholder-text-)?color:\s*\$\{(\w+)\}")
_GROUND = re.compile(r"(?:selection-)?background-color:\s*\$\{(\w+)\}")
_ON = re.compile(r"/\*\s*on:\s*([\w ]+?)\s*\*/")


def rules() -> Iterator[tuple[str, str]]:
    text = theme.sheet_template()
    text = re.sub(r"/\*(?!\s*on:).*?\*/", "", text, flags=re.DOTALL)
    for found in _RULE.finditer(text):
        yield found["selector"].strip(), found["body"]


def pairs() -> set[tuple[str, str]]:
    """Every (text, background) that the sheet uses, beside those that widgets paint."""
    found = set(theme.PAINTED_PAIRS)
    for _, body in rules():
        on = [name for names in _ON.findall(body) for name in names.split()]
        grounds = on or _GROUND.findall(body)
        colors = _COLOR.findall(body)
        found |= {(color, ground) for color in colors for ground in grounds if color not in grounds}
    return found


def luminance(color: QColor) -> float:
    parts = (color.redF(), color.greenF(), color.blueF())
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: QColor, other: QColor) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_black_on_white_has_the_greatest_contrast() -> None:
    assert contrast(QColor("#000000"), QColor("#FFFFFF")) == pytest.approx(21)


@pytest.mark.parametrize("name", ["light", "dark"])
def test_every_text_can_be_read(name: theme.Name) -> None:
    look = theme.Theme(name)
    low = {
        pair: round(found, 2)
        for pair in pairs()
        if (found := contrast(look.color(pair[0]), look.color(pair[1]))) < ENOUGH
    }
    assert low == {}


def test_every_rule_with_a_colour_says_what_it_stands_on() -> None:
    silent = [
        selector for selector, body in rules() if _COLOR.search(body) and not (_ON.search(body) or _GROUND.search(body))
    ]
    assert silent == []
    assert len(list(rules())) > 30  # the sheet was really read


def test_pairs_of_the_sheet_are_found() -> None:
    assert {("onaccent", "accent"), ("muted", "surface"), ("paid", "paidbg"), ("text", "bg")} <= pairs()


def test_both_themes_have_the_same_tokens() -> None:
    light, dark = TOKENS["light"], TOKENS["dark"]
    assert light.keys() == dark.keys()
    assert all(QColor(value).isValid() for value in [*light.values(), *dark.values()])


@pytest.mark.parametrize("sizes", [theme.COMFORTABLE, theme.COMPACT, theme.TIGHT])
def test_fonts_are_of_the_scale(qapp: QApplication, sizes: theme.Metrics) -> None:
    sheet = theme.Theme("light").style_sheet(sizes)
    assert {int(size) for size in re.findall(r"font-size: (\d+)px", sheet)} <= set(theme.TYPE_SCALE)
    assert "${" not in sheet.replace("${name}", "")


def test_spacing_goes_in_steps_of_four() -> None:
    for sizes in (theme.COMFORTABLE, theme.COMPACT, theme.TIGHT):
        assert all(getattr(sizes, name) % 4 == 0 for name in ("gap", "row", "field", "key", "list_width", "inset"))


def test_a_lower_window_gets_smaller_parts(look: theme.Look) -> None:
    field = Field("Amount", kind="amount")
    heights = []
    for height in (768, 600, 512):
        look.set_height(height)
        heights.append(field.frame.height())
    assert all(before > after for before, after in pairwise(heights))


def test_the_theme_changes_all_there_is(qapp: QApplication, look: theme.Look) -> None:
    text = label("12 500", "title")
    text.ensurePolished()
    look.apply(qapp, "dark")
    assert text.palette().windowText().color() == theme.Theme("dark").color("text")
    look.apply(qapp, "light")
    assert text.palette().windowText().color() == theme.Theme("light").color("text")


def test_system_follows_the_system(qapp: QApplication, look: theme.Look) -> None:
    look.apply(qapp, "system")
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert theme.current().name == "dark"
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Light)
    assert theme.current().name == "light"


@pytest.mark.parametrize(("ground", "name"), [("#1E1E1E", "dark"), ("#EFEFEF", "light")])
def test_system_begins_with_what_the_system_wears(qapp: QApplication, look: theme.Look, ground: str, name: str) -> None:
    before = qapp.palette()
    system = QPalette(before)
    system.setColor(QPalette.ColorRole.Window, QColor(ground))
    qapp.setPalette(system)
    fresh = theme.Look()
    try:
        fresh.apply(qapp, "system")
        assert fresh.theme.name == name
    finally:
        qapp.styleHints().colorSchemeChanged.disconnect(fresh._system_changed)
        qapp.setPalette(before)
        look.apply(qapp, "dark")
        look.apply(qapp, "light")


def test_a_chosen_theme_does_not_follow(qapp: QApplication, look: theme.Look) -> None:
    look.apply(qapp, "light")
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert theme.current().name == "light"
    look.apply(qapp, "system")
    assert theme.current().name == "dark"
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Light)


def test_mark_dresses_what_a_widget_holds(look: theme.Look) -> None:
    outer = QLabel()
    outer.setObjectName("band")
    word = label("Paid", "word")
    word.setParent(outer)
    outer.ensurePolished()
    word.ensurePolished()
    theme.mark(outer, "tone", "paid")
    assert word.palette().windowText().color() == theme.current().color("paid")


def test_every_icon_paints_in_the_given_colour(qapp: QApplication) -> None:
    assert len(icons.names()) >= 20
    for name in icons.names():
        image = icons.pixmap(name, 24, QColor("#FF0000"), 2.0).toImage()
        assert (image.width(), image.height()) == (48, 48)
        colors = {
            image.pixelColor(x, y).name() for x in range(48) for y in range(48) if image.pixelColor(x, y).alpha() == 255
        }
        assert colors, name
        assert colors == {"#ff0000"}, name


def test_states_name_icons_and_tones_that_exist() -> None:
    for words in (*TABLE.values(), REVIEW, CLOSED):
        assert words.icon in icons.names()
        assert {words.tone, f"{words.tone}bg"} <= TOKENS["light"].keys()


def test_an_unknown_icon_is_a_mistake_of_ours(qapp: QApplication) -> None:
    with pytest.raises(FileNotFoundError):
        icons.pixmap("no-such", 24, QColor("#000000"))
